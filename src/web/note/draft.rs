//! A note as it is being written: what was typed, to the letter, until it keeps the rules; and the same as a draft keeps it.

use std::collections::BTreeMap;

use crate::{
    ids::SpaceId,
    limits,
    sharing::{
        Invalid,
        note::{Grade, NoteContent, NoteKind, Reliability, Source},
        sketches::SketchContent,
    },
    web::{form::Form, say::Tongue},
    words::Language,
};

/// One source as typed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct SourceDraft {
    pub(super) title: String,
    pub(super) author: String,
    pub(super) url: String,
    pub(super) date: String,
}

impl SourceDraft {
    fn is_empty(&self) -> bool {
        [&self.title, &self.author, &self.url, &self.date].into_iter().all(|text| text.trim().is_empty())
    }
}

/// What was typed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct NoteDraft {
    pub(super) space: Option<SpaceId>,
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) tags: String,
    pub(super) language: String,
    pub(super) reliability: String,
    pub(super) credibility: String,
    pub(super) review: String,
    pub(super) expires: String,
    pub(super) sources: Vec<SourceDraft>,
}

/// The fields of one source.
const SOURCE_FIELDS: [&str; 4] = ["source-title", "source-author", "source-url", "source-date"];

/// The field that says over which version of a note something was typed.
pub(super) const OVER: &str = "over";

/// The kinds of notes by the words of forms.
pub(super) const KINDS: [(&str, NoteKind); 6] = [
    ("watch", NoteKind::Watch),
    ("synthesis", NoteKind::Synthesis),
    ("idea", NoteKind::Idea),
    ("question", NoteKind::Question),
    ("task", NoteKind::Task),
    ("template", NoteKind::Template),
];

/// The letters of sources.
pub(super) const LETTERS: [(&str, Reliability); 6] = [
    ("A", Reliability::A),
    ("B", Reliability::B),
    ("C", Reliability::C),
    ("D", Reliability::D),
    ("E", Reliability::E),
    ("F", Reliability::F),
];

impl NoteDraft {
    /// Nothing yet.
    pub(super) fn blank(space: Option<SpaceId>, language: Language) -> Self {
        let mut draft =
            Self { space, kind: "watch".to_owned(), language: language.code().to_owned(), ..Self::default() };
        draft.room_for_more();
        draft
    }

    /// What a note holds.
    pub(super) fn of(content: &NoteContent, w: Tongue) -> Self {
        let kind = KINDS.iter().find(|(_, kind)| *kind == content.kind).map_or("watch", |(word, _)| word);
        let sources = content.sources.iter().map(|source| SourceDraft {
            title: source.title.clone(),
            author: source.author.clone(),
            url: source.url.clone(),
            date: w.day(&source.date),
        });
        let mut draft = Self {
            space: None,
            kind: kind.to_owned(),
            title: content.title.clone(),
            body: content.body.clone(),
            tags: content.tags.join(", "),
            language: content.language.clone(),
            reliability: content.grade.map_or_else(String::new, |grade| format!("{:?}", grade.reliability)),
            credibility: content.grade.map_or_else(String::new, |grade| grade.credibility.to_string()),
            review: content.review.as_ref().map_or_else(String::new, |day| w.day(day)),
            expires: content.expires.as_ref().map_or_else(String::new, |day| w.day(day)),
            sources: sources.collect(),
        };
        draft.room_for_more();
        draft
    }

    /// What a template gives to begin from: all but its title and its days.
    pub(super) fn from_template(content: &NoteContent, space: SpaceId, w: Tongue) -> Self {
        Self {
            space: Some(space),
            kind: "watch".to_owned(),
            title: String::new(),
            review: String::new(),
            expires: String::new(),
            ..Self::of(content, w)
        }
    }

    /// What a form sent.
    pub(super) fn sent(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        let columns = SOURCE_FIELDS.map(|name| form.all(name).collect::<Vec<_>>());
        let [titles, authors, urls, dates] = &columns;
        let at = |column: &[&str], place: usize| column.get(place).copied().unwrap_or_default().to_owned();
        let sources = (0..titles.len().min(limits::NOTE_SOURCES_MAX.saturating_add(1))).map(|place| SourceDraft {
            title: at(titles, place),
            author: at(authors, place),
            url: at(urls, place),
            date: at(dates, place),
        });
        Self {
            space: form.line("space").parse().ok(),
            kind: text("kind"),
            title: text("title"),
            body: text("body"),
            tags: text("tags"),
            language: text("language"),
            reliability: text("reliability"),
            credibility: text("credibility"),
            review: text("review"),
            expires: text("expires"),
            sources: sources.collect(),
        }
    }

