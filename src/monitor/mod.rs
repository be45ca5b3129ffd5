//! May they: decides and journals; nothing else does. Mints [`Permit`]s.
//!
//! Deliberately small: [`decide`] (the rules, pure), [`permit`] (what a decision
//! yields), [`rolls`] (who belongs where), [`inspect`] (the journal for officers) and
//! this file (decide, journal, mint).

pub mod decide;
pub mod inspect;
pub mod permit;
pub mod rolls;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use arc_swap::ArcSwap;

pub use self::{
    decide::{Need, Part, Target},
    inspect::{InspectError, Reading, Verified},
    permit::{Follow, Granted, Inspect, List, Mandate, Permit, Read, Right, Sweep, Walk, Write},
    rolls::{RollChange, RollError, Rolls},
};
use crate::{
    audit::entry::{Act, Detail, Entry, ObjectRef, Rule, Verdict},
    clock::Clock,
    config::Config,
    crypto::Exhausted,
    identity::Subject,
    ids::{AccountId, Id},
    label::Label,
    store::{Batch, CommitRefused, Journal, Stopped},
};

/// Why there is no permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Absent, or looks so: the person may not know the difference.
    Absent,
    /// The person can read the object but may not do this; the rule is told.
    Forbidden(Rule),
    /// The journal takes no entry: nothing can be granted.
    Stopped,
}

impl From<Stopped> for Refusal {
    fn from(Stopped: Stopped) -> Self {
        Self::Stopped
    }
}

/// Something an act is about: found or not, and what the act needs of it.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// The identifier that was asked for.
    pub asked: Id,
    /// What was found there.
    pub found: Option<Target>,
    /// What the act needs.
    pub need: Need,
}

impl Claim {
    /// A claim on what was found at `asked`.
    pub const fn new(asked: Id, found: Option<Target>, need: Need) -> Self {
        Self { asked, found, need }
    }
}

/// The one place that decides.
#[derive(Debug)]
pub struct Monitor {
    journal: Journal,
    rolls: Arc<Rolls>,
    clock: Clock,
    config: Arc<ArcSwap<Config>>,
}

impl Monitor {
    /// A monitor over a journal, the rolls and the configuration in force.
    pub fn new(journal: Journal, rolls: Rolls, clock: Clock, config: Arc<ArcSwap<Config>>) -> Self {
        Self { journal, rolls: Arc::new(rolls), clock, config }
    }

    /// The membership rolls.
    pub fn rolls(&self) -> &Rolls {
        &self.rolls
    }

    /// The configuration in force.
    pub fn config(&self) -> arc_swap::Guard<Arc<Config>> {
        self.config.load()
    }

    /// The journal, for those who hold an inspection permit and for system events.
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Allows the reading of one record, or refuses; journalled either way.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn read(
        &self,
        subject: &Subject,
        act: Act,
        asked: Id,
        found: Option<Target>,
        also: &[Claim],
    ) -> Result<Permit<Read>, Refusal> {
        let entry = self.decided(subject, act, &[&[Claim::new(asked, found, Need::Reach)], also].concat(), &[]).await?;
        let Some(target) = found else { return Err(Refusal::Absent) };
        let receipt = self.journal.append(entry).await?;
        let granted = Granted::new(target.id, target.version, target.label);
        Ok(Permit::<Read>::mint(receipt, granted))
    }

    /// Allows the reading of those of `found` that the subject reaches: one entry with their ids.
    /// What is not reached is left out without a word.
    ///
    /// # Errors
    /// [`Refusal`] when `about` (the space, note or conversation listed) is refused.
    pub async fn list(
        &self,
        subject: &Subject,
        act: Act,
        about: &[Claim],
        found: &[Target],
    ) -> Result<Permit<List>, Refusal> {
        self.list_with(subject, act, about, found, Detail::None, &[]).await
    }

    /// As [`Monitor::list`], for what was sought: the entry keeps the words, sealed, and names the people who are shown.
    ///
    /// # Errors
    /// As [`Monitor::list`].
    pub async fn sought(
        &self,
        subject: &Subject,
        act: Act,
        words: Vec<u8>,
        found: &[Target],
        people: &[AccountId],
    ) -> Result<Permit<List>, Refusal> {
        self.list_with(subject, act, &[], found, Detail::Sought(words), people).await
    }

