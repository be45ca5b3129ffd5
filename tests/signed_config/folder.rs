//! How accepted files are kept, and what a crash, damage or a rollback of the folder comes to.

use std::{fs, path::Path};

use vigie::config::{Folder, FolderError, InForce, Kind, Outcome, SignedFile, openssh_public_line};

use crate::{
    ssh::Scratch,
    workshop::{Site, account_id, now, person, signed},
};

struct Place {
    scratch: Scratch,
    site: Site,
    folder: Folder,
    in_force: InForce,
}

impl Place {
    fn new(name: &str) -> Self {
        let (scratch, site) = (Scratch::new(name), Site::new());
        let folder = Folder::at(scratch.0.join("config"));
        let in_force = folder.begin(&site.root_signed, &site.config_signed, &[], now()).expect("begins");
        Self { scratch, site, folder, in_force }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.scratch.0.join("config").join(name)
    }

    fn config(&mut self, bend: impl FnOnce(&mut vigie::config::shape::ConfigFile)) -> SignedFile {
        let mut file = self.site.config_file();
        bend(&mut file);
        signed(Kind::Config, self.site.deployment, &file.to_toml().expect("toml"), &[&self.site.alice, &self.site.bob])
    }

    fn revoke(&mut self, number: u8) -> SignedFile {
        let mut file = self.site.revoke_file();
        file.suspend = vec![account_id(number)];
        signed(Kind::Revoke, self.site.deployment, &file.to_toml().expect("toml"), &[&self.site.carol])
    }

    /// Reads the inbox, goes on with what is in force then, and gives the codes of the outcomes.
    fn poll(&mut self) -> Vec<String> {
        let outcomes = self.folder.apply_inbox(&self.in_force, now()).expect("a working folder");
        let said = |outcome: &Outcome| match &outcome.verdict {
            Ok(accepted) => format!("accepted {} by {}", outcome.kind.word(), accepted.signers.join("+")),
            Err(refusal) => format!("refused {} {}", outcome.kind.word(), refusal.code()),
        };
        for outcome in &outcomes {
            assert!(outcome.claimed_epoch > 0, "each of these files says which epoch it is");
            if let Ok(accepted) = &outcome.verdict {
                self.in_force = accepted.in_force.clone();
                self.site.config = vigie::config::Config::clone(&accepted.in_force.config);
                self.site.root = vigie::config::Root::clone(&accepted.in_force.root);
            }
        }
        outcomes.iter().map(said).collect()
    }
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a directory")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("text"))
        .collect();
    names.sort();
    names
}

#[test]
fn what_was_accepted_is_in_force_after_a_restart() {
    let mut place = Place::new("restart");
    assert_eq!(place.folder.load().expect("loads").standing(), place.in_force.standing());
    assert_eq!(place.poll(), Vec::<String>::new());
    let next = place.config(|file| file.accounts[0].clearance = "TS".to_owned());
    place.folder.submit(Kind::Config, &next, &[]).expect("submitted");
    assert_eq!(place.poll(), ["accepted config by Alice+Bob"]);
    for number in [1, 2] {
        let revoke = place.revoke(number);
        place.folder.submit(Kind::Revoke, &revoke, &[]).expect("submitted");
        assert_eq!(place.poll(), ["accepted revoke by Carol"]);
    }
    let loaded = place.folder.load().expect("loads");
    assert_eq!(loaded.standing(), place.in_force.standing());
    assert_eq!((loaded.config.epoch(), loaded.config.revocations()), (2, 2));
    assert!(loaded.config.account(account_id(2)).expect("account 2").suspended());
    let next = place.config(|_| {});
    place.folder.submit(Kind::Config, &next, &[]).expect("submitted");
    assert_eq!(place.poll(), ["accepted config by Alice+Bob"]);
    let loaded = place.folder.load().expect("loads");
    assert_eq!((loaded.config.epoch(), loaded.config.revocations()), (3, 0));
    assert_eq!(names(&place.folder.inbox()), Vec::<String>::new(), "nothing waits any more");
    assert_eq!(names(&place.folder.refused()), Vec::<String>::new());
}

