cli-about = Vigie bewahrt unter Geheimhaltungsvermerken, was die Beobachter einer Organisation erfahren.
cli-examples =
    vigie init --dir /srv/vigie --root root.toml --config config.toml \
      --cert server.pem --key server.key
    vigie serve --dir /srv/vigie --listen 0.0.0.0:8443
    vigie import stix angriff.json --space ID --working DR \
      --server https://vigie:8443 --ca ca.pem --cert ich.pem --key ich.key
    vigie journal verify kopie/ --key journal.vkey
cli-exits =
    Rückgabewerte:
      0  erledigt
      1  anderer Fehler
      2  falsche Befehlszeile
      3  abgelehnt durch die Richtlinie, den Server oder die Regeln signierter Dateien
      4  nicht gefunden
      5  Konflikt: Der Platz ist belegt, oder das Objekt hat sich inzwischen geändert
      6  Integritätsverletzung: nicht das, was signiert, versiegelt oder protokolliert wurde
      7  nicht verfügbar: Server oder Speicher antwortet nicht

    Ergebnisse gehen auf die Standardausgabe, Meldungen auf die Standardfehlerausgabe.
cli-help-usage = Aufruf:
cli-help-examples = Beispiele:
cli-help-commands = Befehle
cli-help-command = BEFEHL
cli-help-arguments = Argumente
cli-help-options = Optionen
cli-help-global = Gemeinsame Optionen
cli-help-default = (Vorgabe: { $value })
cli-help-values = ({ $values })
cli-man-name = Name
cli-man-synopsis = Übersicht
cli-man-description = Beschreibung
cli-man-more = Weiteres
cli-arg-json = Ergebnisse als JSON ausgeben, ein Dokument je Zeile
cli-arg-lang = Sprache der Texte; sonst die des Terminals
cli-arg-no-color = Keine Farben
cli-arg-help = Diese Hilfe anzeigen
cli-arg-version = Version anzeigen
cli-arg-dir = Ordner der Installation
cli-arg-server = Adresse des Servers, https://host:port
cli-arg-ca = Zertifikate der Stellen, die für den Server bürgen dürfen
cli-arg-cert = Ihr Zertifikat
cli-arg-key = Ihr privater Schlüssel
cli-arg-working = Arbeitsstufe, etwa S/ALPHA/FRA; sonst die niedrigste
cli-arg-credential = Datei des Maschinengeheimnisses, wenn es nicht im Ordner liegt (systemd-Credential)
cli-arg-passphrase-file = Datei mit der Passphrase eines Verwahrers; „-“ liest sie von der Standardeingabe
cli-arg-policy = Vermerkrichtlinie, die die Konfiguration nennt (wiederholbar)
cli-arg-file = Zu prüfende Datei; ihre Signaturen liegen daneben (.sig, .sig.1, …)
cli-arg-root = Erste signierte Wurzel, für eine Installation, die es noch nicht gibt
cli-arg-log-key = Prüfschlüssel des Journals (vkey) oder eine Datei damit; sonst das Wort des Servers
cli-arg-space = Kennung des Raums, der die Notizen aufnimmt
cli-arg-object = Kennung des Objekts
cli-arg-builtin = Mitgelieferte Vermerkrichtlinie
cli-arg-policy-file = Andere Vermerkrichtlinie
cli-arg-text = Vermerk, etwa S/ALPHA/FRA,BEL, oder JSON, oder STANAG-4774-XML; „-“ liest ihn von der Standardeingabe
cli-arg-texts = Zu verbindende Vermerke
cli-arg-authority = Ordner der Zertifizierungsstelle
cli-arg-days = Gültigkeit in Tagen
cli-arg-dns = DNS-Name des Servers (wiederholbar)
cli-arg-ip = IP-Adresse des Servers (wiederholbar)
cli-arg-out = Name der zu schreibenden Dateien, ohne die Endung .pem oder .key
cli-init = Eine Installation aus signierten Dateien anlegen
cli-init-arg-dir = Anzulegender oder leerer Ordner
cli-init-arg-root = Erste Wurzel, von ihren eigenen Leuten signiert
cli-init-arg-config = Erste signierte Konfiguration
cli-init-arg-cert = Zertifikat des Servers
cli-init-arg-key = Privater Schlüssel des Servers
cli-serve = Eine Installation öffnen und bis SIGTERM antworten
cli-serve-arg-listen = Adresse und Port
cli-serve-examples =
    vigie serve --dir /srv/vigie --listen 0.0.0.0:8443
    vigie serve --dir /srv/vigie --credential "$CREDENTIALS_DIRECTORY/vigie.secret"
