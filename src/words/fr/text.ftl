text-task = Tâche { $number }
text-table = Tableau { $number }
text-footnotes = Notes de bas de page
text-footnote-back = Retour au texte
text-moment = { $day } à { $hour }
text-today = Aujourd’hui, { $day }
text-yesterday = Hier, { $day }
text-weekday = { $weekday ->
    [1] lundi
    [2] mardi
    [3] mercredi
    [4] jeudi
    [5] vendredi
    [6] samedi
   *[7] dimanche
}
text-month = { $month ->
    [1] janvier
    [2] février
    [3] mars
    [4] avril
    [5] mai
    [6] juin
    [7] juillet
    [8] août
    [9] septembre
    [10] octobre
    [11] novembre
   *[12] décembre
}
text-day = { $weekday } { $number ->
    [1] 1er
   *[other] { $number }
} { $month }
text-day-year = { $weekday } { $number ->
    [1] 1er
   *[other] { $number }
} { $month } { $year }
text-bytes = { $size } o
text-kib = { $size } Kio
text-mib = { $size } Mio
text-gib = { $size } Gio
text-date-shape = Cette date n’est pas lisible : écrivez-la JJ/MM/AAAA, par exemple 21/11/2026.
text-date-year = L’année s’écrit avec quatre chiffres, par exemple 21/11/2026.
text-date-month = Il n’y a pas de mois { $month } : la date s’écrit JJ/MM/AAAA, le jour d’abord.
text-date-day = Il n’y a pas de { $day } dans le mois { $month } de { $year }.