#[test]
fn a_configuration_stays_good_when_its_signers_leave_the_root() {
    let mut place = Place::new("leavers");
    let Site { alice, bob, carol, stranger, .. } = &place.site;
    let mut file = place.site.root_file();
    file.people.retain(|person| person.name != "Alice");
    file.people.push(person("Sam", &[openssh_public_line(stranger, "")]));
    let root =
        signed(Kind::Root, place.site.deployment, &file.to_toml().expect("toml"), &[alice, bob, carol, stranger]);
    place.folder.submit(Kind::Root, &root, &[]).expect("submitted");
    assert_eq!(place.poll(), ["accepted root by Alice+Bob+Carol+Sam"]);
    let loaded = place.folder.load().expect("the configuration that Alice signed still counts");
    assert_eq!((loaded.root.epoch(), loaded.config.epoch()), (2, 1));
    let next = place.config(|_| {});
    place.folder.submit(Kind::Config, &next, &[]).expect("submitted");
    assert_eq!(place.poll(), ["refused config unknown-signer"], "but Alice signs no new one");
}

#[test]
fn a_refused_file_is_put_aside_with_its_reason() {
    let mut place = Place::new("refused");
    let mut bad = place.config(|_| {});
    bad.signatures.truncate(1);
    place.folder.submit(Kind::Config, &bad, &[]).expect("submitted");
    assert_eq!(
        place.folder.submit(Kind::Config, &bad, &[]),
        Err(FolderError::Waiting { file: "config.toml".to_owned() })
    );
    assert_eq!(place.poll(), ["refused config too-few-people"]);
    let aside = names(&place.folder.refused());
    let stamp = now().0;
    let expected = ["config.toml", "config.toml.reason", "config.toml.sig.1"].map(|name| format!("{stamp}-{name}"));
    assert_eq!(aside, expected);
    let reason = fs::read_to_string(place.folder.refused().join(&aside[1])).expect("a reason");
    assert!(
        reason.starts_with("too-few-people\n2026-11-21T08:00:00.000Z\nfr: Il faut 2 signataires différents."),
        "{reason}"
    );
    assert_eq!(names(&place.folder.inbox()), Vec::<String>::new());
    assert_eq!(place.folder.load().expect("loads").standing(), place.in_force.standing());
    assert_eq!(place.poll(), Vec::<String>::new());
}

#[test]
fn what_cuts_is_read_before_what_grants() {
    let mut place = Place::new("order");
    let (config, revoke) = (place.config(|_| {}), place.revoke(1));
    place.folder.submit(Kind::Config, &config, &[]).expect("submitted");
    place.folder.submit(Kind::Revoke, &revoke, &[]).expect("submitted");
    assert_eq!(place.poll(), ["accepted revoke by Carol", "refused config wrong-previous"]);
    assert!(place.in_force.config.account(account_id(1)).expect("account 1").suspended());
}

#[test]
fn a_policy_comes_with_the_configuration_that_names_it() {
    let mut place = Place::new("policy");
    let policy = format!("# ours\n{}", vigie::label::builtin()[0].1).into_bytes();
    let digest = vigie::crypto::sha256(&[&policy]);
    let next = place.config(|file| file.policy.sha256 = digest);
    place.folder.submit(Kind::Config, &next, &[policy]).expect("submitted");
    assert_eq!(place.poll(), ["accepted config by Alice+Bob"]);
    assert_eq!(names(&place.folder.inbox()), Vec::<String>::new());
    assert_eq!(place.folder.load().expect("loads").config.policy_digest(), digest);
    // The next configuration may go on with it, though nobody brings it again.
    let next = place.config(|file| file.policy.sha256 = digest);
    place.folder.submit(Kind::Config, &next, &[]).expect("submitted");
    assert_eq!(place.poll(), ["accepted config by Alice+Bob"]);
    let kept = place.path(&format!("policy.{digest}.toml"));
    fs::write(&kept, "id = 7").expect("written");
    assert_eq!(place.folder.load().expect_err("changed").code(), "folder-file-exchanged");
    fs::remove_file(&kept).expect("removed");
    assert_eq!(place.folder.load().expect_err("gone"), FolderError::Missing { file: format!("policy.{digest}.toml") });
}