cli-key = Zeigen, wie eine Installation geöffnet wird
cli-key-list = Die Plätze auflisten, die zum Wurzelschlüssel führen
cli-status = Zeigen, als wen der Server Sie kennt, oder den Stand einer angehaltenen Installation
cli-config = Signierte Dateien vorbereiten, prüfen und abgeben
cli-config-check = Eine Datei prüfen, und ihre Signaturen, falls vorhanden
cli-config-diff = In Worten sagen, wer was gewinnt und verliert
cli-config-sign-request = Sagen, was jede signierende Person lesen und eingeben muss
cli-config-submit = Eine ausreichend signierte Datei beim Server abgeben
cli-config-examples =
    vigie config diff config.toml --dir /srv/vigie
    ssh-keygen -Y sign -f ~/.ssh/id_ed25519_sk -n NAMENSRAUM config.toml
    vigie config submit config.toml --dir /srv/vigie
cli-journal = Das Journal prüfen, kopieren, lesen und beweisen
cli-journal-verify = Eine Kopie des Journals prüfen, vom ersten Eintrag bis zur signierten Wurzel
cli-journal-verify-arg-folder = Ordner der Kopie
cli-journal-verify-arg-key = Prüfschlüssel des Journals (vkey) oder eine Datei damit
cli-journal-export = Das Journal in einen Ordner kopieren, den jedes C2SP-Programm prüfen kann
cli-journal-export-arg-to = Ordner der Kopie; eine frühere Kopie wird ergänzt
cli-journal-show = Die Einträge lesen, die neuesten zuerst (Sicherheitsoffizier)
cli-journal-show-arg-account = Kennung des Kontos
cli-journal-show-arg-act = Handlung, etwa note-read
cli-journal-show-arg-verdict = Entscheidung
cli-journal-show-arg-label = Vermerk, den der Eintrag nennt
cli-journal-show-arg-since = Ab diesem Datum (JJJJ-MM-TT oder RFC 3339)
cli-journal-show-arg-until = Bis zu diesem Datum
cli-journal-show-arg-limit = Höchstzahl der Einträge
cli-journal-prove = Den Beweis schreiben, dass ein Eintrag im Journal steht, samt versiegeltem Eintrag
cli-journal-prove-arg-number = Nummer des Eintrags
cli-journal-prove-arg-to = Zielordner
cli-journal-who-read = Alle Einträge auflisten, die ein Objekt nennen, mit Entscheidung (Sicherheitsoffizier)
cli-journal-examples =
    vigie journal export --dir /srv/vigie --to kopie/
    vigie journal verify kopie/ --key journal.vkey
    vigie journal show --verdict deny --since 2026-11-01 \
      --server https://vigie:8443 --ca ca.pem --cert ich.pem --key ich.key
cli-import = Wissen über einen Server in einen Raum einführen
cli-import-stix = STIX-Bündel 2.0 oder 2.1 einführen
cli-import-stix-arg-files = STIX-Bündel
cli-import-markdown = Einen Ordner mit Markdown-Dateien einführen
cli-import-markdown-arg-folder = Einzuführender Ordner
cli-arg-folders = Was aus den Ordnern wird: je ein Schlagwort; je ein Raum für die obersten und Schlagwörter darunter; oder nichts
cli-arg-language = Sprache dessen, was seine eigene nicht nennt; sonst aus den Wörtern erschlossen, notfalls die des Terminals
cli-import-misp = MISP-Galaxien, -Taxonomien und -Ereignisse einführen
cli-import-misp-arg-paths = MISP-Dateien (JSON) oder Ordner davon
cli-import-csv = Eine Tabelle (CSV) einführen, eine Notiz je Zeile
cli-import-csv-arg-files = Tabellen
cli-import-csv-arg-mapping = Datei (TOML), die sagt, was aus jeder Spalte wird
cli-import-feed = Als Dateien gespeicherte Feeds einführen: Atom, RSS, JSON Feed
cli-import-feed-arg-paths = Feeds oder Ordner davon
cli-import-html = Vom Browser gespeicherte Seiten einführen, zu Markdown bereinigt
cli-import-html-arg-paths = Seiten oder Ordner davon
cli-import-mail = Als Dateien gespeicherte E-Mails (.eml) einführen
cli-import-mail-arg-paths = E-Mails oder Ordner davon
cli-import-references = Literaturangaben einführen: BibTeX, RIS
cli-import-references-arg-paths = Dateien mit Literaturangaben (.bib, .ris) oder Ordner davon
cli-arg-dry-run = Nichts senden: sagen, was zu was würde, mit welchem Vermerk, in welchem Raum, und was wegfiele
cli-import-examples =
    vigie import stix angriff.json --space ID --working DR \
      --server https://vigie:8443 --ca ca.pem --cert ich.pem --key ich.key
    vigie import markdown beobachtung/ --space ID --working S/ALPHA \
      --server https://vigie:8443 --ca ca.pem --cert ich.pem --key ich.key
