//! What people write on pages: forms that lose nothing, drafts, previews, boxes, templates.

use serde_json::json;

use crate::{
    furnished::{FLOOR, Site},
    pages::{text, token, visit},
    world::{Reply, Who},
};

type Fields<'f> = Vec<(&'f str, &'f str)>;

fn note<'f>(token: &'f str, title: &'f str, body: &'f str) -> Fields<'f> {
    vec![("token", token), ("kind", "watch"), ("language", "fr"), ("title", title), ("body", body)]
}

async fn open(site: &Site, who: Who, path: &str) -> Reply {
    let reply = visit(&site.world, who, "DR", "GET", path, &[]).await;
    assert_eq!(reply.status, 200, "{path}: {}", text(&reply));
    reply
}

async fn send(site: &Site, who: Who, path: &str, fields: &[(&str, &str)]) -> Reply {
    visit(&site.world, who, "DR", "POST", path, fields).await
}

/// The value of a hidden field.
fn hidden(reply: &Reply, name: &str) -> String {
    let text = text(reply);
    let (_, rest) =
        text.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}: {text}"));
    rest.split('"').next().expect("a value").to_owned()
}

async fn present(site: &Site, note: &str) -> serde_json::Value {
    site.world.get(Who::Haut, "DR", &format!("/notes/{note}")).await.json()
}

#[tokio::test]
async fn a_form_shown_again_stays_over_the_version_that_its_author_saw() {
    let site = Site::new().await;
    for (button, status) in [("", 422), ("preview", 200), ("more", 200), ("keep", 303)] {
        let id = site.note("DR").await;
        let edit = format!("/notes/{id}/edit");
        let (mine, theirs) = (open(&site, Who::Bas, &edit).await, open(&site, Who::Haut, &edit).await);
        assert_eq!(send(&site, Who::Haut, &edit, &note(&token(&theirs), "Titre", "leur texte")).await.status, 303);
        // A title of spaces is refused; a button that does not save shows the form again.
        let (sent, over) = (token(&mine), hidden(&mine, "over"));
        let mut fields = note(&sent, "  ", "mon texte");
        fields.push(("over", &over));
        if !button.is_empty() {
            fields.push((button, "yes"));
        }
        let mut again = send(&site, Who::Bas, &edit, &fields).await;
        assert_eq!(again.status, status, "{button}: {}", text(&again));
        if status == 303 {
            again = open(&site, Who::Bas, again.header("location").expect("a place")).await;
        }
        assert!(text(&again).contains("mon texte"), "{button}");
        let late = send(&site, Who::Bas, &edit, &note(&token(&again), "Titre", "mon texte")).await;
        assert_eq!(late.status, 412, "{button}: what somebody else saved is not written over unseen");
        assert_eq!(present(&site, &id).await["body"], "leur texte");
    }
}

#[tokio::test]
async fn what_was_typed_comes_back_even_when_what_it_was_about_is_gone() {
    let site = Site::new().await;
    let id = site.note("DR").await;
    let edit = format!("/notes/{id}/edit");
    let form = open(&site, Who::Bas, &edit).await;
    let tag = site.tag("DR", &format!("/notes/{id}")).await;
    let gone = site.world.send(Who::Haut, "DR", "DELETE", &format!("/notes/{id}"), &[("if-match", &tag)], b"").await;
    assert_eq!(gone.status, 204);
    let typed = "Trois heures <b>de</b> travail";
    let comment = [("token", "x"), ("text", typed)];
    for (path, fields) in
        [(edit, note(&token(&form), "Titre", typed)), (format!("/notes/{id}/comment"), comment.to_vec())]
    {
        let reply = send(&site, Who::Bas, &path, &fields).await;
        assert_eq!(reply.status, 404);
        assert!(text(&reply).contains("Trois heures &#60;b&#62;de&#60;/b&#62; travail"), "{path}: {}", text(&reply));
        // Typed at DR: the page that shows it is marked so.
        assert_eq!(reply.header("vigie-label"), Some("DR"), "{path}");
    }
}

