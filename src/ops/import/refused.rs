//! What an import did not take, where it stood, and why.

use std::{fmt, io};

use crate::words::{Sentence, key};

/// Something that was not imported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// Where it stands.
    pub place: Place,
    /// Why it was not taken.
    pub reason: Reason,
}

/// Where something stands in the files of an import.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Place {
    /// The file as it was named, or the path inside the folder.
    pub file: String,
    /// Bytes from the start of the file to the object, or to the break.
    pub byte: Option<u64>,
    /// The object's own name, when it has a readable one.
    pub id: Option<String>,
}

/// A field of an item, by its JSON name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// `external_id`
    ExternalId,
    /// `title`
    Title,
    /// `body`
    Body,
    /// `tags`
    Tags,
    /// `sources`
    Sources,
    /// `from`
    From,
    /// `to`
    To,
    /// `type`
    Type,
    /// `comment`
    Comment,
    /// `name` of an attachment
    Name,
    /// The bytes of an attachment
    Content,
}

impl Field {
    /// The JSON name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ExternalId => "external_id",
            Self::Title => "title",
            Self::Body => "body",
            Self::Tags => "tags",
            Self::Sources => "sources",
            Self::From => "from",
            Self::To => "to",
            Self::Type => "type",
            Self::Comment => "comment",
            Self::Name => "name",
            Self::Content => "content",
        }
    }
}

/// Why something was not imported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// The file or folder cannot be read; the rest of it is not imported.
    Unreadable(io::ErrorKind),
    /// The file is no STIX bundle: no JSON object with a list `objects`.
    NotABundle,
    /// The JSON breaks off or goes wrong between objects; what stood before was delivered, the rest cannot be.
    Broken,
    /// One object is no JSON.
    Malformed,
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// More bytes than one object or file may have.
    TooLarge,
    /// Too many lists or folders inside each other.
    TooDeep,
    /// More objects or files than one import may have.
    TooMany,
    /// An element of `objects` that is no JSON object.
    NotAnObject,
    /// No `type`, or not a word.
    NoType,
    /// No `id`, or not a word.
    NoIdentifier,
    /// An identifier or path too long or with control characters.
    BadIdentifier,
    /// A relation that lacks an end or a type.
    IncompleteRelation,
    /// A relation from an object to itself.
    SelfRelation,
    /// A sighting that names nobody and nothing that saw.
    NoWitness,
    /// The same object stands elsewhere in the files, newer or the same; that one is imported.
    Repeated,
    /// A field beyond the server's limit.
    TooLong {
        /// Which.
        field: Field,
        /// The limit, in the unit of the field.
        limit: usize,
    },
    /// A symbolic link; it may lead out of the folder and is not followed.
    SymbolicLink,
    /// A link of a file that leads out of the imported folder.
    OutsideFolder,
    /// The file is not JSON; nothing of it is imported.
    NotJson,
    /// The file is not of the format that was asked for.
    WrongFormat,
    /// The file says that it is written in an encoding that is not read.
    UnknownCharset,
    /// Another entry of the same import bears this name and says something else.
    NameTaken,
    /// Nothing in the entry could be its title.
    NoTitle,
    /// The other end of a relation is not in the files; the relation stays in the text of its note.
    NoSuchEnd,
    /// The entry breaks the rules of its format.
    BadEntry,
    /// The entry has no end.
    UnclosedEntry,
    /// The row has another number of columns than the head.
    WrongColumns,
    /// Two columns of the table bear the same name.
    SameColumns,
    /// A column that the mapping names is not in the table.
    NoColumn {
        /// The key under which it names it.
        key: &'static str,
    },
    /// The note shows a file that is not in the folder; its name stays in the text.
    NoSuchFile,
    /// The note that a file belongs to was not taken.
    NoNote,
    /// A note at an end of the link was not taken.
    NoEnd,
    /// The file becomes no note, and no note shows it or links to it.
    NotShown,
    /// A file or folder whose name begins with a dot.
    Hidden,
    /// Scripts, styles, frames or forms of a page: left out by rule.
    ActiveContent,
    /// The bytes that an attribute carries (a sample, an attached file): left out by rule.
    SampleData,
    /// The front matter begins as an export's and is not one.
    DamagedFrontMatter,
}

