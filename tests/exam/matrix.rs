//! Every subject, on every route of the router, about an object at every label, at every working label.
//!
//! What happens is printed to `tests/matrix.out`, for people to read, and compared cell by cell with [`oracle`]: the
//! table of DESIGN §1 said once more, without a line of the code it examines. A route that the oracle does not know
//! fails; so does an exemption that nothing needs.
//!
//! When the table has changed on purpose, read the difference, then do what the failure says: copy the new table.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use vigie::edge::Route;

use crate::{
    furnished::{FLOOR, OBJECTS, Site, face},
    world::{Reply, Who, api},
};

/// Labels that people work at; nobody's clearance reaches the last.
const WORKING: [&str; 6] = ["NP/ALL", "DR", "S", "S/ALPHA", "S/FRA,BEL", "TS"];

/// Routes whose cells are not compared with the oracle, and why.
const EXEMPT: [(&str, &str); 0] = [];

/// One cell: status, code of a refusal, and for lists whether the object is in it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Cell {
    status: u16,
    code: String,
    shown: Option<bool>,
}

impl Cell {
    fn of(reply: &Reply, sought: Option<&String>) -> Self {
        let text = String::from_utf8_lossy(&reply.body);
        let refused = reply.status >= 400;
        Self {
            status: reply.status,
            code: if refused { reply.code() } else { String::new() },
            shown: sought.filter(|_| !refused).map(|id| text.contains(id.as_str())),
        }
    }

    fn says(status: u16, code: &str) -> Self {
        Self { status, code: code.to_owned(), shown: None }
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.status)?;
        match self.shown {
            Some(true) => write!(formatter, " shown"),
            Some(false) => write!(formatter, " not shown"),
            None if self.code.is_empty() => Ok(()),
            None => write!(formatter, " {}", self.code),
        }
    }
}

/// DESIGN §1, written independently.
pub mod oracle {
    use super::Cell;
    use crate::world::Who;

    /// Level, categories (1 = ALPHA), who may hold it (1 = FRA, 2 = BEL, 4 = anybody else).
    pub type Point = (u8, u8, u8);

    pub fn point(label: &str) -> Point {
        match label {
            "NP/ALL" => (0, 0, 7),
            "DR" => (1, 0, 1),
            "S" => (2, 0, 1),
            "S/ALPHA" => (2, 1, 1),
            "S/FRA,BEL" => (2, 0, 3),
            "TS" => (3, 0, 1),
            other => panic!("{other}"),
        }
    }

    pub fn flows(a: Point, b: Point) -> bool {
        a.0 <= b.0 && a.1 & b.1 == a.1 && a.2 & b.2 == b.2
    }

    pub fn clearance(who: Who) -> Option<Point> {
        match who {
            Who::Bas | Who::Bis => Some((1, 0, 1)),
            Who::Haut | Who::HautB => Some((2, 1, 1)),
            Who::Etr => Some((2, 0, 2)),
            Who::Off => Some((2, 0, 1)),
            Who::Nobody => None,
        }
    }

    /// What a route asks for, and the status when it is given. Where the object lives: on the floor, in its own space.
    enum Rule {
        Anybody,
        Content(u16),
        Officer,
        Reach(Home, u16),
        Change(Home, Whose, u16),
        /// An upload under way: nobody but its sender finds it.
        OwnUpload(u16),
        ListOnFloor,
        ListOfAll(Home),
    }
    enum Home {
        Floor,
        Own,
        /// What `Haut` is writing.
        Mine,
    }
    enum Whose {
        Members,
        Author,
        AuthorOrAnimator,
        Animator,
        /// `HautB`, enrolled for it, leaves; or the animator removes him.
        HautB,
    }

