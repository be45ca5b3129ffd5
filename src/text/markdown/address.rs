//! Which addresses are ours. A page of an air-gapped site opens nothing else.

use crate::ids::Id;

/// Objects that have a page, by the addresses of their pages.
const OBJECTS: [&str; 5] = ["/notes/", "/spaces/", "/messages/", "/files/", "/people/"];
/// Where files are fetched, and what is put behind the address of one so that a picture is shown and not saved.
const FILES: &str = "/files/";
const SHOWN: &str = "?inline=true";
/// Letters of a fragment.
const FRAGMENT_CHARS_MAX: usize = 80;

/// Whether an address leads to one of our objects: exactly a path and an id, at most a plain fragment behind it.
pub(super) fn is_ours(address: &str) -> bool {
    let (path, fragment) = address.split_once('#').map_or((address, None), |(path, rest)| (path, Some(rest)));
    let object = OBJECTS.iter().find_map(|object| path.strip_prefix(object));
    object.is_some_and(|id| id.parse::<Id>().is_ok()) && fragment.is_none_or(is_fragment)
}

/// The address at which a file of ours is shown as a picture, if that is what an address names.
pub(super) fn image(address: &str) -> Option<String> {
    let file = address.strip_prefix(FILES)?.parse::<Id>().is_ok();
    file.then(|| format!("{address}{SHOWN}"))
}

/// Whether an address is one that [`image`] gave.
pub(super) fn is_image(address: &str) -> bool {
    address.strip_suffix(SHOWN).is_some_and(|file| image(file).is_some())
}

/// An address within the page, to an id that we write.
pub(super) fn is_within(address: &str) -> bool {
    address.strip_prefix('#').is_some_and(is_fragment)
}

/// The only spelling of ids and fragments: nothing in it can be taken for a name of the page's program.
pub(super) fn is_fragment(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= FRAGMENT_CHARS_MAX
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// A heading as the end of an id: its letters and digits without accents, hyphens between words.
pub(super) fn slug(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let mut slug = String::new();
    for letter in text.nfkd().flat_map(char::to_lowercase) {
        // Room for what comes before and behind it in an id.
        if slug.len() >= FRAGMENT_CHARS_MAX / 2 {
            break;
        }
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            _ if letter.is_alphanumeric() || unicode_normalization::char::is_combining_mark(letter) => {}
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_objects_are_ours() {
        let id = Id::from_bytes([7; 16]);
        for ours in [format!("/notes/{id}"), format!("/spaces/{id}#suite"), format!("/files/{id}")] {
            assert!(is_ours(&ours), "{ours}");
        }
        for other in [
            format!("notes/{id}"),
            format!("//notes/{id}"),
            format!("/notes//{id}"),
            format!("/notes/{id}/edit"),
            format!("/notes/{id}?x=1"),
            format!("/notes/{id}#A"),
            format!("/notes/{id}#"),
            format!("/notes/{id}\n"),
            format!("https://vigie/notes/{id}"),
            format!("/Notes/{id}"),
            format!("/notes/{}", id.to_string().to_uppercase()),
            "/notes/".to_owned(),
            "/api/v1/notes".to_owned(),
            "javascript:alert(1)".to_owned(),
            "\\\\host\\notes".to_owned(),
        ] {
            assert!(!is_ours(&other), "{other}");
        }
    }

    #[test]
    fn a_heading_gives_a_plain_id() {
        assert_eq!(slug("  L’état : été 2026 !"), "l-etat-ete-2026");
        assert_eq!(slug("constructor"), "constructor");
        assert_eq!(slug("日本"), "");
        assert_eq!(slug("<script>"), "script");
        assert!(slug(&"mot ".repeat(50)).len() <= FRAGMENT_CHARS_MAX);
    }
}