#[test]
fn a_crash_leaves_a_file_wholly_in_force_or_not_at_all() {
    let mut place = Place::new("crash");
    let before = place.scratch.0.join("before");
    let next = place.config(|file| file.accounts[0].clearance = "TS".to_owned());
    place.folder.submit(Kind::Config, &next, &[]).expect("submitted");
    copy_all(&place.path(""), &before);
    let in_force = place.in_force.clone();
    assert_eq!(place.poll(), ["accepted config by Alice+Bob"]);
    let accepted = place.in_force.standing();
    // After the rename, before the inbox is cleared: all of what waited is still there.
    copy_all(&before.join("inbox"), &place.folder.inbox());
    let loaded = place.folder.load().expect("loads");
    assert_eq!(loaded.standing(), accepted);
    assert!(place.folder.apply_inbox(&loaded, now()).expect("works").is_empty(), "in force already, nothing to say");
    assert_eq!(names(&place.folder.inbox()), Vec::<String>::new());
    // Before the rename: signatures and a half written file lie there and mean nothing.
    let crashed = Folder::at(&before);
    fs::write(before.join("config.2.toml.sig.1"), b"half").expect("written");
    fs::write(before.join("config.2.toml.sig.3"), b"stale").expect("written");
    fs::write(before.join(".config.2.toml.part"), b"half").expect("written");
    let loaded = crashed.load().expect("loads");
    assert_eq!(loaded.standing(), in_force.standing());
    assert_eq!(crashed.apply_inbox(&loaded, now()).expect("works").len(), 1);
    assert_eq!(crashed.load().expect("the stale signatures are gone").standing(), accepted);
}

#[test]
fn damage_is_blamed_on_the_file_and_never_passed_over() {
    let mut place = Place::new("damage");
    let next = place.config(|_| {});
    place.folder.submit(Kind::Config, &next, &[]).expect("submitted");
    place.poll();
    let revoke = place.revoke(1);
    place.folder.submit(Kind::Revoke, &revoke, &[]).expect("submitted");
    place.poll();
    let all = names(&place.path(""));
    let files: Vec<&String> =
        all.iter().filter(|name| name.contains(".toml") && !name.starts_with("policy.")).collect();
    assert!(files.len() >= 10, "{files:?}");
    for name in files {
        let path = place.path(name);
        let good = fs::read(&path).expect("a file");
        let mut bad = good.clone();
        let middle = bad.len() / 2;
        bad[middle] ^= 1;
        fs::write(&path, &bad).expect("written");
        let harmless = name.starts_with("config.1.toml.sig");
        match place.folder.load() {
            Ok(_loaded) => assert!(harmless, "{name} was damaged and nobody said so"),
            Err(fault) => {
                let said = fault.sentence().render(vigie::words::Language::French);
                let family = name.split(".sig.").next().expect("a name");
                // The end of the chain is told apart from its middle by hashing: the next file is the one that no longer fits.
                assert!(
                    said.contains(family) || (name == "config.1.toml" && said.contains("config.2.toml")),
                    "{name}: {said}"
                );
                assert!(said.contains("sauvegarde"), "{said}");
            }
        }
        fs::write(&path, &good).expect("written");
    }
    place.folder.load().expect("all is well again");
    fs::remove_file(place.path("root.1.toml")).expect("removed");
    assert_eq!(place.folder.load().expect_err("gone"), FolderError::Missing { file: "root.1.toml".to_owned() });
}

