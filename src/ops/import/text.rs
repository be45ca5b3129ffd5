//! Words of strangers made fit for a title, a tag, a table cell, a code block.

use crate::limits::TAG_CHARS_MAX;

/// On one line: white space and control characters become single spaces.
pub(super) fn one_line(text: &str) -> String {
    let words = text.split(|letter: char| letter.is_whitespace() || letter.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Text of several lines without what nobody sees: control characters, marks that turn the reading direction.
pub(super) fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let unseen = |letter: char| (letter.is_control() && !matches!(letter, '\n' | '\t')) || turns(letter);
    if text.contains(unseen) { text.chars().filter(|letter| !unseen(*letter)).collect() } else { text }
}

/// The same on one line, fit for a title: what looks alike is alike.
pub(super) fn heading(text: &str) -> String {
    let parted: String = text.chars().map(|letter| if breaks(letter) { ' ' } else { letter }).collect();
    one_line(&parted.chars().filter(|letter| !turns(*letter) && !hides(*letter)).collect::<String>())
}

const fn breaks(letter: char) -> bool {
    matches!(letter, '\u{2028}' | '\u{2029}')
}

const fn turns(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{e0000}'..='\u{e007f}')
}

const fn hides(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2065}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
    )
}

/// The day, month or year that a date begins with, as a source may bear it: `2026-11-21`, `2026-11`, `2026`.
pub(super) fn day(text: &str) -> Option<String> {
    let text = text.trim();
    let whole = |day: &str| day.parse::<jiff::civil::Date>().is_ok();
    let begins = |length: usize| {
        text.get(..length).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'))
    };
    if let Some(day) = begins(10).filter(|day| whole(day)) {
        return Some(day.to_owned());
    }
    let month = begins(7).filter(|month| text.len() == 7 && whole(&format!("{month}-01")));
    let year = || begins(4).filter(|year| text.len() == 4 && whole(&format!("{year}-01-01")));
    month.or_else(year).map(str::to_owned)
}

/// An address that a source may bear: of the web, within its limit.
pub(super) fn web(url: &str) -> Option<String> {
    let url = heading(url);
    let of_web = url.starts_with("https://") || url.starts_with("http://");
    let fits = url.chars().count() <= crate::limits::SOURCE_FIELD_CHARS_MAX && !url.contains(' ');
    (of_web && fits).then_some(url)
}

/// At most that many characters; what is cut is marked by an ellipsis.
pub(super) fn shortened(text: String, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text;
    }
    let mut short: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// A tag: lower case, no spaces; nothing when it would be empty or too long.
pub(super) fn tag(text: &str) -> Option<String> {
    let tag = one_line(text.trim_start_matches('#')).to_lowercase().replace(' ', "-");
    (!tag.is_empty() && tag.chars().count() <= TAG_CHARS_MAX).then_some(tag)
}

/// Kebab-case: letters and digits of ASCII in lower case, everything else a hyphen between them.
pub(super) fn kebab(text: &str) -> Option<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    (!name.is_empty()).then_some(name)
}

/// The type of a link: kebab-case, within its limit.
pub(super) fn link_type(text: &str) -> Option<String> {
    let mut name = kebab(text)?;
    name.truncate(crate::limits::LINK_TYPE_CHARS_MAX);
    name.truncate(name.trim_end_matches('-').len());
    Some(name)
}

/// Plain words on one line of Markdown: what Markdown would take for a sign is escaped.
pub(super) fn escaped(text: &str) -> String {
    let line = one_line(text);
    let mut out = String::with_capacity(line.len());
    let mut previous = ' ';
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let inside_word =
            previous.is_alphanumeric() && letters.peek().is_some_and(|following| following.is_alphanumeric());
        let sign = matches!(letter, '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '&' | '~')
            || (letter == '_' && !inside_word)
            || (out.is_empty() && matches!(letter, '#' | '-' | '+' | '='));
        if sign {
            out.push('\\');
        }
        out.push(letter);
        previous = letter;
    }
    out
}

/// A code block that its content cannot close.
pub(super) fn fenced(text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.saturating_add(1).max(3));
    format!("{fence}\n{}\n{fence}\n", text.trim_end_matches('\n'))
}

/// An identifier or path that may travel: not empty, no control characters, within the limit.
pub(super) fn sound_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= crate::limits::EXTERNAL_ID_BYTES_MAX && !text.chars().any(char::is_control)
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "counts over small test texts")]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;

    proptest! {
        #[test]
        fn escaped_words_are_shown_as_they_were_in_a_table(text in "[ -~é]{1,40}") {
            let page = format!("| a |\n| --- |\n| {} |\n", escaped(&text));
            let mut shown = String::new();
            let (mut cells, mut markup) = (0, 0);
            for event in Parser::new_ext(&page, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_WIKILINKS) {
                match event {
                    Event::Start(Tag::TableCell) => { cells += 1; shown.clear(); }
                    Event::Text(text) => shown.push_str(&text),
                    Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow) | Event::End(_) => {}
                    _ => markup += 1,
                }
            }
            prop_assert_eq!((cells, markup), (2, 0), "{}", page);
            prop_assert_eq!(shown, one_line(&text));
        }

        #[test]
        fn no_content_closes_its_code_block(text in "[`~a\n]{0,60}") {
            let page = format!("{}after", fenced(&text));
            let mut open = 0;
            let mut last = String::new();
            for event in Parser::new(&page) {
                match event {
                    Event::Start(Tag::CodeBlock(_)) => open += 1,
                    Event::End(TagEnd::CodeBlock) => last.clear(),
                    Event::Text(text) => last.push_str(&text),
                    _ => {}
                }
            }
            prop_assert_eq!((open, last.as_str()), (1, "after"));
        }

        #[test]
        fn kebab_names_have_no_other_shape(text in "\\PC{0,30}") {
            if let Some(name) = kebab(&text) {
                prop_assert!(name.split('-').all(|word| !word.is_empty()
                    && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())));
                prop_assert_eq!(kebab(&name), Some(name));
            }
        }
    }

    #[test]
    fn tags_are_lower_case_without_spaces_and_never_cut() {
        assert_eq!(tag("#Azure AD"), Some("azure-ad".to_owned()));
        assert_eq!(tag("TLP:AMBER+STRICT"), Some("tlp:amber+strict".to_owned()));
        assert_eq!(tag(" \t"), None);
        assert_eq!(tag(&"x".repeat(TAG_CHARS_MAX + 1)), None);
    }

    #[test]
    fn a_long_title_is_cut_at_a_character_and_says_so() {
        assert_eq!(shortened("é".repeat(300), 300), "é".repeat(300));
        assert_eq!(shortened("é".repeat(301), 300), format!("{}…", "é".repeat(299)));
    }
}
