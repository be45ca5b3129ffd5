//! Known answers: CommonMark where it applies, and what is ours.

use super::{Ticking, shown, shown_with};

const NOTE: &str = "/notes/aaaaaaaaaaaaaaaaaaaaaaaaaa";

#[test]
fn commonmark_is_read_as_its_specification_says() {
    for (body, wanted) in [
        // Examples of CommonMark 0.31.2; headings begin at h3 here and have ids.
        ("***bold italic***", "<p><em><strong>bold italic</strong></em></p>\n"),
        ("Foo\nBar\\\nbaz", "<p>Foo\nBar<br>\nbaz</p>\n"),
        ("> a\n> b", "<blockquote>\n<p>a\nb</p>\n</blockquote>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"),
        ("***", "<hr>\n"),
        ("    <a>\n", "<pre tabindex=\"0\"><code>&lt;a&gt;\n</code></pre>\n"),
        ("`` ` ``", "<p><code>`</code></p>\n"),
        ("\\*a\\* &copy; &amp;lt;", "<p>*a* © &amp;lt;</p>\n"),
        ("Foo\n===", "<h3 id=\"n-s-foo\">Foo</h3>\n"),
        ("## A\n\n#### B\n\n## C", "<h3 id=\"n-s-a\">A</h3>\n<h4 id=\"n-s-b\">B</h4>\n<h3 id=\"n-s-c\">C</h3>\n"),
        // No step is left out, whichever level a body begins with.
        ("###### Six", "<h3 id=\"n-s-six\">Six</h3>\n"),
        ("~~a~~", "<p><del>a</del></p>\n"),
        ("a\u{a0}b", "<p>a&nbsp;b</p>\n"),
    ] {
        assert_eq!(shown(body), wanted, "{body}");
    }
}

#[test]
fn only_our_own_objects_become_links() {
    assert_eq!(shown(&format!("[x]({NOTE})")), format!("<p><a href=\"{NOTE}\">x</a></p>\n"));
    assert_eq!(
        shown("[x](https://a.example/?a=1&b=2)"),
        "<p>x <span class=\"address\" data-copy=\"https://a.example/?a=1&amp;b=2\">https://a.example/?a=1&amp;b=2</span></p>\n"
    );
    assert_eq!(
        shown("<https://a.example>"),
        "<p><span class=\"address\" data-copy=\"https://a.example\">https://a.example</span></p>\n"
    );
    assert_eq!(
        shown("![plan](/files/aaaaaaaaaaaaaaaaaaaaaaaaaa)"),
        "<p><img src=\"/files/aaaaaaaaaaaaaaaaaaaaaaaaaa?inline=true\" alt=\"plan\" loading=\"lazy\"></p>\n"
    );
    assert_eq!(
        shown("![plan](plan.png)"),
        "<p>plan <span class=\"address\" data-copy=\"plan.png\">plan.png</span></p>\n"
    );
    assert_eq!(
        shown("# L’été\n\n[haut](#L’été)"),
        "<h3 id=\"n-s-l-ete\">L’été</h3>\n<p><a href=\"#n-s-l-ete\">haut</a></p>\n"
    );
    assert_eq!(shown("[x]()"), "<p>x</p>\n");
}

#[test]
fn titles_lead_to_notes_or_are_marked() {
    let radar = "/notes/aeaqcaibaeaqcaibaeaqcaibae";
    assert_eq!(
        shown("[[Radar]] [[Radar|le *radar*]] [[Absent]]"),
        format!(
            "<p><a class=\"wikilink\" href=\"{radar}\" title=\"Radar GaN\">Radar</a> \
             <a class=\"wikilink\" href=\"{radar}\" title=\"Radar GaN\">le <em>radar</em></a> \
             <span class=\"unresolved\">Absent</span></p>\n"
        )
    );
}

#[test]
fn marks_are_shown_as_marks() {
    assert_eq!(
        shown("(DR) Texte (S) suite"),
        "<p><span class=\"portion\" data-level=\"DR\">(DR)</span> Texte (S) suite</p>\n"
    );
    assert_eq!(shown("(S) x"), "<p><span class=\"portion above\" data-level=\"S\">(S)</span> x</p>\n");
    assert_eq!(shown("- (NP) x"), "<ul>\n<li><span class=\"portion\" data-level=\"NP\">(NP)</span> x</li>\n</ul>\n");
    assert_eq!(shown("(XX) x"), "<p>(XX) x</p>\n");
}

#[test]
fn task_lists_are_shown_or_offered() {
    assert_eq!(
        shown("- [ ] a\n- [x] b"),
        "<ul>\n<li class=\"task\"><input type=\"checkbox\" data-task=\"0\" disabled=\"\" aria-label=\"Tâche 1\"> a</li>\n\
         <li class=\"task\"><input type=\"checkbox\" data-task=\"1\" disabled=\"\" checked=\"\" aria-label=\"Tâche 2\"> b</li>\n</ul>\n"
    );
    assert_eq!(
        shown_with("- [x] a", Ticking::Offered).as_str(),
        "<ul>\n<li class=\"task\"><input type=\"checkbox\" name=\"task\" value=\"0\" data-task=\"0\" autocomplete=\"off\" \
         checked=\"\" aria-label=\"Tâche 1\"> a</li>\n</ul>\n"
    );
}

#[test]
fn tables_and_footnotes_can_be_reached() {
    assert_eq!(
        shown("| a | b |\n|---|--:|\n| 1 | 2 |"),
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Tableau 1\"><table><thead><tr>\
         <th scope=\"col\">a</th><th scope=\"col\" class=\"r\">b</th></tr></thead><tbody>\n\
         <tr><td>1</td><td class=\"r\">2</td></tr>\n</tbody></table></div>\n"
    );
    assert_eq!(
        shown("x[^a] y[^a]\n\n[^a]: Source.\n"),
        "<p>x<sup><a href=\"#n-f-1\" id=\"n-r-1\">1</a></sup> y<sup><a href=\"#n-f-1\">1</a></sup></p>\n\
         <section class=\"footnotes\" aria-label=\"Notes de bas de page\">\n<ol>\n<li id=\"n-f-1\"><p>Source.</p>\n\
         <a class=\"back\" href=\"#n-r-1\" aria-label=\"Retour au texte\">↩</a></li>\n</ol>\n</section>\n"
    );
}

#[test]
fn hidden_characters_are_shown_with_their_code_points() {
    assert_eq!(shown("a\u{202e}b"), "<p>a<span class=\"invisible\">U+202E</span>b</p>\n");
    assert_eq!(shown("`\u{200b}\u{200b}`"), "<p><code><span class=\"invisible\">U+200B×2</span></code></p>\n");
    assert!(shown("[x](https://a\u{202e}b)").contains("data-copy=\"https://a%E2%80%AEb\""));
}
