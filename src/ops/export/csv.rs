//! One line a note, RFC 4180: commas, quoted cells, lines that end in CR LF.
//!
//! Tables are opened in programs that take a cell beginning with `=` for a command to run (OWASP "CSV injection"). A cell
//! that begins so is written with an apostrophe before it: it is shown, and computes nothing.

use std::io::{self, Write};

use super::{
    Counts, ExportError,
    collect::Collected,
    packet::{Packet, label_text},
};

const COLUMNS: [&str; 20] = [
    "marking",
    "label",
    "id",
    "external_id",
    "kind",
    "title",
    "body",
    "tags",
    "language",
    "grade",
    "sources",
    "review",
    "expires",
    "author",
    "created",
    "modified",
    "links",
    "attachments",
    "space",
    // The join of the labels of the whole file, on every line: a line is cut out of a table sooner than a table is read.
    "file_marking",
];

/// Writes the table.
///
/// # Errors
/// [`ExportError`].
pub fn table(collected: &mut Collected, out: &mut impl Write) -> Result<Counts, ExportError> {
    let mut counts = Counts::default();
    line(out, COLUMNS.iter().map(|column| (*column).to_owned()))?;
    for packet in collected.spool.packets()? {
        let packet = packet?;
        line(out, cells(&packet, collected, &mut counts).into_iter())?;
        counts.notes = counts.notes.saturating_add(1);
    }
    Ok(counts)
}

fn cells(packet: &Packet, collected: &Collected, counts: &mut Counts) -> [String; 20] {
    let note = &packet.note;
    let sources = note.sources.iter().map(|source| {
        let parts = [&source.title, &source.author, &source.date, &source.url];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
    });
    let links = packet.links.iter().map(|link| {
        let count = if collected.spool.holds(&link.to) { &mut counts.links } else { &mut counts.elsewhere };
        *count = count.saturating_add(1);
        format!("{} {}", link.kind, link.to)
    });
    let links = links.collect::<Vec<_>>().join("; ");
    let grade = note.grade.map(|grade| format!("{}{}", grade.reliability, grade.credibility));
    let kind = serde_json::to_value(note.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
    [
        note.label.marking.clone(),
        label_text(&note.label),
        note.id.clone(),
        note.external_id.clone().unwrap_or_default(),
        kind.unwrap_or_default(),
        note.title.clone(),
        note.body.clone(),
        note.tags.join("; "),
        note.language.clone(),
        grade.unwrap_or_default(),
        sources.collect::<Vec<_>>().join("; "),
        note.review.clone().unwrap_or_default(),
        note.expires.clone().unwrap_or_default(),
        note.author.shown().to_owned(),
        note.created.to_string(),
        note.modified.to_string(),
        links,
        packet.attachments.iter().map(|file| file.name.clone()).collect::<Vec<_>>().join("; "),
        collected.space.as_ref().map(|space| space.name.clone()).unwrap_or_default(),
        collected.label.marking.clone(),
    ]
}

fn line(out: &mut impl Write, cells: impl Iterator<Item = String>) -> io::Result<()> {
    let cells: Vec<String> = cells.map(|cell| quoted(&cell)).collect();
    write!(out, "{}\r\n", cells.join(","))
}

fn quoted(cell: &str) -> String {
    // The wide forms are taken for the narrow ones by some programs; spaces before them are passed over by others.
    let first = cell.trim_start_matches([' ', '\u{a0}']).chars().next();
    let computes = matches!(
        first,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}')
    );
    format!("\"{}{}\"", if computes { "'" } else { "" }, cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_taken_for_a_command_and_none_ends_before_its_end() {
        for (cell, written) in [
            ("a", "\"a\""),
            ("", "\"\""),
            ("a,\"b\"\r\nc", "\"a,\"\"b\"\"\r\nc\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@x", "\"'@x\""),
            ("\t=x", "\"'\t=x\""),
            ("\r=x", "\"'\r=x\""),
            ("\n=x", "\"'\n=x\""),
            (" =x", "\"' =x\""),
            ("\u{ff1d}x", "\"'\u{ff1d}x\""),
            ("a=b", "\"a=b\""),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}
