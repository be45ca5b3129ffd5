//! What people try, drawn from what they have seen: an [`Act`] is a few numbers, and becomes a request only when its
//! turn comes, with real identifiers, entity tags and cursors of that moment (generation by execution).

use serde_json::{Value, json};

use crate::world::{Reply, Who};

/// Splitmix64: the same numbers for the same seed, everywhere.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.roll() >> 33).expect("31 bits") % bound.max(1)
    }

    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub fn pick<'list, T>(&mut self, list: &'list [T]) -> &'list T {
        &list[self.below(list.len())]
    }
}

/// Somebody at a working label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Voice {
    pub who: Who,
    /// As in `Vigie-Working`; empty for none.
    pub working: &'static str,
}

/// One request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    pub voice: Voice,
    pub method: &'static str,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Ask {
    pub const fn new(voice: Voice, method: &'static str, path: String) -> Self {
        Self { voice, method, path, headers: Vec::new(), body: String::new() }
    }

    pub fn get(voice: Voice, path: String) -> Self {
        Self::new(voice, "GET", path)
    }

    pub fn json(mut self, body: &Value) -> Self {
        self.headers.push(("content-type", "application/json".to_owned()));
        self.body = body.to_string();
        self
    }
}

/// What sort of thing an identifier names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    Space,
    Note,
    Link,
    Talk,
    Message,
    Draft,
    Attachment,
    Watch,
}

/// Something that was seen.
#[derive(Clone, Debug)]
pub struct Thing {
    pub sort: Sort,
    pub id: String,
    pub tag: Option<String>,
    /// Who made it, and at which working label.
    pub maker: Voice,
    /// The conversation of a message.
    pub parent: String,
    pub gone: bool,
}

/// What one side of the lattice has seen.
#[derive(Clone, Default, Debug)]
pub struct Seen {
    pub things: Vec<Thing>,
    /// Lists and the cursors that they gave.
    pub cursors: Vec<(Voice, String, String)>,
    /// Identifiers in the last act: what is most worth looking at.
    pub touched: Vec<String>,
}

impl Seen {
    /// Takes note of what an answer shows.
    pub fn learn(&mut self, ask: &Ask, reply: &Reply) {
        self.touched =
            ask.path.split(['/', '?', '=', '&']).filter(|part| part.len() == 26).map(str::to_owned).collect();
        self.touched.extend(ask.body.split('"').filter(|part| part.len() == 26).map(str::to_owned));
        let path = ask.path.split('?').next().unwrap_or_default();
        if ask.method == "DELETE" && reply.status == 204 {
            let id = path.rsplit('/').next().unwrap_or_default();
            self.things.iter_mut().filter(|thing| thing.id == id).for_each(|thing| thing.gone = true);
        }
        if path == "/notes/import" {
            for line in String::from_utf8_lossy(&reply.body).lines() {
                let line: Value = serde_json::from_str(line).unwrap_or_default();
                let sort = if ask.body.contains("{\"note\"") { Sort::Note } else { Sort::Link };
                if let (Some(id), Some("created" | "updated")) = (line["id"].as_str(), line["status"].as_str()) {
                    self.keep(sort, id, None, ask.voice, "");
                }
            }
            return;
        }
        let Ok(answer) = serde_json::from_slice::<Value>(&reply.body) else { return };
        if let Some(cursor) = answer["next"].as_str().filter(|_| ask.method == "GET") {
            let list: Vec<&str> = ask.path.split(['?', '&']).filter(|part| !part.starts_with("after=")).collect();
            let list = format!("{}?{}", list[0], list[1..].join("&"));
            self.cursors.push((ask.voice, list, cursor.to_owned()));
            if self.cursors.len() > 12 {
                self.cursors.remove(0);
            }
        }
        let sort = match path.split('/').nth(1).unwrap_or_default() {
            "spaces" => Sort::Space,
            "attachments" => Sort::Attachment,
            "notes" if path.ends_with("/attachments") => Sort::Attachment,
            "notes" => Sort::Note,
            "links" => Sort::Link,
            "conversations" if path.contains("/messages") => Sort::Message,
            "conversations" => Sort::Talk,
            "drafts" => Sort::Draft,
            "watches" => Sort::Watch,
            _ => return,
        };
        let tag = reply.header("etag");
        if let Some(id) = answer["id"].as_str() {
            self.keep(sort, id, tag, ask.voice, answer["conversation"].as_str().unwrap_or_default());
        } else if let (412, Some(tag)) = (reply.status, tag) {
            let known = self.things.iter_mut().find(|thing| path.contains(&thing.id) && thing.sort == sort);
            known.into_iter().for_each(|thing| thing.tag = Some(tag.to_owned()));
        }
    }

