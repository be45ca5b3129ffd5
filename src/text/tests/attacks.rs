//! The corpus, which the tests in a browser share, and its payloads in every place of a body.

use proptest::prelude::*;

use super::{Ticking, shown, shown_with, strict};
use crate::text::{Html, diff, excerpt, markdown};

/// One payload a line, each a JSON string.
fn payloads() -> Vec<String> {
    let lines = include_str!("../../../tests/xss/payloads.txt").lines();
    lines.map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn check(body: &str) {
    for ticking in [Ticking::Shown, Ticking::Offered] {
        let markup = shown_with(body, ticking).to_string();
        assert_eq!(strict::faults(&markup), Vec::<String>::new(), "{body:?}\n{markup}");
        assert_eq!(markdown::clean_again(&markup), markup, "{body:?}");
    }
}

#[test]
fn no_payload_becomes_more_than_text() {
    let payloads = payloads();
    assert!(payloads.len() >= 300, "{}", payloads.len());
    for payload in &payloads {
        check(payload);
    }
}

#[test]
fn no_payload_does_in_any_place_of_a_body() {
    for payload in payloads() {
        let line = payload.replace('\n', " ");
        for body in [
            format!("# {line}"),
            format!("- {line}\n- [ ] {line}"),
            format!("> {payload}"),
            format!("| {line} |\n|---|\n| {line} |"),
            format!("**{line}** *{line}* ~~{line}~~"),
            format!("`{line}`\n\n```{line}\n{payload}\n```"),
            format!("[{line}](/notes/aaaaaaaaaaaaaaaaaaaaaaaaaa \"{line}\")"),
            format!("[x]({line}) ![{line}]({line}) <{line}>"),
            format!("[[{line}]] [[Radar|{line}]] [[{line}|x]]"),
            format!("x[^1] y[^{line}]\n\n[^1]: {payload}\n\n[^{line}]: z"),
            format!("[x][r] [{line}][r]\n\n[r]: {line} '{line}'"),
            format!("(DR) {line}\n\n({line}) x"),
            format!("<div {line}>\n{payload}\n</div>"),
        ] {
            check(&body);
        }
    }
}

#[test]
fn no_payload_does_in_a_text_an_attribute_or_a_comparison() {
    for payload in payloads() {
        let text = Html::text(&payload).to_string().replace("&#39;", "&quot;");
        assert_eq!(strict::faults(&text), Vec::<String>::new(), "{payload:?}");
        let attribute = format!("<span{}>x</span>", Html::attribute("title", &payload)).replace("&#39;", "&quot;");
        assert_eq!(strict::faults(&attribute), Vec::<String>::new(), "{payload:?}");
        let marked = diff::marked(&diff::diff(&payload, &format!("{payload} x"))).to_string().replace("ins>", "del>");
        assert_eq!(strict::faults(&marked.replace("&#39;", "&quot;")), Vec::<String>::new(), "{payload:?}");
    }
}

#[test]
fn nothing_of_a_payload_is_dropped() {
    // Read as a person would: the words of the markup, without its elements.
    for (body, wanted) in [
        ("a <script>alert(1)</script> b", "a <script>alert(1)</script> b"),
        ("<div onclick=x>\n<!-- c -->\n</div>", "<div onclick=x>\n<!-- c -->\n</div>"),
        ("[words](javascript:alert(1))", "words javascript:alert(1)"),
        ("![alt](https://x.example/y.png)", "alt https://x.example/y.png"),
    ] {
        let markup = shown(body);
        let words: String = markup.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
        let words = words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        assert!(words.contains(wanted), "{words}");
    }
}

/// Markdown and HTML in small pieces.
fn soup() -> impl Strategy<Value = String> {
    let pieces = vec![
        "\n",
        "\n\n",
        " ",
        "    ",
        "- ",
        "- [ ] ",
        "- [x] ",
        "1. ",
        "> ",
        "# ",
        "## ",
        "| ",
        "|",
        "|---|\n",
        "---",
        "```",
        "`",
        "*",
        "**",
        "_",
        "~~",
        "[",
        "]",
        "(",
        ")",
        "[[",
        "]]",
        "![",
        "](",
        "<",
        ">",
        "</",
        "/>",
        "<a href=",
        "<script>",
        "<b>",
        "<!--",
        "-->",
        "\"",
        "'",
        "&",
        "&amp;",
        "&#",
        ";",
        "\\",
        "[^1]",
        "[^1]: ",
        "[r]",
        "[r]: ",
        "javascript:",
        "x",
        "Radar",
        "(DR)",
        "(S) ",
        "é",
        "\u{202e}",
        "\u{200b}",
        "\0",
        "\r",
        "\t",
        "#x",
        "/notes/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "/files/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "https://x.example",
        "onclick=x",
        "=",
        ":",
    ];
    proptest::collection::vec(proptest::sample::select(pieces), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_mixture_gives_markup_that_may_be_sent(body in soup()) {
        check(&body);
        let _plain: String = excerpt::excerpt(&body, 80);
    }

    #[test]
    fn any_bytes_give_markup_that_may_be_sent(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        check(&String::from_utf8_lossy(&bytes));
    }
}
