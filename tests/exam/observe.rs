//! What an observer can get, asked for in both worlds and compared to the byte; and which routes were asked.

use std::{collections::BTreeMap, fmt};

use vigie::edge::{
    Route, routes,
    routes::{Kind, Reads},
};

use crate::{
    acts::{Ask, Dice, Seen, Sort, Thing, Voice},
    world::{Reply, Who, api},
};

/// Before the path of a page; what begins otherwise is of the JSON interface.
pub const PAGE: char = '@';

/// What observers ask for: the whole interface, and every page that only shows.
fn watched() -> impl Iterator<Item = &'static Route> {
    api().iter().chain(pages())
}

fn pages() -> impl Iterator<Item = &'static Route> {
    routes().iter().filter(|route| route.kind == Kind::Page && route.reads == Reads::Nothing)
}

/// Two answers that should have been one.
#[derive(Clone, Debug)]
pub struct Difference {
    pub step: u64,
    pub ask: Ask,
    pub replies: [Reply; 2],
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [with, without] = &self.replies;
        let Ask { voice, method, path, headers, body } = &self.ask;
        writeln!(
            formatter,
            "after step {}, {:?} at {:?}: {method} {path} {headers:?} {body}",
            self.step, voice.who, voice.working
        )?;
        writeln!(formatter, "  status: {} / {}", with.status, without.status)?;
        for (one, other) in with.headers.iter().zip(&without.headers).filter(|(one, other)| one != other) {
            writeln!(formatter, "  header: {one:?} / {other:?}")?;
        }
        if with.headers.len() != without.headers.len() {
            writeln!(formatter, "  headers: {} / {}", with.headers.len(), without.headers.len())?;
        }
        let same = with.body.iter().zip(&without.body).take_while(|(one, other)| one == other).count();
        let shown = |body: &[u8]| {
            let (start, end) = (same.saturating_sub(40).min(body.len()), (same + 80).min(body.len()));
            String::from_utf8_lossy(&body[start..end]).into_owned()
        };
        let (one, other) = (shown(&with.body), shown(&without.body));
        writeln!(formatter, "  bodies of {} / {} bytes, alike for {same}:", with.body.len(), without.body.len())?;
        write!(formatter, "    …{one}…\n    …{other}…")
    }
}

/// How often each route was asked by observers, and answered with something.
#[derive(Default, Debug)]
pub struct Coverage {
    /// By route name: asked, answered 2xx.
    pub low: BTreeMap<&'static str, (u64, u64)>,
    /// Changes that really happened on the high side.
    pub high: BTreeMap<&'static str, u64>,
    pub asked: u64,
    pub acts: u64,
    pub sequences: u64,
}

/// The route that a request meets, as the router would: literal segments first.
pub fn route_of(method: &str, path: &str) -> Option<&'static str> {
    let (page, path) = path.strip_prefix(PAGE).map_or((false, path), |path| (true, path));
    let path: Vec<&str> = path.split('?').next().unwrap_or_default().split('/').collect();
    let fits = |template: &str| {
        let parts: Vec<&str> = template.split('/').collect();
        let rest = parts.last().is_some_and(|part| part.starts_with("{*"));
        (parts.len() == path.len() || (rest && path.len() > parts.len()))
            && parts.iter().zip(&path).all(|(part, given)| part.starts_with('{') || part == given)
    };
    let mut found: Vec<_> = watched()
        .filter(|route| (route.kind == Kind::Page) == page && route.method == method && fits(route.path))
        .collect();
    found.sort_by_key(|route| route.path.matches('{').count());
    found.first().map(|route| route.name)
}

impl Coverage {
    pub fn low(&mut self, ask: &Ask, reply: &Reply) {
        self.asked += 1;
        if let Some(name) = route_of(ask.method, &ask.path) {
            let (asked, answered) = self.low.entry(name).or_default();
            *asked += 1;
            *answered += u64::from((200..300).contains(&reply.status));
        }
    }