    fn keep(&mut self, sort: Sort, id: &str, tag: Option<&str>, maker: Voice, parent: &str) {
        let tag = tag.map(str::to_owned);
        if let Some(known) = self.things.iter_mut().find(|thing| thing.id == id) {
            known.tag = tag.or_else(|| known.tag.take());
            return;
        }
        self.touched.push(id.to_owned());
        let (id, parent) = (id.to_owned(), parent.to_owned());
        self.things.push(Thing { sort, id, tag, maker, parent, gone: false });
    }

    pub fn of(&self, sort: Sort) -> Vec<&Thing> {
        self.things.iter().filter(|thing| thing.sort == sort).collect()
    }
}

/// What is tried: some numbers. Which world sees it is decided by its side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Act {
    /// Its number: time and randomness of the worlds come from it, so that dropping other acts changes neither.
    pub step: u64,
    /// Whether it is done above (or beside) the observers.
    pub high: bool,
    pub seed: u64,
}

/// What an act is drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'seen> {
    pub voices: &'seen [Voice],
    /// What this side made.
    pub own: &'seen Seen,
    /// What it can read besides: for the high side, all that is low.
    pub near: Option<&'seen Seen>,
    /// What it should not know of, and asks for all the same: for the low side, what is high.
    pub foreign: Option<&'seen Seen>,
    /// The high side is only beside, not above: what it writes must stay in homes of its own.
    pub walled: bool,
    /// Whom it enrols and writes to.
    pub people: &'seen [Who],
}

pub const TITLES: [&str; 4] = ["GaN", "Radar", "Zorglub", "Bande X"];
const TYPES: [&str; 3] = ["uses", "related", "supports"];

/// Makes the request of an act.
pub fn draw(ground: &Ground<'_>, seed: u64) -> Ask {
    let mut dice = Dice::new(seed);
    let kind = dice.below(100);
    let voice = *dice.pick(ground.voices);
    let mut hand = Hand { ground, voice, dice };
    let ask = match kind {
        0..=4 => hand.new_space(),
        5..=7 => hand.change_space(),
        8..=13 => hand.enrol(),
        14..=16 => hand.dismiss(),
        17..=30 => hand.new_note(),
        31..=38 => hand.change_note(),
        39..=41 => hand.delete_note(),
        42..=44 => hand.restore(),
        45..=53 => hand.new_link(),
        54..=55 => hand.delete_link(),
        56..=61 => hand.new_talk(),
        62..=70 => hand.post(),
        71..=75 => hand.edit(),
        76..=83 => hand.import(),
        84..=86 => hand.watch(),
        87..=90 => hand.draft(),
        91..=92 => hand.attach(),
        93..=95 => hand.send_content(),
        96..=97 => hand.page(),
        _ => hand.odd(),
    };
    hand.spoilt(ask)
}

struct Hand<'ground> {
    ground: &'ground Ground<'ground>,
    voice: Voice,
    dice: Dice,
}

