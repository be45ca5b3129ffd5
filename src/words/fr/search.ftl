search-address = Cette adresse est celle d’une recherche faite à un autre niveau de travail, ou par quelqu’un d’autre : posez la question de nouveau.
search-again = Réessayer
search-all = Tout
search-by-date = date
search-by-grade = cote
search-by-relevance = pertinence
search-count = { $count ->
    [0] Aucun résultat
    [one] { $count } résultat à votre niveau
   *[other] { $count } résultats à votre niveau
}
search-do = Chercher
search-field = Mots à chercher
search-for = Chercher « { $words } » partout
search-found-attachment = Pièce jointe
search-found-link = Lien
search-found-message = Message
search-help = Syntaxe de recherche
search-help-after = Modifié après cette date : AAAA-MM-JJ, AAAA-MM ou AAAA
search-help-before = Modifié avant cette date ; le: (on:) pour le jour, le mois ou l’année même
search-help-begins = Les mots qui commencent ainsi
search-help-from = Écrit par cette personne ; de:moi pour ce que vous avez écrit
search-help-grade = Cote : B, 2 ou B2
search-help-in = Dans l’espace de ce nom ; entre guillemets s’il a plusieurs mots
search-help-lang = Dans cette langue : fr, en ou de
search-help-link = Les notes liées, par type de lien ou par titre : lien:uses, lien:"Titre"
search-help-or = L’un ou l’autre ; les parenthèses regroupent
search-help-phrase = Ces mots l’un après l’autre
search-help-tag = Avec cette étiquette
search-help-title = Dans le titre
search-help-type = note, lien, conversation, message, pièce, espace, veille, synthèse, idée, question, tâche ou modèle
search-help-without = Sans ce mot
search-help-words = Tous ces mots, sous toutes leurs formes, avec ou sans accents
search-kinds = Nature
search-kinds-why = Les nombres ne comptent que ce que vous pouvez lire.
search-lead = La recherche porte sur ce que vous pouvez lire en { $marking }.
search-next = Résultats suivants
search-none = Rien ne répond à cette recherche
search-none-else = Rien d’autre ne répond à cette recherche.
search-none-label = Seul ce que vous pouvez lire à ce niveau de travail a été examiné.
search-none-why = Essayez moins de mots, une autre orthographe, ou le début d’un mot suivi d’un astérisque.
search-refine = Affiner
search-sort = Trier :
search-spelling = Vouliez-vous chercher
search-tag = étiquette
search-title = Recherche