    fn rule(route: &str) -> Option<Rule> {
        use Home::{Floor, Mine, Own};
        Some(match route {
            "me" | "policy" | "openapi" => Rule::Anybody,
            "people" | "person" => Rule::Content(200),
            "space-create" => Rule::Content(201),
            "spaces" => Rule::ListOfAll(Own),
            "feed" | "mentions" | "reviews" | "search" => Rule::ListOfAll(Floor),
            "suggest" => Rule::Content(200),
            "drafts" => Rule::ListOfAll(Mine),
            "draft" => Rule::Reach(Mine, 200),
            "draft-create" => Rule::Content(201),
            "draft-change" => Rule::Change(Mine, Whose::Author, 200),
            "draft-delete" => Rule::Change(Mine, Whose::Author, 204),
            "watches" => Rule::ListOfAll(Floor),
            "watch-create" => Rule::Reach(Own, 201),
            "watch" | "watch-matches" | "watch-seen" => Rule::Reach(Floor, 200),
            "watch-change" => Rule::Change(Floor, Whose::AuthorOrAnimator, 200),
            "watch-delete" => Rule::Change(Floor, Whose::AuthorOrAnimator, 204),
            "notes" | "note-links" | "graph" | "conversations" | "messages" => Rule::ListOnFloor,
            "export-space" => Rule::ListOnFloor,
            "export-note" => Rule::Reach(Floor, 200),
            "space" | "members" | "templates" | "standing" => Rule::Reach(Own, 200),
            "note" | "revisions" | "revision" | "link" | "conversation" => Rule::Reach(Floor, 200),
            "attachments" | "attachment" | "attachment-content" | "path" | "lineage" => Rule::Reach(Floor, 200),
            "attachment-begin" => Rule::Change(Floor, Whose::Members, 201),
            "attachment-append" => Rule::OwnUpload(200),
            "attachment-delete" => Rule::Change(Floor, Whose::AuthorOrAnimator, 204),
            "note-create" => Rule::Reach(Own, 201),
            "import" => Rule::Reach(Own, 200),
            "link-create" | "conversation-create" | "message-post" => Rule::Reach(Floor, 201),
            "space-change" => Rule::Change(Own, Whose::Animator, 200),
            "member-enrol" => Rule::Change(Own, Whose::Animator, 204),
            "member-dismiss" => Rule::Change(Own, Whose::HautB, 204),
            "note-change" | "revision-restore" => Rule::Change(Floor, Whose::Members, 200),
            "note-delete" => Rule::Change(Floor, Whose::AuthorOrAnimator, 204),
            "link-delete" => Rule::Change(Floor, Whose::Author, 204),
            "message-edit" | "message-withdraw" => Rule::Change(Floor, Whose::Author, 200),
            "journal" | "journal-checkpoint" | "journal-key" | "journal-tile" | "journal-proof" | "journal-leaf" => {
                Rule::Officer
            }
            _ => return None,
        })
    }

