#![expect(clippy::expect_used, clippy::print_stdout, reason = "a test fails by panicking, and shows what people see")]

//! The demonstration from its founding to its end, through the real server: the tour itself says when something is
//! not as it should be.

use std::{
    fs,
    sync::{Arc, Mutex},
};

use vigie::{
    clock::Clock,
    crypto::Entropy,
    ops::{
        demo::{Options, demo},
        report::Report,
    },
    words::{Language, Sentence},
};

/// Keeps what a person would have read.
#[derive(Default)]
struct Kept(Mutex<String>);

impl Report for Kept {
    fn language(&self) -> Language {
        Language::French
    }

    fn text(&self, text: &str) {
        let mut kept = self.0.lock().expect("a lock");
        kept.push_str(text);
        kept.push('\n');
    }

    fn progress(&self, _what: &Sentence, _done: u64, _total: u64) {}
}

async fn once(options: &Options) -> String {
    let report = Arc::new(Kept::default());
    let outcome = demo(options.clone(), Clock::System, Entropy::default(), Arc::<Kept>::clone(&report)).await;
    let text = report.0.lock().expect("a lock").clone();
    println!("{text}");
    outcome.expect("a demonstration");
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tour_shows_that_the_low_analyst_cannot_tell() {
    let id = Entropy::default().id().expect("random bytes");
    let dir = std::env::temp_dir().join(format!("vigie-demo-{id}"));
    let options = Options { dir: dir.clone(), port: 0, once: true };
    let first = once(&options).await;
    let again = once(&options).await;
    for text in [&first, &again] {
        assert!(!text.contains("DÉFAUT"), "the tour says what is wrong");
        assert!(text.contains("analyste-dr ne peut pas savoir"));
        assert!(text.contains("not-dominated") && text.contains("absent"), "the journal tells apart");
        assert!(text.contains("Journal recalculé"));
        assert!(text.contains("aucun n’y est lisible"));
    }
    assert!(first.contains("Chargé par l’API") && !again.contains("Chargé par l’API"), "loaded once");
    let loaded = fs::read_to_string(dir.join("loaded")).expect("what was loaded");
    assert!(loaded.lines().count() > 150, "{}", loaded.lines().count());
    fs::remove_dir_all(dir).expect("removed");
}