    pub fn high(&mut self, ask: &Ask, reply: &Reply) {
        if let Some(name) = route_of(ask.method, &ask.path).filter(|_| (200..300).contains(&reply.status)) {
            *self.high.entry(name).or_default() += 1;
        }
    }

    /// Every route was asked by an observer, every one that is not for officers answered with content, and every change
    /// was really made above.
    pub fn assert_whole(&self) {
        for route in watched() {
            let (asked, answered) = self.low.get(route.name).copied().unwrap_or_default();
            assert!(asked > 0, "no observer asked {route:?}: teach it to acts.rs or observe.rs");
            assert!(route.officers || answered > 0, "no observer got an answer from {route:?}");
            if route.method != "GET" {
                assert!(self.high.contains_key(route.name), "nothing high was done by {route:?}");
            }
        }
    }

    pub fn table(&self) -> String {
        let line = |route: &Route| {
            let (asked, answered) = self.low.get(route.name).copied().unwrap_or_default();
            let high = self.high.get(route.name).copied().unwrap_or_default();
            format!(
                "{:44} asked {asked:7}  answered {answered:7}  done above {high:6}\n",
                format!("{} {}", route.method, route.path)
            )
        };
        watched().map(line).collect()
    }
}

/// The lists and things that depend on no identifier.
const PLAIN: [&str; 37] = [
    "/me",
    "/policy",
    "/people",
    "/spaces",
    "/feed",
    "/feed?limit=1",
    "/feed?limit=2",
    "/feed?limit=3",
    "/mentions",
    "/mentions?limit=1",
    "/reviews",
    "/reviews?limit=1",
    "/search?q=Radar",
    "/search?q=Radar%20OR%20GaN%20OR%20Vu&limit=3",
    "/search?q=type:note%20-GaN&sort=date&limit=2&facets=true",
    "/search?q=ra*%20OR%20ga*&sort=grade",
    "/search?q=titre:Radar",
    "/search?q=%22GaN%22",
    "/search?q=lien:related",
    "/search?q=avec:lien%20OR%20avec:pi%C3%A8ce%20OR%20source:Radar",
    "/search?q=dans:Radar",
    "/search?q=de:moi",
    "/search?q=Radat",
    "/suggest?q=ra",
    "/suggest?q=ga",
    "/drafts",
    "/drafts?limit=1",
    "/watches",
    "/watches?limit=1",
    "/conversations",
    "/conversations?limit=1",
    "/openapi.json",
    "/journal",
    "/journal/checkpoint",
    "/journal/key",
    "/journal/tile/0/000",
    "/attachments/aaaaaaaaaaaaaaaaaaaaaaaaae/content",
];

/// Pages that depend on no identifier.
const ROOMS: [&str; 18] = [
    "@/",
    "@/me",
    "@/about",
    "@/journal",
    "@/spaces",
    "@/spaces/new",
    "@/notes/new",
    "@/people",
    "@/messages",
    "@/messages/new",
    "@/search",
    "@/search?q=Radar",
    "@/search?q=Radar%20OR%20GaN%20OR%20Vu&sort=date",
    "@/search?q=ra*%20OR%20ga*&sort=grade&kind=note",
    "@/search?q=Radat",
    "@/search?q=couleur:bleu",
    "@/watches",
    "@/watches/new",
];

/// Working labels with words that not everybody holds, or that exist in one world alone.
const STRANGE: [&str; 4] = ["NP/ZORGLUB", "DR/ALPHA", "S/ALPHA", "DR/QUUX"];

