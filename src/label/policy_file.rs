//! The TOML shape of a policy file, and what a file must satisfy to be a policy.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{
    error::Word,
    marking::{Colours, Display, Pattern},
    policy::{Category, Level, Meaning, Names, Policy, Releasability, fold},
    policy_error::{Counted, PolicyError},
    stanag::Tags,
    text::EVERYBODY,
};
use crate::limits;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    id: String,
    oid: String,
    version: String,
    owner: String,
    names: Names,
    levels: Vec<LevelEntry>,
    #[serde(default)]
    categories: Vec<CategoryEntry>,
    releasability: Vec<ReleasabilityEntry>,
    #[serde(default)]
    aliases: BTreeMap<String, String>,
    display: Display,
    stanag: Tags,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelEntry {
    code: String,
    rank: u16,
    names: Names,
    portion: Option<String>,
    classification: Option<String>,
    text: String,
    ground: String,
    pattern: Pattern,
    #[serde(default)]
    mention: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryEntry {
    code: String,
    names: Names,
    portion: Option<String>,
    minimum_level: Option<String>,
    #[serde(default)]
    owner_only: bool,
    #[serde(default)]
    includes: Vec<String>,
    stamp: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleasabilityEntry {
    code: String,
    names: Names,
}

pub(super) fn read(toml: &str) -> Result<Policy, PolicyError> {
    at_most(Counted::Bytes, toml.len(), limits::POLICY_FILE_BYTES_MAX)?;
    let file: PolicyFile = toml::from_str(toml).map_err(|error| {
        let before = error.span().and_then(|span| toml.get(..span.start)).unwrap_or_default();
        PolicyError::Malformed {
            line: before.matches('\n').count().saturating_add(1),
            reason: error.message().to_owned(),
        }
    })?;
    at_most(Counted::Levels, file.levels.len(), limits::POLICY_LEVELS_MAX)?;
    at_most(Counted::Categories, file.categories.len(), limits::POLICY_CATEGORIES_MAX)?;
    at_most(Counted::Releasability, file.releasability.len(), limits::POLICY_RELEASABILITY_MAX)?;
    at_most(Counted::Aliases, file.aliases.len(), limits::POLICY_ALIASES_MAX)?;
    identity(&file)?;
    let levels = levels(file.levels)?;
    let categories = categories(file.categories, &levels)?;
    let (releasability, owner_bit) = releasability(file.releasability, &file.owner)?;
    let words = words(&levels, &categories, &releasability, file.aliases)?;
    display(&file.display, releasability.len())?;
    tags(&file.stanag)?;
    Ok(Policy {
        id: file.id,
        oid: file.oid,
        version: file.version,
        names: file.names,
        owner: file.owner,
        owner_bit,
        levels,
        categories,
        releasability,
        words,
        display: file.display,
        tags: file.stanag,
    })
}

fn identity(file: &PolicyFile) -> Result<(), PolicyError> {
    let sign = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    if file.id.is_empty() || file.id.len() > limits::POLICY_CODE_BYTES_MAX || !file.id.chars().all(sign) {
        return Err(PolicyError::BadId(Word::new(&file.id)));
    }
    let arcs: Vec<&str> = file.oid.split('.').collect();
    let number = |arc: &&str| {
        !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit()) && (*arc == "0" || !arc.starts_with('0'))
    };
    let rooted = matches!(arcs.first(), Some(&("0" | "1" | "2")));
    if file.oid.len() > limits::POLICY_OID_BYTES_MAX || arcs.len() < 2 || !rooted || !arcs.iter().all(number) {
        return Err(PolicyError::BadOid(Word::new(&file.oid)));
    }
    if file.version.parse::<jiff::civil::Date>().is_err() || file.version.len() != "2026-11-21".len() {
        return Err(PolicyError::BadVersion(Word::new(&file.version)));
    }
    names(&file.names)
}

fn levels(mut entries: Vec<LevelEntry>) -> Result<Vec<Level>, PolicyError> {
    if entries.is_empty() {
        return Err(PolicyError::NoLevel);
    }
    entries.sort_by_key(|entry| entry.rank);
    let (mut ranks, mut classifications) = (BTreeSet::new(), BTreeSet::new());
    let mut levels = Vec::new();
    for (place, entry) in (0u8..).zip(entries) {
        code(&entry.code)?;
        names(&entry.names)?;
        colour(&entry.text)?;
        colour(&entry.ground)?;
        if !ranks.insert(entry.rank) {
            return Err(PolicyError::SameRank(Word::new(&entry.code)));
        }
        let portion = entry.portion.unwrap_or_else(|| entry.code.clone());
        let classification = entry.classification.unwrap_or_else(|| entry.code.clone());
        name(&portion)?;
        name(&classification)?;
        if !classifications.insert(fold(&classification)) {
            return Err(PolicyError::SameClassification(Word::new(&classification)));
        }
        levels.push(Level {
            place,
            code: entry.code,
            names: entry.names,
            portion,
            classification,
            colours: Colours { text: entry.text, ground: entry.ground, pattern: entry.pattern },
            mention: entry.mention,
        });
    }
    Ok(levels)
}

fn categories(entries: Vec<CategoryEntry>, levels: &[Level]) -> Result<Vec<Category>, PolicyError> {
    let bits: BTreeMap<String, u64> =
        (0..).zip(&entries).map(|(place, entry)| (entry.code.clone(), 1u64.checked_shl(place).unwrap_or(0))).collect();
    let mut direct = BTreeMap::new();
    for entry in &entries {
        let mut included = 0;
        for code in &entry.includes {
            let Some(bit) = bits.get(code) else { return Err(PolicyError::UnknownInclusion(Word::new(code))) };
            included |= bit;
        }
        direct.insert(bits.get(&entry.code).copied().unwrap_or(0), included);
    }
    entries.into_iter().map(|entry| category(entry, levels, &bits, &direct)).collect()
}

fn category(
    entry: CategoryEntry,
    levels: &[Level],
    bits: &BTreeMap<String, u64>,
    direct: &BTreeMap<u64, u64>,
) -> Result<Category, PolicyError> {
    code(&entry.code)?;
    names(&entry.names)?;
    let portion = entry.portion.unwrap_or_else(|| entry.code.clone());
    name(&portion)?;
    if let Some(stamp) = &entry.stamp {
        colour(stamp)?;
    }
    let minimum = match &entry.minimum_level {
        None => 0,
        Some(code) => match levels.iter().find(|level| level.code == *code) {
            Some(level) => level.place,
            None => return Err(PolicyError::UnknownMinimum(Word::new(code))),
        },
    };
    let bit = bits.get(&entry.code).copied().unwrap_or(0);
    let included = included(bit, direct);
    if included & bit != 0 {
        return Err(PolicyError::CircularInclusion(Word::new(&entry.code)));
    }
    Ok(Category {
        bit,
        closure: bit | included,
        code: entry.code,
        names: entry.names,
        portion,
        minimum,
        owner_only: entry.owner_only,
        stamp: entry.stamp,
    })
}

/// Everything that a category includes, at any distance.
fn included(bit: u64, direct: &BTreeMap<u64, u64>) -> u64 {
    let mut found = direct.get(&bit).copied().unwrap_or(0);
    loop {
        let next = direct.iter().filter(|(one, _)| found & **one != 0).fold(found, |all, (_, more)| all | more);
        if next == found {
            return found;
        }
        found = next;
    }
}

fn releasability(mut entries: Vec<ReleasabilityEntry>, owner: &str) -> Result<(Vec<Releasability>, u128), PolicyError> {
    let Some(place) = entries.iter().position(|entry| entry.code == owner) else {
        return Err(PolicyError::UnknownOwner(Word::new(owner)));
    };
    // The owner's code comes first in every list.
    let first = entries.remove(place);
    entries.insert(0, first);
    let mut codes = Vec::new();
    for (place, entry) in (0..).zip(entries) {
        code(&entry.code)?;
        names(&entry.names)?;
        codes.push(Releasability { bit: 1u128.checked_shl(place).unwrap_or(0), code: entry.code, names: entry.names });
    }
    Ok((codes, 1))
}

fn words(
    levels: &[Level],
    categories: &[Category],
    releasability: &[Releasability],
    aliases: BTreeMap<String, String>,
) -> Result<BTreeMap<String, Meaning>, PolicyError> {
    let mut words = BTreeMap::from([(EVERYBODY.to_owned(), Meaning::Everybody)]);
    let codes = levels
        .iter()
        .map(|level| (&level.code, Meaning::Level(level.place)))
        .chain(categories.iter().map(|category| (&category.code, Meaning::Category(category.bit))))
        .chain(releasability.iter().map(|code| (&code.code, Meaning::Releasable(code.bit))));
    for (code, meaning) in codes {
        if words.insert(fold(code), meaning).is_some() {
            return Err(PolicyError::Ambiguous(Word::new(code)));
        }
    }
    let plain = words.clone();
    for (alias, target) in aliases {
        name(&alias)?;
        if alias.contains(['/', ',']) || alias.trim() != alias {
            return Err(PolicyError::BadAlias(Word::new(&alias)));
        }
        let Some(meaning) = plain.get(&fold(&target)) else {
            return Err(PolicyError::UnknownAliasTarget(Word::new(&target)));
        };
        if words.insert(fold(&alias), *meaning).is_some() {
            return Err(PolicyError::Ambiguous(Word::new(&alias)));
        }
    }
    Ok(words)
}

fn display(display: &Display, codes: usize) -> Result<(), PolicyError> {
    let mut texts = vec![&display.separator, &display.category_separator, &display.portion_separator];
    match &display.releasable {
        None if codes > 1 => return Err(PolicyError::PartnersUnshown),
        None => {}
        Some(words) => {
            names(&words.prefix)?;
            names(&words.all)?;
            words.owner.as_ref().map_or(Ok(()), names)?;
            texts.extend(&words.owner_portion);
        }
    }
    texts.into_iter().try_for_each(|text| name(text))
}

fn tags(tags: &Tags) -> Result<(), PolicyError> {
    name(&tags.policy)?;
    name(&tags.restrictive)?;
    name(&tags.permissive)?;
    tags.context.as_ref().map_or(Ok(()), |context| name(context))?;
    if fold(&tags.restrictive) == fold(&tags.permissive) {
        return Err(PolicyError::SameTag(Word::new(&tags.restrictive)));
    }
    Ok(())
}

fn at_most(counted: Counted, count: usize, maximum: usize) -> Result<(), PolicyError> {
    if count > maximum { Err(PolicyError::TooMany { counted, maximum }) } else { Ok(()) }
}

fn code(code: &str) -> Result<(), PolicyError> {
    if code.eq_ignore_ascii_case(EVERYBODY) {
        return Err(PolicyError::ReservedCode(Word::new(code)));
    }
    let sign = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"+-.:_".contains(&byte);
    match !code.is_empty() && code.len() <= limits::POLICY_CODE_BYTES_MAX && code.bytes().all(sign) {
        true => Ok(()),
        false => Err(PolicyError::BadCode(Word::new(code))),
    }
}

fn names(names: &Names) -> Result<(), PolicyError> {
    names.all().into_iter().try_for_each(name)
}

fn name(text: &str) -> Result<(), PolicyError> {
    match !text.is_empty() && text.len() <= limits::POLICY_NAME_BYTES_MAX && !text.chars().any(char::is_control) {
        true => Ok(()),
        false => Err(PolicyError::BadName(Word::new(text))),
    }
}

fn colour(text: &str) -> Result<(), PolicyError> {
    let digits = text.strip_prefix('#').unwrap_or_default();
    match digits.len() == 6 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        true => Ok(()),
        false => Err(PolicyError::BadColour(Word::new(text))),
    }
}
