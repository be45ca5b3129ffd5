watch-all = Toutes les réponses
watch-all-watches = Toutes les veilles
watch-broad = Trop de réponses pour compter ici celles qui sont nouvelles : ouvrez la veille, ou précisez sa question.
watch-broken = La question de cette veille ne se lit plus. { $why }
watch-by = Par { $person }, le { $day }
watch-delete = Supprimer la veille
watch-delete-effect = La veille disparaît pour tous ceux qui la suivent. Les notes qu’elle trouvait restent où elles sont.
watch-delete-question = Supprimer cette veille ?
watch-edit = Modifier la veille
watch-empty = Aucune veille à votre niveau de travail
watch-empty-why = Une veille garde une recherche sous un nom et vous dit ce qui est nouveau. Elle est pour vous seul, ou partagée dans un espace.
watch-fresh = nouveau
watch-from-search = Garder cette recherche comme veille
watch-in-feed = Veille : { $name }
watch-keep = Garder cette veille
watch-lead = Des recherches gardées sous un nom. La réponse est cherchée chaque fois pour vous, parmi ce que vous pouvez lire à votre niveau de travail.
watch-many = Plus de { $count } nouveautés
watch-matches = Réponses
watch-missing = « { $name } » ne désigne rien que vous voyiez à votre niveau de travail : espace renommé, supprimé ou quitté, personne inconnue ici, mention d’un autre niveau. Rien ne peut être trouvé de ce côté.
watch-new = Nouvelle veille
watch-none = Aucune réponse.
watch-nothing = Rien de nouveau
watch-only-new = Les nouvelles seulement
watch-own = Pour vous seul
watch-question = Question
watch-question-why = Comme dans une recherche : des mots, « une phrase », -mot exclu, OU, début*, et des clés telles que dans:, de:, étiquette:, type:, titre:, après:.
watch-see = Marquer comme vu
watch-see-why = Jusqu’à la plus récente de ces réponses.
watch-share = Qui la suit
watch-share-why = Une veille partagée appartient à l’espace : ses membres la voient, et chacun n’y trouve que ce que lui-même peut lire.
watch-some = { $count ->
    [one] { $count } nouveauté
   *[other] { $count } nouveautés
 }
watch-title = Veilles
watch-will-be = C’est votre niveau de travail, la veille le portera : son nom et sa question ne se lisent pas en dessous.
watch-window = Veille
