//! When nothing is written for a while, the segments of each index become one: a word is looked up in each of them, and what
//! has gone leaves the last of them.
//!
//! One index after the other, by the engine's own thread: nobody waits, and what is written meanwhile is followed as ever.

use std::{
    collections::BTreeSet,
    future::Future as _,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use tantivy::{FutureResult, SegmentMeta, TantivyError};

use super::{follower::Follower, index::LabelIndex};
use crate::{limits::FOLLOW_QUIET_LOOKS, vault::LabelHandle};

/// A merge under way.
pub(super) struct Merge {
    index: Arc<LabelIndex>,
    result: FutureResult<Option<SegmentMeta>>,
}

impl Merge {
    /// What became of it; none while it goes on.
    fn ended(&mut self) -> Option<Result<Option<SegmentMeta>, TantivyError>> {
        match Pin::new(&mut self.result).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(merged) => Some(merged),
            Poll::Pending => None,
        }
    }
}

/// How far the indexes are.
#[derive(Default)]
pub(super) struct Compaction {
    under_way: Option<Merge>,
    /// Looked at since something was written last.
    done: BTreeSet<LabelHandle>,
    /// Steps since then.
    quiet: u32,
}

impl Compaction {
    /// Whether it is this index whose segments are merged now.
    pub(super) fn is_merging(&self, index: &Arc<LabelIndex>) -> bool {
        self.under_way.as_ref().is_some_and(|merge| Arc::ptr_eq(&merge.index, index))
    }

    /// Something was written: all of them are looked at again, later. What is under way goes on.
    pub(super) fn again(&mut self) {
        self.done.clear();
        self.quiet = 0;
    }

    /// A step has found nothing to follow; whether there were enough of them.
    pub(super) fn is_time(&mut self) -> bool {
        self.quiet = self.quiet.saturating_add(1);
        self.quiet >= FOLLOW_QUIET_LOOKS
    }
}

impl Follower {
    /// Goes on with it; whether there is more to do, now or when a merge has ended.
    pub fn compact(&mut self) -> bool {
        if let Some(mut merge) = self.compaction.under_way.take() {
            match merge.ended() {
                None => {
                    self.compaction.under_way = Some(merge);
                    return true;
                }
                Some(Err(error)) => {
                    tracing::warn!(%error, "the segments of an index stay as they are");
                    merge.index.sweep();
                }
                // One that was lost meanwhile has let its writer end, and is nobody's any more.
                Some(Ok(_)) if !self.indexes.values().any(|index| Arc::ptr_eq(index, &merge.index)) => {}
                Some(Ok(_)) => {
                    if let Err(error) = merge.index.renew() {
                        tracing::warn!(%error, "a merged segment is not read before the next commit");
                    }
                }
            }
        }
        for (label, index) in &self.indexes {
            if self.making(label).is_some() || !self.compaction.done.insert(*label) {
                continue;
            }
            match index.begin_merge() {
                Ok(None) => {}
                Ok(Some(result)) => {
                    self.compaction.under_way = Some(Merge { index: Arc::clone(index), result });
                    break;
                }
                Err(error) => tracing::warn!(%error, "the segments of an index stay as they are"),
            }
        }
        self.compaction.under_way.is_some()
    }
}