cli-store = Untersucht den Speicher einer Installation und baut seine Indizes neu auf
cli-store-verify = Jede Zeile des Speichers gegen das signierte Journal prüfen, ohne Inhalte zu zeigen
cli-store-verify-arg-checkpoint = Signierter Prüfpunkt dieses Journals, anderswo aufbewahrt: alle seine Einträge müssen da sein
cli-store-reindex = Baut die Suchindizes aus dem Speicher neu auf, auch während der Server antwortet
cli-label = Vermerke lesen, verbinden und umwandeln
cli-label-check = Sagen, ob ein Text ein Vermerk ist und was er bedeutet
cli-label-join = Den Vermerk dessen nennen, was alle diese enthält
cli-label-convert = Einen Vermerk in anderer Form schreiben
cli-label-convert-arg-to = Gewünschte Form
cli-label-convert-arg-review = Datum, bis zu dem der STANAG-Vermerk überprüft werden muss; sonst in zehn Jahren
cli-label-examples =
    vigie label check S/ALPHA/FRA,BEL
    vigie label join DR/FRA,BEL,DEU S/ALPHA/FRA,BEL
    vigie label convert S/ALPHA --to stanag
cli-pki = Kleine Zertifizierungsstelle für Standorte ohne eigene
cli-pki-new = Die Stelle und ihre erste Sperrliste anlegen
cli-pki-new-arg-name = Name der Stelle
cli-pki-new-arg-years = Lebensdauer in Jahren
cli-pki-issue-server = Ein Serverzertifikat mit Schlüssel ausstellen
cli-pki-issue-client = Ein Zertifikat für eine Person oder ein Programm mit Schlüssel ausstellen
cli-pki-issue-client-arg-name = Name der Person oder des Programms
cli-pki-sign = Einen Zertifikatsantrag signieren; der private Schlüssel bleibt beim Antragsteller
cli-pki-sign-arg-request = Zertifikatsantrag (PEM)
cli-pki-sign-arg-out = Zu schreibendes Zertifikat
cli-pki-crl = Die nächste Sperrliste veröffentlichen
cli-pki-crl-arg-revoke = Zu sperrendes Zertifikat oder seine Seriennummer (wiederholbar)
cli-pki-crl-arg-days = Tage bis zur nächsten Liste, spätestens
cli-pki-examples =
    vigie pki new --dir ca --name "Stelle des Standorts"
    vigie pki issue-server --dir ca --dns vigie.example --ip 192.0.2.7 --out server
    vigie pki issue-client analyst-1 --dir ca
    vigie pki crl --dir ca --revoke analyst-1.pem
cli-completions = Die Vervollständigungen einer Shell ausgeben
cli-completions-arg-shell = Shell
cli-man = Die Handbuchseiten schreiben
cli-man-arg-dir = Zielordner
cli-usage =
    { $reason }
    Aufruf: { $usage }
