demo-founding = Création de la démonstration dans { $file } : autorité, deux signataires, configuration signée, quatre comptes.
demo-reopened = La démonstration de { $file } existe déjà : elle est rouverte.
demo-half-made = { $file } contient autre chose, ou une démonstration inachevée : rien n’a été touché. Supprimez ce dossier, ou choisissez-en un autre.
demo-refused = Le serveur a refusé « { $what } » : { $status } { $code }.
demo-sample = Les connaissances d’exemple sont illisibles : { $why }.
demo-loading = Chargement des connaissances d’exemple par l’API
demo-loaded = Chargé par l’API, chaque objet par son auteur et à sa mention : { $spaces } espaces, { $notes } notes, { $links } liens, { $conversations } conversations.
demo-tour = VISITE GUIDÉE – les mêmes questions, posées par quatre personnes à la même API.
demo-row-question = Question
demo-row-working = Niveau de travail
demo-row-spaces = Quels espaces y a-t-il ?
demo-row-feed = Que dit le fil ?
demo-row-highest = … et sa mention la plus haute
demo-row-links = Liens d’une note NP (« Modules GaN »)
demo-row-high = Ouvrir une note S du même espace, par son identifiant
demo-row-nothing = Ouvrir un identifiant qui n’existe pas
demo-row-same-title = Notes portant le titre de cette note S (analyste-dr vient de le reprendre sans le savoir)
demo-row-messages = Messages d’une conversation NP
demo-row-people = Qui sont les autres ?
demo-row-journal = Lire le journal
demo-cell-notes = { $count ->
    [0] aucune note
    [one] 1 note
   *[other] { $count } notes
}
demo-cell-links = sortants : { $out }, entrants : { $in }
demo-cell-read = 200 : « { $title } »
demo-cell-messages = { $count ->
    [one] 1 message
   *[other] { $count } messages
}
demo-cell-entries = { $count ->
    [one] 1 entrée
   *[other] { $count } entrées sur cette page
}
demo-cell-refused = { $status } ({ $bytes } octets)
demo-same-answer = { $name } ne peut pas savoir que le monde d’au-dessus existe : pour lui, la note S et l’identifiant inexistant donnent la même réponse, même corps, même taille ({ $bytes } octets).
demo-other-answer = DÉFAUT : { $name } reçoit deux réponses différentes pour ce qui lui est refusé et pour ce qui n’existe pas.
demo-journal = Ce que l’officier de sécurité en voit : les refus opposés à { $name }. Le journal sait ce que l’analyste ignore, et ne contient ni titre ni texte.
demo-head-number = Nº
demo-head-time = Heure
demo-head-act = Acte
demo-head-verdict = Verdict
demo-head-rule = Règle
demo-head-object = Objet
demo-proof = L’entrée nº { $number } est prouvée dans le journal signé de { $size } entrées (C2SP tlog-proof, vérifiable sans ce serveur).
demo-proof-failed = DÉFAUT : l’entrée nº { $number } n’est pas prouvée.
demo-journal-whole = Journal recalculé depuis ses { $size } feuilles : la racine { $root } est celle qui est signée.
demo-journal-broken = DÉFAUT : le journal ne concorde pas ({ $why }).
demo-at-rest = Sur le disque : { $texts } titres, noms et phrases cherchés dans { $files } fichiers ({ $bytes } octets) du stockage et du journal ; aucun n’y est lisible.
demo-at-rest-found = DÉFAUT : un texte est lisible dans { $file }.
demo-go-on = Pour continuer, dans un autre terminal :
demo-stop = Le serveur continue ; Ctrl-C l’arrête.
demo-faulty = La visite a montré { $count } défaut(s), signalés plus haut.