/// What can be asked about a thing of this sort. The last forms ask for it as what it is not.
const fn about(sort: Sort) -> &'static [&'static str] {
    match sort {
        Sort::Space => &[
            "/spaces/{}",
            "/spaces/{}/members",
            "/spaces/{}/templates",
            "/spaces/{}/templates?limit=1",
            "/notes?space={}",
            "/notes?space={}&limit=1",
            "/notes?space={}&limit=2",
            "/conversations?space={}",
            "/conversations?space={}&limit=1",
            "/notes/{}",
            "/spaces/{}/standing?list=most-linked",
            "/spaces/{}/standing?list=orphans",
            "/spaces/{}/standing?list=contradicted",
            "/graph?root={}",
            "@/spaces/{}/standing",
            "@/spaces/{}/standing?list=orphans",
            "/exports/spaces/{}",
            "/exports/spaces/{}?limit=1",
            "/exports/spaces/{}?limit=2&ceiling=NP/ALL",
            "/exports/spaces/{}?ceiling=S/ALPHA",
            "/exports/spaces/{}?ceiling=NP/ZORGLUB",
            "/exports/notes/{}",
            "@/spaces/{}",
            "@/spaces/{}/conversations",
            "@/spaces/{}/members",
            "@/spaces/{}/print",
            "@/spaces/{}/print?ceiling=NP/ALL",
            "@/spaces/{}/edit",
            "@/notes/new?space={}",
            "@/notes/{}",
        ],
        Sort::Note => &[
            "/notes/{}",
            "/notes/{}/revisions",
            "/notes/{}/revisions?limit=1",
            "/notes/{}/revisions/1",
            "/notes/{}/links?way=out",
            "/notes/{}/links?way=in",
            "/notes/{}/links?way=out&limit=1",
            "/notes/{}/links?way=in&limit=1",
            "/graph?root={}",
            "/graph?root={}&depth=3",
            "/graph?root={}&depth=2&type=related&from=2026-01-01&grade=E5",
            "/graph/path?from={}&to={}",
            "/graph/path?from={}&to={near}",
            "/graph/path?from={near}&to={}",
            "/notes/{}/lineage",
            "/conversations?note={}",
            "/conversations?note={}&limit=1",
            "/notes/{}/attachments",
            "@/notes/{}/graph",
            "@/notes/{}/graph?depth=3",
            "@/notes/{}/lineage",
            "@/notes/{}/path?to={near}",
            "/exports/notes/{}",
            "/exports/notes/{}?limit=1",
            "/exports/notes/{}?ceiling=NP/ALL",
            "/exports/notes/{}?ceiling=DR/QUUX",
            "/exports/spaces/{}",
            "/spaces/{}",
            "/attachments/{}",
            "@/notes/{}",
            "@/notes/{}/edit",
            "@/notes/{}/history",
            "@/notes/{}/delete",
            "@/notes/{}/link",
            "@/notes/{}/print",
            "@/spaces/{}",
        ],
        Sort::Link => &["/links/{}", "/notes/{}", "@/links/{}/delete", "@/notes/{}"],
        Sort::Talk => &[
            "/conversations/{}",
            "/conversations/{}/messages",
            "/conversations/{}/messages?limit=1",
            "/conversations/{}/messages?limit=2",
            "/spaces/{}",
            "/spaces/{}/members",
            "@/messages/{}",
        ],
        Sort::Message => &["/conversations/{}", "/notes/{}", "@/messages/{parent}/{}", "@/messages/{}"],
        Sort::Draft => &["/drafts/{}", "/notes/{}", "/spaces/{}/members", "@/drafts/{}/delete", "@/notes/new?draft={}"],
        Sort::Watch => &[
            "/watches/{}",
            "/watches/{}/matches",
            "/watches/{}/matches?limit=1",
            "/watches/{}/matches?all=true",
            "/watches/{}/matches?all=true&limit=2",
            "/notes/{}",
            "/spaces/{}/members",
            "@/watches/{}",
            "@/watches/{}?all=true",
            "@/watches/{}/edit",
            "@/watches/{}/delete",
        ],
        Sort::Attachment => &[
            "/attachments/{}",
            "/attachments/{}/content",
            "/attachments/{}/content?inline=true",
            "/notes/{}",
            "@/files/{}",
            "@/files/{}/delete",
        ],
    }
}

