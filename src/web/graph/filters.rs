//! What is asked of a graph: depth, type, dates, grade, space, and the groups that are opened. All of it stands in the address,
//! which holds no word of what people write: types, days, identifiers.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::{
    clock::Time,
    ids::{NoteId, SpaceId},
    limits,
    linking::{
        cluster::Bond,
        graph::{Filter, Least},
    },
    web::say::Tongue,
};

/// The query, as it was typed.
#[derive(Deserialize, Clone, Default, Debug)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Filters {
    pub(super) depth: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) from: String,
    pub(super) until: String,
    pub(super) grade: String,
    pub(super) space: String,
    open: String,
}

/// The query, understood.
pub(super) struct Wanted {
    pub(super) depth: u8,
    pub(super) filter: Filter,
    pub(super) open: BTreeSet<Bond>,
}

/// What a word means: nothing for nothing, an outer none when it cannot be read.
fn read<T>(text: &str, of: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    match text.trim() {
        "" => Some(None),
        text => of(text).map(Some),
    }
}

impl Filters {
    /// What is wanted; none when a word cannot be read.
    pub(super) fn wanted(&self, w: Tongue) -> Option<Wanted> {
        let day = |end: &'static str| move |text: &str| Time::parse(&format!("{}T{end}Z", w.typed_day(text)??));
        let depth = read(&self.depth, |text| text.parse().ok())?.unwrap_or(1);
        let filter = Filter {
            kind: Some(self.kind.trim().to_owned()).filter(|kind| !kind.is_empty()),
            from: read(&self.from, day("00:00:00"))?,
            until: read(&self.until, day("23:59:59.999"))?,
            grade: read(&self.grade, Least::read)?,
            space: read(&self.space, |text| text.parse().ok().map(SpaceId))?,
        };
        let open = self.open.split(',').filter_map(Bond::from_word).take(limits::GRAPH_GROUPS_OPEN_MAX).collect();
        (1..=limits::GRAPH_DEPTH_MAX).contains(&depth).then_some(Wanted { depth, filter, open })
    }

    /// The address of the same graph around a note, with one more group opened, or one less.
    pub(super) fn turning(&self, root: NoteId, open: &BTreeSet<Bond>, bond: &Bond) -> String {
        let mut open = open.clone();
        if !open.remove(bond) {
            open.insert(bond.clone());
        }
        let words: Vec<String> = open.iter().map(Bond::word).collect();
        let fields = [
            ("depth", self.depth.as_str()),
            ("type", &self.kind),
            ("from", &self.from),
            ("until", &self.until),
            ("grade", &self.grade),
            ("space", &self.space),
            ("open", &words.join(",")),
        ];
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(fields.iter().filter(|(_, value)| !value.is_empty()));
        format!("/notes/{root}/graph?{}", query.finish())
    }
}
