//! What an import would do, without doing it: the same files read by the same rules, nothing sent.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    import::{Item, Met, Place, Progress, Refused},
    import_run::{Homes, Stream},
};
use crate::limits::REVIEW_LINK_TYPES_MAX;

/// What would come of all files.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Review {
    /// Notes that would be sent.
    pub notes: u64,
    /// Links that would be sent.
    pub links: u64,
    /// The same by their types; types beyond the bound together under an empty name.
    pub links_by_type: BTreeMap<String, u64>,
    /// Of those, links between two spaces.
    pub links_across: u64,
    /// Notes in each space that a folder asks for, by its name.
    pub spaces: BTreeMap<String, u64>,
    /// The folders of the files, and what becomes of them.
    pub folders: Met,
    /// Files that would go with notes.
    pub files: u64,
    /// Their bytes.
    pub file_bytes: u64,
    /// What is no item, by the code of its reason.
    pub unreadable: BTreeMap<&'static str, u64>,
    /// What the rules of a format leave out, by the code of the rule.
    pub left_out: BTreeMap<&'static str, u64>,
    /// Not sent because another copy would be.
    pub repeated: u64,
}

/// What the caller is told on the way.
pub enum Seen<'a> {
    /// This would be sent.
    Item(&'a Item),
    /// This would not.
    Refused(&'a Refused),
    /// How far it has come.
    Progress(Progress),
}

impl Review {
    /// Whether everything in the files would be taken.
    pub fn is_complete(&self) -> bool {
        self.unreadable.is_empty()
    }

    /// How much is no item.
    pub fn unreadable(&self) -> u64 {
        self.unreadable.values().copied().fold(0, u64::saturating_add)
    }

    /// How much is left out by rule.
    pub fn left_out(&self) -> u64 {
        self.left_out.values().copied().fold(0, u64::saturating_add)
    }

    fn item(&mut self, item: &Item, homes: &mut Homes) -> Result<(), Refused> {
        let add = |count: &mut u64, more: u64| *count = count.saturating_add(more);
        match item {
            Item::Note(note) => {
                let place = Place { file: note.external_id.clone(), byte: None, id: None };
                let home = homes.settle(note).map_err(|reason| Refused { place, reason })?;
                add(&mut self.notes, 1);
                if let Some(home) = home {
                    add(self.spaces.entry(home.to_string()).or_default(), 1);
                }
            }
            Item::Link(link) => {
                add(&mut self.links, 1);
                add(&mut self.links_across, u64::from(homes.of(link).is_none()));
                let known = self.links_by_type.contains_key(&link.kind);
                let room = known || self.links_by_type.len() < REVIEW_LINK_TYPES_MAX;
                let kind = if room { link.kind.clone() } else { String::new() };
                add(self.links_by_type.entry(kind).or_default(), 1);
            }
            Item::Attachment(attachment) => {
                add(&mut self.files, 1);
                add(&mut self.file_bytes, attachment.content.length());
            }
        }
        Ok(())
    }

    fn refused(&mut self, refused: &Refused) {
        if refused.reason.harmless() {
            self.repeated = self.repeated.saturating_add(1);
            return;
        }
        let by_rule = refused.reason.by_rule();
        let counts = if by_rule { &mut self.left_out } else { &mut self.unreadable };
        let count = counts.entry(refused.code()).or_default();
        *count = count.saturating_add(1);
    }
}

/// Reads a stream to its end.
pub fn review(mut stream: impl Stream, tell: &mut dyn FnMut(Seen<'_>)) -> Review {
    let mut review = Review { folders: stream.folders(), ..Review::default() };
    let mut homes = Homes::default();
    while let Some(outcome) = stream.next() {
        let outcome = outcome.and_then(|item| review.item(&item, &mut homes).map(|()| item));
        match &outcome {
            Ok(item) => tell(Seen::Item(item)),
            Err(refused) => {
                review.refused(refused);
                if !refused.reason.harmless() {
                    tell(Seen::Refused(refused));
                }
            }
        }
        tell(Seen::Progress(stream.read()));
    }
    review
}
