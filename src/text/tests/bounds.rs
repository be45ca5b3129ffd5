//! Bodies made to take long or to grow: time and size stay bounded.

use std::time::{Duration, Instant};

use super::{shown, strict};
use crate::{
    limits,
    text::{excerpt, markdown, wikilinks},
};

const LARGE: usize = 1_000_000;

/// A megabyte of the signs that nest or have to be escaped, the largest body that is kept of the others.
fn filled(piece: &str) -> String {
    let whole = matches!(piece, "[" | "*" | ">" | "<" | "&" | "`" | "_" | "[[" | "> " | "\u{202e}");
    let bytes = if whole { LARGE } else { limits::NOTE_BODY_BYTES_MAX };
    piece.repeat(bytes.checked_div(piece.len()).unwrap_or(0))
}

const PIECES: &[&str] = &[
    "[",
    "]",
    "*",
    "_",
    ">",
    "`",
    "~",
    "#",
    "|",
    "<",
    "&",
    "\\",
    "(",
    "!",
    "-",
    "[[",
    "[[a",
    "]]",
    "![",
    "*a ",
    "*a_ ",
    "**a *b ",
    "> ",
    ">\n",
    "- ",
    "- a\n",
    "* * ",
    "1. ",
    "[a](",
    "[a][",
    "[a]: b\n",
    "[^a]",
    "[^a]: ",
    "<a ",
    "<!--",
    "<![CDATA[",
    "<?",
    "``` ",
    "`a",
    "| a ",
    "|-",
    "a|\n",
    "\u{202e}",
    "a\u{200b}",
    "&amp;",
    "«",
    "é°",
    "<b>",
    "</b>",
    "(S",
    "(S) ",
    "- [ ] ",
    "# a\n",
    "[[a]]",
    "\n",
    "\r",
    "\t",
    "~~a ",
    "a\n=\n",
    "[a](<b",
    "![a](b) ",
    "a\\\n",
];

#[test]
fn pathological_bodies_take_bounded_time() {
    let mut bodies: Vec<String> = PIECES.iter().map(|piece| filled(piece)).collect();
    // Lists in lists, quotes in quotes, line by line; wide tables with many short rows; many references to one long address.
    bodies.push((0..1400).map(|depth| format!("{}- a\n", " ".repeat(depth))).collect());
    bodies.push((0..1400).map(|depth| format!("{}a\n", ">".repeat(depth))).collect());
    bodies.push(format!("{}\n{}\n{}", "|a".repeat(5000), "|-".repeat(5000), "|b\n".repeat(100_000)));
    bodies.push(format!("[a]: https://{}\n\n{}", "x".repeat(5000), "[a] ".repeat(200_000)));
    bodies.push(format!("{}a{}", "*".repeat(500_000), "*".repeat(500_000)));
    bodies.push(format!("{}a{}", "[".repeat(500_000), "](b)".repeat(125_000)));
    let mut slow = Vec::new();
    bodies.push(format!("![{}](/files/aaaaaaaaaaaaaaaaaaaaaaaaaa)", "&".repeat(LARGE)));
    bodies.push(format!("<https://a.example/{}>", "&".repeat(LARGE)));
    for body in bodies {
        let name: String = body.chars().take(12).collect();
        let began = Instant::now();
        let markup = shown(&body);
        let rendered = began.elapsed();
        let _tasks: Vec<bool> = markdown::tasks(&body);
        let _plain: String = excerpt::excerpt(&body, limits::EXTRACT_CHARS_MAX);
        let _mentions: Vec<wikilinks::Mentioned> = wikilinks::mentioned(&body);
        let took = began.elapsed();
        if took > Duration::from_secs(20) {
            slow.push(format!("{name:?}: {rendered:?} of {took:?}"));
        }
        assert!(
            markup.len() <= limits::MARKUP_BYTES_MAX.max(body.len().saturating_mul(50)),
            "{name:?}: {} bytes",
            markup.len()
        );
        assert_eq!(strict::faults(&markup).first(), None, "{name:?}");
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}

#[test]
fn what_is_too_deep_loses_its_frame_and_not_its_words() {
    let body = format!("{}fin\n", "> ".repeat(500));
    let markup = shown(&body);
    assert_eq!(markup.matches("<blockquote>").count(), limits::MARKUP_DEPTH_MAX);
    assert!(markup.contains("fin"));
}

#[test]
fn what_would_be_too_large_is_shown_as_it_was_typed() {
    let body = format!("# a\n\n{}", "a\u{200b}".repeat(limits::MARKUP_BYTES_MAX / 30));
    let markup = shown(&body);
    assert!(
        markup.starts_with("<pre class=\"source\" tabindex=\"0\"><code># a\n"),
        "{}",
        markup.get(..80).unwrap_or_default()
    );
}
