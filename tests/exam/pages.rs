//! The pages, on the same path as the JSON answers: who is shown which, refused and absent as one page, forms that are sent
//! twice, late, or at another working label than they showed.

use vigie::{
    config::KeyFingerprint,
    crypto::Digest,
    edge::{
        Route, routes,
        routes::{Kind, Reads},
    },
    web::Preferences,
};

use crate::{
    furnished::{CANARY, FLOOR, OBJECTS, Site},
    matrix::oracle::{clearance, flows, point},
    world::{Reply, Who, World},
};

const WORKING: [&str; 6] = ["NP/ALL", "DR", "S", "S/ALPHA", "S/FRA,BEL", "TS"];

/// The cookie of somebody who chose that working label, allowed or not.
pub fn cookie(world: &World, who: Who, working: &str) -> String {
    let config = world.config.load_full();
    let policy = config.policy();
    let preferences = Preferences::working_at(policy.stored(&policy.parse_label(working).expect("a label")));
    let fingerprint = KeyFingerprint::from_digest(Digest(who.fingerprint()));
    let set = preferences.cookie(&world.vault, &fingerprint).expect("a cookie");
    set.split(';').next().expect("its value").to_owned()
}

pub async fn visit(world: &World, who: Who, working: &str, method: &str, path: &str, form: &[(&str, &str)]) -> Reply {
    let cookie = cookie(world, who, working);
    let body: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    let mut headers = vec![("cookie", cookie.as_str())];
    if method == "POST" {
        headers.push(("content-type", "application/x-www-form-urlencoded"));
    }
    world.send_to(who, "", method, path, &headers, body.join("&").as_bytes()).await
}

pub fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

pub fn text(reply: &Reply) -> String {
    String::from_utf8(reply.body.clone()).expect("text")
}

/// The value of the hidden field that holds a form's token.
pub fn token(reply: &Reply) -> String {
    let text = text(reply);
    let (_, rest) = text.split_once("name=\"token\" value=\"").unwrap_or_else(|| panic!("no form in {text}"));
    rest.split('"').next().expect("a value").to_owned()
}

enum Rule {
    All,
    People,
    Home,
    Officer,
    Own,
    Floor,
    Mine,
    Nothing,
}

fn rule(name: &str) -> Rule {
    match name {
        "me-page" | "about-page" => Rule::All,
        "home-page" => Rule::Home,
        "journal-page" => Rule::Officer,
        "spaces-page" | "space-new-page" | "note-new-page" | "people-page" | "person-page" | "messages-page"
        | "talk-new-page" | "search-page" => Rule::People,
        "space-page" | "space-talks-page" | "space-members-page" | "space-edit-page" | "space-print-page" => Rule::Own,
        // A file is asked for by the examination of attachments; here none bears the identifier.
        "file-page" | "file-delete-page" => Rule::Nothing,
        "note-page" | "note-print-page" | "note-edit-page" | "note-history-page" | "note-delete-page"
        | "note-link-page" | "link-delete-page" | "thread-page" | "message-edit-page" => Rule::Floor,
        "note-graph-page" | "note-lineage-page" | "note-path-page" => Rule::Floor,
        "space-standing-page" => Rule::Own,
        "draft-delete-page" => Rule::Mine,
        "watches-page" | "watch-new-page" => Rule::People,
        "watch-page" | "watch-edit-page" | "watch-delete-page" => Rule::Floor,
        other => panic!("the page {other} is in no examination: say here who is shown it"),
    }
}

fn expected(name: &str, who: Who, object: &str, working: &str) -> u16 {
    let (o, w) = (point(object), point(working));
    let Some(ceiling) = clearance(who) else { return 401 };
    // What a clearance does not reach falls back to the lowest label.
    let w = if flows(w, ceiling) { w } else { point(FLOOR) };
    let officer = who == Who::Off;
    let shown = |shown: bool| if shown && !officer { 200 } else { 404 };
    match rule(name) {
        Rule::All => 200,
        Rule::Home if officer => 303,
        Rule::Home => 200,
        Rule::Officer if officer => 200,
        Rule::Officer => 404,
        Rule::People => shown(true),
        Rule::Nothing => 404,
        // What `Haut` is writing.
        Rule::Mine => shown(who == Who::Haut && flows(o, w)),
        Rule::Own => {
            let member = who == Who::Haut || (matches!(who, Who::Bas | Who::Etr) && flows(o, ceiling));
            shown(member && flows(o, w))
        }
        Rule::Floor => shown(matches!(who, Who::Haut | Who::Bas | Who::Etr) && flows(o, w)),
    }
}