#[tokio::test]
async fn a_draft_is_kept_without_a_script_opened_again_and_gone_when_the_note_is_saved() {
    let site = Site::new().await;
    let space = site.shelf("DR").space.clone();
    let form = open(&site, Who::Bas, &format!("/notes/new?space={space}")).await;
    let sent = token(&form);
    let mut fields = note(&sent, "Un titre à moi", "à moitié");
    fields.extend([("space", space.as_str()), ("review", "un jour"), ("keep", "yes")]);
    fields.extend([("source-title", "Actes"), ("source-url", ""), ("source-title", "Bulletin"), ("source-url", "x:y")]);
    let kept = send(&site, Who::Bas, "/notes/new", &fields).await;
    assert_eq!(kept.status, 303, "{}", text(&kept));
    let place = kept.header("location").expect("a place").to_owned();
    let home = text(&open(&site, Who::Bas, "/").await);
    assert!(home.contains("Un titre à moi") && home.contains(&place), "{home}");

    let draft = open(&site, Who::Bas, &place).await;
    let shown = text(&draft);
    for typed in ["Un titre à moi", "à moitié", "un jour", "Actes", "Bulletin", "x:y", "UTC"] {
        assert!(shown.contains(typed), "{typed} is lost in {shown}");
    }
    for who in [Who::Haut, Who::Bis, Who::Off] {
        assert_eq!(visit(&site.world, who, "DR", "GET", &place, &[]).await.status, 404, "{who:?}");
    }

    let (sent, id, version) = (token(&draft), hidden(&draft, "draft"), hidden(&draft, "draft-version"));
    let mut fields = note(&sent, "Un titre à moi", "entier");
    fields.extend([("space", space.as_str()), ("draft", &id), ("draft-version", &version)]);
    let saved = send(&site, Who::Bas, "/notes/new", &fields).await;
    assert_eq!(saved.status, 303, "{}", text(&saved));
    assert!(saved.header("location").expect("a place").starts_with("/notes/"));
    assert_eq!(visit(&site.world, Who::Bas, "DR", "GET", &place, &[]).await.status, 404, "the draft is gone");
    assert!(!text(&open(&site, Who::Bas, "/").await).contains(&id));
}

#[tokio::test]
async fn two_windows_that_keep_one_draft_lose_neither_text() {
    let site = Site::new().await;
    let form = token(&open(&site, Who::Bas, "/notes/new").await);
    let keep = |token: String, id: String, version: String, body: &'static str| {
        let site = &site;
        async move {
            let mut fields = note(&token, "Titre", body);
            fields.extend([("draft", id.as_str()), ("draft-version", version.as_str()), ("keep", "yes")]);
            let reply = send(site, Who::Bas, "/notes/new", &fields).await;
            assert_eq!(reply.status, 303, "{}", text(&reply));
            reply.header("location").expect("a place").to_owned()
        }
    };
    let place = keep(form, String::new(), String::new(), "un").await;
    let (one, other) = (open(&site, Who::Bas, &place).await, open(&site, Who::Bas, &place).await);
    let (id, version) = (hidden(&one, "draft"), hidden(&one, "draft-version"));
    assert_eq!(keep(token(&one), id.clone(), version.clone(), "deux").await, place);
    let second = keep(token(&other), id, version, "trois").await;
    assert_ne!(second, place);
    assert!(text(&open(&site, Who::Bas, &place).await).contains("deux"));
    assert!(text(&open(&site, Who::Bas, &second).await).contains("trois"));
}

#[tokio::test]
async fn a_draft_that_a_script_saved_opens_as_one_that_a_button_saved_and_throwing_it_away_asks() {
    let site = Site::new().await;
    let fields =
        json!({"title": "Du script", "body": "corps", "kind": "idea", "source-url.0": "a:b", "source-date.1": "2026"});
    let made = site.world.post(Who::Bas, "DR", "/drafts", json!({"form": fields})).await;
    assert_eq!(made.status, 201, "{}", made.json());
    let id = made.json()["id"].as_str().expect("an id").to_owned();
    let page = text(&open(&site, Who::Bas, &format!("/notes/new?draft={id}")).await);
    for typed in ["Du script", "corps", "a:b", "2026"] {
        assert!(page.contains(typed), "{typed} is lost in {page}");
    }
    // The tag that the script sends back is the one that the interface gave.
    let tag = made.header("etag").expect("a tag").replace('"', "&#34;");
    assert!(page.contains(&format!("data-tag=\"{tag}\"")), "{page}");

    let asked = open(&site, Who::Bas, &format!("/drafts/{id}/delete")).await;
    assert!(text(&asked).contains("Du script"));
    let path = format!("/drafts/{id}/delete");
    assert_eq!(send(&site, Who::Bas, &path, &[("token", "x")]).await.status, 422);
    assert_eq!(send(&site, Who::Bas, &path, &[("token", &token(&asked))]).await.status, 303);
    assert_eq!(visit(&site.world, Who::Bas, "DR", "GET", &path, &[]).await.status, 404);
}

