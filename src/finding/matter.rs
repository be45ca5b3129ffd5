//! What is indexed of each kind of object, and the document made of it.

use tantivy::TantivyDocument;

use super::{
    analysis::{self, Stems, Word},
    schema::{Fields, Partition, Sort, Words, halves},
    terms::Gathered,
    tongue,
};
use crate::{
    clock::Time,
    ids::{AccountId, Id},
    label::Label,
    limits,
    linking::link::Link,
    messaging::conversation::{Conversation, Message},
    sharing::{
        attachment::Attachment,
        note::{Grade, Note, NoteKind, Reliability},
        signature::ContentKind,
        space::Space,
    },
    vault::{Envelope, Following, Kind, Opened, Vault, VaultError},
    words::Language,
};

/// The kinds of objects that are found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Found {
    /// A note.
    Note,
    /// A link, by its comment.
    Link,
    /// A conversation, by its subject.
    Conversation,
    /// A message.
    Message,
    /// An attachment, by its name, and by its content if that is text.
    Attachment,
    /// A space, by its name and purpose.
    Space,
}

impl Found {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Note, Self::Link, Self::Conversation, Self::Message, Self::Attachment, Self::Space];

    /// The stored number.
    pub const fn code(self) -> u64 {
        match self {
            Self::Note => 1,
            Self::Link => 2,
            Self::Conversation => 3,
            Self::Message => 4,
            Self::Attachment => 5,
            Self::Space => 6,
        }
    }

    /// The kind of a stored number.
    pub fn from_code(code: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The word for machines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Link => "link",
            Self::Conversation => "conversation",
            Self::Message => "message",
            Self::Attachment => "attachment",
            Self::Space => "space",
        }
    }

    /// The kind of record.
    pub const fn record(self) -> Kind {
        match self {
            Self::Note => Kind::Note,
            Self::Link => Kind::Link,
            Self::Conversation => Kind::Conversation,
            Self::Message => Kind::Message,
            Self::Attachment => Kind::Attachment,
            Self::Space => Kind::Space,
        }
    }
}

/// What is indexed of one object.
#[derive(Debug)]
pub struct Matter {
    id: Id,
    kind: Found,
    partition: Partition,
    /// Objects that it goes with.
    about: Vec<Id>,
    /// Both notes of a link; the note of an attachment, and nothing.
    ends: Option<(Id, Id)>,
    authors: Vec<AccountId>,
    language: Language,
    modified: Time,
    grade: Option<Grade>,
    title: String,
    texts: Vec<String>,
    tags: Vec<String>,
    keys: Vec<String>,
}

/// The word of a note's kind for machines.
pub const fn note_kind(kind: NoteKind) -> &'static str {
    match kind {
        NoteKind::Watch => "watch",
        NoteKind::Synthesis => "synthesis",
        NoteKind::Idea => "idea",
        NoteKind::Question => "question",
        NoteKind::Task => "task",
        NoteKind::Template => "template",
    }
}

/// The letter of a reliability.
pub const fn letter(reliability: Reliability) -> char {
    match reliability {
        Reliability::A => 'A',
        Reliability::B => 'B',
        Reliability::C => 'C',
        Reliability::D => 'D',
        Reliability::E => 'E',
        Reliability::F => 'F',
    }
}

/// The place of a grade among grades: the better the larger. "Cannot be judged" (F, 6) is below what was judged.
fn rank(grade: Option<Grade>) -> u64 {
    let Some(grade) = grade else { return 0 };
    let reliability = match grade.reliability {
        Reliability::A => 6,
        Reliability::B => 5,
        Reliability::C => 4,
        Reliability::D => 3,
        Reliability::E => 2,
        Reliability::F => 1,
    };
    let credibility = 7_u64.saturating_sub(u64::from(grade.credibility));
    u64::saturating_mul(reliability, 8).saturating_add(credibility)
}

/// The letter of the reliability in a [`rank`]; none without a grade.
pub(super) fn reliability_of_rank(rank: u64) -> Option<char> {
    match rank / 8 {
        6 => Some('A'),
        5 => Some('B'),
        4 => Some('C'),
        3 => Some('D'),
        2 => Some('E'),
        1 => Some('F'),
        _ => None,
    }
}