cli-usage-unknown = „{ $word }“ ist hier keine Option.{ $hint }
cli-usage-command = „{ $word }“ ist kein Befehl.{ $hint }
cli-usage-hint =  Meinten Sie „{ $word }“?
cli-usage-no-hint = { "" }
cli-usage-no-value = { $argument } braucht einen Wert.
cli-usage-value-of = „{ $value }“ passt nicht zu { $argument }. Erlaubt: { $values }.
cli-usage-value = „{ $value }“ passt nicht zu { $argument }.
cli-usage-missing = Es fehlt: { $arguments }.
cli-usage-conflict = { $argument } und { $other } gehen nicht zusammen.
cli-usage-other = Die Befehlszeile ist unverständlich: { $argument }
cli-say-error = vigie: { $reason }
cli-say-file-unreadable = { $file } kann nicht gelesen werden ({ $cause }).
cli-say-file-unwritable = { $file } kann nicht geschrieben werden ({ $cause }).
cli-say-file-exists = { $file } gibt es schon: Die Datei wird nicht ersetzt.
cli-say-output = Die Ausgabe kann nicht geschrieben werden ({ $cause }).
cli-say-bad-working = „{ $label }“ kann keine Arbeitsstufe sein.
cli-say-bad-date = „{ $date }“ ist kein Datum: JJJJ-MM-TT oder RFC 3339.
cli-say-no-serial = „{ $word }“ ist weder ein Zertifikat noch eine hexadezimale Seriennummer.
cli-say-begun =
    Installation { $deployment } in { $folder } angelegt.
    Prüfsumme der Wurzel, mit den Unterzeichnern zu vergleichen: { $root }
    Prüfschlüssel des Journals, für die Prüfer: { $key }
    Danach: vigie serve --dir { $folder }
cli-say-slot-machine = { $number }  Geheimnis der Maschine
cli-say-slot-passphrase = { $number }  Geheimnis der Maschine und Passphrase eines Verwahrers
cli-say-slot-pair = { $number }  Geheimnis der Maschine und zwei Verwahrer
cli-say-status =
    Der Server kennt Sie als: { $display } ({ $name }, { $nation })
    Ermächtigung: { $clearance }
    Arbeitsstufe: { $working }
    Funktionen: { $roles }
cli-say-no-role = keine
cli-say-standing =
    Installation { $deployment }
    Konfiguration { $epoch }, darüber { $revocations } Sperrung(en), { $force }
    Prüfsumme: { $digest }
    Signiert von: { $signers }
    Konfiguration gültig bis { $expires }, Wurzel bis { $root }
    Nächste Sperrlisten: { $lists }
    Konten: { $accounts }
    Signierte Einträge des Journals: { $entries }
cli-say-in-force = in Kraft
cli-say-out-of-force = außerhalb ihrer Gültigkeit: Niemand kommt hinein
cli-say-file-good = { $file } ist gut und ausreichend signiert ({ $signers }). SHA-256: { $digest }
cli-say-file-unsigned = { $file } ist gut; es fehlen noch { $needed } Signatur(en). SHA-256: { $digest }
cli-say-no-change = Diese Datei ändert niemandes Rechte.
cli-say-sign-request =
    Was diese Datei ändert:
    { $changes }

    SHA-256: { $digest }
    Nötige Signaturen verschiedener Personen: { $needed }
    Jede Person liest das Obige und gibt dann ein:
      ssh-keygen -Y sign -f SCHLÜSSEL -n { $namespace } { $file }
    und legt das Ergebnis als { $file }.sig.1, { $file }.sig.2, … ab.
cli-say-submitted = { $file } ist abgegeben, signiert von { $signers }. Der Server wendet die Datei binnen einer Sekunde an; „vigie status --dir …“ zeigt es.
cli-say-verifying = Prüfung
cli-say-journal-whole = Das Journal ist unversehrt: { $entries } Einträge von { $origin }, Wurzel { $root }.
cli-say-exporting = Kopieren des Journals
cli-say-exported =
    { $entries } Einträge nach { $folder } kopiert.
    Prüfschlüssel: { $key }
    Danach: vigie journal verify { $folder } --key …, mit dem Schlüssel, den der Prüfer anderswoher hat.
cli-say-exported-unkeyed =
    { $entries } Einträge nach { $folder } kopiert, Signatur nicht geprüft.
    Danach: vigie journal verify { $folder } --key …
