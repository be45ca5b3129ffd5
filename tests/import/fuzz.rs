//! Every parser under mutations of the samples: no panic, nothing beyond the limits, notes before links before files, no
//! name twice, the same twice. Each run is known by its seed and number, and can be run again alone.
//!
//! A few thousand of each with the other tests; a million of each by `make fuzz`.

use std::{fs, panic::AssertUnwindSafe, time::Instant};

use vigie::{
    ops::import::{Folders, Unsaid, feed, html, mail, markdown, misp, references, stix, table},
    words::Language,
};

use crate::{Sorted, bundle, scratch, sorted};

const SEED: u64 = 0x7669_6769_6520_3034;
const QUICK: u64 = 3_000;
const MILLION: u64 = 1_000_000;
/// Bytes of one input: long enough for every rule, short enough for a million.
const INPUT_BYTES_MAX: usize = 8 * 1024;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { (self.roll() % bound as u64) as usize }
    }
}

/// Words that any of the formats takes for signs.
const WORDS: [&str; 40] = [
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    "<",
    ">",
    "</",
    "/>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "&#x0;",
    "&amp;",
    "@",
    "=",
    "\n",
    "\r\n",
    "\n\n",
    ";",
    ",",
    "\u{feff}",
    "\u{202e}",
    "é",
    "\0",
    "--b\r\n",
    "Content-Type: message/rfc822\r\n\r\n",
    "\\'",
    "TY  - ",
    "ER  - ",
    "---\n",
    "[[",
    "]]",
    "![](",
    "null",
    "1e999",
    "<item>",
    "\u{e0001}",
];

fn mutated(dice: &mut Dice, samples: &[&[u8]]) -> Vec<u8> {
    let mut input = samples[dice.below(samples.len())].to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(input.len() + 1);
        let end = (at + 1 + dice.below(64)).min(input.len());
        match dice.below(9) {
            0 if !input.is_empty() => {
                let at = at.min(input.len() - 1);
                input[at] ^= 1 << dice.below(8);
            }
            1 => drop(input.drain(at..end.max(at))),
            2 => input.truncate(at),
            3 => {
                let part = input[at.min(end)..end].to_vec();
                drop(input.splice(at..at, part));
            }
            4 => {
                let other = samples[dice.below(samples.len())];
                let from = dice.below(other.len() + 1);
                let to = (from + dice.below(256)).min(other.len());
                drop(input.splice(at..at, other[from..to].iter().copied()));
            }
            5 => {
                let word = WORDS[dice.below(WORDS.len())].as_bytes().repeat(1 + dice.below(40));
                drop(input.splice(at..at, word));
            }
            6 => drop(input.splice(at..at, [dice.roll() as u8])),
            7 => {
                let value = dice.roll().to_string();
                drop(input.splice(at..end.max(at), value.bytes()));
            }
            _ => {
                let word = WORDS[dice.below(WORDS.len())].as_bytes();
                drop(input.splice(at..at, word.iter().copied()));
            }
        }
    }
    input.truncate(INPUT_BYTES_MAX);
    input
}

fn input(run: u64, samples: &[&[u8]]) -> Vec<u8> {
    mutated(&mut Dice(SEED ^ run.wrapping_mul(0x2545_f491_4f6c_dd1d)), samples)
}

/// Runs a parser so many times.
fn fuzz(name: &str, runs: u64, samples: &[&[u8]], parse: &dyn Fn(&[u8]) -> Sorted) {
    let begun = Instant::now();
    let (mut slowest, mut notes, mut refused) = ((0, 0), 0_u64, 0_u64);
    for run in 0..runs {
        let input = input(run, samples);
        let started = Instant::now();
        let Ok(found) = std::panic::catch_unwind(AssertUnwindSafe(|| parse(&input))) else {
            panic!("{name}: seed {SEED:#x}, run {run}: {:?}", String::from_utf8_lossy(&input));
        };
        slowest = slowest.max((started.elapsed().as_micros(), run));
        notes += found.notes.len() as u64;
        refused += found.refused.len() as u64;
        if run % 64 == 0 {
            assert_eq!(found, parse(&input), "{name}: seed {SEED:#x}, run {run}: the same gives the same");
        }
    }
    let (micros, run) = slowest;
    let seconds = begun.elapsed().as_secs();
    eprintln!(
        "{name}: seed {SEED:#x}, {runs} executions in {seconds} s, {notes} notes, {refused} refused; slowest {micros} µs in run {run}"
    );
}

