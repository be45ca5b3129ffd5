//! The second line: whatever `render.rs` wrote, only this leaves.

use std::{borrow::Cow, sync::LazyLock};

use ammonia::{Builder, UrlRelative};

use super::address;
use crate::limits;

/// Elements, the attributes each may have, and the classes each may bear. Nothing else passes.
const ALLOWED: [(&str, &[&str], &[&str]); 30] = [
    ("a", &["href", "id", "title", "aria-label"], &["wikilink", "back"]),
    ("blockquote", &[], &[]),
    ("br", &[], &[]),
    ("code", &[], &["markup"]),
    ("del", &[], &[]),
    ("div", &["tabindex", "role", "aria-label"], &["scroll"]),
    ("em", &[], &[]),
    ("h3", &["id"], &[]),
    ("h4", &["id"], &[]),
    ("h5", &["id"], &[]),
    ("h6", &["id"], &[]),
    ("hr", &[], &[]),
    ("img", &["src", "alt", "title", "loading"], &[]),
    ("input", &["name", "value", "checked", "disabled", "data-task", "aria-label", "autocomplete"], &[]),
    ("li", &["id"], &["task"]),
    ("ol", &["start"], &[]),
    ("p", &[], &[]),
    ("pre", &["tabindex"], &["markup", "source"]),
    ("section", &["aria-label"], &["footnotes"]),
    ("span", &["data-level", "data-copy", "title"], &["portion", "above", "address", "unresolved", "invisible"]),
    ("strong", &[], &[]),
    ("sup", &[], &[]),
    ("table", &[], &[]),
    ("tbody", &[], &[]),
    ("td", &[], &["r", "c"]),
    ("th", &["scope"], &["r", "c"]),
    ("thead", &[], &[]),
    ("tr", &[], &[]),
    ("ul", &[], &[]),
    ("wbr", &[], &[]),
];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tag_attributes(Default::default())
        .generic_attributes(Default::default())
        .url_schemes(Default::default())
        .url_relative(UrlRelative::Custom(Box::new(ours)))
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(attribute);
    for (element, attributes, classes) in ALLOWED {
        builder.add_tags([element]).add_tag_attributes(element, attributes.iter().copied());
        builder.add_allowed_classes(element, classes.iter().copied());
    }
    builder.add_tag_attribute_values("input", "type", ["checkbox"]);
    builder
});

/// The markup without anything that is not allowed.
pub(in crate::text) fn cleaned(markup: &str) -> String {
    CLEANER.clean(&parted(markup)).to_string()
}

/// The serializer looks at a whole text again for each sign it may have to escape (`&`, and U+0080 to U+00BF): a text of a
/// megabyte of ampersands took it 45 seconds. So a text with very many of them is parted by places where a line may break.
fn parted(markup: &str) -> Cow<'_, str> {
    let costly = |letter: char| letter == '&' || ('\u{80}'..='\u{bf}').contains(&letter);
    if markup.chars().filter(|letter| costly(*letter)).nth(limits::MARKUP_ESCAPES_MAX).is_none() {
        return Cow::Borrowed(markup);
    }
    let mut out = String::with_capacity(markup.len().saturating_add(markup.len() / 64));
    let (mut within, mut count) = (false, 0_usize);
    for letter in markup.chars() {
        match letter {
            '<' => (within, count) = (true, 0),
            '>' => within = false,
            // Attributes are short (`limits::ATTRIBUTE_CHARS_MAX`).
            _ if !within && costly(letter) => count = count.saturating_add(1),
            _ => {}
        }
        if count > limits::MARKUP_ESCAPES_MAX {
            out.push_str("<wbr>");
            count = 1;
        }
        out.push(letter);
    }
    Cow::Owned(out)
}

fn ours(address: &str) -> Option<Cow<'_, str>> {
    let ours = address::is_ours(address) || address::is_within(address) || address::is_image(address);
    ours.then_some(Cow::Borrowed(address))
}

/// Values that are names or numbers are nothing else.
fn attribute<'a>(element: &str, attribute: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let number = |text: &str| !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit());
    let sound = match (element, attribute) {
        (_, "id") => address::is_fragment(value),
        ("img", "src") => address::is_image(value),
        (_, "value" | "data-task" | "start" | "tabindex") => number(value),
        (_, "name") => value == "task",
        (_, "role") => value == "group",
        (_, "scope") => value == "col",
        (_, "loading") => value == "lazy",
        (_, "autocomplete") => value == "off",
        _ => true,
    };
    sound.then_some(Cow::Borrowed(value))
}
