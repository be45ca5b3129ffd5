//! The language of notes whose files name none.

use crate::{finding::tongue, words::Language};

/// What a note is written in when its file does not say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unsaid {
    /// What its words tell; this language when they do not.
    Guessed(Language),
    /// This language.
    Known(Language),
}

impl Unsaid {
    /// The language of these texts, which are those of one note.
    pub(super) fn of<'t, T: IntoIterator<Item = &'t str>>(self, texts: T) -> Language {
        match self {
            Self::Guessed(otherwise) => tongue::guessed(texts.into_iter()).unwrap_or(otherwise),
            Self::Known(language) => language,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_more_than_the_terminal_and_what_was_asked_for_more_than_words() {
        let french = "La portée du radar est de vingt kilomètres.";
        assert_eq!(Unsaid::Guessed(Language::English).of([french]), Language::French);
        assert_eq!(Unsaid::Guessed(Language::English).of(["rapport.pdf", french]), Language::French);
        assert_eq!(Unsaid::Guessed(Language::English).of(["Radar"]), Language::English);
        assert_eq!(Unsaid::Known(Language::German).of([french]), Language::German);
    }
}
