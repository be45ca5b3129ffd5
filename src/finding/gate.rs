//! Searches leave the threads that answer requests, a few at a time.

use std::{io, sync::Arc};

use super::{error::FindingError, finder::Finder, search::guarded};

/// It ended without an answer: the process ends, or there is a mistake in it.
fn lost() -> FindingError {
    FindingError::Disk(io::Error::other("a search came to no end"))
}

impl Finder {
    /// Looks something up on a thread that may block. Whoever finds all places taken waits, in order of coming.
    ///
    /// # Errors
    /// Those of `look`; [`FindingError::Rebuilding`] in place of damage.
    pub(super) async fn apart<T, F>(self: &Arc<Self>, look: F) -> Result<T, FindingError>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T, FindingError> + Send + 'static,
    {
        let place = Arc::clone(&self.gate).acquire_owned().await.map_err(|_closed| lost())?;
        #[cfg(feature = "exam")]
        let planted = crate::exam::present();
        let finder = Arc::clone(self);
        let looking = tokio::task::spawn_blocking(move || {
            #[cfg(feature = "exam")]
            crate::exam::plant(planted);
            let found = guarded(&finder, look(&finder));
            #[cfg(feature = "exam")]
            crate::exam::plant(None);
            // Held until here, not by whoever asks: one who asks and hangs up, again and again, would otherwise have any
            // number of searches run on.
            drop(place);
            found
        });
        looking.await.map_err(|_lost| lost())?
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            atomic::{AtomicUsize, Ordering},
            mpsc,
        },
        time::Duration,
    };

    use super::*;
    use crate::{finding::Place, limits::SEARCHES_AT_ONCE_MAX};

    #[tokio::test]
    async fn no_more_searches_than_the_bound_run_at_once_and_all_others_have_their_turn() {
        let finder = Finder::new(Place::memory());
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let searches: Vec<_> = (0..SEARCHES_AT_ONCE_MAX * 4)
            .map(|number| {
                let (finder, now, most) = (Arc::clone(&finder), Arc::clone(&now), Arc::clone(&most));
                tokio::spawn(async move {
                    let look = move |_: &Finder| {
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        std::thread::sleep(Duration::from_millis(20));
                        now.fetch_sub(1, Ordering::SeqCst);
                        Ok(number)
                    };
                    finder.apart(look).await.unwrap()
                })
            })
            .collect();
        for (number, search) in searches.into_iter().enumerate() {
            assert_eq!(search.await.unwrap(), number);
        }
        assert_eq!(most.load(Ordering::SeqCst), SEARCHES_AT_ONCE_MAX);
    }

    #[tokio::test]
    async fn a_search_whose_asker_has_hung_up_keeps_its_place_until_it_ends() {
        let finder = Finder::new(Place::memory());
        let (begun, begins) = mpsc::channel::<()>();
        let (end, ends) = mpsc::channel::<()>();
        let asking = Arc::clone(&finder);
        let look = move |_: &Finder| {
            begun.send(()).unwrap();
            ends.recv_timeout(Duration::from_secs(60)).unwrap();
            Ok(())
        };
        let asked = tokio::spawn(async move { asking.apart(look).await });
        while begins.try_recv().is_err() {
            tokio::task::yield_now().await;
        }
        asked.abort();
        assert!(asked.await.unwrap_err().is_cancelled());
        assert_eq!(finder.gate.available_permits(), SEARCHES_AT_ONCE_MAX - 1);
        end.send(()).unwrap();
        while finder.gate.available_permits() < SEARCHES_AT_ONCE_MAX {
            tokio::task::yield_now().await;
        }
    }
}
