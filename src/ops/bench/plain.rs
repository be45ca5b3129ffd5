//! R3: the same notes in the same engine, without labels, keys, journal or store of its own.
//!
//! Its files lie in memory. It answers what ours does: the best twenty, each with its title and a sentence, the
//! engine's own one; unlike ours it is asked by nobody in particular.

use std::time::Instant;

use serde_json::json;
use tantivy::{
    HasLen as _, Index, IndexReader, IndexWriter, TantivyDocument,
    collector::TopDocs,
    directory::RamDirectory,
    index::SegmentComponent,
    query::QueryParser,
    schema::{Field, STORED, STRING, Schema, TEXT, Value as _},
    snippet::SnippetGenerator,
};

use super::BenchError;
use crate::{limits, sharing::note::NoteContent};

/// What an index is made of, without the copies of texts.
const PARTS: [SegmentComponent; 5] = [
    SegmentComponent::Terms,
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::FieldNorms,
    SegmentComponent::FastFields,
];

/// Plain tantivy over some notes.
pub(super) struct Plain {
    reader: IndexReader,
    parser: QueryParser,
    title: Field,
    body: Field,
}

/// What making it cost.
pub(super) struct Made {
    pub(super) seconds: f64,
    /// Of its files, without the copy of the texts, which ours has not either.
    pub(super) bytes: u64,
}

fn broken(error: impl std::fmt::Display) -> BenchError {
    tracing::error!(%error, "the plain index failed");
    BenchError::Broken
}

impl Plain {
    /// These notes, by one thread with the memory that ours has. Blocks.
    pub(super) fn make(notes: impl Iterator<Item = NoteContent>) -> Result<(Self, Made), BenchError> {
        let mut schema = Schema::builder();
        let (id, tags) = (schema.add_text_field("id", STRING), schema.add_text_field("tags", TEXT));
        let (title, body) =
            (schema.add_text_field("title", TEXT | STORED), schema.add_text_field("body", TEXT | STORED));
        let folder = RamDirectory::create();
        let index = Index::create(folder, schema.build(), tantivy::IndexSettings::default()).map_err(broken)?;
        let begun = Instant::now();
        let mut writer: IndexWriter = index.writer_with_num_threads(1, limits::INDEX_MEMORY_BYTES).map_err(broken)?;
        for (number, note) in notes.enumerate() {
            let mut document = TantivyDocument::default();
            document.add_text(id, number.to_string());
            document.add_text(title, note.title);
            document.add_text(body, note.body);
            document.add_text(tags, note.tags.join(" "));
            writer.add_document(document).map_err(broken)?;
        }
        writer.commit().map_err(broken)?;
        writer.wait_merging_threads().map_err(broken)?;
        let seconds = begun.elapsed().as_secs_f64();
        let mut bytes = 0_u64;
        for segment in index.searchable_segments().map_err(broken)? {
            for part in PARTS {
                let length = segment.open_read(part).map_err(broken)?.len();
                bytes = bytes.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
            }
        }
        let mut parser = QueryParser::for_index(&index, vec![title, body]);
        parser.set_conjunction_by_default();
        let reader = index.reader().map_err(broken)?;
        Ok((Self { reader, parser, title, body }, Made { seconds, bytes }))
    }

    /// The answer to a question, as JSON.
    pub(super) fn search(&self, question: &str) -> Result<Vec<u8>, BenchError> {
        let searcher = self.reader.searcher();
        let query = self.parser.parse_query(question).map_err(broken)?;
        let best = TopDocs::with_limit(limits::SEARCH_ROWS_DEFAULT).order_by_score();
        let (count, best) = searcher.search(&query, &(tantivy::collector::Count, best)).map_err(broken)?;
        let sentences = SnippetGenerator::create(&searcher, &*query, self.body).map_err(broken)?;
        let mut items = Vec::with_capacity(best.len());
        for (score, address) in best {
            let document: TantivyDocument = searcher.doc(address).map_err(broken)?;
            let title = document.get_first(self.title).and_then(|value| value.as_str()).unwrap_or_default();
            let sentence = sentences.snippet_from_doc(&document);
            items.push(json!({ "title": title, "sentence": sentence.to_html(), "score": score }));
        }
        serde_json::to_vec(&json!({ "count": count, "items": items })).map_err(broken)
    }
}
