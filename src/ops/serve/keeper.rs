//! The one task that minds a running server: signed files that arrive, the store's failure and return, and what the
//! clock alone changes.
//!
//! Order for a file: kept durably (`config::inbox`), journalled with the new standing in one commit, in force for
//! every request from the next instruction on, and last the door, which cuts whoever is no longer allowed. A crash
//! after the first step is made good at the next start.

use std::{fs::File, net::SocketAddr, sync::Arc, thread::JoinHandle, time::Duration};

use tokio::{
    sync::watch,
    task::spawn_blocking,
    time::{Instant, MissedTickBehavior, interval},
};

use crate::{
    audit::entry::Act,
    clock::{Clock, Time},
    config::{Accepted, Folder, FolderError, InForce, Outcome, Refusal},
    edge::{Allow, App, Door, Gate},
    limits,
    ops::{
        deployment::{
            self, Ground, OpenError, Running, gate,
            standing::{self, Event},
        },
        report::Report,
    },
    vault::Vault,
    words::{Sentence, key},
};

/// What it minds.
pub(super) struct Keeper {
    ground: Ground,
    folder: Folder,
    in_force: InForce,
    committer: JoinHandle<()>,
    alone: File,
    door: Arc<Door>,
    app: Arc<App>,
    report: Arc<dyn Report>,
    allow: Allow,
    /// Whether the configuration counted when last looked at.
    counted: bool,
    /// When the first revocation list ends; none once that was acted upon.
    lists_until: Option<Time>,
    /// When the store was last asked to write again.
    tried: Option<Instant>,
    /// The fault of the inbox that was told last, so that it is told once.
    told: Option<FolderError>,
}

/// Removes some of what was deleted, or never finished: a little at each look, so that nobody waits for it.
async fn sweep(vault: &Vault) {
    if let Err(error) = vault.sweep().await {
        // It stays due. A failed store is seen at the next look; a conflict is somebody who finished at that moment.
        tracing::debug!(?error, "nothing was swept");
    }
}

/// When the first of a gate's revocation lists ends.
pub(super) fn lists_until(gate: &Gate) -> Option<Time> {
    gate.revocation_lists().map(|list| list.until()).min()
}

impl Keeper {
    pub(super) fn new(
        running: Running,
        door: Arc<Door>,
        app: Arc<App>,
        report: Arc<dyn Report>,
        lists_until: Option<Time>,
    ) -> Self {
        let Running { ground, folder, in_force, vault: _in_the_app, committer, alone } = running;
        let allow = gate::allow(ground.config(), ground.clock());
        door.cut(Arc::clone(&allow));
        let counted = in_force.config.in_force(ground.clock().now());
        Self {
            ground,
            folder,
            in_force,
            committer,
            alone,
            door,
            app,
            report,
            allow,
            counted,
            lists_until,
            tried: None,
            told: None,
        }
    }

    pub(super) const fn clock(&self) -> &Clock {
        self.ground.clock()
    }

    pub(super) fn ready(&self, address: SocketAddr) -> Sentence {
        let length = self.app.vault.load().as_ref().map_or(0, |vault| vault.monitor().journal().length());
        Sentence::new(key::SERVE_READY)
            .with("address", address.to_string())
            .with("deployment", self.in_force.config.deployment().to_string())
            .with("epoch", self.in_force.config.epoch())
            .with("length", length.to_string())
    }