/// What stands between the first of one mark and the next of another.
fn between(text: &str, from: &str, to: &str) -> String {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from} in {text}"));
    rest.split(to).next().expect("a part").to_owned()
}

#[tokio::test]
async fn a_preview_is_what_the_note_will_be_and_leads_nowhere_that_its_reader_does_not_reach() {
    let site = Site::new().await;
    let space = site.shelf("DR").space.clone();
    let secret = json!({"kind": "watch", "title": "Secret voisin", "space": site.shelf("S").space});
    assert_eq!(site.world.post(Who::Haut, "S", "/notes", secret).await.status, 201);
    let known = json!({"kind": "watch", "title": "Note connue", "space": space});
    assert_eq!(site.world.post(Who::Haut, "DR", "/notes", known).await.status, 201);
    let body = "# Tête\n\nVoir [[note connue]] et [[Secret voisin]].\n\n- [x] fait\n\n<script>alert(1)</script>\n\n(S) trop haut";
    let fields = [("body", body), ("language", "fr"), ("space", space.as_str())];
    let alone = send(&site, Who::Bas, "/notes/preview", &fields).await;
    assert_eq!((alone.status, alone.header("vigie-label")), (200, Some("DR")), "{}", text(&alone));
    let sent = token(&open(&site, Who::Bas, "/notes/new").await);
    let mut all = note(&sent, "Titre", body);
    all.extend([("space", space.as_str()), ("preview", "yes")]);
    let in_form = send(&site, Who::Bas, "/notes/new", &all).await;
    let prose = |reply: &Reply| between(&text(reply), "<div class=\"prose\" lang=\"fr\">", "</div></section>");
    assert_eq!(prose(&alone), prose(&in_form), "with a script and without");
    assert!(prose(&alone).contains("Note connue") && !prose(&alone).contains("<script"), "{}", prose(&alone));
    assert_eq!(prose(&alone).matches("href=\"/notes/").count(), 1, "{}", prose(&alone));
    all.pop();
    let saved = send(&site, Who::Bas, "/notes/new", &all).await;
    let read = text(&open(&site, Who::Bas, saved.header("location").expect("a place")).await);
    for part in ["Voir <a href=\"/notes/", "&#60;script", "(S)"] {
        assert_eq!(read.contains(part), prose(&alone).contains(part), "{part}: {} {read}", prose(&alone));
    }
    assert_eq!(visit(&site.world, Who::Off, FLOOR, "POST", "/notes/preview", &fields).await.status, 404);
}

#[tokio::test]
async fn a_box_is_ticked_over_the_version_that_was_seen_and_by_whoever_may_change_the_note() {
    let site = Site::new().await;
    let new = json!({"kind": "task", "title": "À faire", "space": site.floor, "body": "- [ ] un\n- [x] deux\n\n`- [ ] code`"});
    let id = site.world.post(Who::Haut, "DR", "/notes", new).await.json()["id"].as_str().expect("an id").to_owned();
    let (page, tasks) = (format!("/notes/{id}"), format!("/notes/{id}/tasks"));
    let ticks =
        |page: &Reply| token(&Reply { body: between(&text(page), "data-ticks", "</form>").into(), ..page.clone() });
    let first = open(&site, Who::Bas, &page).await;
    let late = ticks(&first);
    let done = send(&site, Who::Bas, &tasks, &[("token", &ticks(&first)), ("task", "0"), ("task", "9")]).await;
    assert_eq!(done.status, 303, "{}", text(&done));
    assert_eq!(present(&site, &id).await["body"], "- [x] un\n- [ ] deux\n\n`- [ ] code`");
    assert_eq!(present(&site, &id).await["version"], 2, "a version of its own");
    let stale = send(&site, Who::Haut, &tasks, &[("token", &ticks(&open(&site, Who::Haut, &page).await))]).await;
    assert_eq!(stale.status, 303);
    let refused = send(&site, Who::Bas, &tasks, &[("token", &late), ("task", "1")]).await;
    assert_eq!(refused.status, 412);
    assert!(text(&refused).contains("role=\"alert\"") && text(&refused).contains("data-ticks"));
    assert_eq!(present(&site, &id).await["body"], "- [ ] un\n- [ ] deux\n\n`- [ ] code`");
    // Above its label a note is read only: its boxes say so.
    let above = text(&visit(&site.world, Who::Haut, "S", "GET", &page, &[]).await);
    assert!(
        above.contains("type=\"checkbox\"") && above.contains(" disabled") && !above.contains("data-ticks"),
        "{above}"
    );
    assert_eq!(visit(&site.world, Who::Haut, "S", "POST", &tasks, &[("token", &late)]).await.status, 422);
    assert_eq!(visit(&site.world, Who::Bis, "DR", "POST", &tasks, &[("token", &late)]).await.status, 404);
}

