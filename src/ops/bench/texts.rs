//! Notes to be sought in: people's paragraphs from files, or made-up words as unevenly frequent as people's.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{BenchError, text, text::Numbers};
use crate::{
    crypto::sha256,
    ops::import::{Folders, Item, Outcome, Unsaid, markdown, misp, stix},
    sharing::note::{NoteContent, NoteKind},
    words::Language,
};

/// Of ranks of made-up words: 2^16 words in all.
const OCTAVES: u64 = 16;
/// Words of a made-up note.
const WORDS: u64 = 170;
/// Of so many words of a paragraph that is used again, one comes from elsewhere.
const VARIED: u64 = 8;
const TITLE_WORDS: usize = 7;
const WORD_CHARS_MAX: usize = 40;
/// Words that are sought have at least so many letters: shorter ones are mostly stop words.
const SOUGHT_CHARS_MIN: usize = 4;

/// Paragraphs; none for made-up ones.
#[derive(Debug)]
pub(super) struct Texts {
    lines: Vec<String>,
    mark: String,
}

/// Where paragraphs come from: `markdown:DIR`, `misp:PATH` or `stix:FILE`, whose notes are read as an import reads them; anything
/// else is a UTF-8 file with one a line.
fn collected(from: &str) -> Result<Vec<String>, BenchError> {
    let unsaid = Unsaid::Known(Language::French);
    if let Some(("markdown" | "misp" | "stix", path)) = from.split_once(':') {
        // An import would tell of a path that is not there among what it refuses.
        std::fs::metadata(path).map_err(BenchError::file(Path::new(path)))?;
    }
    let paragraphs = match from.split_once(':') {
        Some(("markdown", folder)) => of_notes(markdown::import(Path::new(folder), unsaid, Folders::None)),
        Some(("misp", path)) => of_notes(misp::import(&[PathBuf::from(path)])),
        Some(("stix", file)) => of_notes(stix::import(vec![stix::Bundle::file(PathBuf::from(file))])),
        _ => {
            let path = Path::new(from);
            let whole = std::fs::read_to_string(path).map_err(BenchError::file(path))?;
            whole.lines().map(str::to_owned).collect()
        }
    };
    let lines: Vec<String> =
        paragraphs.iter().map(|line| plain(line)).filter(|line| line.split(' ').count() > TITLE_WORDS).collect();
    if lines.is_empty() {
        return Err(BenchError::File { path: PathBuf::from(from), kind: io::ErrorKind::InvalidData });
    }
    Ok(lines)
}

/// The paragraphs of all notes; what is no note, or refused, has none.
fn of_notes(items: impl Iterator<Item = Outcome>) -> Vec<String> {
    let mut paragraphs = Vec::new();
    for item in items {
        if let Ok(Item::Note(note)) = item {
            paragraphs.extend(note.body.split("\n\n").map(str::to_owned));
        }
    }
    paragraphs
}

impl Texts {
    /// The paragraphs of all these places (see [`collected`]); of none, made up.
    pub(super) fn read(places: &[String]) -> Result<Self, BenchError> {
        let mut lines = Vec::new();
        for place in places {
            lines.extend(collected(place)?);
        }
        let mark = format!("texts {}\n", sha256(&[lines.join("\n").as_bytes()]));
        Ok(Self { lines, mark })
    }

    /// What a folder filled with these texts is marked with.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    /// The `number`th note: a paragraph, and when all were used, again with words of others.
    pub(super) fn note(&self, number: u64) -> NoteContent {
        let words = self.words(number);
        let title = words.iter().take(TITLE_WORDS).cloned().collect::<Vec<_>>().join(" ");
        NoteContent {
            kind: NoteKind::Watch,
            title: format!("{title} {number}"),
            body: words.join(" "),
            language: "fr".to_owned(),
            sources: Vec::new(),
            review: None,
            ..text::note(number)
        }
    }

