//! A working label raised after the clearance was looked at.
use vigie::{identity::Subject, label::Label};

pub fn raise(mut subject: Subject, label: Label) -> Subject {
    subject.working = label;
    subject
}
