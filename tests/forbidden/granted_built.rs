//! A grant of one's own making.
use vigie::{ids::Id, label::Label, monitor::Granted};

pub fn granted(id: Id, label: Label) -> Granted {
    Granted { id, version: 1, label }
}