/// The path of that page about something at that label.
fn path(site: &Site, route: &Route, label: &str) -> String {
    let shelf = site.shelf(label);
    let id = match route.path.split('/').nth(1).unwrap_or_default() {
        "spaces" => shelf.space.clone(),
        "notes" => shelf.note.clone(),
        "links" => shelf.link.clone(),
        "drafts" => shelf.draft.clone(),
        "watches" => shelf.watch.clone(),
        "people" => Who::Haut.id().to_string(),
        // A message is read in the conversation that it was said in.
        _ if route.path.contains("{message}") => site.talk.clone(),
        _ => shelf.talk.clone(),
    };
    route.path.replace("{id}", &id).replace("{message}", &shelf.message)
}

fn pages() -> impl Iterator<Item = &'static Route> {
    routes().iter().filter(|route| route.kind == Kind::Page)
}

#[tokio::test]
async fn everybody_is_shown_the_pages_that_the_table_of_the_design_says() {
    let site = Site::new().await;
    site.published().await;
    let (mut wrong, mut looked) = (Vec::new(), 0);
    for route in pages() {
        let objects = if route.path.contains("{id}") { &OBJECTS[..] } else { &OBJECTS[..1] };
        for object in objects {
            for working in WORKING {
                for who in Who::ALL {
                    let reply = visit(&site.world, who, working, "GET", &path(&site, route, object), &[]).await;
                    let expected = expected(route.name, who, object, working);
                    looked += 1;
                    if reply.status != expected {
                        wrong
                            .push(format!("{route:?} {who:?} {object} at {working}: {}, not {expected}", reply.status));
                    }
                    if reply.status != 303 {
                        assert_marked(&reply, route);
                    }
                    if reply.status >= 400 {
                        let told = text(&reply).contains(CANARY) && who == Who::Nobody;
                        assert!(!told, "{route:?}: a stranger reads {}", text(&reply));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {looked}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(looked > 1500, "{looked}");
}

/// What stands in the title of the window.
fn window(reply: &Reply) -> String {
    let text = text(reply);
    let (_, rest) = text.split_once("<title>").expect("a title");
    rest.split("</title>").next().expect("its end").to_owned()
}

#[tokio::test]
async fn the_title_of_a_window_says_the_kind_of_page_and_nothing_that_is_on_it() {
    let site = Site::new().await;
    site.published().await;
    let config = site.world.config.load_full();
    let names: Vec<String> = config.accounts().map(|account| account.display().to_owned()).collect();
    let mut looked = 0;
    for route in pages().filter(|route| !matches!(rule(route.name), Rule::Nothing)) {
        let mut titles = std::collections::BTreeSet::new();
        for label in ["DR", "S"] {
            for who in [Who::Haut, Who::Off] {
                let reply = visit(&site.world, who, label, "GET", &path(&site, route, label), &[]).await;
                if reply.status != 200 {
                    continue;
                }
                let title = window(&reply);
                assert!(!title.contains(CANARY), "{route:?}: {title}");
                for name in &names {
                    assert!(!title.contains(name.as_str()), "{route:?}: {title}");
                }
                let parts: Vec<&str> = title.split(" · ").collect();
                assert_eq!((parts.len(), parts[2]), (3, "Vigie"), "{route:?}: {title}");
                assert_not_remembered(&reply, route);
                titles.insert(parts[1].to_owned());
                looked += 1;
            }
        }
        assert!(titles.len() <= 1, "{route:?}: {titles:?}");
    }
    assert!(looked > 40, "{looked}");
}

/// Browsers keep what is typed into forms, too, unless they are told not to.
fn assert_not_remembered(reply: &Reply, route: &Route) {
    for form in text(reply).split("<form ").skip(1) {
        let form = form.split("</form>").next().expect("a form");
        let written = form.contains("<textarea") || form.contains("type=\"text\"");
        let read_only = route.name == "journal-page";
        assert!(!written || read_only || form.contains("autocomplete=\"off\""), "{route:?}: {form}");
    }
}

/// Two banners, the label in a header, nothing kept, nothing run.
fn assert_marked(reply: &Reply, route: &Route) {
    let text = text(reply);
    assert_eq!(text.matches("class=\"banner banner-").count(), 2, "{route:?}: {text}");
    assert!(reply.header("vigie-label").is_some(), "{route:?}");
    assert_eq!(reply.header("cache-control"), Some("no-store"), "{route:?}");
    let policy = reply.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; ") && !policy.contains("unsafe"), "{policy}");
    for inline in ["<style", "style=", " onclick=", "javascript:", "<script>"] {
        assert!(!text.contains(inline), "{route:?}: {inline}");
    }
}

#[tokio::test]
async fn a_refused_page_and_an_absent_one_are_the_same_bytes() {
    let site = Site::new().await;
    let nothing = "aaaaaaaaaaaaaaaaaaaaaaaaae";
    let mut faces = std::collections::BTreeSet::new();
    for path in ["/nothing", "/notes/x", "/journal", "/favicon.ico", &format!("/notes/{nothing}")] {
        faces.insert(face(&visit(&site.world, Who::Bas, "DR", "GET", path, &[]).await));
    }
    for route in pages().filter(|route| matches!(rule(route.name), Rule::Own | Rule::Floor | Rule::Mine)) {
        faces.insert(face(&visit(&site.world, Who::Bas, "DR", "GET", &path(&site, route, "S"), &[]).await));
    }
    // A form that holds nothing that a person wrote, and one that does: it comes back, on a page that is one all the same.
    let mut with_typed = std::collections::BTreeSet::new();
    for route in routes().iter().filter(|route| route.reads == Reads::Form && route.path.contains("{id}")) {
        for (set, field) in [(&mut faces, ("x", "y")), (&mut with_typed, ("name", "tapé"))] {
            for path in [path(&site, route, "S"), route.path.replace("{id}", nothing).replace("{message}", nothing)] {
                set.insert(face(&visit(&site.world, Who::Bas, "DR", "POST", &path, &[field]).await));
            }
        }
    }
    assert_eq!(faces.len(), 1, "{faces:#?}");
    assert_eq!(with_typed.len(), 1, "{with_typed:#?}");
    assert!(with_typed.first().is_some_and(|face| face.contains("tapé")));
}

fn face(reply: &Reply) -> String {
    format!("{} {:?} {}", reply.status, reply.headers, text(reply))
}

#[tokio::test]
async fn a_form_sent_twice_makes_one_note() {
    let site = Site::new().await;
    let (world, shelf) = (&site.world, site.shelf("DR"));
    let form = visit(world, Who::Bas, "DR", "GET", &format!("/notes/new?space={}", shelf.space), &[]).await;
    let token = token(&form);
    let fields = [
        ("token", token.as_str()),
        ("space", &shelf.space),
        ("kind", "watch"),
        ("language", "fr"),
        ("title", "Un titre"),
        ("body", "Un texte"),
    ];
    let first = visit(world, Who::Bas, "DR", "POST", "/notes/new", &fields).await;
    let second = visit(world, Who::Bas, "DR", "POST", "/notes/new", &fields).await;
    assert_eq!((first.status, second.status), (303, 303), "{}", text(&first));
    assert_eq!(first.header("location"), second.header("location"));
    let read = visit(world, Who::Bas, "DR", "GET", first.header("location").expect("a place"), &[]).await;
    assert!(text(&read).contains("Un titre"));
}

#[tokio::test]
async fn a_form_that_is_refused_comes_back_with_all_that_was_typed() {
    let site = Site::new().await;
    let (world, shelf) = (&site.world, site.shelf("DR"));
    let page = visit(world, Who::Bas, "DR", "GET", &format!("/notes/new?space={}", shelf.space), &[]).await;
    let token = token(&page);
    let typed = [
        ("space", shelf.space.as_str()),
        ("kind", "idea"),
        ("language", "fr"),
        ("title", "  "),
        ("body", "Tout ce que j'ai <b>tapé</b> & gardé"),
        ("review", "31/02/2027"),
        ("tags", "une, deux"),
        ("source-title", "Actes"),
        ("source-date", "hier"),
    ];
    for (working, token) in [("DR", token.as_str()), ("NP/ALL", &token), ("DR", ""), ("DR", "x")] {
        let fields = [&[("token", token)], &typed[..]].concat();
        let reply = visit(world, Who::Bas, working, "POST", "/notes/new", &fields).await;
        assert_eq!(reply.status, 422, "{}", text(&reply));
        let text = text(&reply);
        for kept in
            ["Tout ce que j&#39;ai &#60;b&#62;tapé&#60;/b&#62; &#38; gardé", "31/02/2027", "une, deux", "Actes", "hier"]
        {
            assert!(text.contains(kept), "{kept} is lost in {text}");
        }
        assert!(text.contains("role=\"alert\""));
    }
}

/// What was typed is of the label that the form showed, wherever its author works when it comes back.
#[tokio::test]
async fn a_form_that_comes_back_at_another_working_label_stands_under_the_one_it_was_filled_in_at() {
    let site = Site::new().await;
    let (world, shelf) = (&site.world, site.shelf("S"));
    let page = visit(world, Who::Haut, "S", "GET", &format!("/notes/new?space={}", shelf.space), &[]).await;
    let mut token = token(&page);
    for _ in 0..2 {
        let fields = [
            ("token", token.as_str()),
            ("space", shelf.space.as_str()),
            ("kind", "idea"),
            ("language", "fr"),
            ("title", "Titre"),
            ("body", "tapé en S"),
        ];
        for path in ["/notes/new", "/notes/absent/edit"] {
            let reply = visit(world, Who::Haut, "DR", "POST", path, &fields).await;
            assert!(text(&reply).contains("tapé en S"), "{path}: {}", reply.status);
            assert_eq!(reply.header("vigie-label"), Some("S"), "{path}");
        }
        token = self::token(&visit(world, Who::Haut, "DR", "POST", "/notes/new", &fields).await);
    }
    // Nobody else's form, and none that was made up, raises a page.
    for token in ["", "x.y", token.as_str()] {
        let fields =
            [("token", token), ("space", shelf.space.as_str()), ("kind", "idea"), ("title", "Titre"), ("body", "tapé")];
        let reply = visit(world, Who::Bas, "DR", "POST", "/notes/new", &fields).await;
        assert_eq!(reply.header("vigie-label"), Some("DR"), "{token}");
    }
}

#[tokio::test]
async fn a_change_that_comes_late_shows_both_versions() {
    let site = Site::new().await;
    let (world, note) = (&site.world, site.note("DR").await);
    let edit = format!("/notes/{note}/edit");
    let (mine, theirs) = (
        token(&visit(world, Who::Bas, "DR", "GET", &edit, &[]).await),
        token(&visit(world, Who::Haut, "DR", "GET", &edit, &[]).await),
    );
    let fields = |token: String, body: &'static str| {
        [("kind", "watch".to_owned()), ("language", "fr".to_owned()), ("title", "Titre".to_owned()), ("token", token)]
            .into_iter()
            .chain([("body", body.to_owned())])
            .collect::<Vec<_>>()
    };
    let send = |who, fields: Vec<(&'static str, String)>| {
        let edit = edit.clone();
        async move {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            visit(world, who, "DR", "POST", &edit, &fields).await
        }
    };
    assert_eq!(send(Who::Haut, fields(theirs, "leur texte")).await.status, 303);
    let late = send(Who::Bas, fields(mine, "mon texte")).await;
    assert_eq!(late.status, 412);
    let shown = text(&late);
    assert!(shown.contains("mon texte") && shown.contains("leur"), "{shown}");
    // The form that comes back is over the version it shows: sent again, it is taken.
    let again = send(Who::Bas, fields(token(&late), "mon texte, repris")).await;
    assert_eq!(again.status, 303, "{}", text(&again));
}

#[tokio::test]
async fn the_chooser_names_no_word_beyond_the_clearance_and_the_cookie_is_of_one_certificate() {
    let site = Site::new().await;
    let world = &site.world;
    let page = text(&visit(world, Who::Bas, "DR", "GET", "/about", &[]).await);
    assert!(page.contains("value=\"DR\"") && !page.contains("value=\"S\"") && !page.contains("ALPHA"), "{page}");
    let page = text(&visit(world, Who::Haut, "S", "GET", "/about", &[]).await);
    assert!(page.contains("value=\"ALPHA\"") && !page.contains("value=\"TS\"") && !page.contains("BRAVO"), "{page}");
    // Another person's cookie says nothing: the page is that of the lowest label.
    let stolen = cookie(world, Who::Haut, "S/ALPHA");
    let reply = world.send_to(Who::HautB, "", "GET", "/about", &[("cookie", &stolen)], b"").await;
    assert!(text(&reply).contains("data-working=\"NP/ALL\""));
    let chosen = visit(world, Who::Haut, "DR", "POST", "/working", &[("level", "S"), ("category", "ALPHA")]).await;
    assert_eq!(chosen.status, 303);
    let set = chosen.header("set-cookie").expect("a cookie");
    for word in ["__Host-vigie=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
        assert!(set.contains(word), "{set}");
    }
    let beyond = visit(world, Who::Bas, "DR", "POST", "/working", &[("level", "S")]).await;
    let unheard = visit(world, Who::Bas, "DR", "POST", "/working", &[("level", "XX")]).await;
    assert_eq!((beyond.status, unheard.status), (400, 400));
}

#[tokio::test]
async fn style_and_scripts_are_named_by_their_hash_and_kept() {
    let site = Site::new().await;
    let page = text(&visit(&site.world, Who::Bas, "DR", "GET", "/", &[]).await);
    let mut found = 0;
    for part in page.split('"').filter(|part| part.starts_with("/assets/")) {
        let reply = visit(&site.world, Who::Bas, "DR", "GET", part, &[]).await;
        assert_eq!(reply.status, 200, "{part}");
        assert!(reply.header("cache-control").expect("a header").contains("immutable"), "{part}");
        let other = part.replacen("/assets/", "/assets/0", 1);
        assert_eq!(visit(&site.world, Who::Bas, "DR", "GET", &other, &[]).await.status, 404);
        assert_eq!(visit(&site.world, Who::Nobody, "DR", "GET", part, &[]).await.status, 401);
        found += 1;
    }
    assert!(found >= 4, "{page}");
}