    /// The fields as a draft keeps them, the version that they were typed over among them. Fields of sources bear their
    /// place; `editor.js` writes the same names. Nothing is kept of what is empty.
    pub(super) fn fields(&self, over: u64) -> BTreeMap<String, String> {
        let plain = [
            ("kind", &self.kind),
            ("title", &self.title),
            ("body", &self.body),
            ("tags", &self.tags),
            ("language", &self.language),
            ("reliability", &self.reliability),
            ("credibility", &self.credibility),
            ("review", &self.review),
            ("expires", &self.expires),
        ];
        let mut fields: BTreeMap<String, String> =
            plain.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
        for (place, source) in self.sources.iter().enumerate() {
            let parts = [&source.title, &source.author, &source.url, &source.date];
            fields.extend(
                SOURCE_FIELDS.iter().zip(parts).map(|(name, value)| (format!("{name}.{place}"), value.clone())),
            );
        }
        fields.insert(OVER.to_owned(), if over > 0 { over.to_string() } else { String::new() });
        fields.retain(|_, value| !value.is_empty());
        fields
    }

    /// What a draft keeps.
    pub(super) fn kept(content: &SketchContent) -> Self {
        let text = |name: &str| content.form.get(name).cloned().unwrap_or_default();
        let sources = (0..limits::NOTE_SOURCES_MAX).map(|place| {
            let [title, author, url, date] = SOURCE_FIELDS.map(|name| text(&format!("{name}.{place}")));
            SourceDraft { title, author, url, date }
        });
        let mut draft = Self {
            space: content.space,
            kind: text("kind"),
            title: text("title"),
            body: text("body"),
            tags: text("tags"),
            language: text("language"),
            reliability: text("reliability"),
            credibility: text("credibility"),
            review: text("review"),
            expires: text("expires"),
            sources: sources.collect(),
        };
        draft.room_for_more();
        draft
    }

    /// A blank line for one more source.
    pub(super) fn room_for_more(&mut self) {
        self.sources.retain(|source| !source.is_empty());
        self.sources.push(SourceDraft::default());
    }

    /// The content, not yet checked by the rules of the house but for what only a form can get wrong.
    ///
    /// # Errors
    /// [`Invalid`].
    pub(super) fn content(&self, w: Tongue) -> Result<NoteContent, Invalid> {
        let kind = KINDS.iter().find(|(word, _)| *word == self.kind).map(|(_, kind)| *kind);
        let mut sources = Vec::new();
        for source in self.sources.iter().filter(|source| !source.is_empty()) {
            sources.push(Source {
                url: source.url.trim().to_owned(),
                title: source.title.trim().to_owned(),
                author: source.author.trim().to_owned(),
                date: w.typed_day(&source.date).ok_or(Invalid::Date("sources"))?.unwrap_or_default(),
            });
        }
        let tags = self.tags.split([',', '#', ';']).map(str::trim).filter(|tag| !tag.is_empty());
        Ok(NoteContent {
            kind: kind.ok_or(Invalid::Empty("kind"))?,
            title: self.title.clone(),
            body: self.body.clone(),
            tags: tags.map(str::to_owned).collect(),
            language: self.language.clone(),
            sources,
            grade: self.grade()?,
            review: w.typed_day(&self.review).ok_or(Invalid::Date("review"))?,
            expires: w.typed_day(&self.expires).ok_or(Invalid::Date("expires"))?,
        })
    }

    /// Both judgements or none: one alone says half.
    fn grade(&self) -> Result<Option<Grade>, Invalid> {
        let letter = LETTERS.iter().find(|(word, _)| *word == self.reliability).map(|(_, letter)| *letter);
        match (letter, self.credibility.parse().ok()) {
            (None, None) => Ok(None),
            (Some(reliability), Some(credibility)) => Ok(Some(Grade { reliability, credibility })),
            (Some(_), None) | (None, Some(_)) => Err(Invalid::Grade),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_gives_back_what_was_typed() {
        let source = |title: &str, url: &str| SourceDraft {
            title: title.to_owned(),
            url: url.to_owned(),
            ..SourceDraft::default()
        };
        let mut typed = NoteDraft::blank(None, Language::French);
        typed.body = "un\n\n- [ ] deux".to_owned();
        typed.review = "demain".to_owned();
        typed.sources = vec![source("Actes", ""), source("", "x:y"), SourceDraft::default()];
        let content = SketchContent { space: None, note: None, form: typed.fields(7) };
        assert_eq!(NoteDraft::kept(&content), typed);
        assert_eq!(content.form.get(OVER).map(String::as_str), Some("7"));
        assert!(content.form.values().all(|value| !value.is_empty()));
    }
}