    pub(super) fn expects(route: &str, who: Who, object: &str, working: &str) -> Option<Cell> {
        let (rule, o, w) = (rule(route)?, point(object), point(working));
        let Some(ceiling) = clearance(who) else { return Some(Cell::says(401, "unknown-account")) };
        if !flows(w, ceiling) {
            return Some(Cell::says(400, "bad-working-label"));
        }
        let (done, absent) = (|status| Cell::says(status, ""), Cell::says(404, "not-found"));
        let listed = |shown| Cell { shown: Some(shown), ..Cell::says(200, "") };
        let member = |home: &Home| match home {
            Home::Floor => matches!(who, Who::Haut | Who::Bas | Who::Etr),
            Home::Mine => who == Who::Haut,
            Home::Own => who == Who::Haut || (matches!(who, Who::Bas | Who::Etr) && flows(o, ceiling)),
        };
        Some(match rule {
            Rule::Anybody => done(200),
            Rule::Officer => {
                if who == Who::Off {
                    done(200)
                } else {
                    absent
                }
            }
            _ if who == Who::Off => absent,
            Rule::Content(status) => done(status),
            Rule::ListOnFloor => {
                if member(&Home::Floor) {
                    listed(flows(o, w))
                } else {
                    absent
                }
            }
            Rule::ListOfAll(home) => listed(member(&home) && flows(o, w)),
            Rule::Reach(home, status) => {
                if member(&home) && flows(o, w) {
                    done(status)
                } else {
                    absent
                }
            }
            Rule::OwnUpload(_) if who != Who::Haut || !flows(o, w) => absent,
            Rule::OwnUpload(status) if o == w => done(status),
            Rule::OwnUpload(_) => Cell::says(403, "label-differs"),
            Rule::Change(home, whose, status) => {
                let leaves = matches!(whose, Whose::HautB) && who == Who::HautB;
                if !(member(&home) || leaves) || !flows(o, w) {
                    absent
                } else if o != w {
                    Cell::says(403, "label-differs")
                } else {
                    // Haut made everything: author and animator in one.
                    match whose {
                        Whose::Members => done(status),
                        _ if who == Who::Haut || leaves => done(status),
                        Whose::Author | Whose::AuthorOrAnimator => Cell::says(403, "not-author"),
                        Whose::Animator | Whose::HautB => Cell::says(403, "not-animator"),
                    }
                }
            }
        })
    }

    #[test]
    fn the_oracle_itself_tells_all_relations_apart() {
        let relations: std::collections::BTreeSet<(bool, bool)> = super::OBJECTS
            .iter()
            .flat_map(|a| super::OBJECTS.iter().map(|b| (flows(point(a), point(b)), flows(point(b), point(a)))))
            .collect();
        assert_eq!(relations.len(), 4, "below, above, equal, incomparable");
    }
}

/// Refusals that must be the same bytes whoever is refused what.
#[derive(Default)]
struct Faces {
    absent: BTreeSet<String>,
    unknown: BTreeSet<String>,
    instances: BTreeSet<String>,
}

impl Faces {
    fn look_at(&mut self, reply: &Reply) {
        let faces = match reply.status {
            404 => &mut self.absent,
            401 => &mut self.unknown,
            _ => return,
        };
        let instance = reply.json()["instance"].as_str().expect("an instance").to_owned();
        faces.insert(face(reply));
        assert!(self.instances.insert(instance), "a request identifier came twice");
    }
}

