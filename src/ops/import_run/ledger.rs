//! What is known of an import so far.

use std::collections::BTreeMap;

use super::{Counts, Name, NotTaken, Step, name, reader::Shared};
use crate::{
    limits::IMPORT_OBJECTS_MAX,
    ops::import::{Answer, Refused, Status},
};

/// What is known so far. Feed and answers write to it in turns, in one task.
pub(super) struct Ledger<'a> {
    pub(super) counts: Counts,
    shared: &'a Shared,
    /// Notes that the server has, by their external names: for the files that they carry and for links across spaces.
    pub(super) ids: BTreeMap<Name, String>,
    pub(super) tell: &'a mut (dyn FnMut(Step) + Send),
}

impl<'a> Ledger<'a> {
    pub(super) fn new(shared: &'a Shared, tell: &'a mut (dyn FnMut(Step) + Send)) -> Self {
        Self { counts: Counts::default(), shared, ids: BTreeMap::new(), tell }
    }

    pub(super) fn unsent(&mut self, refused: Refused) {
        if refused.reason.harmless() {
            self.counts.repeated = self.counts.repeated.saturating_add(1);
        } else {
            let by_rule = refused.reason.by_rule();
            let count = if by_rule { &mut self.counts.left_out } else { &mut self.counts.unreadable };
            *count = count.saturating_add(1);
            (self.tell)(Step::NotTaken(NotTaken::Here(refused)));
        }
    }

    pub(super) fn sent(&mut self, items: usize) {
        self.counts.sent = self.counts.sent.saturating_add(u64::try_from(items).unwrap_or(u64::MAX));
    }

    pub(super) fn answered(&mut self, answer: Answer) {
        let counts = &mut self.counts;
        let count = match answer.status {
            Status::Created => &mut counts.created,
            Status::Updated => &mut counts.updated,
            Status::Unchanged => &mut counts.unchanged,
            Status::Refused => &mut counts.refused,
        };
        *count = count.saturating_add(1);
        if answer.code.as_deref() == Some("raised") {
            counts.raised = counts.raised.saturating_add(1);
        }
        if let (Some(external), Some(id)) = (&answer.external_id, &answer.id)
            && self.ids.len() < IMPORT_OBJECTS_MAX
        {
            self.ids.insert(name(external), id.clone());
        }
        if answer.status == Status::Refused {
            (self.tell)(Step::NotTaken(NotTaken::There(answer)));
        }
        self.progress();
    }

    pub(super) fn progress(&mut self) {
        (self.tell)(Step::Progress(self.shared.progress(), self.counts));
    }
}
