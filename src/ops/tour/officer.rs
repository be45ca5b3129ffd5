//! The officer's side: the journal tells apart what the analyst could not, names no title, and can be recomputed from
//! its leaves by whoever holds them.

use std::time::Duration;

use serde_json::Value;

use super::{Finding, LOW, table::Table, tell};
use crate::{
    audit::{Bundle, Checkpoint, Note, ProofFile, Replay, VerifyingKey, tile::decode_bundle},
    ops::{
        demo::{
            DemoError,
            team::{Ask, Team, text},
        },
        report::Report,
    },
    words::{Key, Language, Sentence, key},
};

const OFFICER: &str = "officier";
const OFFICER_WORKING: &str = "NP";
/// How often a proof of a fresh entry is asked for.
const ATTEMPTS: u32 = 5;
/// Longer than the second after which a checkpoint is signed.
const PAUSE: Duration = Duration::from_millis(1300);

/// Shows what the journal says of the low analyst's refused questions, and verifies it.
pub(super) async fn look(team: &mut Team, report: &dyn Report) -> Result<Vec<Finding>, DemoError> {
    let language = report.language();
    let path = format!("/journal?account={}&verdict=deny&limit=6", team.id(LOW));
    let page = team.ask(Ask::get(OFFICER, OFFICER_WORKING, path)).await?.done("journal")?;
    report.say(&Sentence::new(key::DEMO_JOURNAL).with("name", LOW));
    report.text(&denials(page.items(), language));
    let numbers = page.items().iter().filter_map(|item| item.get("number").and_then(Value::as_u64));
    let mut findings = Vec::new();
    match numbers.max() {
        Some(number) => findings.push(tell(proved(team, number).await?, report)),
        // The tour has just been refused something: that must be there.
        None => findings.push(tell(Err(Sentence::new(key::DEMO_JOURNAL_BROKEN).with("why", LOW)), report)),
    }
    findings.push(tell(recomputed(team).await?, report));
    Ok(findings)
}

fn denials(items: &[Value], language: Language) -> String {
    let mut table = Table::new(&[8, 24, 18, 8, 18, 26]);
    let heads: [Key; 6] = [
        key::DEMO_HEAD_NUMBER,
        key::DEMO_HEAD_TIME,
        key::DEMO_HEAD_ACT,
        key::DEMO_HEAD_VERDICT,
        key::DEMO_HEAD_RULE,
        key::DEMO_HEAD_OBJECT,
    ];
    table.row(heads.map(|head| Sentence::new(head).render(language)));
    for item in items {
        let number = item.get("number").and_then(Value::as_u64).unwrap_or_default().to_string();
        let object = item.get("objects").and_then(Value::as_array).and_then(|objects| objects.first());
        let object = object.map_or("—", |object| text(object, "id"));
        let words = ["time", "act", "verdict", "rule"].map(|name| text(item, name).to_owned());
        table.row(std::iter::once(number).chain(words).chain([object.to_owned()]));
    }
    table.to_string()
}

/// One refusal, proved to be in the signed journal by a file that needs no trust in this server.
async fn proved(team: &mut Team, number: u64) -> Result<Finding, DemoError> {
    let failed = || Sentence::new(key::DEMO_PROOF_FAILED).with("number", number.to_string());
    let mut get = async |path: String| team.ask(Ask::get(OFFICER, OFFICER_WORKING, path)).await;
    for _attempt in 0..ATTEMPTS {
        let proof = get(format!("/journal/proof/{number}")).await?;
        if proof.status == 200 {
            let leaf = get(format!("/journal/leaf/{number}")).await?;
            let key = get("/journal/key".to_owned()).await?;
            let key = std::str::from_utf8(&key.bytes).ok().and_then(|text| VerifyingKey::parse(text.trim()).ok());
            let file = std::str::from_utf8(&proof.bytes).ok().and_then(|text| ProofFile::parse(text).ok());
            let verified = key.zip(file).and_then(|(key, file)| file.verify(&leaf.bytes, &key).ok());
            let proved = |checkpoint: Checkpoint| {
                let sentence = Sentence::new(key::DEMO_PROOF).with("number", number.to_string());
                sentence.with("size", checkpoint.size.to_string())
            };
            return Ok(verified.map(proved).ok_or_else(failed));
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(Err(failed()))
}

/// Every leaf of the signed journal, fetched and hashed again up to the root.
async fn recomputed(team: &mut Team) -> Result<Finding, DemoError> {
    let mut get = async |path: String| team.ask(Ask::get(OFFICER, OFFICER_WORKING, path)).await;
    let key = get("/journal/key".to_owned()).await?.done("journal key")?;
    let note = get("/journal/checkpoint".to_owned()).await?.done("journal checkpoint")?;
    let key = std::str::from_utf8(&key.bytes).ok().and_then(|text| VerifyingKey::parse(text.trim()).ok());
    let note = Note::parse(&note.bytes).ok();
    let Some(checkpoint) = key.zip(note).and_then(|(key, note)| Checkpoint::open(&note, &key).ok()) else {
        return Ok(Err(Sentence::new(key::DEMO_JOURNAL_BROKEN).with("why", "checkpoint")));
    };
    let size = checkpoint.size;
    let mut replay = Replay::new(Some(checkpoint));
    for bundle in Bundle::all(size) {
        let reply = get(format!("/journal/{bundle}")).await?.done(&bundle.to_string())?;
        let Ok(entries) = decode_bundle(&reply.bytes, bundle.width()) else {
            return Ok(Err(Sentence::new(key::DEMO_JOURNAL_BROKEN).with("why", bundle.to_string())));
        };
        for entry in entries {
            drop(replay.entry(entry));
        }
    }
    Ok(match replay.finish() {
        Ok(frontier) => Ok(Sentence::new(key::DEMO_JOURNAL_WHOLE)
            .with("size", size.to_string())
            .with("root", frontier.root().to_string())),
        Err(divergence) => Err(Sentence::new(key::DEMO_JOURNAL_BROKEN).with("why", divergence.sentence())),
    })
}
