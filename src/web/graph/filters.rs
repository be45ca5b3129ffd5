//! What is asked of a graph: depth, type, dates, grade, space, and the groups that are opened. All of it stands in the address,
//! which holds no word of what people write: types, days, identifiers.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::{
    clock::Time,
    ids::{NoteId, SpaceId},
    limits,
    linking::{
        bond::Bond,
        graph::{Filter, Least},
    },
    web::{say::Tongue, spaces::Fault},
    words::{Key, key as k},
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

/// Reads fields, and keeps what is wrong with those that cannot be read.
struct Reader {
    w: Tongue,
    faults: Vec<Fault>,
}

impl Reader {
    /// What is typed; nothing for nothing.
    fn read<T>(&mut self, field: &'static str, text: &str, of: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = text.trim();
        let read = if text.is_empty() { return None } else { of(text) };
        if read.is_none() {
            self.faults.push(Fault::told(field, self.sentence(field)));
        }
        read
    }

    fn day(&mut self, field: &'static str, text: &str, end: &str) -> Option<Time> {
        let w = self.w;
        self.read(field, text, |text| Time::parse(&format!("{}T{end}Z", w.typed_day(text)??)))
    }

    fn sentence(&self, field: &str) -> String {
        let day = |name: Key| self.w.with(k::WEB_FAULT_DATE, "field", self.w.say(name));
        match field {
            "from" => day(k::WEB_GRAPH_SINCE),
            "until" => day(k::WEB_JOURNAL_UNTIL),
            "grade" => self.w.say(k::WEB_GRAPH_FAULT_GRADE),
            "space" => self.w.say(k::WEB_GRAPH_FAULT_SPACE),
            _ => self.w.count(k::WEB_GRAPH_FAULT_DEPTH, "maximum", u64::from(limits::GRAPH_DEPTH_MAX)),
        }
    }
}

impl Filters {
    /// No filter, and a depth as near to that as there is.
    pub(super) fn to_depth(depth: u8) -> Self {
        Self { depth: depth.min(limits::GRAPH_DEPTH_MAX).to_string(), ..Self::default() }
    }

    /// What is wanted.
    ///
    /// # Errors
    /// What is wrong with each field that cannot be read.
    pub(super) fn wanted(&self, w: Tongue) -> Result<Wanted, Vec<Fault>> {
        let mut reader = Reader { w, faults: Vec::new() };
        let depths = 1..=limits::GRAPH_DEPTH_MAX;
        let depth = |text: &str| text.parse().ok().filter(|depth| depths.contains(depth));
        let wanted = Wanted {
            depth: reader.read("depth", &self.depth, depth).unwrap_or(1),
            filter: Filter {
                kind: Some(self.kind.trim().to_owned()).filter(|kind| !kind.is_empty()),
                from: reader.day("from", &self.from, "00:00:00"),
                until: reader.day("until", &self.until, "23:59:59.999"),
                grade: reader.read("grade", &self.grade, Least::read),
                space: reader.read("space", &self.space, |text| text.parse().ok().map(SpaceId)),
            },
            open: self.open.split(',').filter_map(Bond::from_word).take(limits::GRAPH_GROUPS_OPEN_MAX).collect(),
        };
        if reader.faults.is_empty() { Ok(wanted) } else { Err(reader.faults) }
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
