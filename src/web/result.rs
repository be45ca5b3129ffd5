//! One result of a search or a watch as a row: where it leads, what it says, which of its words were sought.

use crate::{
    clock::Time,
    finding::{hit::Hit, matter::Found, snippet::Snippet},
    ids::{ConversationId, MessageId, NoteId, SpaceId},
    web::{
        marking::{Chip, Cote},
        note::read::type_name,
        say::Tongue,
        visit::Visitor,
    },
    words::{Language, key as k},
};

/// Some text, and whether it was sought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it was.
    pub sought: bool,
}

/// One result.
pub struct ResultRow {
    /// Its label.
    pub chip: Chip,
    /// Where it is read.
    pub path: String,
    /// Its title, or what it is.
    pub title: Vec<Piece>,
    /// The sentence that answers.
    pub sentence: Vec<Piece>,
    /// The language of both, for whoever has them read aloud; none where the title is ours, or does not tell.
    pub spoken: [Option<&'static str>; 2],
    /// Its grade.
    pub cote: Option<Cote>,
    /// What it is, where the title does not say it.
    pub kind: Option<String>,
    /// Where it lives.
    pub space: Option<(SpaceId, String)>,
    /// Who wrote it.
    pub author: String,
    /// When it was changed, for people.
    pub day: String,
    /// The same, exact.
    pub moment: Time,
    /// What is said of it at the end of the row.
    pub told: Option<String>,
}

impl ResultRow {
    /// The row of a result in the space of that name.
    pub fn of(visitor: &Visitor, hit: &Hit, space: Option<String>) -> Self {
        let w = visitor.tongue;
        let name = space.filter(|_| hit.kind != Found::Space);
        let mut title = pieces(&hit.title);
        let code = hit.language.map(Language::code);
        let spoken = [code.filter(|_| !title.is_empty()), code];
        let mut kind = Some(hit.note_kind.map_or_else(|| found_name(hit.kind, w), |kind| w.kind(kind)));
        if title.is_empty() {
            // A message and a link have no title of their own.
            let text = kind.take().unwrap_or_default();
            kind = hit.link_kind.as_ref().map(|link| type_name(link, true, w));
            title.push(Piece { text, sought: false });
        }
        Self {
            chip: Chip::of(visitor, &hit.label),
            path: path(hit),
            title,
            sentence: pieces(&hit.sentence),
            spoken,
            cote: hit.grade.map(|grade| Cote::of(grade, w)),
            kind,
            space: name.map(|name| (SpaceId(hit.home), name)),
            author: visitor.name(hit.author),
            day: w.date(hit.modified),
            moment: hit.modified,
            told: None,
        }
    }
}

/// Where a result is read: a link at the note it starts from, a file at its note, a message in its conversation.
fn path(hit: &Hit) -> String {
    let about = hit.about.unwrap_or(hit.id);
    match (hit.kind, hit.ends) {
        (Found::Link, Some((from, _))) => format!("/notes/{}", NoteId(from)),
        (Found::Note | Found::Link, _) => format!("/notes/{}", NoteId(hit.id)),
        (Found::Attachment, _) => format!("/notes/{}", NoteId(about)),
        (Found::Conversation, _) => format!("/messages/{}", ConversationId(hit.id)),
        (Found::Message, _) => format!("/messages/{}#m{}", ConversationId(about), MessageId(hit.id)),
        (Found::Space, _) => format!("/spaces/{}", SpaceId(hit.id)),
    }
}

/// What one result of a kind is called.
pub fn found_name(kind: Found, w: Tongue) -> String {
    w.say(match kind {
        Found::Note => k::WEB_WINDOW_NOTE,
        Found::Link => k::SEARCH_FOUND_LINK,
        Found::Conversation => k::WEB_WINDOW_TALK,
        Found::Message => k::SEARCH_FOUND_MESSAGE,
        Found::Attachment => k::SEARCH_FOUND_ATTACHMENT,
        Found::Space => k::WEB_FIELD_SPACE,
    })
}

/// What all results of a kind are called.
pub fn kind_name(kind: Found, w: Tongue) -> String {
    w.say(match kind {
        Found::Note => k::WEB_TAB_NOTES,
        Found::Link => k::WEB_NOTE_LINKS,
        Found::Conversation => k::WEB_TAB_TALKS,
        Found::Message => k::WEB_MESSAGES,
        Found::Attachment => k::WEB_FILES,
        Found::Space => k::WEB_SPACES,
    })
}

/// A line of text, cut where the words that were sought begin and end. Places count characters.
fn pieces(snippet: &Snippet) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, character) in snippet.text.chars().enumerate() {
        let sought = snippet.highlights.iter().any(|(from, until)| (*from..*until).contains(&at));
        match pieces.last_mut() {
            Some(piece) if piece.sought == sought => piece.text.push(character),
            _ => pieces.push(Piece { text: character.to_string(), sought }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_where_sought_words_begin_and_end() {
        let snippet = Snippet { text: "Un été à Brest".to_owned(), highlights: vec![(3, 6), (9, 14)] };
        let cut: Vec<(String, bool)> = pieces(&snippet).into_iter().map(|piece| (piece.text, piece.sought)).collect();
        let expected = [("Un ", false), ("été", true), (" à ", false), ("Brest", true)];
        assert_eq!(cut, expected.map(|(text, sought)| (text.to_owned(), sought)));
        assert_eq!(pieces(&Snippet::default()), []);
        let beyond = pieces(&Snippet { text: "ab".to_owned(), highlights: vec![(1, 9)] });
        assert_eq!(beyond.iter().map(|piece| piece.sought).collect::<Vec<_>>(), [false, true]);
    }
}