macro_rules! fuzzed {
    ($quick:ident, $million:ident, [$($sample:literal),+], $parse:expr) => {
        #[test]
        fn $quick() {
            fuzz(stringify!($quick), QUICK, &[$(include_bytes!(concat!("samples/", $sample))),+], &$parse);
        }

        #[test]
        #[ignore = "a million executions: make fuzz"]
        fn $million() {
            fuzz(stringify!($million), MILLION, &[$(include_bytes!(concat!("samples/", $sample))),+], &$parse);
        }
    };
}

fuzzed!(mutated_stix_breaks_nothing, a_million_of_stix, ["bundle.json"], |input: &[u8]| {
    sorted(stix::import(vec![bundle("f", input)]))
});
fuzzed!(
    mutated_misp_breaks_nothing,
    a_million_of_misp,
    ["galaxy.json", "event.json", "taxonomy.json"],
    |input: &[u8]| sorted(misp::from_bundles(vec![bundle("f", input)]))
);
fuzzed!(mutated_tables_break_nothing, a_million_of_tables, ["table.csv"], |input: &[u8]| {
    let mapping = table::Mapping::parse(include_str!("samples/mapping.toml")).expect("a mapping");
    sorted(table::from_bundles(vec![bundle("f", input)], mapping, Unsaid::Guessed(Language::French)))
});
fuzzed!(mutated_mappings_break_nothing, a_million_of_mappings, ["mapping.toml"], |input: &[u8]| {
    let mapping = std::str::from_utf8(input).ok().and_then(|text| table::Mapping::parse(text).ok());
    mapping.map_or_else(Sorted::default, |mapping| {
        let rows = &include_bytes!("samples/table.csv")[..];
        sorted(table::from_bundles(vec![bundle("f", rows)], mapping, Unsaid::Guessed(Language::French)))
    })
});
fuzzed!(
    mutated_feeds_break_nothing,
    a_million_of_feeds,
    ["rss.xml", "atom.xml", "rdf.xml", "feed.json"],
    |input: &[u8]| sorted(feed::from_bundles(vec![bundle("f", input)], Unsaid::Guessed(Language::French)))
);
fuzzed!(mutated_pages_break_nothing, a_million_of_pages, ["page.html"], |input: &[u8]| {
    sorted(html::from_bundles(vec![bundle("f", input)], Unsaid::Guessed(Language::French)))
});
fuzzed!(mutated_mail_breaks_nothing, a_million_of_mail, ["mail.eml", "reply.eml"], |input: &[u8]| {
    sorted(mail::from_bundles(vec![bundle("f", input)], Unsaid::Guessed(Language::French)))
});
fuzzed!(mutated_references_break_nothing, a_million_of_references, ["works.bib", "works.ris"], |input: &[u8]| {
    sorted(references::from_bundles(vec![bundle("f", input)], Unsaid::Guessed(Language::French)))
});
fuzzed!(mutated_markdown_breaks_nothing, a_million_of_markdown, ["note.md"], |input: &[u8]| {
    // The importer reads folders: so one is written, once for each thread.
    thread_local!(static FOLDER: crate::Scratch = scratch(&format!("fuzz-{:?}", std::thread::current().id())));
    FOLDER.with(|folder| {
        fs::write(folder.0.join("a.md"), input).expect("a note");
        fs::write(folder.0.join("b.md"), "other").expect("a note");
        fs::write(folder.0.join("plan.png"), "PNG").expect("a picture");
        sorted(markdown::import(&folder.0, Unsaid::Guessed(Language::French), Folders::Tags))
    })
});

/// Runs of the million that a library did not survive, kept among the quick tests.
#[test]
fn what_a_million_found_breaks_nothing_any_more() {
    let samples = [&include_bytes!("samples/mail.eml")[..], include_bytes!("samples/reply.eml")];
    let input = input(58_057, &samples);
    assert!(input.windows(15).any(|window| window == b"charset=utfxed;"), "the same input");
    drop(sorted(mail::from_bundles(vec![bundle("f", &input[..])], Unsaid::Guessed(Language::French))));
}