/// `near` is a note that the voice may know: the other end of a path.
fn named(form: &str, thing: &Thing, near: &str) -> String {
    form.replace("{}", &thing.id).replace("{parent}", &thing.parent).replace("{near}", near)
}

fn near_of(low: &Seen) -> String {
    low.of(Sort::Note).first().map_or_else(|| "aaaaaaaaaaaaaaaaaaaaaaaaae".to_owned(), |note| note.id.clone())
}

/// What a stranger tries on an identifier that it should not know, with every method that changes something.
fn trespasses(voice: Voice, sort: Sort, id: &str, person: Who) -> Vec<Ask> {
    let json = |method, path: String, body: &str| Ask {
        headers: vec![("content-type", "application/json".to_owned()), ("if-match", "\"1.00\"".to_owned())],
        body: body.to_owned(),
        ..Ask::new(voice, method, path)
    };
    let bare = |method, path: String| Ask {
        headers: vec![("if-match", "\"1.00\"".to_owned())],
        ..Ask::new(voice, method, path)
    };
    let octets = |path: String| Ask {
        headers: vec![("content-type", "application/octet-stream".to_owned())],
        body: "abc".to_owned(),
        ..Ask::new(voice, "PUT", path)
    };
    let note = r#"{"kind":"watch","title":"GaN"}"#;
    let person = person.id();
    match sort {
        Sort::Space => vec![
            json("PUT", format!("/spaces/{id}"), r#"{"name":"GaN"}"#),
            json("PUT", format!("/spaces/{id}/members/{person}"), r#"{"part":"member"}"#),
            json("PUT", format!("/spaces/{id}/members/{person}"), r#"{"part":"animator"}"#),
            bare("DELETE", format!("/spaces/{id}/members/{person}")),
            json("POST", "/notes".to_owned(), &format!(r#"{{"space":"{id}","kind":"watch","title":"GaN"}}"#)),
            json("POST", "/conversations".to_owned(), &format!(r#"{{"title":"GaN","about":{{"space":"{id}"}}}}"#)),
        ],
        Sort::Note => vec![
            json("PUT", format!("/notes/{id}"), note),
            bare("DELETE", format!("/notes/{id}")),
            bare("POST", format!("/notes/{id}/revisions/1/restore")),
            json("POST", format!("/notes/{id}/attachments"), r#"{"name":"GaN","size":3}"#),
            json("POST", "/conversations".to_owned(), &format!(r#"{{"title":"GaN","about":{{"note":"{id}"}}}}"#)),
        ],
        Sort::Link => vec![bare("DELETE", format!("/links/{id}"))],
        Sort::Talk => vec![json("POST", format!("/conversations/{id}/messages"), r#"{"text":"Vu"}"#)],
        Sort::Message => vec![
            json("PUT", format!("/conversations/{id}/messages/{id}"), r#"{"text":"Vu"}"#),
            bare("DELETE", format!("/conversations/{id}/messages/{id}")),
        ],
        Sort::Draft => vec![
            json("PUT", format!("/drafts/{id}"), r#"{"form":{"title":"GaN"}}"#),
            bare("DELETE", format!("/drafts/{id}")),
        ],
        Sort::Watch => vec![
            json("PUT", format!("/watches/{id}"), r#"{"name":"GaN","query":"GaN"}"#),
            json("POST", format!("/watches/{id}/seen"), r#"{"until":"2026-11-21T08:00:00Z"}"#),
            bare("DELETE", format!("/watches/{id}")),
        ],
        Sort::Attachment => {
            vec![octets(format!("/attachments/{id}/content?offset=0")), bare("DELETE", format!("/attachments/{id}"))]
        }
    }
}

/// The last questions: all plain lists, all that is known, and some of what should not be.
pub fn everything(dice: &mut Dice, voice: Voice, low: &Seen, foreign: &[&Seen]) -> Vec<Ask> {
    let near = near_of(low);
    let mut asks: Vec<Ask> = PLAIN.iter().map(|path| Ask::get(voice, (*path).to_owned())).collect();
    asks.extend(Who::ALL.iter().map(|who| Ask::get(voice, format!("/people/{}", who.id()))));
    asks.extend(ROOMS.map(|room| Ask::get(voice, room.to_owned())));
    asks.extend(Who::ALL.iter().map(|who| Ask::get(voice, format!("@/people/{}", who.id()))));
    asks.extend(STRANGE.map(|working| Ask::get(Voice { working, ..voice }, "/me".to_owned())));
    asks.extend(["proof/0", "leaf/0"].map(|last| Ask::get(voice, format!("/journal/{last}"))));
    for thing in &low.things {
        asks.extend(about(thing.sort).iter().map(|form| Ask::get(voice, named(form, thing, &near))));
    }
    for thing in foreign.iter().flat_map(|seen| &seen.things) {
        let forms = about(thing.sort);
        let start = dice.below(forms.len());
        asks.extend(forms.iter().cycle().skip(start).take(3).map(|form| Ask::get(voice, named(form, thing, &near))));
        asks.push(dice.pick(&trespasses(voice, thing.sort, &thing.id, thing.maker.who)).clone());
    }
    asks
}

/// A few of them after a step: a plain list or two, every question about one thing of each sort (rather one that was
/// just touched), and a trespass.
pub fn some(
    dice: &mut Dice,
    voices: &[Voice],
    low: &Seen,
    foreign: &[&Seen],
    touched: &[String],
    looks: usize,
) -> Vec<Ask> {
    let (voice, near) = (*dice.pick(voices), near_of(low));
    // To bring the indexes of both worlds up to date costs more than all the rest: at every eighth step.
    let seeks = dice.percent(12);
    let mut asks: Vec<Ask> = (0..2).map(|_| Ask::get(voice, (*dice.pick(&PLAIN)).to_owned())).collect();
    asks.push(Ask::get(voice, format!("/feed?limit={}", 1 + dice.below(3))));
    if seeks {
        let word = dice.pick(&crate::acts::TITLES).replace(' ', "%20");
        let ask = *dice.pick(&["search?q=", "search?limit=2&q=", "search?sort=date&limit=1&q=", "suggest?q="]);
        asks.push(Ask::get(voice, format!("/{ask}{word}")));
        asks.push(Ask::get(voice, format!("@/search?q={word}")));
    }
    asks.push(Ask::get(voice, (*dice.pick(&ROOMS)).to_owned()));
    let strange = dice.pick::<&str>(&STRANGE);
    asks.push(Ask::get(Voice { working: strange, ..voice }, "/me".to_owned()));
    for sort in [Sort::Space, Sort::Note, Sort::Link, Sort::Talk, Sort::Draft, Sort::Attachment, Sort::Watch] {
        let all = low.of(sort);
        if all.is_empty() {
            continue;
        }
        let warm: Vec<_> = all.iter().copied().filter(|thing| touched.contains(&thing.id)).collect();
        let thing = if warm.is_empty() || dice.percent(30) { *dice.pick(&all) } else { *dice.pick(&warm) };
        let forms = about(sort);
        let start = dice.below(forms.len());
        asks.extend(
            forms.iter().cycle().skip(start).take(looks).map(|form| Ask::get(voice, named(form, thing, &near))),
        );
    }
    let hidden: Vec<_> = foreign.iter().flat_map(|seen| &seen.things).collect();
    if !hidden.is_empty() {
        let thing = hidden[dice.below(hidden.len())];
        asks.push(Ask::get(voice, named(dice.pick::<&str>(about(thing.sort)), thing, &near)));
        asks.push(dice.pick(&trespasses(voice, thing.sort, &thing.id, thing.maker.who)).clone());
    }
    asks.retain(|ask| {
        let path = ask.path.strip_prefix('@').map_or_else(|| format!("/api/v1{}", ask.path), str::to_owned);
        seeks || !crate::world::seeks(ask.method, &path)
    });
    asks
}
