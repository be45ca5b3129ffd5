demo-founding = Die Vorführung wird in { $file } angelegt: Zertifizierungsstelle, zwei Unterzeichner, signierte Konfiguration, vier Konten.
demo-reopened = Die Vorführung in { $file } besteht schon: sie wird wieder geöffnet.
demo-half-made = { $file } enthält etwas anderes oder eine unfertige Vorführung: nichts wurde angerührt. Entfernen Sie den Ordner, oder wählen Sie einen anderen.
demo-refused = Der Server hat „{ $what }“ abgelehnt: { $status } { $code }.
demo-sample = Das Beispielwissen ist nicht lesbar: { $why }.
demo-loading = Beispielwissen wird über die API geladen
demo-loaded = Über die API geladen, jedes Objekt von seinem Verfasser und mit seinem Vermerk: { $spaces } Bereiche, { $notes } Notizen, { $links } Verknüpfungen, { $conversations } Gespräche.
demo-tour = RUNDGANG – dieselben Fragen, von vier Personen an dieselbe API gestellt.
demo-row-question = Frage
demo-row-working = Arbeitsstufe
demo-row-spaces = Welche Bereiche gibt es?
demo-row-feed = Was zeigt die Übersicht?
demo-row-highest = … und ihr höchster Vermerk
demo-row-links = Verknüpfungen einer NP-Notiz („Modules GaN“)
demo-row-high = Eine S-Notiz desselben Bereichs über ihre Kennung öffnen
demo-row-nothing = Eine Kennung öffnen, die es nicht gibt
demo-row-same-title = Notizen mit dem Titel dieser S-Notiz (analyste-dr hat ihn eben unwissentlich wiederverwendet)
demo-row-messages = Nachrichten eines NP-Gesprächs
demo-row-people = Wer sind die anderen?
demo-row-journal = Das Journal lesen
demo-cell-notes = { $count ->
    [0] keine Notiz
    [one] 1 Notiz
   *[other] { $count } Notizen
}
demo-cell-links = ausgehend { $out }, eingehend { $in }
demo-cell-read = 200: „{ $title }“
demo-cell-messages = { $count ->
    [one] 1 Nachricht
   *[other] { $count } Nachrichten
}
demo-cell-entries = { $count ->
    [one] 1 Eintrag
   *[other] { $count } Einträge auf dieser Seite
}
demo-cell-refused = { $status } ({ $bytes } Bytes)
demo-same-answer = { $name } kann nicht wissen, dass es die Welt darüber gibt: die S-Notiz und die nicht vorhandene Kennung ergeben dieselbe Antwort, gleicher Inhalt, gleiche Größe ({ $bytes } Bytes).
demo-other-answer = FEHLER: { $name } erhält zwei verschiedene Antworten für Verweigertes und für nicht Vorhandenes.
demo-journal = Was der Sicherheitsoffizier davon sieht: die Ablehnungen gegenüber { $name }. Das Journal weiß, was der Analyst nicht weiß, und enthält weder Titel noch Text.
demo-head-number = Nr.
demo-head-time = Zeit
demo-head-act = Vorgang
demo-head-verdict = Urteil
demo-head-rule = Regel
demo-head-object = Objekt
demo-proof = Eintrag Nr. { $number } ist im signierten Journal von { $size } Einträgen bewiesen (C2SP tlog-proof, ohne diesen Server prüfbar).
demo-proof-failed = FEHLER: Eintrag Nr. { $number } ist nicht bewiesen.
demo-journal-whole = Journal aus seinen { $size } Blättern neu berechnet: die Wurzel { $root } ist die signierte.
demo-journal-broken = FEHLER: das Journal stimmt nicht überein ({ $why }).
demo-at-rest = Auf der Platte: { $texts } Titel, Namen und Sätze in { $files } Dateien ({ $bytes } Bytes) von Speicher und Journal gesucht; keiner ist dort lesbar.
demo-at-rest-found = FEHLER: ein Text ist in { $file } lesbar.
demo-go-on = Um fortzufahren, in einem anderen Terminal:
demo-stop = Der Server läuft weiter; Strg-C hält ihn an.
demo-faulty = Der Rundgang hat { $count } Fehler gezeigt, oben gemeldet.