    /// Minds until the other end of `ended` goes away.
    pub(super) async fn run(&mut self, mut ended: watch::Receiver<()>) {
        let mut tick = interval(Duration::from_millis(limits::INBOX_LOOK_MS));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ended.changed() => return,
                _ = tick.tick() => self.look().await,
            }
        }
    }

    /// Journals the end and lets the folder go.
    pub(super) async fn close(self) {
        let Self { ground, committer, alone, app, door, .. } = self;
        let vault = app.vault.swap(None);
        drop((app, door));
        deployment::close(&ground, vault, committer).await;
        drop(ground);
        drop(alone);
    }

    async fn look(&mut self) {
        match self.app.vault.load_full() {
            Some(vault) if !vault.monitor().journal().is_stopped() => {
                self.look_into_inbox(&vault).await;
                sweep(&vault).await;
            }
            Some(_stopped) => {
                self.app.vault.store(None);
                self.say(Sentence::new(key::SERVE_STORE_FAILED));
            }
            None => self.recover().await,
        }
        self.look_at_clock();
    }

    /// Tries to write again; if that works, everything is built anew by the code of the start.
    async fn recover(&mut self) {
        let pause = Duration::from_millis(limits::RECOVERY_PAUSE_MS);
        if self.tried.is_some_and(|tried| tried.elapsed() < pause) {
            return;
        }
        self.tried = Some(Instant::now());
        let ground = self.ground.clone();
        let built = spawn_blocking(move || {
            ground.engine().reopen()?;
            ground.build(false)
        });
        let outcome = match built.await {
            Ok(Ok((vault, committer))) => {
                self.committer = committer;
                let begun = self.ground.begin(&vault, &self.folder, &self.in_force).await;
                begun.map(|()| vault)
            }
            Ok(Err(error)) => Err(error),
            Err(_panicked) => Err(OpenError::Stopped),
        };
        match outcome {
            Ok(vault) => {
                self.app.vault.store(Some(vault));
                self.tried = None;
                self.say(Sentence::new(key::SERVE_STORE_BACK));
            }
            Err(error) => tracing::warn!(%error, "the store is not back yet"),
        }
    }

    async fn look_into_inbox(&mut self, vault: &Vault) {
        let (folder, in_force, now) = (self.folder.clone(), self.in_force.clone(), self.ground.clock().now());
        match spawn_blocking(move || folder.apply_inbox(&in_force, now)).await {
            Ok(Ok(outcomes)) => {
                self.told = None;
                for outcome in outcomes {
                    match &outcome.verdict {
                        Ok(accepted) => self.accept(vault, &outcome, accepted).await,
                        Err(refusal) => self.refuse(vault, &outcome, refusal).await,
                    }
                }
            }
            Ok(Err(fault)) => self.reload(vault, fault).await,
            Err(error) => tracing::error!(%error, "the look into the inbox ended badly"),
        }
    }

    async fn accept(&mut self, vault: &Vault, outcome: &Outcome, accepted: &Accepted) {
        let config = &accepted.in_force.config;
        let epoch = match outcome.kind {
            crate::config::Kind::Root => accepted.in_force.root.epoch(),
            crate::config::Kind::Config => config.epoch(),
            crate::config::Kind::Revoke => config.revocations(),
        };
        let event = Event { kind: outcome.kind, epoch, digest: outcome.digest, signers: &accepted.signers };
        let journal = vault.monitor().journal();
        if let Err(error) = standing::accepted(&self.ground, journal, &accepted.in_force, event).await {
            // The file counts all the same, and is journalled when the store is back: nothing is answered meanwhile.
            tracing::error!(%error, "an accepted file is not in the journal yet");
        }
        self.enforce(accepted.in_force.clone()).await;
        self.say(
            Sentence::new(key::SERVE_CONFIG_ACCEPTED)
                .with("file", outcome.file.as_str())
                .with("epoch", self.in_force.config.epoch())
                .with("revocations", self.in_force.config.revocations()),
        );
    }

    async fn refuse(&self, vault: &Vault, outcome: &Outcome, refusal: &Refusal) {
        let event = Event { kind: outcome.kind, epoch: 0, digest: outcome.digest, signers: &[] };
        let journal = vault.monitor().journal();
        let mut entry = event.entry(self.ground.clock().now(), Act::ConfigRefused, Some(refusal));
        entry.basis = journal.length();
        if journal.append(entry).await.is_err() {
            tracing::error!(file = outcome.file, "a refused file is not in the journal");
        }
        let sentence = Sentence::new(key::SERVE_CONFIG_REFUSED).with("file", outcome.file.as_str());
        self.say(sentence.with("why", refusal.sentence()));
    }

    /// The folder failed half way: what it holds now is what counts, all of it checked again.
    async fn reload(&mut self, vault: &Vault, fault: FolderError) {
        if self.told.as_ref() != Some(&fault) {
            self.say(Sentence::new(key::SERVE_CONFIG_FOLDER).with("why", fault.sentence()));
            self.told = Some(fault);
        }
        let folder = self.folder.clone();
        let Ok(Ok(now)) = spawn_blocking(move || folder.load()).await else { return };
        if now.standing() != self.in_force.standing() {
            let journal = vault.monitor().journal();
            if let Err(error) = standing::settle(&self.ground, journal, &self.folder, &now).await {
                tracing::error!(%error, "an accepted file is not in the journal yet");
            }
            self.enforce(now).await;
        }
    }

    /// Puts a configuration in force: for every request at once, then at the door.
    async fn enforce(&mut self, in_force: InForce) {
        if in_force.config.policy_digest() == self.in_force.config.policy_digest() {
            self.ground.config().store(Arc::clone(&in_force.config));
        } else {
            self.change_policy(&in_force).await;
        }
        self.in_force = in_force;
        self.counted = self.in_force.config.in_force(self.ground.clock().now());
        self.renew_door();
    }

    /// A label means words of one policy, so no request may see two: those under way end first, and none begins.
    async fn change_policy(&self, in_force: &InForce) {
        let vault = self.app.vault.swap(None);
        self.door.cut(Arc::new(|_nobody| false));
        if let Some(vault) = &vault {
            // Ours, and the one that the caller of this look holds.
            while Arc::strong_count(vault) > 2 {
                tokio::time::sleep(Duration::from_millis(limits::INBOX_LOOK_MS)).await;
            }
        }
        self.ground.config().store(Arc::clone(&in_force.config));
        self.app.vault.store(vault);
    }

    fn renew_door(&mut self) {
        match gate::gate(self.ground.places(), self.ground.config(), self.ground.clock()) {
            Ok(gate) => {
                self.lists_until = lists_until(&gate).filter(|until| *until > self.ground.clock().now());
                // Every live connection is checked against the new gate, open answers included.
                if let Err(older) = self.door.swap(gate) {
                    self.say(Sentence::new(key::SERVE_GATE_KEPT).with("why", older.sentence()));
                }
                self.door.cut(Arc::clone(&self.allow));
            }
            Err(error) => {
                self.lists_until = None;
                self.door.cut(Arc::new(|_nobody| false));
                self.say(Sentence::new(key::SERVE_GATE_REFUSED).with("why", error.sentence()));
            }
        }
    }

    /// A configuration or a revocation list that has just come to its end lets nobody stay.
    fn look_at_clock(&mut self) {
        let now = self.ground.clock().now();
        let counts = self.in_force.config.in_force(now);
        if counts != self.counted {
            self.counted = counts;
            self.door.cut(Arc::clone(&self.allow));
        }
        if self.lists_until.is_some_and(|until| until <= now) {
            self.renew_door();
        }
    }

    fn say(&self, sentence: Sentence) {
        tracing::info!(%sentence);
        self.report.say(&sentence);
    }
}
