//! `@name` in bodies and messages: the person named finds it among what names him.
//!
//! A call is kept as a row under the name, at the label of the text, whether or not somebody bears that name: so a name
//! that exists, one that does not, and one that the writer may not know of are the same to the writer (LEAKS T34). The
//! person named sees it if the text can be read at his working label and he belongs where it stands.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};

use super::wikilinks;
use crate::{
    audit::entry::Act,
    clock::Time,
    identity::Subject,
    ids::ConversationId,
    limits,
    vault::{Kind, Listing, Opened, Scope, Stored, Vault, VaultError, rows::Place},
};

/// A text that names a person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Call {
    /// Title of the note; empty for a message.
    pub title: String,
    /// The line it stands in, cut.
    pub sentence: String,
    /// The conversation, when it is a message that names him.
    pub conversation: Option<ConversationId>,
    /// When the note or message was first written: what the list is sorted by.
    pub created: Time,
}

impl Stored for Call {
    const KIND: Kind = Kind::Call;
    const SCHEMA: u8 = 1;
}

/// A name in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The account's name, folded, without the sign.
    pub name: String,
    /// The line it stands in, cut.
    pub sentence: String,
}

/// The list of what names a person.
pub fn scope(name: &str) -> Scope {
    Scope::named(&wikilinks::folded(name))
}

/// The names in a text, each once, in their order; what stands in code is no name.
pub fn named(text: &str) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    if !text.contains('@') {
        return found;
    }
    let mut code = false;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Text(part) if !code => {
                for name in names(&part) {
                    if found.len() < limits::TEXT_CALLS_MAX && found.iter().all(|known| known.name != name) {
                        found.push(Named { name, sentence: wikilinks::paragraph(text, range.start) });
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// The words that begin with the sign, where a word may begin: the address `a@b.example` names nobody.
fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut before: Option<char> = None;
    for (place, character) in text.char_indices() {
        if character == '@' && before.is_none_or(|before| !before.is_alphanumeric() && before != '@') {
            let rest = text.get(place.saturating_add(1)..).unwrap_or_default();
            let end = rest.find(|next: char| !(next.is_alphanumeric() || "-_.".contains(next))).unwrap_or(rest.len());
            let name = rest.get(..end).unwrap_or_default().trim_end_matches(['.', '-', '_']);
            if !name.is_empty() && name.chars().count() <= limits::ACCOUNT_NAME_CHARS_MAX {
                names.push(wikilinks::folded(name));
            }
        }
        before = Some(character);
    }
    names
}

/// One page of what names the subject, newest first.
///
/// # Errors
/// [`VaultError`].
pub async fn list(
    vault: &Vault,
    subject: &Subject,
    after: Option<&Place>,
    limit: usize,
) -> Result<Vec<Opened<Call>>, VaultError> {
    let page = vault.page(subject, Listing::Calls, &[scope(subject.account().name())], after, limit)?;
    vault.list(subject, Act::MentionList, &[], page).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_text_and_not_in_code_or_addresses() {
        let text = "@Analyste-S, vois avec @bob. (a@b.example, @@double)\n\n`@code`\n\n    @bloc\n\n- @bob encore";
        let found: Vec<String> = named(text).into_iter().map(|named| named.name).collect();
        assert_eq!(found, ["analyste-s", "bob"], "nor what has two signs");
        assert_eq!(named(text)[1].sentence, "@Analyste-S, vois avec @bob. (a@b.example, @@double)");
    }
}