    /// Two words that stand in one of the first `notes` notes.
    pub(super) fn question(&self, notes: u64, numbers: &mut Numbers) -> String {
        let words = self.words(numbers.below(notes));
        let sought =
            |word: &&String| word.len() >= SOUGHT_CHARS_MIN && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        let words: Vec<&String> = words.iter().filter(sought).collect();
        let mut word = || usize::try_from(numbers.next()).ok()?.checked_rem(words.len()).and_then(|at| words.get(at));
        match (word(), word()) {
            (Some(left), Some(right)) => format!("{left} {right}").to_lowercase(),
            _ => "capteur".to_owned(),
        }
    }

    fn words(&self, number: u64) -> Vec<String> {
        let mut numbers = Numbers::from_seed(number);
        let count = u64::try_from(self.lines.len()).unwrap_or(u64::MAX);
        let Some(round) = number.checked_div(count) else {
            return (0..WORDS).map(|_| made_up(&mut numbers)).collect();
        };
        let mut words: Vec<String> = self.line(number).split(' ').map(str::to_owned).collect();
        if round > 0 {
            for word in &mut words {
                if numbers.below(VARIED) == 0 {
                    let other = self.line(numbers.next());
                    let at = usize::try_from(numbers.next()).unwrap_or(0).checked_rem(other.split(' ').count());
                    *word = other.split(' ').nth(at.unwrap_or(0)).unwrap_or("capteur").to_owned();
                }
            }
        }
        words
    }

    fn line(&self, number: u64) -> &str {
        let count = u64::try_from(self.lines.len()).unwrap_or(u64::MAX);
        let at = number.checked_rem(count).and_then(|at| usize::try_from(at).ok()).unwrap_or(0);
        self.lines.get(at).map_or("", String::as_str)
    }
}

/// Letters, digits and signs that notes may hold, words of bounded length, one space between them.
fn plain(line: &str) -> String {
    let kept = |sign: char| sign.is_alphanumeric() || sign.is_ascii_graphic() || "’«»–—…".contains(sign);
    let text: String = line.chars().map(|sign| if kept(sign) { sign } else { ' ' }).collect();
    text.split_whitespace().filter(|word| word.chars().count() <= WORD_CHARS_MAX).collect::<Vec<_>>().join(" ")
}

/// A word by its rank: each octave of ranks as often as any other, which is Zipf's law in steps of two.
fn made_up(numbers: &mut Numbers) -> String {
    let octave = 1_u64 << numbers.below(OCTAVES);
    let mut rest = octave.saturating_add(numbers.below(octave));
    let mut word = String::new();
    // Six bits a syllable; a short rank still makes a word that can be sought.
    while rest > 0 || word.len() < SOUGHT_CHARS_MIN {
        let sign = |signs: &str, at: u64| signs.chars().nth(usize::try_from(at).unwrap_or(0)).unwrap_or('a');
        word.push(sign("bcdfghjklmnprstv", rest & 15));
        word.push(sign("aeio", (rest >> 4) & 3));
        rest >>= 6;
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;

    #[test]
    fn every_note_keeps_the_rules_and_its_questions_have_words_of_it() {
        let made = Texts::read(&[]).unwrap();
        let mut numbers = Numbers::from_seed(1);
        for number in 0..200 {
            made.note(number).checked(Time(1)).unwrap();
            assert_eq!(made.question(200, &mut numbers).split(' ').count(), 2);
        }
    }

    #[test]
    fn a_paragraph_used_again_is_not_the_same() {
        let lines = ["un deux trois quatre cinq six sept huit neuf dix onze douze", "a b c d e f g h i j k l m"];
        let texts = Texts { lines: lines.map(str::to_owned).to_vec(), mark: String::new() };
        assert_eq!(texts.note(0).body, lines[0]);
        let again: std::collections::BTreeSet<String> = (0..40).map(|round| texts.note(round * 2).body).collect();
        assert!(again.len() > 10, "{again:?}");
    }
}
