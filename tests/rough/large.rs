//! A file much larger than the memory that is allowed for it: up, cut and gone on with, and down again, the same bytes.

use serde_json::json;
use vigie::crypto::Sha256;

use crate::site::{ANALYSTS, Site, vigie};

const MIB: u64 = 1024 * 1024;
/// Bytes of a part as it is sent.
const PART: u64 = 64 * 1024;
/// What the server may take more than before, whatever the size: buffers of one upload, caches and tables of the store.
const GROWTH_MAX: u64 = 160 * MIB;

/// Part `number` of a file that nobody could compress.
fn part(number: u64) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(usize::try_from(PART).expect("small"));
    while bytes.len() < bytes.capacity() {
        // xorshift64*, Vigna 2016.
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        bytes.extend_from_slice(&state.wrapping_mul(0x2545_f491_4f6c_dd1d).to_le_bytes());
    }
    bytes
}

async fn up_and_down(size: u64) {
    let site = Site::found(None, |_config| {}).await;
    let served = site.serve();
    let mut person = site.connect(served.address, ANALYSTS[0]).await.expect("a connection");
    let space = json!({"name": "Fichiers", "purpose": "Essai"});
    let space = person.post("/spaces", "espace", &space).await.expect("an answer").id();
    let note = json!({"space": space, "kind": "watch", "title": "Relevés", "body": ""});
    let note = person.post("/notes", "note", &note).await.expect("an answer").id();
    let (before, _) = served.memory();

    let parts = size / PART;
    let mut sum = Sha256::default();
    (0..parts).for_each(|number| sum.update(&part(number)));
    let digest = sum.finish().to_string();
    let new = json!({"name": "relevés.bin", "size": size, "digest": digest});
    let id = person.post(&format!("/notes/{note}/attachments"), "fichier", &new).await.expect("an answer").id();

    // Two thirds in one go; the rest by somebody who asks where it stands.
    let first = parts / 3 * 2;
    let reply = person.send_content(&id, 0, (0..first).map(part)).await.expect("an answer").good();
    assert_eq!(reply.json()["offset"].as_u64(), Some(first * PART));
    let mut person = site.connect(served.address, ANALYSTS[0]).await.expect("a connection");
    let state = person.get(&format!("/attachments/{id}")).await.expect("an answer").good().json();
    let stands = state["offset"].as_u64().expect("an offset") / PART;
    let reply = person.send_content(&id, stands * PART, (stands..parts).map(part)).await.expect("an answer").good();
    assert_eq!((reply.json()["complete"].as_bool(), reply.json()["digest"].as_str()), (Some(true), Some(&*digest)));
    let (_, most_up) = served.memory();

    let mut sum = Sha256::default();
    let mut read = 0;
    let status = person.read_content(&id, |bytes| {
        sum.update(bytes);
        read += u64::try_from(bytes.len()).expect("a length");
    });
    assert_eq!(status.await.expect("an answer"), 200);
    assert_eq!((read, sum.finish().to_string()), (size, digest));
    let (_, most) = served.memory();
    println!(
        "{} MiB: {} MiB in use before, at most {} while it went up, {} in all",
        size / MIB,
        before / MIB,
        most_up / MIB,
        most / MIB
    );
    assert!(most < before + GROWTH_MAX, "{} MiB grew to {} MiB", before / MIB, most / MIB);
    served.stop();
    // Every chunk is there, in its place, and opens.
    let mut verify = vigie();
    let verified = verify.args(["store", "verify", "--json", "--dir"]).arg(&site.dir).output().expect("the program");
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(verified.status.success(), "{said}");
    let report: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(report["chunks"].as_u64(), Some(size.div_ceil(60 * 1024)), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_256_mib_goes_up_and_down_in_bounded_memory() {
    up_and_down(256 * MIB).await;
}

/// By name: it takes minutes and gigabytes of disk.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_times_the_buffers_and_more_two_gib_go_up_and_down_in_bounded_memory() {
    up_and_down(2048 * MIB).await;
}
