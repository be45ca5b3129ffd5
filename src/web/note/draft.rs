//! A note as it is being written: what was typed, to the letter, until it keeps the rules.

use crate::{
    ids::SpaceId,
    limits,
    sharing::{
        Invalid,
        note::{Grade, NoteContent, NoteKind, Reliability, Source},
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
    pub(super) fn blank(space: Option<SpaceId>, title: &str, language: Language) -> Self {
        let mut draft = Self {
            space,
            kind: "watch".to_owned(),
            title: title.to_owned(),
            language: language.code().to_owned(),
            ..Self::default()
        };
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

    /// What a form sent.
    pub(super) fn sent(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        let columns = ["source-title", "source-author", "source-url", "source-date"]
            .map(|name| form.all(name).collect::<Vec<_>>());
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
