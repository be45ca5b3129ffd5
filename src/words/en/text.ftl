text-task = Task { $number }
text-table = Table { $number }
text-footnotes = Footnotes
text-footnote-back = Back to the text
text-moment = { $day }, { $hour }
text-today = Today, { $day }
text-yesterday = Yesterday, { $day }
text-weekday = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
text-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
text-day = { $weekday } { $number } { $month }
text-day-year = { $weekday } { $number } { $month } { $year }
text-bytes = { $size } B
text-kib = { $size } KiB
text-mib = { $size } MiB
text-gib = { $size } GiB
text-date-shape = This date cannot be read: write it DD/MM/YYYY, for example 21/11/2026.
text-date-year = The year is written with four digits, for example 21/11/2026.
text-date-month = There is no month { $month }: the date is written DD/MM/YYYY, the day first.
text-date-day = There is no day { $day } in month { $month } of { $year }.
