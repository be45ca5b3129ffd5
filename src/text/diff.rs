//! What changed between two bodies: lines first, then words within the lines that changed.
//!
//! Bounded by steps, not by a clock, so that the same two bodies always give the same answer. Where words would take too
//! many steps the lines are told as removed and added, and where lines would, the whole between what is alike at both ends.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Html, escape::write_text};
use crate::limits;

/// What happened to a run of text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// In both.
    Same,
    /// In the old body alone.
    Removed,
    /// In the new body alone.
    Added,
}

/// A run of text with one fate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Run<'a> {
    /// Its fate.
    pub change: Change,
    /// The text, of the new body unless it was removed.
    pub text: &'a str,
}

/// The runs that lead from one body to the other: without the removed ones they are `new`, without the added ones `old`.
pub fn diff<'a>(old: &'a str, new: &'a str) -> Vec<Run<'a>> {
    let mut found = Found::default();
    let mut steps = limits::DIFF_STEPS_MAX;
    let (old, new) = (Tokens::lines(old), Tokens::lines(new));
    for op in operations(&old, &new, &mut steps) {
        let (removed, added) = (old.text(op.old_range()), new.text(op.new_range()));
        match op {
            DiffOp::Equal { .. } => found.say(Change::Same, added),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                words(removed, added, &mut steps, &mut found);
            }
        }
    }
    found.runs
}

/// The runs as markup: `<del>` and `<ins>`, the rest as text. Line ends are kept; the page's style shows them.
pub fn marked(runs: &[Run<'_>]) -> Html {
    let mut out = String::new();
    for run in runs {
        let (start, end) = match run.change {
            Change::Same => ("", ""),
            Change::Removed => ("<del>", "</del>"),
            Change::Added => ("<ins>", "</ins>"),
        };
        out.push_str(start);
        write_text(&mut out, run.text);
        out.push_str(end);
    }
    Html::rendered(out)
}

fn words<'a>(removed: &'a str, added: &'a str, steps: &mut usize, found: &mut Found<'a>) {
    if removed.is_empty() || added.is_empty() {
        found.say(Change::Removed, removed);
        found.say(Change::Added, added);
        return;
    }
    let (old, new) = (Tokens::words(removed), Tokens::words(added));
    for op in operations(&old, &new, steps) {
        match op {
            DiffOp::Equal { .. } => found.say(Change::Same, new.text(op.new_range())),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                found.say(Change::Removed, old.text(op.old_range()));
                found.say(Change::Added, new.text(op.new_range()));
            }
        }
    }
}

/// What leads from the one to the other. What is alike at both ends costs nothing; the rest, when it would cost more steps
/// than are left, is one replacement.
fn operations(old: &Tokens<'_>, new: &Tokens<'_>, steps: &mut usize) -> Vec<DiffOp> {
    let alike = |(one, other): &(&&str, &&str)| one == other;
    let head = old.tokens.iter().zip(&new.tokens).take_while(alike).count();
    let rest = |tokens: &Tokens<'_>| tokens.tokens.len().saturating_sub(head);
    let tail = old.tokens.iter().rev().zip(new.tokens.iter().rev()).take_while(alike).count();
    let tail = tail.min(rest(old)).min(rest(new));
    let (old_len, new_len) = (rest(old).saturating_sub(tail), rest(new).saturating_sub(tail));
    let mut found = Vec::new();
    if head > 0 {
        found.push(DiffOp::Equal { old_index: 0, new_index: 0, len: head });
    }
    if old_len > 0 || new_len > 0 {
        let both = old_len.saturating_add(new_len);
        let cost = both.saturating_mul(both);
        if cost <= *steps && old_len > 0 && new_len > 0 {
            *steps = steps.saturating_sub(cost);
            let middle = |tokens: &Tokens<'_>, len: usize| head..head.saturating_add(len).min(tokens.tokens.len());
            let one = old.tokens.get(middle(old, old_len)).unwrap_or_default();
            let other = new.tokens.get(middle(new, new_len)).unwrap_or_default();
            let inner = capture_diff_slices(Algorithm::Myers, one, other);
            found.extend(inner.into_iter().map(|op| shifted(op, head)));
        } else {
            found.push(DiffOp::Replace { old_index: head, old_len, new_index: head, new_len });
        }
    }
    if tail > 0 {
        let (old_index, new_index) = (head.saturating_add(old_len), head.saturating_add(new_len));
        found.push(DiffOp::Equal { old_index, new_index, len: tail });
    }
    found
}

fn shifted(op: DiffOp, by: usize) -> DiffOp {
    let (old, new) = (op.old_range(), op.new_range());
    let (old_index, new_index) = (old.start.saturating_add(by), new.start.saturating_add(by));
    match op {
        DiffOp::Equal { len, .. } => DiffOp::Equal { old_index, new_index, len },
        DiffOp::Delete { old_len, .. } => DiffOp::Delete { old_index, old_len, new_index },
        DiffOp::Insert { new_len, .. } => DiffOp::Insert { old_index, new_index, new_len },
        DiffOp::Replace { old_len, new_len, .. } => DiffOp::Replace { old_index, old_len, new_index, new_len },
    }
}