impl Hand<'_> {
    /// Something to change: mostly of this side, alive, made at this working label.
    fn mine(&mut self, sort: Sort) -> Thing {
        if let Some(foreign) = self.ground.foreign
            && self.dice.percent(5)
            && !foreign.of(sort).is_empty()
        {
            return (*self.dice.pick(&foreign.of(sort))).clone();
        }
        let all = self.ground.own.of(sort);
        let fit: Vec<_> =
            all.iter().copied().filter(|thing| !thing.gone && thing.maker.working == self.voice.working).collect();
        let fit = if fit.is_empty() || self.dice.percent(8) { all } else { fit };
        match fit.is_empty() {
            true => self.nothing(sort),
            false => self.favourite(&fit),
        }
    }

    /// Rather one of the first: leaks show where both sides meet, and they meet seldom in a large place.
    fn favourite(&mut self, all: &[&Thing]) -> Thing {
        let few = if self.dice.percent(60) { all.len().min(2) } else { all.len() };
        all[self.dice.below(few)].clone()
    }

    /// Something to speak of: of this side or, for the high side, below.
    fn any(&mut self, sort: Sort) -> Thing {
        match self.ground.near {
            Some(near) if !self.ground.walled && self.dice.percent(55) && !near.of(sort).is_empty() => {
                self.favourite(&near.of(sort))
            }
            _ => self.mine(sort),
        }
    }

    /// Who made a thing can do more with it than others; never somebody of the other side.
    fn maker(&mut self, thing: &Thing, chance: usize) -> Voice {
        let ours = !thing.gone && self.ground.voices.contains(&thing.maker);
        if self.dice.percent(chance) && ours { thing.maker } else { self.voice }
    }

    fn nothing(&self, sort: Sort) -> Thing {
        let id = "a".repeat(26);
        Thing { sort, id: id.clone(), tag: None, maker: self.voice, parent: id, gone: true }
    }

    fn title(&mut self) -> &'static str {
        TITLES[self.dice.below(TITLES.len())]
    }

    fn person(&mut self) -> String {
        self.dice.pick(self.ground.people).id().to_string()
    }

    /// With an `Idempotency-Key` now and then, from a few that both sides use.
    fn repeatable(&mut self, mut ask: Ask) -> Ask {
        if self.dice.percent(30) {
            ask.headers.push(("idempotency-key", format!("k{}", self.dice.below(2))));
        }
        ask
    }

    fn matching(&mut self, mut ask: Ask, thing: &Thing) -> Ask {
        match &thing.tag {
            Some(tag) if self.dice.percent(90) => ask.headers.push(("if-match", tag.clone())),
            _ if self.dice.percent(70) => ask.headers.push(("if-match", "\"1.00\"".to_owned())),
            _ => {}
        }
        ask
    }

    fn new_space(&mut self) -> Ask {
        let body = json!({"name": self.title(), "purpose": "Veille"});
        let ask = Ask::new(self.voice, "POST", "/spaces".to_owned()).json(&body);
        self.repeatable(ask)
    }

    fn change_space(&mut self) -> Ask {
        let space = self.mine(Sort::Space);
        let body = json!({"name": self.title(), "purpose": format!("But {}", self.dice.below(9))});
        let ask = Ask::new(self.voice, "PUT", format!("/spaces/{}", space.id)).json(&body);
        self.matching(ask, &space)
    }

    fn enrol(&mut self) -> Ask {
        let space = self.mine(Sort::Space);
        // Who made it animates it, and can do it.
        let voice = self.maker(&space, 80);
        let part = if self.dice.percent(30) { "animator" } else { "member" };
        let path = format!("/spaces/{}/members/{}", space.id, self.person());
        Ask::new(voice, "PUT", path).json(&json!({ "part": part }))
    }

    fn dismiss(&mut self) -> Ask {
        let space = self.mine(Sort::Space);
        let path = format!("/spaces/{}/members/{}", space.id, self.person());
        Ask::new(self.voice, "DELETE", path)
    }

    fn note_body(&mut self) -> Value {
        let named = self.dice.pick(self.ground.people).name();
        let body = format!("Voir [[{}]] et [[{}]] ({}), @{named}.", self.title(), self.title(), self.dice.below(9));
        let kind = if self.dice.percent(20) { "template" } else { "watch" };
        let mut note = json!({"kind": kind, "title": self.title(), "body": body, "tags": [self.title()]});
        if self.dice.percent(40) {
            note["review"] = format!("2027-0{}-01", 1 + self.dice.below(3)).into();
        }
        note
    }

    fn new_note(&mut self) -> Ask {
        let space = self.any(Sort::Space);
        let mut body = self.note_body();
        body["space"] = space.id.into();
        let ask = Ask::new(self.voice, "POST", "/notes".to_owned()).json(&body);
        self.repeatable(ask)
    }

    fn change_note(&mut self) -> Ask {
        let note = self.mine(Sort::Note);
        let ask = Ask::new(self.voice, "PUT", format!("/notes/{}", note.id)).json(&self.note_body());
        self.matching(ask, &note)
    }

    fn delete_note(&mut self) -> Ask {
        let note = self.mine(Sort::Note);
        let voice = self.maker(&note, 60);
        let ask = Ask::new(voice, "DELETE", format!("/notes/{}", note.id));
        self.matching(ask, &note)
    }

    fn restore(&mut self) -> Ask {
        let note = self.mine(Sort::Note);
        let version = 1 + self.dice.below(2);
        let ask = Ask::new(self.voice, "POST", format!("/notes/{}/revisions/{version}/restore", note.id));
        self.matching(ask, &note)
    }

    fn new_link(&mut self) -> Ask {
        let mut from = self.any(Sort::Note).id;
        let to = self.any(Sort::Note).id;
        // A link between a shared note and one's own is seen by nobody who does not reach both.
        if let (true, Some(near)) = (self.ground.walled, self.ground.near)
            && self.dice.percent(60)
            && !near.of(Sort::Note).is_empty()
        {
            from.clone_from(&self.dice.pick(&near.of(Sort::Note)).id);
        }
        let (from, to) = if self.dice.percent(50) { (from, to) } else { (to, from) };
        let body = json!({"from": from, "to": to, "type": self.dice.pick(&TYPES), "comment": self.title()});
        let ask = Ask::new(self.voice, "POST", "/links".to_owned()).json(&body);
        self.repeatable(ask)
    }

    fn delete_link(&mut self) -> Ask {
        let link = self.mine(Sort::Link);
        let voice = self.maker(&link, 80);
        Ask::new(voice, "DELETE", format!("/links/{}", link.id))
    }

    fn new_talk(&mut self) -> Ask {
        let about = match self.dice.below(4) {
            0 => json!({"note": self.any(Sort::Note).id}),
            1 | 2 => json!({"space": self.any(Sort::Space).id}),
            _ => json!({"people": [self.person(), self.person()]}),
        };
        let ask = Ask::new(self.voice, "POST", "/conversations".to_owned())
            .json(&json!({"title": self.title(), "about": about}));
        self.repeatable(ask)
    }

    fn post(&mut self) -> Ask {
        let talk = self.any(Sort::Talk);
        let named = self.dice.pick(self.ground.people).name();
        let body = json!({"text": format!("Vu {}, @{named}", self.dice.below(9))});
        let ask = Ask::new(self.voice, "POST", format!("/conversations/{}/messages", talk.id)).json(&body);
        self.repeatable(ask)
    }

    fn edit(&mut self) -> Ask {
        let message = self.mine(Sort::Message);
        let voice = self.maker(&message, 80);
        let path = format!("/conversations/{}/messages/{}", message.parent, message.id);
        let ask = match self.dice.percent(65) {
            true => Ask::new(voice, "PUT", path).json(&json!({"text": format!("Revu {}", self.dice.below(9))})),
            false => Ask::new(voice, "DELETE", path),
        };
        self.matching(ask, &message)
    }

    /// Begins, saves or throws away a draft: nobody's but its author's.
    fn draft(&mut self) -> Ask {
        let body = json!({"form": {"title": self.title(), "body": format!("Brouillon {}", self.dice.below(9))}});
        let draft = self.mine(Sort::Draft);
        let (voice, path) = (self.maker(&draft, 90), format!("/drafts/{}", draft.id));
        let ask = match self.dice.below(5) {
            kind if kind <= 1 || draft.gone => {
                let ask = Ask::new(self.voice, "POST", "/drafts".to_owned()).json(&body);
                return self.repeatable(ask);
            }
            2..=3 => Ask::new(voice, "PUT", path).json(&body),
            _ => Ask::new(voice, "DELETE", path),
        };
        self.matching(ask, &draft)
    }

    /// Keeps a question, changes or drops it, or marks its matches as seen up to a moment that may not have come yet.
    fn watch(&mut self) -> Ask {
        let query = match self.dice.below(5) {
            0 => "type:note".to_owned(),
            1 => format!("{} OR de:ombre-21", self.title()),
            2 => format!("dans:{} OR {}", self.mine(Sort::Space).id, self.title()),
            3 => format!("dans:\"{}\"", self.title()),
            _ => "GaN OR Radar OR Zorglub".to_owned(),
        };
        let body = json!({"name": self.title(), "query": query});
        let kind = self.dice.below(7);
        if kind <= 2 {
            let mut body = body;
            if self.dice.percent(70) {
                body["space"] = self.any(Sort::Space).id.into();
            }
            let ask = Ask::new(self.voice, "POST", "/watches".to_owned()).json(&body);
            return self.repeatable(ask);
        }
        if kind >= 5 {
            let watch = self.any(Sort::Watch);
            let until = format!("2026-11-21T08:01:{:02}Z", self.dice.below(40));
            let path = format!("/watches/{}/seen", watch.id);
            return Ask::new(self.voice, "POST", path).json(&json!({ "until": until }));
        }
        let watch = self.mine(Sort::Watch);
        let (voice, path) = (self.maker(&watch, 80), format!("/watches/{}", watch.id));
        let ask = match kind {
            3 => Ask::new(voice, "PUT", path).json(&body),
            _ => Ask::new(voice, "DELETE", path),
        };
        self.matching(ask, &watch)
    }

    /// One item a request: items of one request are written together, and which draws its random bytes first is chance.
    fn import(&mut self) -> Ask {
        // Names from elsewhere meet only when both sides import the same one into the same place.
        let space = match self.ground.near {
            Some(near) if !self.ground.walled && self.dice.percent(70) && !near.of(Sort::Space).is_empty() => {
                self.favourite(&near.of(Sort::Space))
            }
            _ => self.mine(Sort::Space),
        };
        let item = if self.dice.percent(75) {
            let mut note = self.note_body();
            note["external_id"] = format!("n{}", usize::from(self.dice.percent(25))).into();
            json!({ "note": note })
        } else {
            let turn = self.dice.below(2);
            json!({"link": {"external_id": format!("l{}", self.dice.below(2)), "from": format!("n{turn}"),
                "to": format!("n{}", 1 - turn), "type": "attributed-to", "comment": self.title()}})
        };
        let mut ask = Ask::new(self.voice, "POST", format!("/notes/import?space={}", space.id));
        ask.headers.push(("content-type", "application/x-ndjson".to_owned()));
        ask.body = format!("{item}\n");
        ask
    }

    fn attach(&mut self) -> Ask {
        let note = self.mine(Sort::Note);
        let body = json!({"name": self.title(), "size": 3});
        let ask = Ask::new(self.voice, "POST", format!("/notes/{}/attachments", note.id)).json(&body);
        self.repeatable(ask)
    }

    /// Sends all of a content, or some, or gives it up.
    fn send_content(&mut self) -> Ask {
        let thing = self.mine(Sort::Attachment);
        let voice = self.maker(&thing, 90);
        if self.dice.percent(25) {
            let ask = Ask::new(voice, "DELETE", format!("/attachments/{}", thing.id));
            return self.matching(ask, &thing);
        }
        let mut ask = Ask::new(voice, "PUT", format!("/attachments/{}/content?offset=0", thing.id));
        ask.headers.push(("content-type", "application/octet-stream".to_owned()));
        ask.body = (if self.dice.percent(80) { "abc" } else { "ab" }).to_owned();
        ask
    }

    /// Follows a cursor, of this very voice or of another.
    fn page(&mut self) -> Ask {
        let cursors = &self.ground.own.cursors;
        if cursors.is_empty() {
            return Ask::get(self.voice, format!("/feed?limit={}", 1 + self.dice.below(3)));
        }
        let (voice, list, cursor) = cursors[self.dice.below(cursors.len())].clone();
        let voice = if self.dice.percent(80) { voice } else { self.voice };
        let sign = if list.ends_with('?') { "" } else { "&" };
        Ask::get(voice, format!("{list}{sign}after={cursor}"))
    }

    /// What no honest program sends.
    fn odd(&mut self) -> Ask {
        let sort = *self.dice.pick(&[Sort::Space, Sort::Note, Sort::Link, Sort::Talk, Sort::Message]);
        let id = self.any(sort).id;
        let root = *self.dice.pick(&["spaces", "notes", "links", "conversations", "people", "attachments"]);
        let method = *self.dice.pick(&["GET", "PUT", "DELETE", "POST", "PATCH"]);
        match self.dice.below(4) {
            // Writes on what is somebody's could be done in earnest: only reads of the right sort, any method of wrong ones.
            0 => Ask::get(self.voice, format!("/{root}/{id}")),
            1 => Ask::new(self.voice, "PATCH", format!("/{root}/{id}")).json(&json!({})),
            2 => Ask::new(self.voice, method, format!("/{root}/{id}/nowhere")),
            _ => Ask::get(self.voice, format!("/feed?limit={}&colour=red", self.dice.below(5))),
        }
    }

    /// Now and then broken: a body of another shape, a label of its own.
    fn spoilt(&mut self, mut ask: Ask) -> Ask {
        if !self.dice.percent(3) || !ask.body.starts_with('{') || ask.path.contains("import") {
            return ask;
        }
        match self.dice.below(3) {
            0 => ask.body.truncate(ask.body.len() - 1),
            1 => ask.body.insert_str(1, "\"colour\":1,"),
            _ => ask.body.insert_str(1, &format!("\"label\":\"{}\",", self.dice.pick(&["S", "DR", "S/ALPHA", "?"]))),
        }
        ask
    }
}
