//! Portion marks: `(DR)` at the head of a paragraph, a heading, the line of a list.

use pulldown_cmark::{Event, Parser, Tag};

use super::options;
use crate::{
    label::{Clearance, Label, Policy},
    limits,
};

/// A portion mark of a body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// As written, parentheses included.
    pub text: String,
    /// What it says.
    pub label: Label,
    /// The line of the body, from 1.
    pub line: usize,
}

/// Marks of a body that say more than its label allows: what a person is warned about before and after saving. At most
/// [`limits::PORTIONS_TOLD_MAX`].
pub fn marks_above(body: &str, policy: &Policy, reader: &Clearance, label: &Label) -> Vec<Mark> {
    let mut head = Head::default();
    let mut found = Vec::new();
    let (mut line, mut counted) = (1_usize, 0_usize);
    for (event, place) in Parser::new_ext(body, options()).into_offset_iter() {
        let at_head = head.see(&event);
        let Event::Text(text) = event else { continue };
        let Some((mark, said)) = at_head.then(|| mark(&text, policy, reader)).flatten() else { continue };
        if said.flows_to(label) {
            continue;
        }
        let between = body.get(counted..place.start).unwrap_or_default();
        line = line.saturating_add(between.bytes().filter(|byte| *byte == b'\n').count());
        counted = counted.max(place.start);
        found.push(Mark { text: mark.to_owned(), label: said, line });
        if found.len() >= limits::PORTIONS_TOLD_MAX {
            break;
        }
    }
    found
}

/// The mark that a text begins with, if it is one.
pub(super) fn mark<'a>(text: &'a str, policy: &Policy, reader: &Clearance) -> Option<(&'a str, Label)> {
    let inside = text.get(..limits::LABEL_TEXT_BYTES_MAX).unwrap_or(text);
    if !inside.starts_with('(') {
        return None;
    }
    let mark = text.get(..inside.find(')')?.checked_add(1)?)?;
    let rest = text.strip_prefix(mark)?;
    if rest.chars().next().is_some_and(|next| !next.is_whitespace()) {
        return None;
    }
    Some((mark, policy.parse_portion(mark, reader)?))
}

/// Follows the events, and knows whether a text stands at the head of its paragraph.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Head(bool);

impl Head {
    /// Whether this event stands at the head of a paragraph, a heading or the line of a list.
    pub(super) fn see(&mut self, event: &Event<'_>) -> bool {
        let before = self.0;
        self.0 = match event {
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Item | Tag::TableCell) => true,
            // `- [ ] (S) …` and `**(S)** …` are marked as well.
            Event::TaskListMarker(_) | Event::Start(Tag::Strong | Tag::Emphasis) => before,
            _ => false,
        };
        before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_above_the_label_are_told_with_their_lines() {
        let (_, toml) = crate::label::builtin().first().expect("a policy");
        let policy = Policy::parse(toml).expect("a good policy");
        let reader = policy.parse_clearance("S", "FRA").expect("a clearance");
        let label = policy.parse_label("DR").expect("a label");
        let body = "(NP) a\n\n(DR) b (S) c\n\n## (S) d\n\n- (S/FRA,BEL) e\n- [ ] (TS) f\n\n`(S)` g\n\n```\n(S) h\n```\n\n| (S) i |\n|---|\n\n(S)x\n\n**(S)** j\n\n\\(S) k\n";
        let told: Vec<(String, usize)> =
            marks_above(body, &policy, &reader, &label).into_iter().map(|mark| (mark.text, mark.line)).collect();
        let wanted = [("(S)", 5), ("(S/FRA,BEL)", 7), ("(TS)", 8), ("(S)", 16), ("(S)", 21), ("(S)", 23)];
        assert_eq!(told, wanted.map(|(mark, line)| (mark.to_owned(), line)));
    }
}
