//! Opened pages, kept while they are used: bounded, and wiped when they go.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, PoisonError},
};

use zeroize::Zeroizing;

use crate::limits::{INDEX_PAGE_RECENT_LOOKS, INDEX_PAGES_CACHED_MAX};

/// A page in clear, wiped with its last user.
pub type Page = Arc<Zeroizing<Vec<u8>>>;

#[derive(Default)]
struct Kept {
    /// By file and number: when it was used last.
    pages: BTreeMap<(u64, u64), (u64, Page)>,
    /// By last use.
    uses: BTreeMap<u64, (u64, u64)>,
    clock: u64,
    files: u64,
}

impl Kept {
    fn tick(&mut self) -> u64 {
        self.clock = self.clock.saturating_add(1);
        self.clock
    }

    fn find(&mut self, place: (u64, u64)) -> Option<Page> {
        let now = self.tick();
        let (used, page) = self.pages.get_mut(&place)?;
        // Hardly any pages can have gone by since: it stands near enough to the end of the queue.
        if now.saturating_sub(*used) < INDEX_PAGE_RECENT_LOOKS {
            return Some(Arc::clone(page));
        }
        let before = std::mem::replace(used, now);
        let page = Arc::clone(page);
        self.uses.remove(&before);
        self.uses.insert(now, place);
        Some(page)
    }

    fn keep(&mut self, place: (u64, u64), page: Page) {
        let now = self.tick();
        if let Some((before, _)) = self.pages.insert(place, (now, page)) {
            self.uses.remove(&before);
        }
        self.uses.insert(now, place);
        while self.pages.len() > INDEX_PAGES_CACHED_MAX {
            let Some((_, oldest)) = self.uses.pop_first() else { return };
            self.pages.remove(&oldest);
        }
    }
}

/// The cache of all indexes.
#[derive(Default)]
pub struct Cache(Mutex<Kept>);

impl std::fmt::Debug for Cache {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Cache")
    }
}

impl Cache {
    fn held(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number that no other open file has.
    pub fn enrol(&self) -> u64 {
        let mut kept = self.held();
        kept.files = kept.files.saturating_add(1);
        kept.files
    }

    /// A page of a file: kept, or opened now.
    ///
    /// # Errors
    /// That of `open`.
    pub fn page(&self, file: u64, number: u64, open: impl FnOnce() -> io::Result<Vec<u8>>) -> io::Result<Page> {
        if let Some(page) = self.held().find((file, number)) {
            return Ok(page);
        }
        // Opened without the lock: two may open the same page, and one of them is kept.
        let page: Page = Arc::new(Zeroizing::new(open()?));
        self.held().keep((file, number), Arc::clone(&page));
        Ok(page)
    }

    /// Forgets the pages of a file that nobody reads any more.
    pub fn forget(&self, file: u64) {
        let mut kept = self.held();
        let gone: Vec<(u64, u64)> = kept.pages.range((file, 0)..=(file, u64::MAX)).map(|(place, _)| *place).collect();
        for place in gone {
            if let Some((used, _)) = kept.pages.remove(&place) {
                kept.uses.remove(&used);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_pages_are_kept_than_the_bound_and_the_least_used_goes_first() {
        let cache = Cache::default();
        let file = cache.enrol();
        let bound = u64::try_from(INDEX_PAGES_CACHED_MAX).unwrap();
        for number in 0..bound + 10 {
            cache.page(file, number, || Ok(vec![1])).unwrap();
            cache.page(file, 0, || Err(io::Error::other("the first page is in use and stays"))).unwrap();
        }
        assert_eq!(cache.held().pages.len(), INDEX_PAGES_CACHED_MAX);
        assert_eq!(cache.held().uses.len(), INDEX_PAGES_CACHED_MAX);
        cache.forget(file);
        assert_eq!(cache.held().pages.len(), 0);
        assert_eq!(cache.held().uses.len(), 0);
    }
}