#[tokio::test]
async fn a_template_is_named_by_an_animator_and_begun_from_by_every_member() {
    let site = Site::new().await;
    let new =
        json!({"kind": "watch", "title": "Fiche type", "space": site.floor, "body": "## Constat", "tags": ["fiche"]});
    let id = site.world.post(Who::Haut, "DR", "/notes", new).await.json()["id"].as_str().expect("an id").to_owned();
    let (page, mark) = (format!("/notes/{id}"), format!("/notes/{id}/template"));
    let button = |page: &Reply| between(&text(page), &format!("action=\"{mark}\""), "</form>");
    let member = open(&site, Who::Bas, &page).await;
    assert!(!text(&member).contains(&mark), "no button for members");
    assert_eq!(send(&site, Who::Bas, &mark, &[("token", "x"), ("mark", "yes")]).await.status, 422);
    let animator = open(&site, Who::Haut, &page).await;
    let sent = token(&Reply { body: button(&animator).into(), ..animator.clone() });
    assert_eq!(send(&site, Who::Haut, &mark, &[("token", &sent), ("mark", "yes")]).await.status, 303);
    assert_eq!(present(&site, &id).await["kind"], "template");
    let twice = send(&site, Who::Haut, &mark, &[("token", &sent), ("mark", "yes")]).await;
    assert_eq!(twice.status, 412, "over the version that was seen");

    let fresh = text(&open(&site, Who::Bas, &format!("/notes/new?space={}", site.floor)).await);
    assert!(fresh.contains("Fiche type") && fresh.contains(&format!("template={id}")), "{fresh}");
    let begun = text(&open(&site, Who::Bas, &format!("/notes/new?space={}&template={id}", site.floor)).await);
    assert!(begun.contains("## Constat") && begun.contains("fiche"), "{begun}");
    let stranger = visit(&site.world, Who::Bis, "DR", "GET", &format!("/notes/new?template={id}"), &[]).await;
    assert_eq!(stranger.status, 404);
    let below =
        text(&visit(&site.world, Who::Bas, FLOOR, "GET", &format!("/notes/new?space={}", site.floor), &[]).await);
    assert!(!below.contains("Fiche type"), "{below}");
    // What is no template is none, whatever the address says.
    let other = visit(&site.world, Who::Bas, "DR", "GET", &format!("/notes/new?template={}", site.notes[0]), &[]).await;
    assert_eq!(other.status, 404);

    let animator = open(&site, Who::Haut, &page).await;
    let sent = token(&Reply { body: button(&animator).into(), ..animator.clone() });
    assert_eq!(send(&site, Who::Haut, &mark, &[("token", &sent), ("mark", "no")]).await.status, 303);
    assert_eq!(present(&site, &id).await["kind"], "watch");
}

/// A form with a file, as a browser writes it.
fn with_file(token: &str, name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--xyz\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n{token}\r\n--xyz\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/html\r\n\r\n"
    );
    [head.as_bytes(), content, b"\r\n--xyz--\r\n"].concat()
}

async fn sent(site: &Site, who: Who, working: &str, path: &str, body: &[u8]) -> Reply {
    let cookie = crate::pages::cookie(&site.world, who, working);
    let headers = [("cookie", cookie.as_str()), ("content-type", "multipart/form-data; boundary=xyz")];
    site.world.send_to(who, "", "POST", path, &headers, body).await
}

