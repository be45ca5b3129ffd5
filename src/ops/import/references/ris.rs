//! RIS: `TY  - JOUR`, one tag a line, `ER  -` at the end of a record.

use super::{Head, Work, address, date};
use crate::{
    crypto::sha256,
    ops::import::{
        Reason,
        files::{Cut, place},
        text,
    },
    words::Language,
};

/// A line `TY  - value`: tag and value.
fn tagged(line: &str) -> Option<(&str, &str)> {
    let (tag, rest) = line.split_at_checked(2)?;
    let mut letters = tag.bytes();
    let sound = letters.next().is_some_and(|byte| byte.is_ascii_uppercase())
        && letters.next().is_some_and(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let value = rest.strip_prefix("  -")?;
    sound.then_some((tag, value.trim()))
}

/// Whether the first line that is not empty opens a record.
pub(super) fn is_ris(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty());
    first.and_then(tagged).is_some_and(|(tag, _)| tag == "TY")
}

pub(super) fn cut(text: &str) -> Cut<Head> {
    let (mut spans, mut faults, mut open, mut at) = (Vec::new(), Vec::new(), None, 0_usize);
    for line in text.split_inclusive('\n') {
        let start = at;
        at = at.saturating_add(line.len());
        match tagged(line.trim_end()) {
            Some(("TY", _)) => {
                // The record before never ended.
                faults.extend(open.map(|start| (place(start), Reason::UnclosedEntry)));
                open = Some(start);
            }
            Some(("ER", _)) => match open.take() {
                Some(start) => spans.push((place(start), place(at))),
                None => faults.push((place(start), Reason::BadEntry)),
            },
            _ => {}
        }
    }
    faults.extend(open.map(|start| (place(start), Reason::UnclosedEntry)));
    Cut { head: Head::Ris, spans, faults }
}

pub(super) fn read(record: &str) -> Result<Work, Reason> {
    let mut work = Work::default();
    let (mut url, mut doi, mut own) = (String::new(), String::new(), String::new());
    let mut places = Vec::new();
    for (tag, value) in values(record) {
        if value.is_empty() {
            continue;
        }
        match tag {
            "TY" => work.kind = value.to_lowercase(),
            "TI" | "T1" | "CT" if work.title.is_empty() => work.title = value,
            "AU" | "A1" => work.authors.push(turned(&value)),
            "JO" | "JF" | "T2" | "JA" | "BT" | "PB" => places.push(value),
            "PY" | "Y1" | "DA" => {
                work.date = match work.date.take() {
                    // The day says more than the year.
                    Some(known) if known.len() > 4 => Some(known),
                    known => date(&value).or(known),
                };
            }
            "AB" | "N2" if work.summary.is_empty() => work.summary = value,
            "KW" => work.keywords.push(value),
            "UR" | "L1" if url.is_empty() => url = value,
            "DO" => doi = value,
            "ID" => own = value,
            "LA" => work.language = Language::from_preference(&value),
            "ER" => {}
            tag => work.rows.push((tag.to_owned(), value)),
        }
    }
    places.dedup();
    work.place = places.join(", ");
    let known = [&own, &doi, &url].into_iter().find(|known| !known.is_empty()).cloned();
    let known = known.unwrap_or_else(|| sha256(&[record.trim().as_bytes()]).to_string());
    work.external_id = format!("ris:{}", text::one_line(&known));
    work.url = address(&url, &doi);
    if !doi.is_empty() {
        work.rows.push(("DO".to_owned(), doi));
    }
    Ok(work)
}

/// Tags and values; a line without a tag goes on with the one before.
fn values(record: &str) -> Vec<(&str, String)> {
    let mut values: Vec<(&str, String)> = Vec::new();
    for line in record.lines() {
        match (tagged(line.trim_end()), values.last_mut()) {
            (Some((tag, value)), _) => values.push((tag, text::plain(value))),
            (None, Some((_, value))) if !line.trim().is_empty() => {
                value.push(' ');
                value.push_str(&text::plain(line.trim()));
            }
            (None, _) => {}
        }
    }
    values
}

/// `Doe, Jane` as it is read.
fn turned(name: &str) -> String {
    let turned = name.split_once(',').map(|(last, first)| format!("{} {}", first.trim(), last.trim()));
    turned.map_or_else(|| name.to_owned(), |name| name.trim().trim_end_matches(',').to_owned())
}