cli-say-proved = Eintrag { $number }: Beweis in { $proof }, versiegelter Eintrag in { $entry }.
cli-say-no-entry = Das signierte Journal hat { $entries } Einträge: Einen Eintrag { $number } gibt es noch nicht.
cli-say-no-entries = Kein Eintrag entspricht diesen Kriterien.
cli-say-more-objects = (+{ $count })
cli-column-number = Nr.
cli-column-time = Zeit (UTC)
cli-column-account = Konto
cli-column-act = Handlung
cli-column-verdict = Entscheidung
cli-column-rule = Regel
cli-column-objects = Objekte
cli-say-importing = Einfuhr
cli-say-line-refused = Zeile { $line }, { $name }: { $detail } ({ $code })
cli-say-more-refused = … und { $count } weitere; „--json“ zeigt alle.
cli-say-file-refused = Datei „{ $name }“ von { $note }: { $detail } ({ $code })
cli-say-imported =
    Gesendet: { $sent }
      angelegt: { $created }
      unverändert: { $unchanged }
      geändert: { $updated }
      vom Server abgelehnt: { $refused }
    Unlesbar, nicht gesendet: { $unreadable }
    In den Dateien wiederholt, ohne Verlust: { $repeated }
    Nach den Regeln des Formats ausgelassen: { $left_out }
    Dateien der Notizen: { $attached } gesendet, { $attached_before } schon vorhanden, { $refused_files } abgelehnt
cli-say-review =
    Durchsicht: Nichts wird gesendet.
    Raum: { $space }
    Vermerk jeder Notiz, jedes Links und jeder Datei: { $label }
cli-say-review-what = Was
cli-say-review-source = Von
cli-say-review-title = Titel, anderes Ende oder Name
cli-say-review-tags = Schlagwörter, Art oder Bytes
cli-say-review-note = Notiz
cli-say-review-link = Link
cli-say-review-file = Datei
cli-say-review-more = … und { $count } weitere; „--json“ zeigt alle.
cli-say-review-folders-tags = Ordner: { $count }, als Schlagwörter behalten
cli-say-review-folders-spaces = Ordner: { $count }, als Räume behalten, unterhalb der obersten als Schlagwörter
cli-say-review-folders-none = Ordner: { $count }, fallen weg
cli-say-review-space-there = Raum „{ $name }“: { $notes } Notiz(en); er ist vorhanden
cli-say-review-space-to-make = Raum „{ $name }“: { $notes } Notiz(en); er würde angelegt
cli-say-review-space-several = Raum „{ $name }“: { $notes } Notiz(en); mehrere heißen so, die Einfuhr bliebe hier stehen
cli-say-review-across = Links zwischen zwei Räumen: { $count }, nach den Notizen angelegt
cli-say-space-unclear = Mehrere Ihrer Räume heißen „{ $name }“: Welchen der Ordner meint, ist nicht zu erkennen. Was vorher gesendet wurde, bleibt bestehen.
cli-say-spaces-made = Für Ordner angelegte Räume: { $count }
cli-say-review-totals =
    Würden gesendet: { $notes } Notizen, { $links } Links, { $files } Dateien ({ $bytes } Bytes)
    Fielen weg: { $unreadable }, die keine Einträge sind, { $left_out } nach den Regeln des Formats
    In den Dateien wiederholt, ohne Verlust: { $repeated }
cli-say-unanswered = { $sent } Elemente gesendet, { $answered } beantwortet: Starten Sie denselben Befehl noch einmal, er setzt dort fort.
cli-say-import-reading = Die Dateien konnten nicht bis zum Ende gelesen werden.
cli-say-authority-made =
    Stelle angelegt: { $certificate }
    Privater Schlüssel, sicher zu verwahren: { $key }
    Sperrliste { $crl }, zu erneuern vor { $until }
cli-say-issued =
    Zertifikat: { $certificate}
    Privater Schlüssel: { $key }
    Seriennummer: { $serial }
    Fingerabdruck des Schlüssels, für die Konfiguration: { $fingerprint }
cli-say-signed =
    Zertifikat: { $certificate }
    Seriennummer: { $serial }
    Fingerabdruck des Schlüssels, für die Konfiguration: { $fingerprint }
