text-task = Aufgabe { $number }
text-table = Tabelle { $number }
text-footnotes = Fußnoten
text-footnote-back = Zurück zum Text
text-moment = { $day }, { $hour } Uhr
text-today = Heute, { $day }
text-yesterday = Gestern, { $day }
text-weekday = { $weekday ->
    [1] Montag
    [2] Dienstag
    [3] Mittwoch
    [4] Donnerstag
    [5] Freitag
    [6] Samstag
   *[7] Sonntag
}
text-month = { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
}
text-day = { $weekday }, { $number }. { $month }
text-day-year = { $weekday }, { $number }. { $month } { $year }
text-bytes = { $size } B
text-kib = { $size } KiB
text-mib = { $size } MiB
text-gib = { $size } GiB
text-date-shape = Dieses Datum ist nicht lesbar: Schreiben Sie es TT.MM.JJJJ, zum Beispiel 21.11.2026.
text-date-year = Das Jahr hat vier Ziffern, zum Beispiel 21.11.2026.
text-date-month = Es gibt keinen Monat { $month }: Das Datum wird TT.MM.JJJJ geschrieben, der Tag zuerst.
text-date-day = Es gibt keinen { $day }. Tag im Monat { $month } des Jahres { $year }.
