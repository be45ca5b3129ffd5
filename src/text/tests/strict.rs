//! A tokenizer of the one spelling of HTML that we send: whatever is not exactly that is a fault.

use std::collections::BTreeSet;

use crate::{ids::Id, text::invisible::is_invisible};

const VOID: [&str; 5] = ["br", "hr", "img", "input", "wbr"];
const PLAIN: [&str; 20] = [
    "blockquote",
    "code",
    "del",
    "div",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "span",
    "strong",
    "sup",
    "table",
    "ul",
    "a",
];
const TABLE: [&str; 5] = ["thead", "tbody", "tr", "th", "td"];

/// What is wrong with this markup; nothing when it may be sent.
pub(super) fn faults(markup: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut rest = markup;
    if let Some(hidden) =
        markup.chars().find(|letter| is_invisible(*letter) && !('\u{fe0e}'..='\u{fe0f}').contains(letter))
    {
        faults.push(format!("something hidden: {hidden:?}"));
    }
    while let Some((text, element)) = rest.split_once('<') {
        check_text(text, &mut faults);
        let Some((inside, after)) = element.split_once('>') else {
            faults.push(format!("an element that does not end: {element}"));
            return faults;
        };
        rest = after;
        if let Some(name) = inside.strip_prefix('/') {
            if open.pop().as_deref() != Some(name) {
                faults.push(format!("</{name}> ends nothing"));
            }
            continue;
        }
        let (name, attributes) = inside.split_once(' ').map_or((inside, ""), |(name, rest)| (name, rest));
        if !VOID.contains(&name) {
            if !PLAIN.contains(&name) && !TABLE.contains(&name) {
                faults.push(format!("<{name}> is not ours"));
            }
            if name == "a" && open.iter().any(|outer| outer == "a") {
                faults.push("an anchor in an anchor".to_owned());
            }
            open.push(name.to_owned());
        }
        check_attributes(name, attributes, &mut ids, &mut faults);
    }
    check_text(rest, &mut faults);
    if !open.is_empty() {
        faults.push(format!("never ended: {open:?}"));
    }
    faults
}

fn check_text(text: &str, faults: &mut Vec<String>) {
    if text.contains('>') {
        faults.push(format!("a bare > in {text}"));
    }
    for piece in text.split('&').skip(1) {
        let entity = piece.split_once(';').map_or("", |(entity, _)| entity);
        if !["amp", "lt", "gt", "quot", "nbsp"].contains(&entity) {
            faults.push(format!("&{piece} is no entity of ours"));
        }
    }
}

fn check_attributes(element: &str, attributes: &str, ids: &mut BTreeSet<String>, faults: &mut Vec<String>) {
    let mut rest = attributes;
    let mut seen = BTreeSet::new();
    while !rest.is_empty() {
        let Some((name, (value, after))) =
            rest.split_once("=\"").and_then(|(name, behind)| Some((name, behind.split_once('"')?)))
        else {
            faults.push(format!("<{element} {attributes}> is not spelt as we do"));
            return;
        };
        rest = match after.strip_prefix(' ') {
            Some(more) => more,
            None if after.is_empty() => after,
            None => {
                faults.push(format!("<{element} {attributes}> runs on"));
                return;
            }
        };
        if value.contains('<') {
            faults.push(format!("a bare < in {value}"));
        }
        check_text(value, faults);
        if !sound(element, name, value) {
            faults.push(format!("<{element} {name}=\"{value}\"> is not allowed"));
        }
        if !seen.insert(name.to_owned()) {
            faults.push(format!("<{element}> has {name} twice"));
        }
        if name == "id" && !ids.insert(value.to_owned()) {
            faults.push(format!("the id {value} stands twice"));
        }
    }
}

fn sound(element: &str, name: &str, value: &str) -> bool {
    let plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let object = |text: &str, folder: &str| text.strip_prefix(folder).is_some_and(|id| id.parse::<Id>().is_ok());
    let classes = |allowed: &[&str]| value.split(' ').all(|class| allowed.contains(&class));
    match (element, name) {
        ("a", "href") => {
            let (path, fragment) = value.split_once('#').map_or((value, None), |(path, rest)| (path, Some(rest)));
            let folders = ["/notes/", "/spaces/", "/messages/", "/files/", "/people/"];
            let ours = folders.iter().any(|folder| object(path, folder));
            fragment.is_none_or(plain) && (ours || path.is_empty() && fragment.is_some())
        }
        ("img", "src") => value.strip_suffix("?inline=true").is_some_and(|file| object(file, "/files/")),
        ("img", "loading") => value == "lazy",
        ("a" | "li" | "h3" | "h4" | "h5" | "h6", "id") => plain(value) && value.starts_with("n-"),
        ("a" | "img" | "span", "title") | ("img", "alt") | ("span", "data-copy" | "data-level") => true,
        ("a" | "div" | "input" | "section", "aria-label") => true,
        ("div" | "pre", "tabindex") => value == "0",
        ("div", "role") => value == "group",
        ("input", "type") => value == "checkbox",
        ("input", "checked" | "disabled") => value.is_empty(),
        ("input", "name") => value == "task",
        ("input", "autocomplete") => value == "off",
        ("input", "value" | "data-task") | ("ol", "start") => digits(value),
        ("th", "scope") => value == "col",
        ("th" | "td", "class") => classes(&["r", "c"]),
        ("li", "class") => classes(&["task"]),
        ("div", "class") => classes(&["scroll"]),
        ("section", "class") => classes(&["footnotes"]),
        ("code", "class") => classes(&["markup"]),
        ("pre", "class") => classes(&["markup", "source"]),
        ("a", "class") => classes(&["wikilink", "back"]),
        ("span", "class") => classes(&["portion", "above", "address", "unresolved", "invisible"]),
        _ => false,
    }
}

#[test]
fn planted_faults_are_seen() {
    for good in ["", "<p>a &amp; b</p>", "<p>a<br>b</p>", "<h3 id=\"n-s-x\">x</h3>", "<a href=\"#n-f-1\">x</a>"] {
        assert_eq!(faults(good), Vec::<String>::new(), "{good}");
    }
    let id = Id::from_bytes([3; 16]);
    let mut planted: Vec<String> = [
        "<script>x</script>",
        "<p onclick=\"x\">x</p>",
        "<a href=\"javascript:x\">x</a>",
        "<a href=\"//x\">x</a>",
        "<a href='#x'>x</a>",
        "<p>x",
        "x</p>",
        "<p><em>x</p></em>",
        "a > b",
        "<p",
        "&x;",
        "a\u{202e}",
        "<img src=\"x\">",
        "<a href=\"#a\"><a href=\"#b\">x</a></a>",
        "<h3 id=\"n-a\">x</h3><h3 id=\"n-a\">x</h3>",
        "<h3 id=\"body\">x</h3>",
        "<p class=\"banner\">x</p>",
        "<!-- x -->",
        "<input type=\"text\">",
    ]
    .map(str::to_owned)
    .to_vec();
    planted.push(format!("<a href=\"/notes/{id}?x\">x</a>"));
    planted.push(format!("<a href=\"/notes/{id}\" href=\"/notes/{id}\">x</a>"));
    for bad in planted {
        assert!(!faults(&bad).is_empty(), "{bad}");
    }
}