cli-say-crl-made = Liste { $number } nach { $file } geschrieben: { $revoked } Zertifikat(e) gesperrt, zu erneuern vor { $until }.
cli-say-pages = { $count } Handbuchseiten nach { $folder } geschrieben.
cli-store-examples = vigie store verify --dir /srv/vigie
cli-say-verifying-journal = Prüfung des Journals
cli-say-verifying-rows = Prüfung der Zeilen
cli-say-reindexing = Neuaufbau der Indizes
cli-say-reindexed = Suchindizes neu aufgebaut.
cli-say-reindexed-serving = Suchindizes vom laufenden Server neu aufgebaut.
cli-say-store-whole =
    Der Speicher ist so, wie das signierte Journal sagt ({ $faulty } Mängel).
    Einträge des Journals: { $entries }
    Objekte: { $records }, alte Versionen: { $revisions }
    Listenzeilen: { $listed }, Namen: { $named }, Stücke: { $chunks }
    Inhalte geöffnet, niemandem gezeigt: { $bodies }, ohne Schlüssel hier: { $sealed }
cli-say-store-faulty =
    { $faulty } Mängel: Der Speicher ist nicht so, wie das signierte Journal sagt. Bewahren Sie für die Untersuchung eine Kopie des Ordners auf, dann stellen Sie die Installation aus einer Sicherung wieder her.
    Einträge des Journals: { $entries }
    Objekte: { $records }, alte Versionen: { $revisions }
    Listenzeilen: { $listed }, Namen: { $named }, Stücke: { $chunks }
    Inhalte geöffnet, niemandem gezeigt: { $bodies }, ohne Schlüssel hier: { $sealed }
cli-fault-head = Länge oder Wurzel des Journals, wie der Speicher sie vermerkt, ist nicht die der Einträge.
cli-fault-tile = Die Kachel { $path } fehlt oder folgt nicht aus den Einträgen.
cli-fault-entry = Eintrag { $number } des Journals lässt sich an seinem Platz nicht öffnen.
cli-fault-contradiction = Eintrag { $number } schreibt einer schon protokollierten Version des Objekts { $id } andere Bytes zu.
cli-fault-sealed = Objekt { $id }: Der Kopf lässt sich an diesem Platz nicht öffnen.
cli-fault-unknown = Objekt { $id }: Das Journal kennt es nicht.
cli-fault-returned = Objekt { $id }: laut Journal gelöscht und wieder da.
cli-fault-stale = Objekt { $id }: Version { $version }, obwohl Version { $newest } geschrieben wurde. Eine alte Zeile wurde zurückgelegt.
cli-fault-altered = Objekt { $id }, Version { $version }: nicht die Bytes, die protokolliert wurden.
cli-fault-body = Objekt { $id }, Version { $version }: Der Inhalt lässt sich nicht öffnen.
cli-fault-missing = Objekt { $id }: laut Journal geschrieben, nie gelöscht, und doch nicht da.
cli-fault-listed = Objekt { $id }: Eine Liste zeigt Version { $version }, die nicht die des Objekts ist.
cli-fault-no-card = Notiz { $id }: fehlt in der Liste ihres Raums.
cli-fault-row = Zeile { $row } von { $family }: nicht die, die Eintrag { $number } des Journals dorthin schrieb. Sie wurde geändert oder aus einer älteren Kopie zurückgelegt.
cli-fault-gone = Eine Zeile, die Eintrag { $number } des Journals schrieb und keiner entfernte, fehlt.
cli-fault-stray = Zeile { $row } von { $family }: Kein Eintrag des Journals ließ sie dort, oder sie wurde nicht für diesen Platz versiegelt.
cli-demo = Eine vollständige Vorführung aufbauen, füllen und zeigen
cli-demo-arg-dir = Ordner der Vorführung
cli-demo-arg-port = Port auf dieser Maschine; 0 nimmt einen freien
cli-demo-arg-once = Nach der Führung aufhören
cli-demo-examples = vigie demo --dir probe --once
cli-bench = Vigie auf dieser Maschine gegen Referenzen messen
cli-bench-arg-rows = Gewünschte Gruppen von Messungen; sonst alle
cli-bench-arg-dir = Ordner der gemessenen Installationen, für das nächste Mal aufbewahrt
cli-bench-arg-quick = Ohne die Million Notizen
cli-bench-arg-texts = Absätze für die Suche: eine Datei, einer je Zeile, oder markdown:ORDNER, misp:PFAD, stix:DATEI; bei Bedarf mehrmals; sonst erfundene
cli-bench-arg-out = Datei der Tabelle, als JSON
cli-bench-examples = vigie bench --quick read create
cli-arg-names = Kopie der signierten Konfiguration, um die Namen der Konten zu zeigen
