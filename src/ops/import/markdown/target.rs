//! Where the links of a file lead.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::ops::import::{
    markup::{Token, Tokens, attribute},
    text,
};

/// Where a link leads, of those that matter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Target {
    /// A note of the folder.
    File(String),
    /// Another file of the folder: an image, a document.
    Carried(String),
    /// A picture that is not there; as it was written.
    Absent(String),
    /// Out of the folder; as it was written.
    Outside(String),
}

/// The files of a folder, to be found by path and by name.
#[derive(Default)]
pub(super) struct Index {
    paths: BTreeSet<String>,
    /// Path without extension, lower case -> path, or none when several are meant.
    names: BTreeMap<String, Option<String>>,
    /// All other files.
    others: BTreeSet<String>,
    /// Name without folders -> path, or none when several are meant.
    other_names: BTreeMap<String, Option<String>>,
}

fn options() -> Options {
    Options::ENABLE_WIKILINKS
        | Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
}

impl Index {
    pub(super) fn new(paths: impl Iterator<Item = String>, others: impl Iterator<Item = String>) -> Self {
        let mut index = Self::default();
        for path in others {
            let name = path.rsplit_once('/').map_or(path.as_str(), |(_, name)| name).to_owned();
            index.other_names.entry(name).and_modify(|known| *known = None).or_insert(Some(path.clone()));
            index.others.insert(path);
        }
        for path in paths {
            let whole = path.rsplit_once('.').map_or(path.as_str(), |(stem, _)| stem).to_lowercase();
            let last = whole.rsplit_once('/').map(|(_, name)| format!("*/{name}"));
            for name in [Some(whole.clone()), last.or(Some(format!("*/{whole}")))].into_iter().flatten() {
                index.names.entry(name).and_modify(|known| *known = None).or_insert(Some(path.clone()));
            }
            index.paths.insert(path);
        }
        index
    }

    /// The targets of the links in a text of the file at `path`; code is not looked into.
    pub(super) fn targets(&self, path: &str, text: &str) -> BTreeSet<Target> {
        let mut found = BTreeSet::new();
        for event in Parser::new_ext(text, options()) {
            if let Event::Html(html) | Event::InlineHtml(html) = &event {
                found.extend(self.pictures(path, html));
            }
            let shown = matches!(event, Event::Start(Tag::Image { .. }));
            if let Event::Start(Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. }) = event
            {
                let target = match link_type {
                    LinkType::WikiLink { .. } => self.wiki(path, &dest_url),
                    LinkType::Autolink | LinkType::Email => None,
                    LinkType::Inline
                    | LinkType::Reference
                    | LinkType::ReferenceUnknown
                    | LinkType::Collapsed
                    | LinkType::CollapsedUnknown
                    | LinkType::Shortcut
                    | LinkType::ShortcutUnknown => self.relative(path, &dest_url),
                };
                // A page not yet written is no loss; a picture that is shown and lacking is worth a word.
                found.extend(target.filter(|target| shown || !matches!(target, Target::Absent(_))));
            }
        }
        found
    }

    /// `<img src="…">` in a text: a picture like any other.
    fn pictures(&self, path: &str, html: &str) -> Vec<Target> {
        let pictures = Tokens::new(html).filter_map(|token| match token {
            Token::Start { name, attributes, .. } if name.eq_ignore_ascii_case("img") => attribute(attributes, "src"),
            Token::Start { .. } | Token::End { .. } | Token::Text(_) | Token::Data(_) | Token::Comment(_) => None,
        });
        pictures.filter_map(|source| self.relative(path, &source)).collect()
    }

    /// `[[Name]]`: a path from the folder's root, else from the file, else a name that only one file has.
    fn wiki(&self, path: &str, written: &str) -> Option<Target> {
        let name = before_mark(written, '#').trim();
        if name.is_empty() {
            return None;
        }
        let spellings = [joined("", name), joined(folder(path), name)];
        let known = |place: &String| self.by_name(place);
        let found = spellings.iter().flatten().find_map(known);
        let found = found.or_else(|| self.by_name(&format!("*/{name}")));
        if found.is_none() && spellings.iter().all(Option::is_none) {
            return Some(Target::Outside(shown(written)));
        }
        let carried = || spellings.iter().flatten().find(|place| self.others.contains(*place)).cloned();
        let carried = || carried().or_else(|| self.other_names.get(name).cloned().flatten());
        let absent = || is_picture(name).then(|| Target::Absent(shown(written)));
        found.map(Target::File).or_else(|| carried().map(Target::Carried)).or_else(absent)
    }

    fn by_name(&self, name: &str) -> Option<String> {
        if self.paths.contains(name) {
            return Some(name.to_owned());
        }
        self.names.get(&name.to_lowercase()).cloned().flatten()
    }

    /// `[text](path)`, from the file's folder, or from the root when it begins with `/`.
    fn relative(&self, path: &str, written: &str) -> Option<Target> {
        let bare = before_mark(before_mark(written, '#'), '?');
        let foreign = bare.is_empty() || bare.starts_with("//") || has_scheme(bare);
        let decoded = if foreign { return None } else { percent_decoded(bare)? };
        let base = if decoded.starts_with('/') { "" } else { folder(path) };
        let Some(place) = joined(base, &decoded) else {
            return Some(Target::Outside(shown(written)));
        };
        if self.others.contains(&place) {
            return Some(Target::Carried(place));
        }
        let absent = is_picture(&place).then(|| Target::Absent(shown(written)));
        let with_extension = format!("{place}.md");
        let found = [place, with_extension].into_iter().find(|place| self.paths.contains(place));
        found.map(Target::File).or(absent)
    }
}

