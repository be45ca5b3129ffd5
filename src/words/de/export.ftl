# Export: die Kommandozeile.
cli-export = Wissen eines Raums oder einer Notiz über einen Server ausgeben, unter einer Obergrenze
cli-export-examples =
    vigie export markdown --space ID --ceiling DR --out watch/ --working S \
      --server https://vigie:8443 --ca ca.pem --cert me.pem --key me.key
    vigie export stix --note ID --out note.json \
      --server https://vigie:8443 --ca ca.pem --cert me.pem --key me.key
cli-export-markdown = Markdown-Ordner mit Anlagen; ein Import liest ihn verlustfrei wieder ein
cli-export-markdown-arg-space = Kennung des auszugebenden Raums
cli-export-markdown-arg-out = Was erstellt wird und noch nicht bestehen darf
cli-export-stix = STIX-2.1-Bündel mit Vermerkdefinitionen
cli-export-stix-arg-space = Kennung des auszugebenden Raums
cli-export-stix-arg-out = Was erstellt wird und noch nicht bestehen darf
cli-export-csv = CSV-Tabelle, eine Zeile je Notiz
cli-export-csv-arg-space = Kennung des auszugebenden Raums
cli-export-csv-arg-out = Was erstellt wird und noch nicht bestehen darf
cli-arg-note = Kennung der auszugebenden Notiz
cli-arg-ceiling = Obergrenze, etwa DR/FRA: nichts Höheres wird ausgegeben; ohne sie die Arbeitsstufe
cli-say-leaving = Export
cli-say-left =
    Ausgegeben nach { $out }
      Vermerk des Ganzen: { $marking }
      Notizen: { $notes }
      Verknüpfungen: { $links }
      Verknüpfungen zu nicht ausgegebenen Notizen: { $elsewhere }
      Anlagen: { $attachments }
    Was ausgegeben ist, schützt Vigie nicht mehr: nach diesem Vermerk behandeln.
cli-say-export-marking =
    { $marking }
    { $label }

    Export aus Vigie vom { $moment }
    Raum: { $space }
    Obergrenze: { $ceiling }
    Notizen: { $notes }; Verknüpfungen: { $links }; Anlagen: { $attachments }

    Dieser Ordner und alle seine Dateien tragen diesen Vermerk. Außerhalb von Vigie ist er nicht mehr
    verschlüsselt, und niemand hält fest, wer ihn liest: nach seinen Regeln verwahren, befördern und vernichten.
cli-say-export-differs = Anlage { $id } ist nicht die angekündigte: nichts wurde ausgegeben.
cli-say-raised = Auf Ihrer Arbeitsstufe angenommen, über dem bisherigen Vermerk: { $count }