/// A text in tokens that together are the whole text.
struct Tokens<'a> {
    whole: &'a str,
    tokens: Vec<&'a str>,
    /// Where each begins, and the end.
    starts: Vec<usize>,
}

impl<'a> Tokens<'a> {
    fn lines(whole: &'a str) -> Self {
        Self::of(whole, whole.split_inclusive('\n'))
    }

    /// Words with the spaces behind them; every other sign by itself.
    fn words(whole: &'a str) -> Self {
        let mut rest = whole;
        Self::of(
            whole,
            std::iter::from_fn(move || {
                let first = rest.chars().next()?;
                let word = |letter: char| letter.is_alphanumeric() || letter == '_';
                let letters = if word(first) {
                    rest.find(|letter| !word(letter)).unwrap_or(rest.len())
                } else {
                    first.len_utf8()
                };
                let behind = rest.get(letters..)?;
                let end = behind.find(|letter: char| !matches!(letter, ' ' | '\t')).unwrap_or(behind.len());
                let (token, after) = rest.split_at_checked(letters.saturating_add(end))?;
                rest = after;
                Some(token)
            }),
        )
    }

    fn of(whole: &'a str, tokens: impl Iterator<Item = &'a str>) -> Self {
        let tokens: Vec<&str> = tokens.collect();
        let mut starts = vec![0];
        let mut at = 0_usize;
        for token in &tokens {
            at = at.saturating_add(token.len());
            starts.push(at);
        }
        Self { whole, tokens, starts }
    }

    fn text(&self, range: std::ops::Range<usize>) -> &'a str {
        let place = |index: usize| self.starts.get(index).copied().unwrap_or(self.whole.len());
        self.whole.get(place(range.start)..place(range.end)).unwrap_or_default()
    }
}

/// Runs, without empty ones; a removal stands before the addition in its place.
#[derive(Default)]
struct Found<'a> {
    runs: Vec<Run<'a>>,
}

impl<'a> Found<'a> {
    fn say(&mut self, change: Change, text: &'a str) {
        if !text.is_empty() {
            self.runs.push(Run { change, text });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    fn told(old: &str, new: &str) -> String {
        marked(&diff(old, new)).to_string()
    }

    fn side(runs: &[Run<'_>], without: Change) -> String {
        runs.iter().filter(|run| run.change != without).map(|run| run.text).collect()
    }

    #[test]
    fn words_that_changed_are_told_and_no_others() {
        assert_eq!(
            told(
                "La sensibilité perd un facteur cinq dès que la mer se forme.\nSuite.\n",
                "La sensibilité perd un ordre de grandeur dès que la mer se forme.\nSuite.\n"
            ),
            "La sensibilité perd un <del>facteur cinq </del><ins>ordre de grandeur </ins>dès que la mer se forme.\nSuite.\n"
        );
        assert_eq!(told("a\nb\nc\n", "a\nc\n"), "a\n<del>b\n</del>c\n");
        assert_eq!(told("", "a"), "<ins>a</ins>");
        assert_eq!(told("a", ""), "<del>a</del>");
        assert_eq!(told("", ""), "");
        assert_eq!(told("x<b>\u{202e}", "x<b>\u{202e}"), "x&lt;b&gt;<span class=\"invisible\">U+202E</span>");
    }

    #[test]
    fn large_bodies_that_share_nothing_take_bounded_time() {
        let words = |sign: char| (0..200_000).map(|at| format!("{sign}{at} ")).collect::<String>();
        let lines = |sign: char| (0..150_000).map(|at| format!("{sign}{at}\n")).collect::<String>();
        let mixed = |sign: char| (0..9_000).map(|at| format!("{sign}{at} {at}\n{}\n", at % 7)).collect::<String>();
        let began = Instant::now();
        for (old, new) in [
            (words('a'), words('b')),
            (lines('a'), lines('b')),
            (mixed('a'), mixed('b')),
            (words('a'), lines('b')),
            ("a ".repeat(500_000), "a b ".repeat(250_000)),
            ("\n".repeat(1_000_000), "a\n".repeat(500_000)),
        ] {
            let runs = diff(&old, &new);
            assert_eq!((side(&runs, Change::Added), side(&runs, Change::Removed)), (old, new));
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    }

    proptest! {
        #[test]
        fn each_side_is_its_body(old in "[ab é.\n]{0,60}", new in "[ab é.\n]{0,60}") {
            let runs = diff(&old, &new);
            prop_assert_eq!(side(&runs, Change::Added), old.as_str());
            prop_assert_eq!(side(&runs, Change::Removed), new.as_str());
        }
    }
}