/// The heading that opens a text, as plain words.
pub(super) fn opening_heading(text: &str) -> Option<String> {
    let mut events = Parser::new_ext(text, options()).filter(|event| !matches!(event, Event::Html(_)));
    let mut first = events.next()?;
    while matches!(first, Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock)) {
        first = events.next()?;
    }
    if !matches!(first, Event::Start(Tag::Heading { .. })) {
        return None;
    }
    let mut words = String::new();
    for event in events {
        match event {
            Event::End(TagEnd::Heading(_)) => break,
            Event::Text(part) | Event::Code(part) => words.push_str(&part),
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            _ => {}
        }
    }
    Some(text::one_line(&words)).filter(|title| !title.is_empty())
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn before_mark(text: &str, mark: char) -> &str {
    text.split_once(mark).map_or(text, |(before, _)| before)
}

/// A path of the folder; nothing when it would leave it.
fn joined(base: &str, path: &str) -> Option<String> {
    let mut steps: Vec<&str> = base.split('/').filter(|step| !step.is_empty()).collect();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.'))
    })
}

/// `%20` and its like; nothing when the result is no text.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = if *first == b'%' { after.split_at_checked(2) } else { None };
        match pair.and_then(|(digits, after)| {
            let byte = data_encoding::HEXUPPER_PERMISSIVE.decode(digits).ok()?;
            Some((*byte.first()?, after))
        }) {
            Some((byte, after)) => {
                bytes.push(byte);
                rest = after;
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// Whether the name is that of a picture: only then is it sure that a file is meant.
fn is_picture(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    matches!(extension.as_deref(), Some("png" | "jpg" | "jpeg" | "gif" | "webp" | "svg" | "avif" | "bmp"))
}

/// A link as it was written, fit for a message.
fn shown(written: &str) -> String {
    text::shortened(text::one_line(written), crate::limits::TAG_CHARS_MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn index() -> Index {
        Index::new(
            ["a.md", "b c.md", "deep/a.md", "deep/Only.md", "deep/down/x.markdown"].into_iter().map(str::to_owned),
            ["pic.png", "deep/files/plan.pdf"].into_iter().map(str::to_owned),
        )
    }

    fn from(path: &str, text: &str) -> Vec<Target> {
        index().targets(path, text).into_iter().collect()
    }

    #[test]
    fn links_are_resolved_from_the_file_and_from_the_root() {
        let file = |path: &str| vec![Target::File(path.to_owned())];
        assert_eq!(from("deep/z.md", "[x](a.md#part)"), file("deep/a.md"));
        assert_eq!(from("deep/z.md", "[x](../a.md)"), file("a.md"));
        assert_eq!(from("deep/z.md", "[x](/a.md)"), file("a.md"));
        assert_eq!(from("deep/z.md", "[x](../b%20c.md?q)"), file("b c.md"));
        assert_eq!(from("deep/z.md", "[x][r]\n\n[r]: a"), file("deep/a.md"));
        assert_eq!(from("deep/z.md", "[[a]]"), file("a.md"));
        assert_eq!(from("a.md", "[[deep/down/x|shown]] ![[deep/down/x#part]]"), file("deep/down/x.markdown"));
        assert_eq!(from("a.md", "[[only]]"), file("deep/Only.md"));
    }

    #[test]
    fn files_that_are_no_notes_are_carried() {
        let carried = |path: &str| vec![Target::Carried(path.to_owned())];
        assert_eq!(from("deep/z.md", "![[pic.png]]"), carried("pic.png"));
        assert_eq!(from("deep/z.md", "![[pic.png|300]]"), carried("pic.png"));
        assert_eq!(from("deep/z.md", "![](../pic.png)"), carried("pic.png"));
        assert_eq!(from("a.md", "[plan](deep/files/plan.pdf)"), carried("deep/files/plan.pdf"));
        assert_eq!(from("a.md", "[[plan.pdf]]"), carried("deep/files/plan.pdf"));
        assert_eq!(
            from("a.md", "x <img alt='' src=\"pic.png\"> <img src='https://a.example/pic.png'>"),
            carried("pic.png")
        );
        assert_eq!(from("a.md", "![](lost.png)"), [Target::Absent("lost.png".to_owned())]);
        assert_eq!(from("a.md", "[a picture](lost.png) ![[lost]]"), []);
    }

    #[test]
    fn code_addresses_and_pages_not_yet_written_are_no_links() {
        for text in [
            "`[[a]]`",
            "    [x](a.md)",
            "[x](https://a.md)",
            "[x](mailto:a.md)",
            "[x](#a)",
            "[[Nobody]]",
            "[x](none.md)",
            "<https://a.md>",
            "[x](//host/a.md)",
        ] {
            assert_eq!(from("z.md", text), [], "{text}");
        }
    }

    #[test]
    fn a_link_out_of_the_folder_is_told_as_such() {
        for (path, text) in [
            ("a.md", "[x](../secret.md)"),
            ("deep/a.md", "[x](../../etc/passwd)"),
            ("a.md", "[x](/%2e%2e/s.md)"),
            ("a.md", "[[../s]]"),
        ] {
            assert!(matches!(from(path, text)[..], [Target::Outside(_)]), "{text}");
        }
    }

    #[test]
    fn only_a_heading_that_opens_the_text_names_it() {
        assert_eq!(opening_heading("\n# A *b* `c`\n\ntext"), Some("A b c".to_owned()));
        assert_eq!(opening_heading("<!-- remark -->\n\n## B\n"), Some("B".to_owned()));
        for text in ["text\n\n# A", "- Feature: x\n\n# Summary", "#\n", ""] {
            assert_eq!(opening_heading(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_link_to_a_file_that_is_not_there(text in "[\\[\\]()a-c/.%#|!\\\\ \n]{0,60}") {
            let index = index();
            for found in index.targets("deep/a.md", &text) {
                if let Target::File(path) = found {
                    prop_assert!(index.paths.contains(&path));
                }
            }
        }
    }
}
