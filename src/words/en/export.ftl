# Export: the command line.
cli-export = Let knowledge of a space or a note out, through a server, under a ceiling
cli-export-examples =
    vigie export markdown --space ID --ceiling DR --out watch/ --working S \
      --server https://vigie:8443 --ca ca.pem --cert me.pem --key me.key
    vigie export stix --note ID --out note.json \
      --server https://vigie:8443 --ca ca.pem --cert me.pem --key me.key
cli-export-markdown = Folder of Markdown with attachments; an import reads it again and loses nothing
cli-export-markdown-arg-space = Identifier of the space to export
cli-export-markdown-arg-out = What is made, and must not exist yet
cli-export-stix = STIX 2.1 bundle with marking definitions
cli-export-stix-arg-space = Identifier of the space to export
cli-export-stix-arg-out = What is made, and must not exist yet
cli-export-csv = CSV table, one line a note
cli-export-csv-arg-space = Identifier of the space to export
cli-export-csv-arg-out = What is made, and must not exist yet
cli-arg-note = Identifier of the note to export
cli-arg-ceiling = Ceiling, such as DR/FRA: nothing above it leaves; without it, the working level
cli-say-leaving = Export
cli-say-left =
    Exported to { $out }
      marking of the whole: { $marking }
      notes: { $notes }
      links: { $links }
      links to notes that were not exported: { $elsewhere }
      attachments: { $attachments }
    What has left is no longer protected by Vigie: handle it by this marking.
cli-say-export-marking =
    { $marking }
    { $label }

    Export of Vigie of { $moment }
    Space: { $space }
    Ceiling: { $ceiling }
    Notes: { $notes }; links: { $links }; attachments: { $attachments }

    This folder and all its files bear this marking. Outside Vigie it is no longer encrypted,
    and nobody records who reads it: keep, carry and destroy it by the rules of this marking.
cli-say-export-differs = Attachment { $id } is not the one that was announced: nothing was exported.
cli-say-raised = Items taken at your working level, above the marking that they bore: { $count }
