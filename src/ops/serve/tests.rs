//! A server in operation, under real mutual TLS: what signed files and a failing disk do to the people connected.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use super::*;
use crate::{
    config::{Header, Kind, SignedFile, shape::RevokeFile},
    ops::{
        client::ClientError,
        demo::{
            Site,
            found::{Founding, account_ids, found},
            team::{Ask, Reply, Team, text},
        },
        report::Silent,
    },
    store::{
        Engine, Rocks,
        faulty::{DangerFaulty, Fate},
    },
};

/// A demonstration's deployment in service. The folder goes away with it.
struct World {
    folder: PathBuf,
    founding: Founding,
    inbox: crate::config::Folder,
    team: Team,
    stop: oneshot::Sender<()>,
    serving: JoinSet<()>,
}

impl World {
    async fn begin() -> Self {
        Self::on(|store| Arc::new(store)).await
    }

    async fn on(mount: impl FnOnce(Rocks) -> Arc<dyn Engine>) -> Self {
        let (clock, entropy) = (Clock::System, Entropy::default());
        let folder = std::env::temp_dir().join(format!("vigie-serve-{}", entropy.id().unwrap()));
        let site = Site::at(&folder);
        let founding = found(&site, &clock, &entropy).await.unwrap();
        let (dir, unseal) = (site.deployment(), Unseal::default());
        let running = deployment::open_on(&dir, &unseal, clock.clone(), entropy, mount).await.unwrap();
        let (people, inbox) = (account_ids(&running.in_force.config), running.folder.clone());
        let server = Server::bind(running, "127.0.0.1:0".parse().unwrap(), Arc::new(Silent)).await.unwrap();
        let address = server.address();
        let (stop, stopped) = oneshot::channel();
        let mut serving = JoinSet::new();
        serving.spawn(server.run(async move { drop(stopped.await) }));
        let team = Team::gather(&site, address, people, &clock).await.unwrap();
        Self { folder, founding, inbox, team, stop, serving }
    }

    async fn me(&mut self, who: &str) -> Result<Reply, ClientError> {
        self.team.ask(Ask::get(who, "NP", "/me")).await
    }

    /// Asks until the answer is as wanted; in bearable time, or the test fails.
    async fn until(&mut self, who: &str, wanted: impl Fn(&Result<Reply, ClientError>) -> bool) -> Duration {
        let begun = Instant::now();
        loop {
            let answer = self.me(who).await;
            if wanted(&answer) {
                return begun.elapsed();
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "still {answer:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// How often the journal has each act.
    async fn acts(&mut self) -> BTreeMap<String, usize> {
        let page = self.team.ask(Ask::get("officier", "NP", "/journal?limit=200")).await.unwrap();
        let mut acts = BTreeMap::new();
        for item in page.items() {
            let count: &mut usize = acts.entry(text(item, "act").to_owned()).or_default();
            *count = count.saturating_add(1);
        }
        acts
    }

    fn suspends(&self, name: &str, previous: Digest) -> SignedFile {
        let config = &self.founding.config;
        let account = config.accounts.iter().find(|account| account.name == name).unwrap().id;
        let deployment = self.founding.inception.deployment;
        let previous = Some((0, previous));
        let revoke = RevokeFile {
            header: Header::following(
                Kind::Revoke,
                deployment,
                previous,
                config.header.not_before,
                config.header.expires,
            ),
            reason: "carte perdue".to_owned(),
            suspend: vec![account],
            remove_certificates: BTreeMap::new(),
            lower_clearances: BTreeMap::new(),
            remove_roles: BTreeMap::new(),
        };
        self.founding.signed(Kind::Revoke, &revoke.to_toml().unwrap()).unwrap()
    }

    async fn end(mut self) {
        drop(self.stop);
        while let Some(ended) = self.serving.join_next().await {
            ended.unwrap();
        }
        fs::remove_dir_all(self.folder).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_person_is_cut_off_and_nobody_else_is() {
    let mut world = World::begin().await;
    assert_eq!(world.me("analyste-dr").await.unwrap().status, 200);
    let head = world.founding.config_digest().unwrap();
    let file = world.suspends("analyste-dr", head);
    // One signature is enough to take away.
    let file = SignedFile { signatures: file.signatures[..1].to_vec(), ..file };
    world.inbox.submit(Kind::Revoke, &file, &[]).unwrap();
    // Within a second by design; a test does not measure time, it only refuses to wait for ever.
    let elapsed = world.until("analyste-dr", Result::is_err).await;
    println!("cut after {elapsed:?}");
    assert_eq!(world.me("analyste-dr").await, Err(ClientError::Refused { reason: edge::Reason::UnknownKey }));
    assert_eq!(world.me("analyste-s").await.unwrap().status, 200);
    let acts = world.acts().await;
    assert_eq!(acts.get("config-accepted"), Some(&2), "the beginning and the revocation: {acts:?}");
    assert!(acts.get("handshake-refused").is_some_and(|count| *count >= 1), "{acts:?}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_file_changes_nothing_and_is_journalled() {
    let mut world = World::begin().await;
    let file = world.suspends("analyste-dr", Digest([7; 32]));
    world.inbox.submit(Kind::Revoke, &file, &[]).unwrap();
    let begun = Instant::now();
    while !world.acts().await.contains_key("config-refused") {
        assert!(begun.elapsed() < Duration::from_secs(20), "not journalled");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(world.me("analyste-dr").await.unwrap().status, 200);
    let aside: Vec<_> = fs::read_dir(world.inbox.refused()).unwrap().collect();
    assert!(aside.len() >= 2, "the file and its reason: {aside:?}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_every_answer_and_service_comes_back_by_itself() {
    for fate in [Fate::Lost, Fate::Kept] {
        let mut disk = None;
        let mut world = World::on(|store| {
            let failing = Arc::new(DangerFaulty::new(store));
            disk = Some(Arc::<DangerFaulty<Rocks>>::clone(&failing));
            failing
        })
        .await;
        let disk = disk.unwrap();
        assert_eq!(world.me("analyste-s").await.unwrap().status, 200);
        disk.fail_commit(0, fate);
        // Not one good answer between the failure and the return.
        let statuses: Vec<u16> =
            [world.me("analyste-s").await, world.me("analyste-dr").await].map(|answer| answer.unwrap().status).to_vec();
        assert_eq!(statuses[0], 503, "{statuses:?}");
        world.until("analyste-dr", |answer| answer.as_ref().is_ok_and(|reply| reply.status == 200)).await;
        let acts = world.acts().await;
        assert_eq!(acts.get("start"), Some(&2), "the return is a start of its own: {acts:?}");
        world.end().await;
    }
}