#[tokio::test]
async fn everybody_gets_on_every_route_what_the_table_of_the_design_says() {
    let (mut table, mut wrong, mut faces) = (String::from(LEGEND), Vec::new(), Faces::default());
    for route in api() {
        let site = Site::new().await;
        // Another world draws the same identifiers.
        faces.instances.clear();
        if route.officers {
            site.published().await;
        }
        let mut rows = Vec::new();
        let objects = objects_of(route);
        for object in objects {
            for working in WORKING {
                let named = if objects.len() == 1 { "-" } else { object };
                let mut row = vec![named.to_owned(), working.to_owned()];
                for who in Who::ALL {
                    let ask = site.ask(route, object).await;
                    let reply = site.send(who, working, &ask).await;
                    faces.look_at(&reply);
                    let cell = Cell::of(&reply, ask.sought.as_ref());
                    assert_no_write_chose_its_label(&reply, working);
                    match oracle::expects(route.name, who, object, working) {
                        Some(expected) if expected == cell => {}
                        Some(expected) => {
                            wrong.push((route.name, format!("{who:?} {object} at {working}: {cell}, not {expected}")));
                        }
                        None => wrong.push((route.name, "is not in the oracle".to_owned())),
                    }
                    row.push(cell.to_string());
                }
                rows.push(row);
            }
        }
        print(&mut table, route, &rows);
    }
    for (name, reason) in EXEMPT {
        assert!(wrong.iter().any(|(route, _)| *route == name), "stale exemption: {name} ({reason})");
    }
    wrong.retain(|(route, _)| EXEMPT.iter().all(|(name, _)| name != route));
    assert!(wrong.is_empty(), "{} cells are wrong: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
    assert_eq!(faces.absent.len(), 1, "what is refused and what is absent differ: {:#?}", faces.absent);
    assert_eq!(faces.unknown.len(), 1, "strangers are told apart: {:#?}", faces.unknown);
    compare(&table);
}

#[tokio::test]
async fn an_absent_thing_a_refused_one_and_a_path_that_is_no_route_are_the_same_bytes() {
    let (site, mut faces) = (Site::new().await, Faces::default());
    let nothing = "aaaaaaaaaaaaaaaaaaaaaaaaae";
    for path in ["/nothing", "/journal", "/notes/", "/health", &format!("/notes/{nothing}"), "/people/me", "/spaces/1"]
    {
        faces.look_at(&site.world.get(Who::Bas, "DR", path).await);
    }
    faces.look_at(&site.world.get(Who::Bas, "DR", &format!("/notes/{}", site.shelf("S").note)).await);
    faces.look_at(&site.world.get(Who::Off, FLOOR, &format!("/notes/{}", site.notes[0])).await);
    faces.look_at(&site.world.send(Who::Bas, "DR", "PATCH", "/me", &[], b"").await);
    assert_eq!(faces.instances.len(), 10, "all ten were absent");
    assert_eq!(faces.absent.len(), 1, "{:#?}", faces.absent);
}

/// What is made bears the working label, whatever it is about.
fn assert_no_write_chose_its_label(reply: &Reply, working: &str) {
    if reply.status == 201 {
        assert_eq!(reply.header("vigie-label"), Some(working));
    }
}

/// Where no object is concerned, one label stands for all.
fn objects_of(route: &Route) -> &'static [&'static str] {
    match route.name {
        "me" | "policy" | "openapi" | "people" | "person" | "space-create" | "draft-create" => &OBJECTS[..1],
        _ if route.officers => &OBJECTS[..1],
        _ => &OBJECTS,
    }
}

const LEGEND: &str = "\
Who gets what. Written by the examination `matrix` and compared with the rules of the design cell by cell.

bas     cleared DR, member of the floor and of the spaces he reaches       bis     cleared DR, member of nothing
haut    cleared S/ALPHA, made everything: author and animator              haut-b  cleared S/ALPHA, member of nothing
etr     Belgian, cleared S, member of the floor and of what he reaches     off     security officer: the journal, no content
nobody  a certificate that is no account's

object: label of what the request is about, - where it is about none; working: label the request is made at. `shown`: the object is in the list.
";

fn print(table: &mut String, route: &Route, rows: &[Vec<String>]) {
    let head = ["object", "working"].into_iter().chain(Who::ALL.iter().map(|who| who.name()));
    let head: Vec<String> = head.map(str::to_owned).collect();
    let all: Vec<&Vec<String>> = std::iter::once(&head).chain(rows).collect();
    let widths: Vec<usize> =
        (0..head.len()).map(|column| all.iter().map(|row| row[column].len()).max().unwrap_or(0)).collect();
    writeln!(table, "\n{} {}   ({})", route.method, route.path, route.name).expect("text");
    for row in all {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(table, "  {}", cells.join("  ").trim_end()).expect("text");
    }
}

fn compare(table: &str) {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrix.out");
    let before = std::fs::read_to_string(&kept).unwrap_or_default();
    if before == table {
        return;
    }
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("matrix.out");
    std::fs::write(&fresh, table).expect("the new table");
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) = (before.lines().collect(), table.lines().collect());
    let gone = old.difference(&new).take(20).map(|line| format!("- {line}"));
    let come = new.difference(&old).take(20).map(|line| format!("+ {line}"));
    let lines: Vec<String> = gone.chain(come).collect();
    panic!(
        "tests/matrix.out is not what happens:\n{}\nIf this is wanted:\n  cp {} {}",
        lines.join("\n"),
        fresh.display(),
        kept.display()
    );
}