#[tokio::test]
async fn a_file_is_sent_without_a_script_and_comes_back_to_the_byte() {
    let site = Site::new().await;
    let id = site.note("DR").await;
    let (page, path) = (format!("/notes/{id}"), format!("/notes/{id}/files"));
    let form =
        |page: &Reply| token(&Reply { body: between(&text(page), "data-upload", "</form>").into(), ..page.clone() });
    let fresh = form(&open(&site, Who::Bas, &page).await);
    // More than one step, and bytes that look like a boundary.
    let content: Vec<u8> = b"\r\n--xyz\r\n".iter().copied().cycle().take(1_500_001).collect();
    let done = sent(&site, Who::Bas, "DR", &path, &with_file(&fresh, "pi%22èce.html", &content)).await;
    assert_eq!(done.status, 303, "{}", text(&done));
    let list = site.world.get(Who::Haut, "DR", &format!("/notes/{id}/attachments")).await.json();
    let item = &list["items"][0];
    assert_eq!((&item["name"], &item["size"]), (&json!("pi\"èce.html"), &json!(content.len())));
    let back =
        site.world.get(Who::Haut, "DR", &format!("/attachments/{}/content", item["id"].as_str().expect("id"))).await;
    assert!(back.body == content);
    assert_eq!(back.header("content-type"), Some("application/octet-stream"), "what the sender said is not even asked");
    assert!(text(&open(&site, Who::Haut, &page).await).contains("pi&#34;èce.html"));
}

#[tokio::test]
async fn a_file_that_is_refused_or_cut_leaves_nothing_and_a_sentence() {
    let site = Site::new().await;
    let id = site.note("DR").await;
    let (page, path) = (format!("/notes/{id}"), format!("/notes/{id}/files"));
    let form =
        |page: &Reply| token(&Reply { body: between(&text(page), "data-upload", "</form>").into(), ..page.clone() });
    let fresh = form(&open(&site, Who::Bas, &page).await);
    let whole = with_file(&fresh, "a.txt", b"content");
    let mut longer = whole.clone();
    longer.extend_from_slice(b"--xyz");
    for (who, working, body, status) in [
        (Who::Bas, "DR", with_file("x", "a.txt", b"content"), 422),
        (Who::Bas, "DR", with_file(&fresh, "", b""), 422),
        (Who::Bas, "DR", with_file(&fresh, "a/b", b"content"), 422),
        (Who::Bas, "DR", with_file(&fresh, "a%0Db", b"content"), 422),
        (Who::Bas, "DR", longer, 408),
        (Who::Bas, "DR", b"--xyz\r\nnonsense\r\n\r\n".to_vec(), 415),
        (Who::Bas, FLOOR, whole.clone(), 404),
        (Who::Bis, "DR", whole.clone(), 404),
        (Who::Haut, "S", whole.clone(), 422),
    ] {
        let reply = sent(&site, who, working, &path, &body).await;
        assert_eq!(reply.status, status, "{who:?} {working} {:?}: {}", String::from_utf8_lossy(&body), text(&reply));
        assert!(status == 404 || text(&reply).contains("role=\"alert\""), "{}", text(&reply));
        let list = site.world.get(Who::Haut, "DR", &format!("/notes/{id}/attachments")).await.json();
        assert_eq!(list["items"], json!([]), "{status}");
    }
    // Uploads that were cut have given their places back: a person has sixteen.
    for _ in 0..20 {
        let mut longer = with_file(&form(&open(&site, Who::Bas, &page).await), "a.txt", b"content");
        longer.push(b'x');
        assert_ne!(sent(&site, Who::Bas, "DR", &path, &longer).await.status, 303);
    }
    let fresh = form(&open(&site, Who::Bas, &page).await);
    assert_eq!(sent(&site, Who::Bas, "DR", &path, &with_file(&fresh, "a.txt", b"content")).await.status, 303);
}

#[tokio::test]
async fn what_is_sought_for_a_link_stands_in_no_address_and_what_was_typed_beside_it_stays() {
    let site = Site::new().await;
    let id = site.note("DR").await;
    let path = format!("/notes/{id}/link");
    assert_eq!(visit(&site.world, Who::Bas, "DR", "GET", &format!("{path}?q=mots"), &[]).await.status, 400);
    let fresh = token(&open(&site, Who::Bas, &path).await);
    let fields =
        [("token", fresh.as_str()), ("q", "zorglub two"), ("find", "yes"), ("comment", "Parce que"), ("type", "uses")];
    let found = send(&site, Who::Bas, &path, &fields).await;
    let shown = text(&found);
    assert_eq!(found.status, 200, "{shown}");
    assert!(shown.contains(&site.notes[1]) && !shown.contains(&format!("value=\"{}\"", site.notes[0])), "{shown}");
    assert!(shown.contains("Parce que") && shown.contains("value=\"uses\" selected"), "{shown}");
}
