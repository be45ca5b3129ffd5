//! What was looked at on a walk, before the journal says that it was shown.
use vigie::{
    linking::link::Link,
    vault::{Glimpse, Opened},
};

pub fn taken(glimpse: Glimpse<Link>) -> Opened<Link> {
    glimpse.opened
}