#[test]
fn an_older_folder_is_seen_by_what_the_journal_remembers() {
    let mut place = Place::new("rollback");
    let old = place.scratch.0.join("old");
    copy_all(&place.path(""), &old);
    let first = place.in_force.standing();
    let next = place.config(|_| {});
    place.folder.submit(Kind::Config, &next, &[]).expect("submitted");
    place.poll();
    let second = place.in_force.standing();
    let revoke = place.revoke(1);
    place.folder.submit(Kind::Revoke, &revoke, &[]).expect("submitted");
    place.poll();
    let third = place.in_force.standing();
    for then in [first, second, third] {
        assert_eq!(place.folder.confirms(&then, &third), Ok(()));
    }
    let rolled_back = Folder::at(&old);
    let now_there = rolled_back.load().expect("consistent in itself").standing();
    assert_eq!(rolled_back.confirms(&first, &now_there), Ok(()));
    for (then, file) in [(second, "config.2.toml"), (third, "revoke.2.1.toml")] {
        let verdict = rolled_back.confirms(&then, &now_there);
        assert_eq!(verdict, Err(FolderError::RolledBack { file: file.to_owned() }));
    }
    let mut other = second;
    other.config_digest = first.config_digest;
    assert_eq!(place.folder.confirms(&other, &third), Err(FolderError::Exchanged { file: "config.2.toml".to_owned() }));
}

#[test]
fn a_folder_is_begun_once_and_only_with_good_files() {
    let place = Place::new("begin");
    let again = place.folder.begin(&place.site.root_signed, &place.site.config_signed, &[], now());
    assert_eq!(again.expect_err("begun already"), FolderError::Occupied);
    let empty = Folder::at(place.scratch.0.join("empty"));
    let mut lone = place.site.config_signed.clone();
    lone.signatures.truncate(1);
    assert_eq!(
        empty.begin(&place.site.root_signed, &lone, &[], now()).expect_err("one signer").code(),
        "too-few-people"
    );
    assert!(!place.scratch.0.join("empty").exists(), "nothing was made");
    assert!(matches!(empty.load(), Err(FolderError::Missing { .. })));
}

#[test]
fn strange_names_in_the_inbox_are_left_alone() {
    let mut place = Place::new("names");
    let inbox = place.folder.inbox();
    let good = place.config(|_| {});
    fs::write(place.scratch.0.join("outside.toml"), &good.bytes).expect("written");
    std::os::unix::fs::symlink(place.scratch.0.join("outside.toml"), inbox.join("config.toml")).expect("a link");
    for name in
        ["notes.txt", ".config.toml", "config.toml.part", "config.toml.sig.1", "config.toml.sig.x", "con fig.toml"]
    {
        fs::write(inbox.join(name), b"?").expect("written");
    }
    fs::create_dir(inbox.join("revoke.toml")).expect("a directory");
    assert_eq!(place.poll(), Vec::<String>::new());
    assert_eq!(names(&inbox).len(), 8, "nothing was taken");
}

#[test]
fn a_full_disk_does_not_hold_up_what_was_decided() {
    let mut place = Place::new("full");
    let (good, mut bad) = (place.revoke(1), place.config(|_| {}));
    bad.signatures.clear();
    place.folder.submit(Kind::Revoke, &good, &[]).expect("submitted");
    place.folder.submit(Kind::Config, &bad, &[]).expect("submitted");
    // The refused file finds no room: a plain file stands where its directory should be.
    fs::remove_dir(place.folder.refused()).expect("empty so far");
    fs::write(place.folder.refused(), b"").expect("written");
    assert_eq!(place.poll(), ["accepted revoke by Carol"], "the revocation counts at once");
    let fault = place.folder.apply_inbox(&place.in_force, now()).expect_err("and then the fault is told");
    assert_eq!(fault.code(), "folder-system");
    fs::remove_file(place.folder.refused()).expect("removed");
    assert_eq!(place.poll(), ["refused config wrong-previous"]);
}
