//! A clearance where a label belongs: whoever writes at it would write above what he works at.
use vigie::label::{Clearance, Label};

pub fn flows(clearance: &Clearance, label: &Label) -> bool {
    label.flows_to(clearance)
}