    /// As [`Monitor::list`], for what leaves under a ceiling: the subject is
    /// [beneath](Subject::beneath) it. The entry says the ceiling, and the join of what is let out.
    ///
    /// # Errors
    /// As [`Monitor::list`].
    pub async fn export(&self, subject: &Subject, about: &[Claim], found: &[Target]) -> Result<Permit<List>, Refusal> {
        self.list_with(subject, Act::Export, about, found, Detail::None, &[]).await
    }

    async fn list_with(
        &self,
        subject: &Subject,
        act: Act,
        about: &[Claim],
        found: &[Target],
        detail: Detail,
        people: &[AccountId],
    ) -> Result<Permit<List>, Refusal> {
        let mut entry = self.decided(subject, act, about, &[]).await?;
        entry.detail = detail;
        name_people(&mut entry, people.iter().copied());
        let (mut granted, mut naming) = (Vec::with_capacity(found.len()), Naming::default());
        for target in found {
            #[cfg(feature = "exam")]
            if crate::exam::planted(crate::exam::Leak::TalksReadUp) && act == Act::ConversationList
                || crate::exam::planted(crate::exam::Leak::LinksReadUp) && act == Act::LinkList
                || crate::exam::planted(crate::exam::Leak::FarEndUnchecked) && act == Act::NoteList
                || crate::exam::finds_too_much() && matches!(act, Act::Search | Act::WatchMatches)
            {
                granted.push(Granted::new(target.id, target.version, target.label));
                continue;
            }
            if decide::reach(subject, target, self.part(subject.id(), target.home)).is_ok() {
                naming.name(self, &mut entry, target);
                granted.push(Granted::new(target.id, target.version, target.label));
            }
        }
        if act == Act::Export {
            entry.detail = self.exported(subject, &granted);
        }
        let receipt = self.journal.append(entry).await?;
        Ok(Permit::<List>::mint(receipt, granted))
    }

    /// Allows to look along links from what `about` names. Nothing that is seen on the way may be answered before
    /// [`Monitor::walked`] has journalled it: the entry travels in the permit until then.
    ///
    /// # Errors
    /// [`Refusal`], journalled.
    pub async fn walk(&self, subject: &Subject, act: Act, about: &[Claim]) -> Result<Permit<Walk>, Refusal> {
        Ok(Permit::<Walk>::mint(self.decided(subject, act, about, &[]).await?))
    }

    /// Allows to show what a walk found: one entry with all of it. Decided anew, because the rolls may have changed meanwhile.
    ///
    /// # Errors
    /// [`Refusal::Stopped`].
    pub async fn walked(
        &self,
        subject: &Subject,
        permit: Permit<Walk>,
        found: &[Target],
    ) -> Result<Permit<List>, Refusal> {
        let mut entry = permit.spend();
        let named: BTreeSet<Id> = entry.objects.iter().map(|object| object.id).collect();
        let (mut granted, mut naming) = (Vec::with_capacity(found.len()), Naming::default());
        for target in found.iter().filter(|target| self.reaches(subject, target)) {
            if !named.contains(&target.id) {
                naming.name(self, &mut entry, target);
            }
            granted.push(Granted::new(target.id, target.version, target.label));
        }
        Ok(Permit::<List>::mint(self.journal.append(entry).await?, granted))
    }

    fn exported(&self, subject: &Subject, granted: &[Granted]) -> Detail {
        let config = self.config.load();
        let policy = config.policy();
        let labels = granted.iter().map(|granted| *granted.label());
        let joined = labels.reduce(|all, label| all.join(&label)).unwrap_or_else(|| policy.lowest());
        Detail::Exported { ceiling: policy.stored(subject.working()), joined: policy.stored(&joined) }
    }

    /// Allows a write at the working label. The entry travels in the permit and becomes durable with the data.
    ///
    /// # Errors
    /// [`Refusal`], journalled.
    pub async fn write(&self, subject: &Subject, act: Act, claims: &[Claim]) -> Result<Permit<Write>, Refusal> {
        let entry = self.decided(subject, act, claims, &[]).await?;
        Ok(Permit::<Write>::mint(*subject.working(), entry))
    }

    /// As [`Monitor::write`], naming the people it is about in the entry.
    ///
    /// # Errors
    /// [`Refusal`], journalled.
    pub async fn write_about(
        &self,
        subject: &Subject,
        act: Act,
        claims: &[Claim],
        people: &[AccountId],
    ) -> Result<Permit<Write>, Refusal> {
        let entry = self.decided(subject, act, claims, people).await?;
        Ok(Permit::<Write>::mint(*subject.working(), entry))
    }

