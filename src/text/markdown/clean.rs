//! The second line: whatever `render.rs` wrote, only this leaves.

use std::{borrow::Cow, sync::LazyLock};

use ammonia::{Builder, UrlRelative};

use super::address;

/// Elements, the attributes each may have, and the classes each may bear. Nothing else passes.
const ALLOWED: [(&str, &[&str], &[&str]); 29] = [
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
    CLEANER.clean(markup).to_string()
}

fn ours(address: &str) -> Option<Cow<'_, str>> {
    (address::is_ours(address) || address::is_within(address)).then_some(Cow::Borrowed(address))
}

/// Values that are names or numbers are nothing else.
fn attribute<'a>(element: &str, attribute: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let number = |text: &str| !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit());
    let sound = match (element, attribute) {
        (_, "id") => address::is_fragment(value),
        ("img", "src") => address::is_image(value),
        (_, "value" | "data-task" | "start" | "tabindex") => number(value),
        (_, "name") => value == "task",
        (_, "role") => value == "region",
        (_, "scope") => value == "col",
        (_, "loading") => value == "lazy",
        (_, "autocomplete") => value == "off",
        _ => true,
    };
    sound.then_some(Cow::Borrowed(value))
}
