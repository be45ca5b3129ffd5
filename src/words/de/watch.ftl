watch-all = Alle Treffer
watch-all-watches = Alle Suchaufträge
watch-broad = Zu viele Treffer, um die neuen hier zu zählen: Öffnen Sie den Suchauftrag, oder fassen Sie seine Frage enger.
watch-broken = Die Frage dieses Suchauftrags ist nicht mehr lesbar. { $why }
watch-by = Von { $person }, { $day }
watch-delete = Suchauftrag löschen
watch-delete-effect = Der Suchauftrag verschwindet für alle, die ihm folgen. Die gefundenen Notizen bleiben, wo sie sind.
watch-delete-question = Diesen Suchauftrag löschen?
watch-edit = Suchauftrag ändern
watch-empty = Kein Suchauftrag auf Ihrer Arbeitsstufe
watch-empty-why = Ein Suchauftrag bewahrt eine Suche unter einem Namen auf und sagt Ihnen, was neu ist. Er gehört Ihnen allein oder wird in einem Raum geteilt.
watch-fresh = neu
watch-from-search = Diese Suche als Suchauftrag aufbewahren
watch-in-feed = Suchauftrag: { $name }
watch-keep = Suchauftrag aufbewahren
watch-lead = Suchen, die unter einem Namen aufbewahrt werden. Gesucht wird jedes Mal für Sie, in dem, was Sie auf Ihrer Arbeitsstufe lesen dürfen.
watch-many = Mehr als { $count } neue
watch-matches = Treffer
watch-missing = „{ $name }“ bezeichnet nichts, was Sie auf Ihrer Arbeitsstufe sehen: ein umbenannter, gelöschter oder verlassener Raum, jemand, der hier unbekannt ist, oder ein höherer Vermerk. Dort ist nichts zu finden.
watch-new = Neuer Suchauftrag
watch-none = Kein Treffer.
watch-nothing = Nichts Neues
watch-only-new = Nur neue
watch-own = Für Sie allein
watch-question = Frage
watch-question-why = Wie in einer Suche: Wörter, „ein Satz“, -ausgeschlossen, ODER, Anfang*, und Schlüssel wie in:, von:, schlagwort:, typ:, titel:, nach:.
watch-see = Als gesehen markieren
watch-see-why = Bis zum neuesten dieser Treffer.
watch-share = Wer ihm folgt
watch-share-why = Ein geteilter Suchauftrag gehört dem Raum: Seine Mitglieder sehen ihn, und jeder findet darin nur, was er selbst lesen darf.
watch-some = { $count ->
    [one] { $count } neuer Treffer
   *[other] { $count } neue Treffer
 }
watch-title = Suchaufträge
watch-will-be = Das ist Ihre Arbeitsstufe, der Suchauftrag wird sie tragen: Name und Frage sind darunter nicht zu lesen.
watch-window = Suchauftrag
