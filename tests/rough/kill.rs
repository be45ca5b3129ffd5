//! kill -9 at any moment, under load. What a client was told stays true; what it was not told is whole or absent;
//! everything is in the journal.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};
use vigie::audit::entry::Act;

use crate::{
    dice::Dice,
    ledger::{Ledger, Went},
    offline::examine,
    site::{ANALYSTS, Person, Served, Site, spawn},
};

const CYCLES: usize = 200;
/// Cycles between two examinations of everything.
const EXAMINED_EVERY: usize = 40;
/// One cycle in so many dies while it starts.
const STILLBORN: usize = 8;

/// Numbers of a whole run.
#[derive(Default, Debug)]
pub(crate) struct Told {
    cycles: usize,
    while_starting: usize,
    compared: u64,
    started_within_ms: u128,
}

/// Clients, what they know, and how the server dies.
pub(crate) struct Rough<'s> {
    pub(crate) site: &'s Site,
    pub(crate) ledgers: Vec<Ledger>,
    pub(crate) dice: Dice,
    pub(crate) told: Told,
}

impl<'s> Rough<'s> {
    /// Two clients for each analyst, each with a space of its own.
    pub(crate) async fn begin(site: &'s Site, what: &str) -> Self {
        let mut dice = Dice::thrown(what);
        let served = site.serve();
        let mut ledgers = Vec::new();
        for who in ANALYSTS.into_iter().chain(ANALYSTS) {
            let mut person = site.connect_at_last(served.address, who).await;
            // The two clients of a person must not send the same keys.
            let own = dice.apart();
            ledgers.push(Ledger::begin(&mut person, own, ledgers.len()).await);
        }
        served.stop();
        Self { site, ledgers, dice, told: Told::default() }
    }

    /// One life of the server: what the last death left is looked at, then load, then `die`.
    pub(crate) async fn cycle(&mut self, number: usize, last: LastWords, die: impl FnOnce(Served)) {
        if number % STILLBORN == STILLBORN - 1 {
            let mut child = spawn(&mut self.site.program(), &self.site.root);
            sleep(Duration::from_millis(u64::try_from(self.dice.below(250)).expect("small"))).await;
            child.kill().expect("killed");
            child.wait().expect("ended");
            self.told.while_starting += 1;
        }
        let begun = Instant::now();
        let served = self.site.serve();
        self.told.started_within_ms = self.told.started_within_ms.max(begun.elapsed().as_millis());
        let mut working = JoinSet::new();
        let everything = number % EXAMINED_EVERY == EXAMINED_EVERY - 1;
        for ledger in self.ledgers.drain(..) {
            let mut person = self.site.connect_at_last(served.address, ledger.who).await;
            working.spawn(async move {
                let mut ledger = ledger;
                while ledger.settle(&mut person).await.expect("an answer") != Went::Well {}
                let compared = ledger.check(&mut person, everything).await.expect("answers");
                (ledger, person, compared)
            });
        }
        let mut checked = Vec::new();
        while let Some(done) = working.join_next().await {
            let (ledger, person, compared) = done.expect("nothing is lost");
            self.told.compared += compared;
            checked.push((ledger, person));
        }
        let mut loading = JoinSet::new();
        for (ledger, person) in checked {
            loading.spawn(load(ledger, person, last));
        }
        sleep(Duration::from_millis(u64::try_from(5 + self.dice.below(395)).expect("small"))).await;
        die(served);
        while let Some(ledger) = loading.join_next().await {
            self.ledgers.push(ledger.expect("a client"));
        }
        self.told.cycles += 1;
    }

    /// After the last life: every answer is known, and the store holds that and nothing else.
    pub(crate) async fn end(mut self, what: &str, begun: Instant) {
        let served = self.site.serve();
        for ledger in &mut self.ledgers {
            let mut person = self.site.connect_at_last(served.address, ledger.who).await;
            while ledger.settle(&mut person).await.expect("an answer") != Went::Well {}
            self.told.compared += ledger.check(&mut person, true).await.expect("answers");
        }
        served.stop();
        let examined = examine(&self.site.dir);
        examined.compare(&self.ledgers, true);
        let sum = |of: fn(&Ledger) -> u64| self.ledgers.iter().map(of).sum::<u64>();
        let acknowledged = sum(|ledger| u64::try_from(ledger.acknowledged.len()).expect("few"));
        println!(
            "{what}: {:?} in {} s; {acknowledged} acknowledged writes, {} requests without an answer, of which {} turned \
             out done; journal {} entries ({} notes made, {} changed, {} deleted, {} messages), {} records, {} revisions",
            self.told,
            begun.elapsed().as_secs(),
            sum(|ledger| ledger.unanswered),
            sum(|ledger| ledger.silently_done),
            examined.report.entries,
            examined.count(Act::NoteCreate),
            examined.count(Act::NoteChange),
            examined.count(Act::NoteDelete),
            examined.count(Act::MessageCreate),
            examined.report.records,
            examined.report.revisions,
        );
        assert!(acknowledged > 20 * u64::try_from(self.told.cycles).expect("few"), "there was a load");
        assert!(sum(|ledger| ledger.unanswered) > 0, "it died in the middle of something");
    }
}

/// What a server may still say when its end has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LastWords {
    /// Nothing: it is gone from one moment to the next.
    None,
    /// That it does nothing any more: its disk goes first.
    Refusal,
}

/// Acts until the server is gone.
async fn load(mut ledger: Ledger, mut person: Person, last: LastWords) -> Ledger {
    while let Ok(went) = ledger.act(&mut person).await {
        match went {
            Went::Well => {}
            // Done or not: nobody was told that it was, so it counts as unanswered. The server says nothing else again.
            Went::Refused(503, _) if last == LastWords::Refusal => break,
            Went::Refused(..) => panic!("a server that lives does what it is asked: {went:?}"),
        }
    }
    ledger.cut();
    ledger
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_kills_under_load_lose_nothing_acknowledged_and_leave_nothing_unjournalled() {
    let begun = Instant::now();
    let site = Site::found(None, |_config| {}).await;
    let mut rough = Rough::begin(&site, "kill -9").await;
    for number in 0..CYCLES {
        rough.cycle(number, LastWords::None, Served::kill).await;
        if number % EXAMINED_EVERY == EXAMINED_EVERY / 2 {
            examine(&site.dir).compare(&rough.ledgers, false);
        }
    }
    rough.end("kill -9", begun).await;
}

#[tokio::test]
async fn a_killed_server_frees_its_address_and_its_folder() {
    let site = Site::found(None, |_config| {}).await;
    let first = site.serve();
    let address: SocketAddr = first.address;
    first.kill();
    let mut again = crate::site::vigie();
    again.arg("serve").arg("--dir").arg(&site.dir).args(["--listen", &address.to_string()]);
    Served::start(again, &site.root).stop();
}
