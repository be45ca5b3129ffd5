label-empty = Es ist kein Vermerk angegeben.
label-too-long = Dieser Vermerk ist zu lang.
label-too-many-parts = Ein Vermerk lautet STUFE/KATEGORIEN/LÄNDER: Dieser hat zu viele Teile.
label-empty-part = Zwischen zwei Trennzeichen des Vermerks fehlt ein Wort.
label-unknown-level = „{ $word }“ ist keine Stufe, die Sie verwenden dürfen.
label-unknown-word = „{ $word }“ ist weder eine Kategorie noch ein Land, das Sie verwenden dürfen.
label-misplaced-word = „{ $word }“ steht an falscher Stelle: zuerst die Stufe, dann die Kategorien, dann die Länder.
label-duplicate-word = „{ $word }“ steht zweimal da.
label-owner-missing = Die Liste der Länder muss { $owner } enthalten, den Eigentümer der Information.
label-under-minimum = { $category } erfordert mindestens die Stufe { $minimum }.
label-owner-only = { $category } ist { $owner } vorbehalten: Kein anderes Land darf genannt werden.
label-unknown-nation = „{ $word }“ ist kein Land und keine Organisation der Vermerkrichtlinie.
label-nation-missing = Die Arbeitsstufe muss für { $nation }, Ihr Land, freigegeben sein: Fügen Sie es der Liste hinzu.
label-clearance-releasable = Eine Ermächtigung nennt kein Land: Die Staatsangehörigkeit wird getrennt angegeben.
label-policy-malformed = Vermerkrichtlinie nicht lesbar, Zeile { $line }: { $reason }.
label-policy-too-many = Die Vermerkrichtlinie überschreitet ihre Grenze: höchstens { $maximum } { $counted }.
label-policy-counted-bytes = Bytes
label-policy-counted-levels = Stufen
label-policy-counted-categories = Kategorien
label-policy-counted-releasability = Länder oder Organisationen
label-policy-counted-aliases = weitere Namen
label-policy-bad-id = „{ $word }“ ist keine Richtlinienkennung: Kleinbuchstaben, Ziffern und Bindestriche.
label-policy-bad-oid = „{ $word }“ ist kein Objektbezeichner (OID).
label-policy-bad-version = „{ $word }“ ist kein Datum JJJJ-MM-TT.
label-policy-no-level = Die Vermerkrichtlinie hat keine Stufe.
label-policy-bad-code = „{ $word }“ ist kein Code: Großbuchstaben, Ziffern und + - . : _, höchstens 24 Zeichen.
label-policy-reserved-code = „{ $word }“ ist für die Schreibung der Vermerke vorbehalten.
label-policy-ambiguous-word = „{ $word }“ hätte zwei Bedeutungen.
label-policy-same-rank = Die Stufe { $word } hat den Rang einer anderen Stufe.
label-policy-same-classification = Zwei Stufen tragen die STANAG-Einstufung „{ $word }“.
label-policy-bad-name = „{ $word }“ ist kein Name: leer, zu lang oder mit Steuerzeichen.
label-policy-bad-colour = „{ $word }“ ist keine Farbe #rrggbb in Kleinbuchstaben.
label-policy-unknown-owner = Der Eigentümer „{ $word }“ steht nicht unter den Ländern und Organisationen.
label-policy-unknown-minimum = Die Mindeststufe „{ $word }“ gibt es nicht.
label-policy-unknown-inclusion = Die eingeschlossene Kategorie „{ $word }“ gibt es nicht.
label-policy-circular-inclusion = Die Kategorie { $word } schließt sich selbst ein.
label-policy-unknown-alias-target = Ein weiterer Name verweist auf „{ $word }“, das kein Code ist.
label-policy-bad-alias = „{ $word }“ kann kein weiterer Name sein: Schrägstrich, Komma oder Leerzeichen am Rand.
label-policy-partners-unshown = Die Richtlinie nennt Partner, sagt aber nicht, wie der Vermerk sie zeigt (display.releasable).
label-policy-same-tag = Die beiden STANAG-Tags tragen denselben Namen, „{ $word }“.
label-stanag-too-long = Dieser STANAG-Vermerk überschreitet 64 KiB.
label-stanag-too-deep = Dieser STANAG-Vermerk verschachtelt zu viele Elemente.
label-stanag-doctype = Dieser STANAG-Vermerk enthält eine DOCTYPE-Deklaration; das ist nicht erlaubt.
label-stanag-instruction = Dieser STANAG-Vermerk enthält eine Verarbeitungsanweisung; das ist nicht erlaubt.
label-stanag-cdata = Dieser STANAG-Vermerk enthält einen CDATA-Abschnitt; das ist nicht erlaubt.
label-stanag-entity = Dieser STANAG-Vermerk verwendet eine unbekannte Entität.
label-stanag-character = Dieser STANAG-Vermerk enthält ein in XML verbotenes Zeichen.
label-stanag-encoding = Dieser STANAG-Vermerk ist kein XML 1.0 in UTF-8.
label-stanag-prefix = Dieser STANAG-Vermerk verwendet ein Präfix ohne Namensraum.
label-stanag-malformed = Dieser Text ist kein wohlgeformtes XML.
label-stanag-wrong-root = Das Wurzelelement „{ $word }“ ist kein originatorConfidentialityLabel nach STANAG 4774.
label-stanag-unexpected = „{ $word }“ wird hier in einem STANAG-Vermerk nicht erwartet.
label-stanag-missing = Dem STANAG-Vermerk fehlt { $name }.
label-stanag-bad-date = „{ $word }“ ist kein Datum mit Uhrzeit und Zeitzone.
label-stanag-wrong-policy = Dieser Vermerk gehört zu einer anderen Richtlinie, „{ $word }“.
label-stanag-unknown-classification = „{ $word }“ ist keine Einstufung dieser Richtlinie.
label-stanag-bad-type = „{ $word }“ ist kein Kategorietyp: RESTRICTIVE, PERMISSIVE oder INFORMATIVE.
label-stanag-unknown-tag = Die Kategorie „{ $word }“ beschränkt den Zugang auf eine Weise, die diese Richtlinie nicht kennt.
label-stanag-wrong-tag-type = Die Kategorie „{ $word }“ hat nicht den Typ, den diese Richtlinie vorsieht.
label-stanag-same-tag-twice = Die Kategorie „{ $word }“ steht zweimal da.
label-stanag-context-missing = Dem STANAG-Vermerk fehlt der Kontext „{ $word }“.
label-unknown-policy = „{ $word }“ ist keine mitgelieferte Vermerkrichtlinie. Mitgeliefert: { $known }.
label-no-json = Dieser Text ist kein Vermerk in JSON.
label-nothing-to-join = Geben Sie mindestens einen Vermerk zum Verbinden an.
label-no-category = keine
label-checked =
    Vermerk nach der Richtlinie { $policy } zulässig.
    Ausgeschrieben: { $marking }
    Absatzvermerk: { $portion }
    Stufe: { $level }
    Kategorien: { $categories }
    Freigegeben für: { $releasable }
    Schreibweise: { $text }
