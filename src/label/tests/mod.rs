//! What the texts, the policy files and the STANAG labels of strangers are refused for.

mod files;
mod foreign;
mod writing;

use super::{Policy, builtin};

fn built_in(id: &str) -> Policy {
    let (_, toml) = builtin().iter().find(|(known, _)| *known == id).expect("a built-in policy");
    Policy::parse(toml).expect("it is sound")
}
