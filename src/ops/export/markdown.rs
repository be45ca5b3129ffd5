//! A folder of Markdown: a file a note, its attachments, and the marking at the top. An import of it loses nothing.

use std::{collections::BTreeSet, io};

use super::{
    Counts, ExportError,
    collect::{Collected, Server},
    names,
    packet::{Packet, Source, label_text},
    place::Unfinished,
};
use crate::ops::import::{
    Source as Given,
    markdown::own::{Own, OwnFile, OwnLink, write},
};

/// Writes the folder. `tell` hears how many notes are written.
///
/// # Errors
/// [`ExportError`].
pub async fn folder(
    server: &mut Server<'_>,
    collected: &mut Collected,
    unfinished: &Unfinished,
    tell: &mut (dyn FnMut(usize) + Send),
) -> Result<Counts, ExportError> {
    let mut counts = Counts::default();
    for packet in collected.spool.packets()? {
        let packet = packet?;
        let named = collected.names.of(&packet.note.id).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
        let (mut files, mut taken) = (Vec::with_capacity(packet.attachments.len()), BTreeSet::new());
        for attachment in &packet.attachments {
            let name = names::attachment(named, attachment, &mut taken);
            let mut file = unfinished.file(&name)?;
            server.content(attachment, &collected.ceiling, &mut file).await?;
            counts.attachments = counts.attachments.saturating_add(1);
            files.push(OwnFile {
                file: name,
                name: attachment.name.clone(),
                size: attachment.size,
                sha256: attachment.digest.clone().unwrap_or_default(),
                label: label_text(&attachment.label),
            });
        }
        let own = own(&packet, collected, files, &mut counts);
        unfinished.write(&named.file, write(&own, &packet.note.body).as_bytes())?;
        counts.notes = counts.notes.saturating_add(1);
        tell(counts.notes);
    }
    Ok(counts)
}

fn own(packet: &Packet, collected: &Collected, attachments: Vec<OwnFile>, counts: &mut Counts) -> Own {
    let note = &packet.note;
    let (mut links, mut elsewhere) = (Vec::new(), Vec::new());
    for link in &packet.links {
        let to = collected.names.of(&link.to);
        let list = if to.is_some() { &mut links } else { &mut elsewhere };
        list.push(OwnLink {
            kind: link.kind.clone(),
            to: to.map_or_else(|| link.to.clone(), |to| to.external_id.clone()),
            file: to.map(|to| to.file.clone()),
            external_id: link.external_id.clone().unwrap_or_else(|| format!("vigie:{}", link.id)),
            label: label_text(&link.label),
            comment: link.comment.clone(),
        });
    }
    // An order of their own: an import makes many links at one moment.
    links.sort();
    elsewhere.sort();
    counts.links = counts.links.saturating_add(links.len());
    counts.elsewhere = counts.elsewhere.saturating_add(elsewhere.len());
    Own {
        marking: note.label.marking.clone(),
        label: label_text(&note.label),
        external_id: collected.names.of(&note.id).map(|named| named.external_id.clone()).unwrap_or_default(),
        id: note.id.clone(),
        kind: note.kind,
        title: note.title.clone(),
        language: note.language.clone(),
        tags: note.tags.clone(),
        sources: note.sources.iter().map(given).collect(),
        grade: note.grade,
        review: note.review.clone(),
        expires: note.expires.clone(),
        author: note.author.shown().to_owned(),
        created: note.created.to_string(),
        modified: note.modified.to_string(),
        links,
        elsewhere,
        attachments,
    }
}

fn given(source: &Source) -> Given {
    let field = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    Given {
        url: field(&source.url),
        title: field(&source.title),
        author: field(&source.author),
        date: field(&source.date),
    }
}
