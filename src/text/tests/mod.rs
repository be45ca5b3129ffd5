//! The whole renderer: a corpus of attacks, known answers, properties, bounds. What it writes is read by a tokenizer that
//! shares nothing with it (`strict.rs`).

mod attacks;
mod bounds;
mod known;
mod strict;

use super::{
    Html,
    markdown::{self, Reading, Ticking},
};
use crate::{
    ids::{Id, NoteId},
    label::{Policy, builtin},
    words::Language,
};

/// Resolves the title "Radar" and no other.
fn radar(title: &str) -> Option<(NoteId, String)> {
    (title == "Radar").then(|| (NoteId(Id::from_bytes([1; 16])), "Radar GaN".to_owned()))
}

fn policy() -> Policy {
    Policy::parse(builtin().first().expect("a policy").1).expect("a good policy")
}

fn shown_with(body: &str, ticking: Ticking) -> Html {
    let policy = policy();
    let (clearance, label) =
        (policy.parse_clearance("S", "FRA").expect("a clearance"), policy.parse_label("DR").expect("a label"));
    let reading = Reading {
        policy: &policy,
        clearance: &clearance,
        label: &label,
        language: Language::French,
        part: "n",
        ticking,
        resolve: &radar,
    };
    markdown::render(body, &reading)
}

fn shown(body: &str) -> String {
    shown_with(body, Ticking::Shown).to_string()
}
