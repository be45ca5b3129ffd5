//! What the process gives up before it holds a key: its memory goes into no core file and is open to no debugger of
//! the same user. The arena of the keys does the same for its own pages; this covers the rest. And what it asks for: all
//! the open files that the system lets it have.

use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};

/// Gives it up. A refusal is told in the log and is no reason not to start.
pub fn harden() {
    if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }) {
        tracing::warn!(%error, "core files could not be forbidden");
    }
    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        tracing::warn!(%error, "the process could not be made undumpable");
    }
    // Each label that was ever written under keeps some files of its index open: the usual first limit is too low.
    let files = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: files.maximum, ..files }) {
        tracing::warn!(%error, "the number of open files could not be raised");
    }
}
