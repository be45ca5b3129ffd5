//! Pages saved from a browser.

use vigie::{
    ops::import::{Unsaid, html},
    words::Language,
};

use crate::{Sorted, bundle, sorted};

fn import(text: &str) -> Sorted {
    sorted(html::from_bundles(vec![bundle("deep/page.html", text)], Unsaid::Guessed(Language::French)))
}

fn body(text: &str) -> String {
    import(text).notes[0].body.trim_end().to_owned()
}

#[test]
fn a_page_is_cleaned_to_markdown_and_says_where_it_is_from() {
    let found = import(include_str!("samples/page.html"));
    let page = &found.notes[0];
    assert_eq!((page.title.as_str(), page.language), ("Eine Seite – Test", Language::German));
    assert_eq!(
        page.body,
        "# Titel\n\nEin Verweis (https://x.example/), `a_b` und 1 \\< 2.\n\n1. eins\n\n   - tiefer\n\n2. zwei\n\n> Zitat\n\n```\nx = *1*\n  y\n```\n\n| A | B |\n| --- | --- |\n| 1\\|2 | 3 |\n\n\\# kein Titel\n"
    );
    let source = &page.sources[0];
    assert_eq!(source.url.as_deref(), Some("https://site.example/p/1"));
    assert_eq!((source.author.as_deref(), source.date.as_deref()), (Some("E. Muster"), Some("2026-11-19")));
    assert_eq!(found.codes(), ["active-content"], "what was dropped is told");
}

#[test]
fn a_page_that_names_no_language_of_ours_is_in_that_of_its_words() {
    let language = |text: &str| import(text).notes[0].language;
    assert_eq!(language("<p>The lists of the exploited vulnerabilities are here."), Language::English);
    assert_eq!(language("<html lang=it><p>Die Sicherheitslücke im Netz ist noch offen."), Language::German);
    assert_eq!(language("<html lang=de><p>The lists are here."), Language::German);
    assert_eq!(language("<p>Radar"), Language::French);
}

#[test]
fn nothing_that_acts_is_left() {
    for text in [
        "<script>alert(1)</script>a",
        "<SCRIPT src=x></SCRIPT >a",
        "<p onclick='x()'>a</p>",
        "<svg><script>x</script></svg>a",
        "<iframe srcdoc='<p>b</p>'></iframe>a",
        "<style>b</style>a",
        "<template><p>b</p></template>a",
    ] {
        assert_eq!(body(text), "a", "{text}");
    }
    assert_eq!(body("<a href='javascript:x()'>a</a>"), "a");
}

#[test]
fn broken_markup_loses_no_words() {
    assert_eq!(body("<p>a<p>b</div></p><b>c"), "a\n\nb\n\nc");
    assert_eq!(body("a < b > c &amp &nosuch; &#x41;<"), "a \\< b \\> c \\&amp \\&nosuch; A\\<");
    assert_eq!(body("<table><tr><td>a<td>b<tr><td>c"), "| a | b |\n| --- | --- |\n| c |");
    assert_eq!(body("<code>a"), "`a`");
}

#[test]
fn old_encodings_are_read() {
    let page = b"<meta charset=iso-8859-1><p>\xe9</p>".to_vec();
    let found = sorted(html::from_bundles(vec![bundle("p.html", page)], Unsaid::Guessed(Language::French)));
    assert_eq!(found.notes[0].body, "é\n");
    let page = b"<meta charset=shift_jis><p>\x82\xa0</p>".to_vec();
    let found = sorted(html::from_bundles(vec![bundle("p.html", page)], Unsaid::Guessed(Language::French)));
    assert_eq!(found.codes(), ["unknown-charset"]);
}