impl Reason {
    /// Stable, for machines.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::NotABundle => "not-a-bundle",
            Self::Broken => "broken",
            Self::Malformed => "malformed",
            Self::NotUtf8 => "not-utf8",
            Self::TooLarge => "too-large",
            Self::TooDeep => "too-deep",
            Self::TooMany => "too-many",
            Self::NotAnObject => "not-an-object",
            Self::NoType => "no-type",
            Self::NoIdentifier => "no-identifier",
            Self::BadIdentifier => "bad-identifier",
            Self::IncompleteRelation => "incomplete-relation",
            Self::SelfRelation => "self-relation",
            Self::NoWitness => "no-witness",
            Self::Repeated => "repeated",
            Self::TooLong { .. } => "too-long",
            Self::SymbolicLink => "symbolic-link",
            Self::OutsideFolder => "outside-folder",
            Self::NotJson => "not-json",
            Self::WrongFormat => "wrong-format",
            Self::UnknownCharset => "unknown-charset",
            Self::NameTaken => "name-taken",
            Self::NoTitle => "no-title",
            Self::NoSuchEnd => "no-such-end",
            Self::BadEntry => "bad-entry",
            Self::UnclosedEntry => "unclosed-entry",
            Self::WrongColumns => "wrong-columns",
            Self::SameColumns => "same-columns",
            Self::NoColumn { .. } => "no-column",
            Self::NoSuchFile => "no-such-file",
            Self::NoNote => "no-note",
            Self::NoEnd => "no-end",
            Self::NotShown => "not-shown",
            Self::Hidden => "hidden",
            Self::ActiveContent => "active-content",
            Self::SampleData => "sample-data",
            Self::DamagedFrontMatter => "damaged-front-matter",
        }
    }

    /// Whether nothing is lost by it: another copy is imported.
    pub const fn harmless(self) -> bool {
        matches!(self, Self::Repeated)
    }

    /// Whether it is left out by a rule of its format, or was not there to be taken, as the other end of a relation that leads out of
    /// the files: told, but no failure.
    pub const fn by_rule(self) -> bool {
        matches!(
            self,
            Self::ActiveContent | Self::SampleData | Self::NoSuchFile | Self::NoSuchEnd | Self::NotShown | Self::Hidden
        )
    }

    /// One clear sentence.
    pub fn sentence(self) -> Sentence {
        Sentence::new(match self {
            Self::Unreadable(kind) => {
                return Sentence::new(key::IMPORT_UNREADABLE).with("cause", cause(kind));
            }
            Self::TooLong { field, limit } => {
                return Sentence::new(key::IMPORT_TOO_LONG).with("field", field.name()).with("limit", limit);
            }
            Self::NoColumn { key } => return Sentence::new(key::IMPORT_NO_COLUMN).with("key", key),
            Self::NotABundle => key::IMPORT_NOT_A_BUNDLE,
            Self::Broken => key::IMPORT_BROKEN,
            Self::Malformed => key::IMPORT_MALFORMED,
            Self::NotUtf8 => key::IMPORT_NOT_UTF8,
            Self::TooLarge => key::IMPORT_TOO_LARGE,
            Self::TooDeep => key::IMPORT_TOO_DEEP,
            Self::TooMany => key::IMPORT_TOO_MANY,
            Self::NotAnObject => key::IMPORT_NOT_AN_OBJECT,
            Self::NoType => key::IMPORT_NO_TYPE,
            Self::NoIdentifier => key::IMPORT_NO_IDENTIFIER,
            Self::BadIdentifier => key::IMPORT_BAD_IDENTIFIER,
            Self::IncompleteRelation => key::IMPORT_INCOMPLETE_RELATION,
            Self::SelfRelation => key::IMPORT_SELF_RELATION,
            Self::NoWitness => key::IMPORT_NO_WITNESS,
            Self::Repeated => key::IMPORT_REPEATED,
            Self::SymbolicLink => key::IMPORT_SYMBOLIC_LINK,
            Self::OutsideFolder => key::IMPORT_OUTSIDE_FOLDER,
            Self::NotJson => key::IMPORT_NOT_JSON,
            Self::WrongFormat => key::IMPORT_WRONG_FORMAT,
            Self::UnknownCharset => key::IMPORT_UNKNOWN_CHARSET,
            Self::NameTaken => key::IMPORT_NAME_TAKEN,
            Self::NoTitle => key::IMPORT_NO_TITLE,
            Self::NoSuchEnd => key::IMPORT_NO_SUCH_END,
            Self::BadEntry => key::IMPORT_BAD_ENTRY,
            Self::UnclosedEntry => key::IMPORT_UNCLOSED_ENTRY,
            Self::WrongColumns => key::IMPORT_WRONG_COLUMNS,
            Self::SameColumns => key::IMPORT_SAME_COLUMNS,
            Self::NoSuchFile => key::IMPORT_NO_SUCH_FILE,
            Self::NoNote => key::IMPORT_NO_NOTE,
            Self::NoEnd => key::IMPORT_NO_END,
            Self::NotShown => key::IMPORT_NOT_SHOWN,
            Self::Hidden => key::IMPORT_HIDDEN,
            Self::ActiveContent => key::IMPORT_ACTIVE_CONTENT,
            Self::SampleData => key::IMPORT_SAMPLE_DATA,
            Self::DamagedFrontMatter => key::IMPORT_DAMAGED_FRONT_MATTER,
        })
    }
}

fn cause(kind: io::ErrorKind) -> Sentence {
    match kind {
        io::ErrorKind::NotFound => Sentence::new(key::IMPORT_CAUSE_ABSENT),
        io::ErrorKind::PermissionDenied => Sentence::new(key::IMPORT_CAUSE_DENIED),
        other => Sentence::new(key::IMPORT_CAUSE_OTHER).with("kind", other.to_string()),
    }
}

impl Refused {
    /// One clear sentence, place and reason.
    pub fn sentence(&self) -> Sentence {
        let place = match (&self.place.id, self.place.byte) {
            (Some(id), Some(byte)) => {
                Sentence::new(key::IMPORT_AT_OBJECT).with("id", id.as_str()).with("byte", byte.to_string())
            }
            (None, Some(byte)) => Sentence::new(key::IMPORT_AT_BYTE).with("byte", byte.to_string()),
            (Some(id), None) => Sentence::new(key::IMPORT_AT_NAME).with("id", id.as_str()),
            (None, None) => Sentence::new(key::IMPORT_AT_FILE),
        };
        Sentence::new(key::IMPORT_REFUSED)
            .with("place", place.with("file", self.place.file.as_str()))
            .with("reason", self.reason.sentence())
    }

    /// Stable, for machines.
    pub const fn code(&self) -> &'static str {
        self.reason.code()
    }
}

/// For the log.
impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// For the log.
impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.sentence(), formatter)
    }
}

impl std::error::Error for Refused {}
