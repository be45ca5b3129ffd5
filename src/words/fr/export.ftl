# Export : la ligne de commande.
cli-export = Sort des connaissances d’un espace ou d’une note, par un serveur, sous un plafond
cli-export-examples =
    vigie export markdown --space ID --ceiling DR --out watch/ --working S \
      --server https://vigie:8443 --ca ca.pem --cert me.pem --key me.key
    vigie export stix --note ID --out note.json \
      --server https://vigie:8443 --ca ca.pem --cert me.pem --key me.key
cli-export-markdown = Dossier de Markdown avec les pièces jointes ; un import le relit sans rien perdre
cli-export-markdown-arg-space = Identifiant de l’espace à exporter
cli-export-markdown-arg-out = Ce qui est créé, et ne doit pas exister encore
cli-export-stix = Lot STIX 2.1 avec définitions de marquage
cli-export-stix-arg-space = Identifiant de l’espace à exporter
cli-export-stix-arg-out = Ce qui est créé, et ne doit pas exister encore
cli-export-csv = Tableau CSV, une ligne par note
cli-export-csv-arg-space = Identifiant de l’espace à exporter
cli-export-csv-arg-out = Ce qui est créé, et ne doit pas exister encore
cli-arg-note = Identifiant de la note à exporter
cli-arg-ceiling = Plafond, tel que DR/FRA : rien de plus élevé ne sort ; à défaut, le niveau de travail
cli-say-leaving = Export
cli-say-left =
    Exporté dans { $out }
      mention de l’ensemble : { $marking }
      notes : { $notes }
      liens : { $links }
      liens vers des notes non exportées : { $elsewhere }
      pièces jointes : { $attachments }
    Ce qui est sorti n’est plus protégé par Vigie : à manier selon cette mention.
cli-say-export-marking =
    { $marking }
    { $label }

    Export de Vigie du { $moment }
    Espace : { $space }
    Plafond : { $ceiling }
    Notes : { $notes } ; liens : { $links } ; pièces jointes : { $attachments }

    Ce dossier et tous ses fichiers portent cette mention. Sorti de Vigie, il n’est plus chiffré,
    et sa lecture n’est plus consignée : à conserver, transporter et détruire selon les règles de cette mention.
cli-say-export-differs = La pièce jointe { $id } n’est pas celle qui était annoncée : rien n’a été exporté.
cli-say-raised = Éléments reçus à votre niveau de travail, au-dessus de la mention qu’ils portaient : { $count }
