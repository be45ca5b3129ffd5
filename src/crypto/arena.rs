//! Long-lived secrets: 32-byte slots in pages that are locked (never swapped),
//! left out of core dumps, wiped in a forked child, and wiped when freed.
//!
//! ring wipes nothing, so ring's own key objects are built on the stack for each
//! use and only the bytes here live long. This is the only file with `unsafe`.
#![expect(unsafe_code, reason = "anonymous mapping, locking, and slices over it; nothing else in the crate needs it")]

use std::{
    fmt, ptr,
    sync::{LazyLock, Mutex, PoisonError},
};

use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mlock, mmap_anonymous};
use zeroize::Zeroize;

use super::Exhausted;

/// Bytes of a secret.
pub const SECRET_BYTES: usize = 32;
const SLOTS: usize = crate::limits::ARENA_PAGE_BYTES / SECRET_BYTES;

/// Free slots of all mapped pages. Pages are never unmapped: a slot stays valid for the life of the process.
static FREE: LazyLock<Mutex<Vec<Slot>>> = LazyLock::new(|| Mutex::new(Vec::new()));

/// Address of a slot. Owned by exactly one [`Secret`], or by the free list.
struct Slot(ptr::NonNull<[u8; SECRET_BYTES]>);

// SAFETY: a slot is plain bytes in a mapping that lives as long as the process and is owned by one holder at a time.
unsafe impl Send for Slot {}
// SAFETY: as above; shared access only reads.
unsafe impl Sync for Slot {}

/// 32 secret bytes. No Clone, no Display, no Serialize; wiped when dropped.
pub struct Secret(Slot);

impl Secret {
    /// Moves `bytes` into locked memory and wipes the original.
    ///
    /// # Errors
    /// [`Exhausted::LockedMemory`] when the memlock limit is reached.
    pub fn new(bytes: &mut [u8; SECRET_BYTES]) -> Result<Self, Exhausted> {
        let slot = take_slot()?;
        // SAFETY: the slot is valid and owned by us alone.
        unsafe { slot.0.as_ptr().write(*bytes) };
        bytes.zeroize();
        Ok(Self(slot))
    }

    /// The bytes, for immediate use. Do not copy them to where they outlive the call.
    pub fn expose(&self) -> &[u8; SECRET_BYTES] {
        // SAFETY: valid for the life of the process, initialised in `new`, written again only by `drop`.
        unsafe { self.0.0.as_ref() }
    }

    /// Wipes the bytes and gives the slot back, before `drop` would (LANG-DROP-SEC: Drop is not the only guarantee).
    pub fn wipe(self) {
        drop(self);
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        // SAFETY: we own the slot; nobody can hold a reference while `self` is dropped.
        unsafe { (*self.0.0.as_ptr()).zeroize() };
        FREE.lock().unwrap_or_else(PoisonError::into_inner).push(Slot(self.0.0));
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

fn take_slot() -> Result<Slot, Exhausted> {
    let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
    if free.is_empty() {
        map_page(&mut free)?;
    }
    free.pop().ok_or(Exhausted::LockedMemory)
}

fn map_page(free: &mut Vec<Slot>) -> Result<(), Exhausted> {
    let length = crate::limits::ARENA_PAGE_BYTES;
    // SAFETY: a fresh private anonymous mapping, chosen by the kernel.
    let base =
        unsafe { mmap_anonymous(ptr::null_mut(), length, ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE) }
            .map_err(|_errno| Exhausted::LockedMemory)?;
    // SAFETY: exactly the mapping made above.
    let locked = unsafe {
        mlock(base, length)
            .and_then(|()| madvise(base, length, Advice::LinuxDontDump))
            .and_then(|()| madvise(base, length, Advice::LinuxWipeOnFork))
    };
    locked.map_err(|_errno| Exhausted::LockedMemory)?;
    let base = base.cast::<[u8; SECRET_BYTES]>();
    for index in 0..SLOTS {
        // SAFETY: index < SLOTS, so the slot lies inside the mapping; zeroed pages are initialised bytes.
        if let Some(slot) = ptr::NonNull::new(unsafe { base.add(index) }) {
            free.push(Slot(slot));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_kept_and_its_source_wiped() {
        let mut bytes = [7; 32];
        let secret = Secret::new(&mut bytes).unwrap();
        assert_eq!(bytes, [0; 32]);
        assert_eq!(secret.expose(), &[7; 32]);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }

    #[test]
    fn a_freed_slot_is_wiped_before_it_is_used_again() {
        for round in 0..5_000u32 {
            let slot = take_slot().unwrap();
            // SAFETY: the slot is valid and ours.
            assert_eq!(unsafe { *slot.0.as_ptr() }, [0; 32], "round {round}");
            let held = Secret(slot);
            // SAFETY: as above.
            unsafe { held.0.0.as_ptr().write([9; 32]) };
            held.wipe();
        }
    }
}
