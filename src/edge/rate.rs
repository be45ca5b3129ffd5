//! How often, and how much: a bucket of requests, and one of bytes, for each account and working label.
//!
//! The label is part of the key, or a busy session at a high label would show in the
//! refusals that the same person meets at a lower one.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use crate::{clock::Time, ids::AccountId, limits};

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// What is left: thousandths of a request, or bytes.
    left: u64,
    filled: Time,
}

/// The buckets of all accounts.
#[derive(Debug, Default)]
pub(super) struct Rates(Mutex<BTreeMap<(AccountId, [u8; 25]), Bucket>>);

impl Rates {
    /// Takes one request out of the bucket.
    ///
    /// # Errors
    /// The seconds to wait when it is empty.
    pub(super) fn take(&self, account: AccountId, label: [u8; 25], per_minute: u32, now: Time) -> Result<(), u64> {
        #[cfg(feature = "exam")]
        let label = if crate::exam::planted(crate::exam::Leak::RateShared) { [0; 25] } else { label };
        let whole = u64::from(per_minute).saturating_mul(1000);
        self.draw((account, label), 1000, whole, 60_000, now)
    }

    /// Takes bytes out of the bucket, which fills in an hour. One answer is never larger than the bucket.
    ///
    /// # Errors
    /// The seconds to wait when there are not so many left.
    pub(super) fn take_bytes(&self, account: AccountId, label: [u8; 25], bytes: u64, now: Time) -> Result<(), u64> {
        self.draw((account, label), bytes, limits::CONTENT_BYTES_PER_HOUR_MAX, 3_600_000, now)
    }

    fn draw(&self, of: (AccountId, [u8; 25]), cost: u64, whole: u64, fills_ms: u64, now: Time) -> Result<(), u64> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= limits::RATE_BUCKETS_MAX {
            // Buckets that have had their time are full again, and as good as forgotten.
            buckets.retain(|_, bucket| now.ms_since(bucket.filled) < fills_ms);
        }
        let bucket = buckets.entry(of).or_insert(Bucket { left: whole, filled: now });
        let gained = now.ms_since(bucket.filled).saturating_mul(whole).checked_div(fills_ms).unwrap_or(0);
        if gained > 0 {
            bucket.left = bucket.left.saturating_add(gained).min(whole);
            bucket.filled = now;
        }
        match bucket.left.checked_sub(cost) {
            Some(left) => {
                bucket.left = left;
                Ok(())
            }
            None => {
                let fills_seconds = fills_ms.checked_div(1000).unwrap_or(1);
                let wait = cost.saturating_mul(fills_seconds).checked_div(whole.max(1)).unwrap_or(0);
                Err(wait.saturating_add(1))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    #[test]
    fn a_minute_holds_so_many_requests_and_then_some_trickle() {
        let rates = Rates::default();
        let account = AccountId(Id::from_bytes([1; 16]));
        let mut taken = 0;
        while rates.take(account, [0; 25], 60, Time(1_000)).is_ok() {
            taken += 1;
        }
        assert_eq!(taken, 60);
        assert!(rates.take(account, [1; 25], 60, Time(1_000)).is_ok(), "another working label has its own bucket");
        assert!(rates.take(account, [0; 25], 60, Time(2_000)).is_ok());
        assert!(rates.take(account, [0; 25], 60, Time(2_000)).is_err());
    }
}