    /// Allows the system to remove what nobody can reach any more. Not a person's act: what made it due was one, decided
    /// then. The entry becomes durable with the removal.
    pub fn sweep(&self) -> Permit<Sweep> {
        let mut entry = Entry::system(self.clock.now(), Act::AttachmentSweep, Detail::None);
        entry.basis = self.journal.length();
        Permit::<Sweep>::mint(entry)
    }

    /// Allows the index to open what is written, from now on.
    ///
    /// # Errors
    /// [`Refusal::Stopped`].
    pub async fn follow(&self) -> Result<Permit<Follow>, Refusal> {
        let mut entry = Entry::system(self.clock.now(), Act::IndexFollow, Detail::None);
        entry.basis = self.journal.length();
        Ok(Permit::<Follow>::mint(self.journal.append(entry).await?))
    }

    /// Journals that an allowed write was not done: the object was not, or no longer, as the act needs it.
    ///
    /// # Errors
    /// [`Refusal::Stopped`].
    pub async fn not_done(&self, permit: Permit<Write>) -> Result<(), Refusal> {
        let mut entry = permit.spend().entry;
        entry.verdict = Verdict::Conflict;
        drop(self.journal.append(entry).await?);
        Ok(())
    }

    /// Allows an officer to read the journal.
    ///
    /// # Errors
    /// [`Refusal::Absent`] for everybody else: the journal's routes do not exist for them.
    pub async fn inspect(&self, subject: &Subject, act: Act, number: Option<u64>) -> Result<Permit<Inspect>, Refusal> {
        let mut entry = self.entry(subject, act);
        if let Some(number) = number {
            entry.objects.push(ObjectRef { id: Id::NONE, version: number, digest: None, label: None });
        }
        if !subject.is_officer() {
            return Err(self.refuse(entry, Rule::NotOfficer).await);
        }
        Ok(Permit::<Inspect>::mint(self.journal.append(entry).await?))
    }

    /// Journals an act that opens nothing stored (one's own account, the policy's words, the people of the configuration).
    ///
    /// # Errors
    /// [`Refusal::Stopped`].
    pub async fn note(&self, subject: &Subject, act: Act, people: &[AccountId]) -> Result<(), Refusal> {
        let mut entry = self.entry(subject, act);
        name_people(&mut entry, people.iter().copied());
        drop(self.journal.append(entry).await?);
        Ok(())
    }

    /// Journals a refusal that concerns people or an object that was opened for the decision, and says it.
    pub async fn refuse_for(&self, subject: &Subject, act: Act, rule: Rule, about: &[Id]) -> Refusal {
        let mut entry = self.entry(subject, act);
        entry.objects.extend(about.iter().map(|id| ObjectRef { id: *id, version: 0, digest: None, label: None }));
        self.refuse(entry, rule).await
    }

    /// Journals that somebody asked for a working label beyond his clearance.
    ///
    /// # Errors
    /// [`Refusal::Stopped`].
    pub async fn refuse_working(&self, account: AccountId, request: crate::ids::RequestId) -> Result<(), Refusal> {
        let mut entry = Entry::system(self.clock.now(), Act::SelfRead, Detail::None);
        entry.account = Some(account);
        entry.request = Some(request);
        entry.verdict = Verdict::Deny;
        entry.rule = Rule::BeyondClearance;
        entry.basis = self.journal.length();
        drop(self.journal.append(entry).await?);
        Ok(())
    }

    /// Adds a change of a roll to a batch; it is in force once [`Monitor::commit`] answers.
    ///
    /// # Errors
    /// [`Exhausted`] when it cannot be sealed.
    pub fn enrol(&self, batch: &mut Batch, change: RollChange) -> Result<(), Exhausted> {
        self.rolls.write(batch, change)
    }

    /// Makes a batch durable, then puts its roll changes in force, then answers.
    ///
    /// # Errors
    /// [`CommitRefused`]; nothing was written then, save the entry that says so.
    pub async fn commit(&self, batch: Batch, changes: &[RollChange]) -> Result<(), CommitRefused> {
        if changes.is_empty() {
            drop(self.journal.commit(batch).await?);
            return Ok(());
        }
        let (journal, rolls, changes) = (self.journal.clone(), Arc::clone(&self.rolls), changes.to_vec());
        // A task of its own: were it dropped with its connection between the two steps, a member
        // removed on disk would still be one in memory.
        let task = tokio::spawn(async move {
            drop(journal.commit(batch).await?);
            rolls.apply(&changes);
            Ok(())
        });
        task.await.unwrap_or(Err(CommitRefused::Stopped))
    }

