//! Two worlds that differ in what `Bas` cannot see, drawn by chance: everything that a search tells him is the same.

use std::time::Duration;

use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::json;

use super::{escaped, note, space};
use crate::world::{Reply, Who, World};

const WORDS: [&str; 8] = ["radar", "sonar", "antenne", "drone", "orbite", "relais", "réseau", "chiffre"];

/// A text of these words.
fn text(words: &[usize]) -> String {
    words.iter().map(|word| WORDS[word % WORDS.len()]).collect::<Vec<_>>().join(" ")
}

/// What `Bas` sees is `low`; what he does not is `high`: above, and beside at his own label. `compact`: as after a quiet while,
/// with one segment in each index.
async fn answers(
    low: &[Vec<usize>],
    high: &[(bool, Vec<usize>)],
    questions: &[Vec<usize>],
    compact: bool,
) -> Vec<Reply> {
    let world = World::new();
    world.seed(1);
    let common = space(&world, Who::Haut, "DR", "Commun", &[Who::Bas]).await;
    world.seed(2);
    let (above, beside) =
        (space(&world, Who::Haut, "S", "Haut", &[]).await, space(&world, Who::Haut, "DR", "Côté", &[]).await);
    let mut hidden = high.iter();
    for (number, words) in (0_u64..).zip(low) {
        // In between, so that the segments of the two worlds part differently.
        if let Some((is_above, words)) = hidden.next() {
            world.seed(5000 + number);
            let (label, space) = if *is_above { ("S", &above) } else { ("DR", &beside) };
            note(&world, Who::Haut, label, space, &text(words), &text(words), json!({"tags": [text(&words[..1])]}))
                .await;
            world.index().await;
        }
        world.seed(100 + number);
        note(&world, Who::Haut, "DR", &common, &format!("Note {number}"), &text(words), json!({})).await;
    }
    for (number, (is_above, words)) in (9000_u64..).zip(hidden) {
        world.seed(number);
        let (label, space) = if *is_above { ("S", &above) } else { ("DR", &beside) };
        note(&world, Who::Haut, label, space, &text(words), &text(words), json!({})).await;
    }
    if compact {
        world.index().await;
        while world.app.finder.compact() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    let mut replies = Vec::new();
    for (number, words) in (20_000_u64..).zip(questions) {
        let any = text(words).replace(' ', " OR ");
        let last: String = text(words).rsplit(' ').next().unwrap_or_default().chars().take(3).collect();
        for path in [
            format!("/search?q={}&limit=3", escaped(&any)),
            format!("/search?facets=true&q={}", escaped(&text(words))),
            format!("/search?q={}*&sort=date", escaped(&last)),
            format!("/suggest?q={}", escaped(&last)),
        ] {
            world.seed(number);
            replies.push(world.get(Who::Bas, "DR", &path).await);
        }
    }
    replies
}

#[test]
fn nothing_that_a_search_tells_depends_on_what_its_reader_cannot_see() {
    let words = || prop::collection::vec(0..WORDS.len(), 1..6);
    let hidden = || prop::collection::vec((any::<bool>(), words()), 0..10);
    let world = (prop::collection::vec(words(), 1..8), hidden(), hidden(), prop::collection::vec(words(), 1..4));
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runner
        .run(&world, |(low, one, other, questions)| {
            runtime.block_on(async {
                let one = answers(&low, &one, &questions, false).await;
                let other = answers(&low, &other, &questions, true).await;
                prop_assert!(one.iter().all(|reply| reply.status == 200));
                prop_assert_eq!(one, other);
                Ok(())
            })
        })
        .expect("the same");
}
