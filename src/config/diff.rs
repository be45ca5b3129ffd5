//! Who gains and who loses what, one sentence a change: read by people before they sign, kept in the journal after.

use std::collections::BTreeSet;

use super::{Account, Config, Limits, Role, Root, sshsig::UserVerification};
use crate::words::{Key, Sentence, key};

/// What `new` changes, taken together with the revocations that lie on `old`: what they took away and `new` gives
/// back shows as a gain. Accounts first, in the order of their identifiers; empty when nothing changes.
pub fn diff(old: &Config, new: &Config) -> Vec<Sentence> {
    changes(Some(old), new)
}

/// As [`diff`]; without `old`, all that the first configuration grants.
pub(super) fn changes(old: Option<&Config>, new: &Config) -> Vec<Sentence> {
    let mut said = Vec::new();
    let same_policy = old.is_none_or(|old| old.policy_digest == new.policy_digest);
    for account in new.accounts() {
        match old.and_then(|old| Some((old, old.account(account.id())?))) {
            Some((old, was)) => account_changes(&mut said, (old, was), (new, account), same_policy),
            None => account_added(&mut said, new, account),
        }
    }
    for gone in old.iter().flat_map(|old| old.accounts()).filter(|gone| new.account(gone.id()).is_none()) {
        said.push(about(key::CONFIG_DIFF_ACCOUNT_REMOVED, gone));
    }
    trust_changes(&mut said, old, new);
    settings_changes(&mut said, old, new);
    said
}

/// What a new root changes about who may sign.
pub(super) fn roots(old: Option<&Root>, new: &Root) -> Vec<Sentence> {
    let mut said = Vec::new();
    let keys = |root: Option<&Root>| -> BTreeSet<(String, String)> {
        let people = root.iter().flat_map(|root| root.people());
        people.flat_map(|one| one.keys().iter().map(|key| (one.name().to_owned(), key.fingerprint()))).collect()
    };
    let (before, after) = (keys(old), keys(Some(new)));
    for (set, other, key) in
        [(&after, &before, key::CONFIG_DIFF_SIGNER_GAINED), (&before, &after, key::CONFIG_DIFF_SIGNER_LOST)]
    {
        for (name, fingerprint) in set.difference(other) {
            said.push(Sentence::new(key).with("name", name.as_str()).with("fingerprint", fingerprint.as_str()));
        }
    }
    let thresholds = |root: &Root| [("root", root.thresholds().root), ("config", root.thresholds().config)];
    for (which, needed) in thresholds(new) {
        if old.is_none_or(|old| !thresholds(old).contains(&(which, needed))) {
            said.push(Sentence::new(key::CONFIG_DIFF_THRESHOLD).with("which", which).with("needed", needed));
        }
    }
    if old.is_none_or(|old| old.user_verification() != new.user_verification()) {
        said.push(Sentence::new(match new.user_verification() {
            UserVerification::Required => key::CONFIG_DIFF_VERIFICATION_ON,
            UserVerification::NotRequired => key::CONFIG_DIFF_VERIFICATION_OFF,
        }));
    }
    said.push(Sentence::new(key::CONFIG_DIFF_ROOT_UNTIL).with("until", new.expires().to_string()));
    said
}

fn about(key: Key, account: &Account) -> Sentence {
    Sentence::new(key).with("account", format!("{} ({})", account.display(), account.name()))
}

fn account_added(said: &mut Vec<Sentence>, new: &Config, account: &Account) {
    let clearance = new.policy().print_clearance(account.clearance());
    said.push(
        about(key::CONFIG_DIFF_ACCOUNT_ADDED, account).with("nation", account.nation()).with("clearance", clearance),
    );
    for role in Role::ALL.into_iter().filter(|role| account.roles().holds(*role)) {
        said.push(about(key::CONFIG_DIFF_ROLE_GAINED, account).with("role", role.sentence()));
    }
    for certificate in account.certificates() {
        said.push(about(key::CONFIG_DIFF_KEY_GAINED, account).with("fingerprint", certificate.to_string()));
    }
    if account.suspended() {
        said.push(about(key::CONFIG_DIFF_SUSPENDED, account));
    }
}

fn account_changes(
    said: &mut Vec<Sentence>,
    before: (&Config, &Account),
    after: (&Config, &Account),
    same_policy: bool,
) {
    let ((_, was), (_, is)) = (before, after);
    if (was.name(), was.display()) != (is.name(), is.display()) {
        let sentence = about(key::CONFIG_DIFF_RENAMED, is);
        said.push(sentence.with("was", format!("{} ({})", was.display(), was.name())));
    }
    match (was.suspended(), is.suspended()) {
        (false, true) => said.push(about(key::CONFIG_DIFF_SUSPENDED, is)),
        (true, false) => said.push(about(key::CONFIG_DIFF_READMITTED, is)),
        (true, true) | (false, false) => {}
    }
    clearance_changes(said, before, after, same_policy);
    for role in Role::ALL {
        match (was.roles().holds(role), is.roles().holds(role)) {
            (false, true) => said.push(about(key::CONFIG_DIFF_ROLE_GAINED, is).with("role", role.sentence())),
            (true, false) => said.push(about(key::CONFIG_DIFF_ROLE_LOST, is).with("role", role.sentence())),
            (true, true) | (false, false) => {}
        }
    }
    for certificate in is.certificates().iter().filter(|key| !was.certificates().contains(key)) {
        said.push(about(key::CONFIG_DIFF_KEY_GAINED, is).with("fingerprint", certificate.to_string()));
    }
    for certificate in was.certificates().iter().filter(|key| !is.certificates().contains(key)) {
        said.push(about(key::CONFIG_DIFF_KEY_LOST, is).with("fingerprint", certificate.to_string()));
    }
}