impl Matter {
    /// What is indexed of a record, and its label; none for what is not found by a search.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn of(vault: &Vault, right: &Following, envelope: Envelope) -> Result<Option<(Self, Label)>, VaultError> {
        let label = *envelope.label();
        let mut matter = match envelope.header().kind {
            Kind::Note => Some(note(right.open(vault, envelope)?)),
            Kind::Link => link(vault, right, right.open(vault, envelope)?)?,
            Kind::Conversation => Some(conversation(right.open(vault, envelope)?)),
            Kind::Message => message(right.open(vault, envelope)?),
            Kind::Space => Some(space(right.open(vault, envelope)?)),
            Kind::Attachment => attachment(vault, right, envelope)?,
            Kind::NoteCard
            | Kind::Mention
            | Kind::Title
            | Kind::Repeat
            | Kind::Sketch
            | Kind::SketchCard
            | Kind::Call
            | Kind::Upload
            | Kind::AttachmentCard
            | Kind::Progress
            | Kind::Watch
            | Kind::WatchCard
            | Kind::Marks
            | Kind::MarksCard => None,
        };
        // A note says its language. Nothing else does.
        if let Some(other) = matter.as_mut().filter(|matter| matter.kind != Found::Note) {
            let texts = std::iter::once(&other.title).chain(&other.texts).map(String::as_str);
            let author = other.authors.first().copied().unwrap_or(AccountId(Id::NONE));
            other.language = tongue::of(texts, author, &vault.monitor().config());
        }
        Ok(matter.map(|matter| (matter, label)))
    }

    fn plain<T>(kind: Found, opened: &Opened<T>, title: String, texts: Vec<String>) -> Self {
        Self {
            id: opened.id,
            kind,
            partition: Partition::of(opened.home),
            about: Vec::new(),
            ends: None,
            authors: vec![opened.author],
            language: Language::French,
            modified: opened.modified,
            grade: None,
            title,
            texts,
            tags: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// A note of an examination.
    #[cfg(test)]
    pub fn danger_example(id: Id, home: Id, title: &str, text: &str) -> Self {
        Self {
            id,
            kind: Found::Note,
            partition: Partition::of(home),
            about: Vec::new(),
            ends: None,
            authors: vec![AccountId(home)],
            language: Language::French,
            modified: Time(1),
            grade: None,
            title: title.to_owned(),
            texts: vec![text.to_owned()],
            tags: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// The same, as a link between two of them.
    #[cfg(test)]
    #[must_use]
    pub fn danger_linking(mut self, from: Id, to: Id) -> Self {
        (self.kind, self.ends, self.keys) = (Found::Link, Some((from, to)), vec![Sort::Link.term("uses")]);
        self
    }

    /// The document.
    pub fn document(&self, fields: &Fields, stems: &mut Stems) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        let tag = self.partition.tag();
        document.add_bytes(fields.own, self.id.bytes());
        for about in &self.about {
            document.add_bytes(fields.about, about.bytes());
        }
        let mut bag = Bag::new(&tag, self.language, stems);
        let title_words = bag.take(&self.title);
        bag.title_ends();
        for text in self.texts.iter().chain(&self.tags) {
            bag.take(text);
        }
        let words = bag.words;
        let mut keys = Gathered::new(&tag);
        self.key_terms().iter().for_each(|key| keys.add(key, 0));
        let mut add = |field: Words, terms: Gathered| document.add_text(fields.words(field), terms.into_text());
        add(Words::Title, bag.title);
        add(Words::TitleStem, bag.title_stems);
        add(Words::Text, bag.text);
        add(Words::Stem, bag.stems);
        add(Words::Written, bag.written);
        add(Words::Key, keys);
        let numbers = &fields.numbers;
        let mut pair = |fields: [tantivy::schema::Field; 2], id: Id| {
            for (field, half) in fields.into_iter().zip(halves(id)) {
                document.add_u64(field, half);
            }
        };
        pair(numbers.id, self.id);
        pair(numbers.home, self.partition.home);
        pair(numbers.far, self.partition.far);
        let (from, to) = self.ends.unwrap_or((Id::NONE, Id::NONE));
        pair(numbers.from, from);
        pair(numbers.to, to);
        document.add_u64(numbers.modified, self.modified.0);
        document.add_u64(numbers.grade, rank(self.grade));
        document.add_u64(numbers.kind, self.kind.code());
        for (field, length) in numbers.lengths.into_iter().zip([words, title_words]) {
            document.add_u64(field, u64::from(length));
        }
        document
    }

    fn key_terms(&self) -> Vec<String> {
        let mut keys = vec![Sort::Any.term(""), Sort::Kind.term(self.kind.word())];
        keys.extend(self.authors.iter().map(|author| Sort::Author.term(&author.id().to_string())));
        if let Some(grade) = self.grade {
            keys.push(Sort::Reliability.term(&letter(grade.reliability).to_string()));
            keys.push(Sort::Credibility.term(&grade.credibility.to_string()));
        }
        for tag in &self.tags {
            let folded = analysis::fold_name(tag);
            keys.push(Sort::TagWritten.term(&format!("{folded}\0{}", cut(tag))));
            keys.push(Sort::Tag.term(&folded));
        }
        keys.extend(self.keys.iter().cloned());
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

fn cut(text: &str) -> String {
    text.chars().take(limits::TAG_CHARS_MAX).collect()
}

/// The terms of one document, as they gather.
struct Bag<'s> {
    language: Language,
    known: &'s mut Stems,
    in_title: bool,
    position: usize,
    words: u32,
    title: Gathered,
    title_stems: Gathered,
    text: Gathered,
    stems: Gathered,
    written: Gathered,
}

impl<'s> Bag<'s> {
    fn new(tag: &str, language: Language, known: &'s mut Stems) -> Self {
        let [title, title_stems, text, stems, written] = [(); 5].map(|()| Gathered::new(tag));
        Self { language, known, in_title: true, position: 0, words: 0, title, title_stems, text, stems, written }
    }

    fn title_ends(&mut self) {
        self.in_title = false;
    }

    /// Takes the words of a text, and a gap that no phrase spans.
    fn take(&mut self, text: &str) -> u32 {
        let before = self.words;
        for word in analysis::words(text) {
            self.word(&word);
        }
        self.position = self.position.saturating_add(8);
        self.words.saturating_sub(before)
    }

    fn word(&mut self, word: &Word) {
        let stems = self.known.of(self.language, word);
        if self.in_title {
            self.title.add(&word.folded, self.position);
            stems.iter().for_each(|stem| self.title_stems.add(stem, self.position));
        }
        stems.iter().for_each(|stem| self.stems.add(stem, self.position));
        self.text.add(&word.folded, self.position);
        if word.lower != word.folded {
            self.written.add(&format!("{}\0{}", word.folded, word.lower), 0);
        }
        self.position = self.position.saturating_add(1);
        self.words = self.words.saturating_add(1);
    }
}

fn language(code: &str) -> Language {
    Language::ALL.into_iter().find(|language| language.code() == code).unwrap_or_default()
}

fn note(opened: Opened<Note>) -> Matter {
    let content = &opened.content.content;
    let mut texts = vec![content.body.clone()];
    for source in &content.sources {
        texts.push(format!("{} {} {}", source.title, source.author, source.url));
    }
    let mut matter = Matter::plain(Found::Note, &opened, content.title.clone(), texts);
    matter.language = language(&content.language);
    matter.grade = content.grade;
    matter.tags = content.tags.clone();
    matter.keys = vec![Sort::Kind.term(note_kind(content.kind)), Sort::Language.term(matter.language.code())];
    if !content.sources.is_empty() {
        matter.keys.push(Sort::Source.term(""));
    }
    for source in &content.sources {
        let said = [&source.title, &source.author, &source.url].into_iter().flat_map(|text| analysis::words(text));
        matter.keys.extend(said.map(|word| Sort::Source.term(&word.folded)));
    }
    if opened.content.editor != opened.author {
        matter.authors.push(opened.content.editor);
    }
    matter
}

/// A link is seen by whoever sees both its ends; with one of them gone it is not seen at all.
fn link(vault: &Vault, right: &Following, opened: Opened<Link>) -> Result<Option<Matter>, VaultError> {
    let (from, to) = (opened.content.from.id(), opened.content.to.id());
    let (Some(one), Some(other)) = (right.home(vault, from)?, right.home(vault, to)?) else { return Ok(None) };
    let mut matter = Matter::plain(Found::Link, &opened, String::new(), vec![opened.content.comment.clone()]);
    matter.partition = Partition::between(one, other);
    matter.about = vec![from, to];
    matter.ends = Some((from, to));
    matter.keys = vec![Sort::Link.term(&opened.content.kind)];
    Ok(Some(matter))
}

fn conversation(opened: Opened<Conversation>) -> Matter {
    Matter::plain(Found::Conversation, &opened, opened.content.title.clone(), Vec::new())
}

fn message(opened: Opened<Message>) -> Option<Matter> {
    (!opened.content.withdrawn)
        .then(|| Matter::plain(Found::Message, &opened, String::new(), vec![opened.content.text.clone()]))
}

fn space(opened: Opened<Space>) -> Matter {
    let content = &opened.content.content;
    let mut matter = Matter::plain(Found::Space, &opened, content.name.clone(), vec![content.purpose.clone()]);
    matter.keys = vec![Sort::Name.term(&analysis::fold_name(&content.name))];
    matter
}

fn attachment(vault: &Vault, right: &Following, envelope: Envelope) -> Result<Option<Matter>, VaultError> {
    // Its record outlives its note until it is swept.
    if right.home(vault, envelope.header().about)?.is_none() {
        return Ok(None);
    }
    let chunks = right.chunks(&envelope);
    let opened: Opened<Attachment> = right.open(vault, envelope)?;
    let text = match opened.content.kind {
        ContentKind::Text => {
            let content = vault.first_bytes(&chunks, limits::INDEX_ATTACHMENT_BYTES_MAX)?;
            String::from_utf8_lossy(&content).into_owned()
        }
        ContentKind::Png
        | ContentKind::Jpeg
        | ContentKind::Gif
        | ContentKind::Webp
        | ContentKind::Pdf
        | ContentKind::Office
        | ContentKind::Zip
        | ContentKind::Other => String::new(),
    };
    let mut matter = Matter::plain(Found::Attachment, &opened, opened.content.name.clone(), vec![text]);
    matter.about = vec![opened.content.note.id()];
    matter.ends = Some((opened.content.note.id(), Id::NONE));
    Ok(Some(matter))
}
