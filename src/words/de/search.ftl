search-address = Diese Adresse gehört zu einer Suche auf einer anderen Arbeitsstufe oder von jemand anderem: Stellen Sie die Frage neu.
search-again = Erneut versuchen
search-all = Alles
search-by-date = Datum
search-by-grade = Bewertung
search-by-relevance = Relevanz
search-count = { $count ->
    [0] Kein Treffer
    [one] { $count } Treffer auf Ihrer Stufe
   *[other] { $count } Treffer auf Ihrer Stufe
}
search-do = Suchen
search-field = Suchwörter
search-for = Überall nach „{ $words }“ suchen
search-found-attachment = Anlage
search-found-link = Verknüpfung
search-found-message = Nachricht
search-help = Suchsyntax
search-help-after = Geändert nach diesem Datum: JJJJ-MM-TT, JJJJ-MM oder JJJJ
search-help-before = Geändert vor diesem Datum; am: (on:) für genau diesen Tag, Monat oder dieses Jahr
search-help-begins = Wörter, die so beginnen
search-help-from = Von dieser Person geschrieben; von:mir für Eigenes
search-help-grade = Bewertung: B, 2 oder B2
search-help-in = Im Raum dieses Namens; bei mehreren Wörtern in Anführungszeichen
search-help-lang = In dieser Sprache: fr, en oder de
search-help-link = Verknüpfte Notizen, nach Art der Verknüpfung oder Titel: verknüpfung:uses, verknüpfung:"Titel"
search-help-or = Das eine oder das andere; Klammern gruppieren
search-help-phrase = Diese Wörter hintereinander
search-help-tag = Mit diesem Schlagwort
search-help-title = Im Titel
search-help-type = Notiz, Verknüpfung, Gespräch, Nachricht, Anhang, Raum, Beobachtung, Synthese, Idee, Frage, Aufgabe oder Vorlage
search-help-without = Ohne dieses Wort
search-help-words = Alle diese Wörter, in jeder Form, mit oder ohne Akzente
search-kinds = Art
search-kinds-why = Die Zahlen zählen nur, was Sie lesen dürfen.
search-lead = Gesucht wird in dem, was Sie auf { $marking } lesen dürfen.
search-next = Weitere Treffer
search-none = Nichts entspricht dieser Suche
search-none-else = Nichts anderes entspricht dieser Suche.
search-none-label = Durchsucht wurde nur, was Sie auf dieser Arbeitsstufe lesen dürfen.
search-none-why = Versuchen Sie weniger Wörter, eine andere Schreibweise oder den Anfang eines Wortes mit Sternchen.
search-refine = Eingrenzen
search-sort = Sortieren nach:
search-spelling = Meinten Sie
search-tag = Schlagwort
search-title = Suche
