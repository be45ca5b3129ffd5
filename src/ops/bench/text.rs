//! Notes made up for the measurement: the same in every run, about as compressible as what people write.

use crate::{
    crypto::sha256,
    ids::Id,
    sharing::note::{NoteContent, NoteKind, Source},
};

/// Bytes of a body.
const BODY_BYTES: usize = 1024;

const WORDS: [&str; 64] = [
    "capteur",
    "quantique",
    "publication",
    "laboratoire",
    "fournisseur",
    "drone",
    "essai",
    "brevet",
    "calcul",
    "refroidissement",
    "partenaire",
    "calendrier",
    "démonstrateur",
    "réseau",
    "satellite",
    "composant",
    "norme",
    "budget",
    "consortium",
    "prototype",
    "interférence",
    "photonique",
    "radar",
    "chiffrement",
    "processeur",
    "alliage",
    "batterie",
    "autonomie",
    "navigation",
    "essaim",
    "détection",
    "cryostat",
    "article",
    "conférence",
    "équipe",
    "résultat",
    "mesure",
    "portée",
    "rendement",
    "fabrication",
    "ligne",
    "licence",
    "achat",
    "délai",
    "risque",
    "hypothèse",
    "source",
    "annonce",
    "marché",
    "contrat",
    "filière",
    "usine",
    "logiciel",
    "modèle",
    "signal",
    "bruit",
    "fréquence",
    "antenne",
    "optique",
    "laser",
    "fibre",
    "atome",
    "ion",
    "supraconducteur",
];

/// A small generator of numbers (SplitMix64, Steele, Lea and Flood 2014): for choices, never for secrets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) const fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }

    fn word(&mut self) -> &'static str {
        let place = usize::try_from(self.below(64)).unwrap_or(0);
        WORDS.get(place).copied().unwrap_or("source")
    }
}

/// The identifier of the `number`th thing of a kind: found again without being kept.
pub(super) fn id(kind: &str, number: u64) -> Id {
    let digest = sha256(&[b"bench\0", kind.as_bytes(), &number.to_be_bytes()]);
    Id::from_bytes(digest.0.first_chunk().copied().unwrap_or_default())
}

/// The `number`th note: a body of 1 KiB, two tags, one source.
pub(super) fn note(number: u64) -> NoteContent {
    let mut numbers = Numbers::from_seed(number);
    let mut body = String::with_capacity(BODY_BYTES.saturating_add(16));
    while body.len() < BODY_BYTES {
        body.push_str(numbers.word());
        body.push_str(if numbers.below(12) == 0 { ".\n" } else { " " });
    }
    body.truncate(body.floor_char_boundary(BODY_BYTES));
    NoteContent {
        kind: NoteKind::Watch,
        title: format!("{} {} {number}", numbers.word(), numbers.word()),
        body: body.trim_end().to_owned(),
        tags: vec![numbers.word().to_owned(), "veille".to_owned()],
        language: "fr".to_owned(),
        sources: vec![Source {
            url: format!("https://revue.example/{number}"),
            title: numbers.word().to_owned(),
            author: numbers.word().to_owned(),
            date: "2026-11-21".to_owned(),
        }],
        grade: None,
        review: None,
        expires: None,
    }
}
