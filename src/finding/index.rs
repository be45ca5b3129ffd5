//! The index of one label: opened, written, read.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tantivy::{
    FutureResult, Index, IndexReader, IndexWriter, ReloadPolicy, SegmentMeta, TantivyDocument,
    directory::error::OpenReadError, index::IndexSettings, indexer::IndexWriterOptions, merge_policy::LogMergePolicy,
};

use super::{
    cache::Cache,
    directory::Sealed,
    error::FindingError,
    leaf::Leaf,
    place::Place,
    schema::{Fields, SHAPE},
    terms::{self, Terms},
};
use crate::{
    crypto::{Entropy, Secret},
    ids::Id,
    limits::{INDEX_MEMORY_BYTES, INDEX_SMALL_OBJECTS},
    vault::{LabelHandle, follow::Side},
};

/// The payload of a commit before the index is whole.
const UNFINISHED: &str = "unfinished";

/// The index of one label.
pub struct LabelIndex {
    label: LabelHandle,
    side: Side,
    index: Index,
    reader: IndexReader,
    fields: Arc<Fields>,
    leaves: RwLock<Arc<Vec<Arc<Leaf>>>>,
    writer: Mutex<Option<IndexWriter>>,
    /// Whether there is something to commit.
    dirty: Mutex<bool>,
    /// Of the last commit.
    generation: Mutex<Option<u64>>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl LabelIndex {
    /// Opens the index in `place`, or begins it there. Answers it with the generation that its last commit named; none
    /// for a new one.
    ///
    /// # Errors
    /// [`FindingError::Damaged`] when it must be made anew.
    pub fn open(
        label: LabelHandle,
        side: Side,
        place: &Place,
        key: Arc<Secret>,
        entropy: &Entropy,
        cache: &Arc<Cache>,
    ) -> Result<(Self, Option<u64>), FindingError> {
        place.make()?;
        let directory = Sealed::new(place.clone(), key, entropy.clone(), Arc::clone(cache));
        let fields = Arc::new(Fields::default());
        let is_there =
            Index::exists(&directory).map_err(|error: OpenReadError| FindingError::Damaged(error.to_string()))?;
        let index = if is_there {
            Index::open(directory)?
        } else {
            Index::create(directory, fields.schema.clone(), IndexSettings::default())?
        };
        if index.schema() != fields.schema {
            return Err(FindingError::Damaged("another shape".to_owned()));
        }
        index.tokenizers().register(terms::NAME, Terms::default());
        let generation = if is_there { generation(index.load_metas()?.payload.as_deref())? } else { None };
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let own = Self {
            label,
            side,
            index,
            reader,
            fields,
            leaves: RwLock::default(),
            writer: Mutex::new(None),
            dirty: Mutex::new(false),
            generation: Mutex::new(generation),
        };
        own.renew()?;
        Ok((own, generation))
    }

    /// The generation of its last commit.
    pub fn generation(&self) -> Option<u64> {
        *held(&self.generation)
    }

    /// The label.
    pub const fn label(&self) -> &LabelHandle {
        &self.label
    }

    /// Where it lies.
    pub const fn side(&self) -> Side {
        self.side
    }

    /// The fields.
    pub const fn fields(&self) -> &Arc<Fields> {
        &self.fields
    }

    /// Its segments as they are now.
    pub fn leaves(&self) -> Arc<Vec<Arc<Leaf>>> {
        Arc::clone(&self.leaves.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes up what was committed. A segment that is known already is not counted again.
    pub(super) fn renew(&self) -> Result<(), FindingError> {
        self.reader.reload()?;
        let (searcher, before) = (self.reader.searcher(), self.leaves());
        let mut leaves = Vec::with_capacity(searcher.segment_readers().len());
        for reader in searcher.segment_readers() {
            let known = before.iter().find(|leaf| leaf.own_version() == Leaf::version(reader));
            leaves.push(match known {
                Some(leaf) => Arc::clone(leaf),
                None => Arc::new(Leaf::open(reader.clone(), Arc::clone(&self.fields))?),
            });
        }
        *self.leaves.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(leaves);
        Ok(())
    }

    fn fresh_writer(&self) -> Result<IndexWriter, FindingError> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(INDEX_MEMORY_BYTES)
            .build();
        let fresh: IndexWriter = self.index.writer_with_options(options)?;
        let mut policy = LogMergePolicy::default();
        // Every word is looked up in every segment: few of them, each much larger than the next.
        policy.set_min_num_segments(4);
        policy.set_level_log_size(3.0);
        // Below eight times this all count as alike: what is written note by note must not drag a large one along.
        policy.set_min_layer_size(INDEX_SMALL_OBJECTS);
        policy.set_del_docs_ratio_before_merge(0.3);
        fresh.set_merge_policy(Box::new(policy));
        Ok(fresh)
    }

    /// Acts on the writer, which is made ready if it is not.
    fn with_writer<T>(&self, act: impl FnOnce(&mut IndexWriter) -> Result<T, FindingError>) -> Result<T, FindingError> {
        let mut held = held(&self.writer);
        let writer = match held.take() {
            Some(writer) => writer,
            None => self.fresh_writer()?,
        };
        act(held.insert(writer))
    }

    fn write(&self, act: impl FnOnce(&IndexWriter) -> Result<(), FindingError>) -> Result<(), FindingError> {
        self.with_writer(|writer| {
            *held(&self.dirty) = true;
            act(writer)
        })
    }

    /// Begins to make one segment of all that is committed; none when it is one, and nothing in it has gone.
    ///
    /// # Errors
    /// [`FindingError`].
    pub(super) fn begin_merge(&self) -> Result<Option<FutureResult<Option<SegmentMeta>>>, FindingError> {
        let segments = self.index.searchable_segment_ids()?;
        let has_gone = self.leaves().iter().any(|leaf| leaf.has_gone());
        if segments.is_empty() || (segments.len() == 1 && !has_gone) {
            return Ok(None);
        }
        self.with_writer(|writer| Ok(Some(writer.merge(&segments))))
    }

    /// Has files removed that nothing names: a full disk breaks a merge off in the middle.
    pub(super) fn sweep(&self) {
        if let Some(writer) = &*held(&self.writer) {
            drop(writer.garbage_collect_files());
        }
    }

    /// Whether it is held ready for writing.
    pub fn is_writing(&self) -> bool {
        held(&self.writer).is_some()
    }

    /// Lets its writer go, and waits until its merges are done.
    ///
    /// # Errors
    /// [`FindingError::Damaged`].
    pub fn rest(&self) -> Result<(), FindingError> {
        let writer = held(&self.writer).take();
        if let Some(writer) = writer {
            writer.wait_merging_threads()?;
            self.renew()?;
        }
        Ok(())
    }

    /// Lets its writer go at once; a merge that is under way comes to nothing. What is not committed yet is waited for.
    ///
    /// # Errors
    /// [`FindingError::Damaged`].
    pub(super) fn break_off(&self) -> Result<(), FindingError> {
        if *held(&self.dirty) {
            return self.rest();
        }
        self.roll_back();
        Ok(())
    }

    /// Puts a document in the place of the object's last one; without one the object goes.
    ///
    /// # Errors
    /// [`FindingError`].
    pub fn put(&self, id: Id, document: Option<TantivyDocument>) -> Result<(), FindingError> {
        self.write(|writer| {
            writer.delete_term(self.fields.own_term(id));
            if let Some(document) = document {
                writer.add_document(document)?;
            }
            Ok(())
        })
    }

    /// An object has gone, and what is about it goes with it.
    ///
    /// # Errors
    /// [`FindingError`].
    pub fn forget(&self, id: Id) -> Result<(), FindingError> {
        self.write(|writer| {
            writer.delete_term(self.fields.own_term(id));
            writer.delete_term(self.fields.about_term(id));
            Ok(())
        })
    }

    /// The object is under another label now. If this index has it, it goes, with what is about it. If not, nothing does: a
    /// link may be under another label than the notes it joins, and stays when one of them changes.
    ///
    /// # Errors
    /// [`FindingError`].
    pub fn leave(&self, id: Id) -> Result<(), FindingError> {
        for leaf in &*self.leaves() {
            if !leaf.documents_of(id)?.is_empty() {
                return self.forget(id);
            }
        }
        // Put and not committed yet: it is in no leaf.
        if *held(&self.dirty) { self.put(id, None) } else { Ok(()) }
    }

    /// Whether it holds the object, or something about it.
    ///
    /// # Errors
    /// [`FindingError::Damaged`].
    pub fn concerns(&self, id: Id) -> Result<bool, FindingError> {
        // What was put and is not committed is in no leaf yet.
        if *held(&self.dirty) {
            return Ok(true);
        }
        for leaf in &*self.leaves() {
            if leaf.concerns(id)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Lets go what was put since the last commit.
    pub fn roll_back(&self) {
        let writer = held(&self.writer).take();
        *held(&self.dirty) = false;
        drop(writer);
    }

    /// Makes durable what was put, with the generation it belongs to; answers whether there was anything. What is not
    /// whole yet bears no generation: put back later, it is not taken for a whole one.
    ///
    /// # Errors
    /// [`FindingError`].
    pub fn commit(&self, generation: u64, is_whole: bool) -> Result<bool, FindingError> {
        if !std::mem::take(&mut *held(&self.dirty)) {
            return Ok(false);
        }
        if let Some(writer) = &mut *held(&self.writer) {
            let mut prepared = writer.prepare_commit()?;
            let generation = is_whole.then_some(generation);
            prepared
                .set_payload(&generation.map_or_else(|| UNFINISHED.to_owned(), |number| format!("{SHAPE} {number}")));
            prepared.commit()?;
            *held(&self.generation) = generation;
        }
        self.renew()?;
        Ok(true)
    }

    /// As [`LabelIndex::commit`], though nothing was put: the index is whole as it is.
    ///
    /// # Errors
    /// [`FindingError`].
    pub fn seal(&self, generation: u64) -> Result<(), FindingError> {
        self.write(|_writer| Ok(()))?;
        self.commit(generation, true).map(drop)
    }
}

/// The generation in a commit's payload; none before the first one.
fn generation(payload: Option<&str>) -> Result<Option<u64>, FindingError> {
    let Some(payload) = payload.filter(|payload| *payload != UNFINISHED) else { return Ok(None) };
    let parted = payload
        .split_once(' ')
        .and_then(|(shape, generation)| Some((shape.parse::<u64>().ok()?, generation.parse::<u64>().ok()?)));
    match parted {
        Some((SHAPE, generation)) => Ok(Some(generation)),
        _ => Err(FindingError::Damaged("another shape".to_owned())),
    }
}