    /// The part that an account plays in a home.
    pub fn part(&self, account: AccountId, home: Id) -> Option<Part> {
        if home.is_none() { None } else { self.rolls.part(home, account) }
    }

    /// Whether the subject reaches `target`. For choosing among candidates whose reading is decided, and journalled, next.
    pub fn reaches(&self, subject: &Subject, target: &Target) -> bool {
        decide::reach(subject, target, self.part(subject.id(), target.home)).is_ok()
    }

    /// The entry of an act whose claims all hold; otherwise the refusal, journalled.
    async fn decided(
        &self,
        subject: &Subject,
        act: Act,
        claims: &[Claim],
        people: &[AccountId],
    ) -> Result<Entry, Refusal> {
        let (mut entry, mut naming) = (self.entry(subject, act), Naming::default());
        name_people(&mut entry, people.iter().copied());
        let mut verdict = if subject.is_officer() { Err(Rule::NoContentRole) } else { Ok(()) };
        for claim in claims {
            let decision = match &claim.found {
                None => {
                    entry.objects.push(ObjectRef { id: claim.asked, version: 0, digest: None, label: None });
                    Err(Rule::Absent)
                }
                Some(target) => {
                    naming.name(self, &mut entry, target);
                    decide::need(subject, target, self.part(subject.id(), target.home), claim.need)
                }
            };
            verdict = verdict.and(decision);
        }
        match verdict {
            Ok(()) => Ok(entry),
            Err(rule) => Err(self.refuse(entry, rule).await),
        }
    }

    async fn refuse(&self, mut entry: Entry, rule: Rule) -> Refusal {
        #[cfg(feature = "exam")]
        if crate::exam::planted(crate::exam::Leak::ForbiddenNotAbsent) && rule == Rule::NotDominated {
            return Refusal::Forbidden(rule);
        }
        entry.verdict = Verdict::Deny;
        entry.rule = rule;
        match self.journal.append(entry).await {
            Err(Stopped) => Refusal::Stopped,
            Ok(_receipt) if decide::hides(rule) || rule == Rule::NotOfficer => Refusal::Absent,
            Ok(_receipt) => Refusal::Forbidden(rule),
        }
    }

    fn entry(&self, subject: &Subject, act: Act) -> Entry {
        Entry {
            time: self.clock.now(),
            basis: self.journal.length(),
            account: Some(subject.id()),
            fingerprint: Some(*subject.fingerprint().digest()),
            labels: vec![self.config.load().policy().stored(subject.session())],
            act,
            objects: Vec::new(),
            verdict: Verdict::Allow,
            rule: Rule::Flow,
            request: Some(subject.request()),
            detail: Detail::None,
        }
    }

    /// The members of a space that the subject reaches, as far as their clearance reaches the working label.
    /// Nothing sealed is opened: the roll is the monitor's own.
    ///
    /// # Errors
    /// [`Refusal`], journalled.
    pub async fn members(&self, subject: &Subject, space: &Claim) -> Result<BTreeMap<AccountId, Part>, Refusal> {
        #[cfg(feature = "exam")]
        if crate::exam::planted(crate::exam::Leak::MembersUndecided) {
            return Ok(self.rolls.members(space.asked));
        }
        let mut entry = self.decided(subject, Act::MemberList, std::slice::from_ref(space), &[]).await?;
        let mut members = self.rolls.members(space.asked);
        {
            let config = self.config.load();
            let within = |account: &AccountId| {
                config.account(*account).is_some_and(|account| account.clearance().reaches(subject.working()))
            };
            members.retain(|account, _| within(account));
        }
        name_people(&mut entry, members.keys().copied());
        drop(self.journal.append(entry).await?);
        Ok(members)
    }
}

/// The labels that were named in one entry: a page names few, many times.
#[derive(Default)]
struct Naming(Vec<(Label, Option<u16>)>);

impl Naming {
    fn name(&mut self, monitor: &Monitor, entry: &mut Entry, target: &Target) {
        let known = self.0.iter().find(|(label, _)| *label == target.label).map(|(_, index)| *index);
        let label = known.unwrap_or_else(|| {
            let index = entry.label_index(monitor.config.load().policy().stored(&target.label));
            self.0.push((target.label, index));
            index
        });
        entry.objects.push(ObjectRef { id: target.id, version: target.version, digest: target.digest, label });
    }
}

fn name_people(entry: &mut Entry, people: impl Iterator<Item = AccountId>) {
    for account in people {
        entry.objects.push(ObjectRef { id: account.id(), version: 0, digest: None, label: None });
    }
}