/// Level, categories and nation apart: a clearance may rise on one axis and fall on another.
fn clearance_changes(
    said: &mut Vec<Sentence>,
    before: (&Config, &Account),
    after: (&Config, &Account),
    same_policy: bool,
) {
    let ((old, was), (new, is)) = (before, after);
    let (old_words, new_words) = (old.policy().words_for(was.clearance()), new.policy().words_for(is.clearance()));
    let level =
        |levels: &[&crate::label::Level]| levels.last().map(|level| level.code().to_owned()).unwrap_or_default();
    let (from, to) = (level(&old_words.levels), level(&new_words.levels));
    if from != to {
        let (low, high) = (old_words.levels.len(), new_words.levels.len());
        let key = match (same_policy, low < high) {
            (true, true) => key::CONFIG_DIFF_LEVEL_UP,
            (true, false) => key::CONFIG_DIFF_LEVEL_DOWN,
            // Two policies share no scale.
            (false, _) => key::CONFIG_DIFF_LEVEL_OTHER,
        };
        said.push(about(key, is).with("from", from).with("to", to));
    }
    let codes = |words: &crate::label::Words<'_>| -> BTreeSet<String> {
        words.categories.iter().map(|category| category.code().to_owned()).collect()
    };
    let (held, holds) = (codes(&old_words), codes(&new_words));
    for category in holds.difference(&held) {
        said.push(about(key::CONFIG_DIFF_CATEGORY_GAINED, is).with("category", category.as_str()));
    }
    for category in held.difference(&holds) {
        said.push(about(key::CONFIG_DIFF_CATEGORY_LOST, is).with("category", category.as_str()));
    }
    if was.nation() != is.nation() {
        said.push(about(key::CONFIG_DIFF_NATION, is).with("from", was.nation()).with("to", is.nation()));
    }
}

fn trust_changes(said: &mut Vec<Sentence>, old: Option<&Config>, new: &Config) {
    let anchors = old.map(Config::anchors).unwrap_or_default();
    for anchor in new.anchors().iter().filter(|anchor| !anchors.contains(anchor)) {
        said.push(Sentence::new(key::CONFIG_DIFF_ANCHOR_ADDED).with("subject", anchor.subject()));
    }
    for anchor in anchors.iter().filter(|anchor| !new.anchors().contains(anchor)) {
        said.push(Sentence::new(key::CONFIG_DIFF_ANCHOR_REMOVED).with("subject", anchor.subject()));
    }
    // An authority that stays has a list, so a list that goes has gone with its authority.
    let crls = old.map(Config::crls).unwrap_or_default();
    for crl in new.crls().iter().filter(|crl| !crls.contains(crl)) {
        let was = crls.iter().find(|was| was.issuer() == crl.issuer()).map_or(0, |was| was.revoked());
        let sentence = Sentence::new(key::CONFIG_DIFF_CRL).with("issuer", crl.issuer()).with("was", was);
        said.push(sentence.with("revoked", crl.revoked()).with("until", crl.next_update().to_string()));
    }
}

fn settings_changes(said: &mut Vec<Sentence>, old: Option<&Config>, new: &Config) {
    if old.is_none_or(|old| old.policy_digest != new.policy_digest) {
        let sentence = Sentence::new(key::CONFIG_DIFF_POLICY).with("policy", new.policy().id());
        said.push(sentence.with("digest", new.policy_digest.to_string()));
    }
    if old.is_none_or(|old| old.server_names != new.server_names) {
        said.push(Sentence::new(key::CONFIG_DIFF_SERVER_NAMES).with("names", new.server_names.join(", ")));
    }
    let limits = |limits: Limits| {
        [
            ("connections", limits.connections),
            ("connections_per_account", limits.connections_per_account),
            ("requests_per_minute", limits.requests_per_minute),
        ]
    };
    for (name, value) in limits(new.limits) {
        if old.is_none_or(|old| !limits(old.limits).contains(&(name, value))) {
            said.push(Sentence::new(key::CONFIG_DIFF_LIMIT).with("name", name).with("value", value));
        }
    }
    if old.is_none_or(|old| (old.not_before, old.expires) != (new.not_before, new.expires)) {
        let sentence = Sentence::new(key::CONFIG_DIFF_PERIOD).with("from", new.not_before.to_string());
        said.push(sentence.with("until", new.expires.to_string()));
    }
}
