//! How long a group waits for company.
//!
//! When a sync ends, those it served ask again a moment later, while others are waiting already. A group that left at
//! once would split the clients into two halves that take turns, each waiting for the other's sync. So, and only when
//! somebody waited during the last sync, the group waits for those who were served by it: a part of what a sync costs,
//! never more. A lone client never waits.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError},
    time::{Duration, Instant},
};

use crate::limits;

/// The part of a sync that a group may wait: one half.
const PART: u32 = 2;
/// Under this, a wait costs more than it brings.
const SHORTEST: Duration = Duration::from_micros(25);

/// What the last groups were like.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gathering {
    served: usize,
    sync: Duration,
}

impl Gathering {
    /// Takes what waits, and what soon will, until `take` answers that there is no more room. Waits at most `beat` for
    /// the first.
    ///
    /// # Errors
    /// When none came, or nobody is left to come.
    pub fn group<T>(
        &self,
        receiver: &Receiver<T>,
        beat: Duration,
        mut take: impl FnMut(T) -> bool,
    ) -> Result<usize, RecvTimeoutError> {
        let (first, patience) = match receiver.try_recv() {
            Ok(first) => (first, self.patience()),
            Err(TryRecvError::Empty) => (receiver.recv_timeout(beat)?, Duration::ZERO),
            Err(TryRecvError::Disconnected) => return Err(RecvTimeoutError::Disconnected),
        };
        Ok(self.gather(receiver, first, patience, &mut take))
    }

    fn gather<T>(
        &self,
        receiver: &Receiver<T>,
        first: T,
        patience: Duration,
        take: &mut impl FnMut(T) -> bool,
    ) -> usize {
        let begun = Instant::now();
        let (mut room, mut taken, mut expected) = (take(first), 1_usize, None);
        while room {
            let next = match receiver.try_recv() {
                Ok(next) => next,
                Err(_none_waits) => {
                    // Those who waited already, and those who were served and are about to ask again.
                    let expected = *expected.get_or_insert(taken.saturating_add(self.served));
                    let left = patience.saturating_sub(begun.elapsed());
                    if taken >= expected || left.is_zero() {
                        break;
                    }
                    let Ok(next) = receiver.recv_timeout(left) else { break };
                    next
                }
            };
            room = take(next);
            taken = taken.saturating_add(1);
        }
        taken
    }

    /// Remembers how many the last group served, and what its sync cost.
    pub fn served(&mut self, count: usize, sync: Duration) {
        self.served = count;
        // A mean over some groups: one slow sync must not make the next group wait for it.
        self.sync = self.sync.saturating_mul(3).saturating_add(sync).checked_div(4).unwrap_or_default();
    }

    fn patience(&self) -> Duration {
        let part = self.sync.checked_div(PART).unwrap_or_default();
        let patience = part.min(Duration::from_micros(limits::COMMIT_GATHER_US_MAX));
        if patience < SHORTEST { Duration::ZERO } else { patience }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    fn slow(served: usize) -> Gathering {
        Gathering { served, sync: LONG }
    }

    #[test]
    fn a_group_takes_all_that_waits_and_stops_when_full() {
        let (sender, receiver) = channel();
        (0..5).for_each(|number| sender.send(number).unwrap());
        let mut group = Vec::new();
        let taken = slow(0).group(&receiver, LONG, |number| {
            group.push(number);
            group.len() < 3
        });
        assert_eq!((taken, group), (Ok(3), vec![0, 1, 2]));
    }

    #[test]
    fn a_group_waits_for_those_whom_the_last_one_served() {
        let ((sender, receiver), (taken, begun)) = (channel(), channel());
        let returning = std::thread::spawn(move || {
            begun.recv().unwrap();
            std::thread::sleep(Duration::from_millis(5));
            sender.send(2).unwrap();
            sender
        });
        let group = slow(1).gather(&receiver, 1, LONG, &mut |number| taken.send(number).is_ok() || number == 2);
        assert_eq!(group, 2);
        drop(returning.join().unwrap());
    }

    #[test]
    fn a_group_waits_for_no_more_than_were_served() {
        let (sender, receiver) = channel();
        sender.send(2).unwrap();
        sender.send(3).unwrap();
        // Nobody was served last time: with all that waits taken, an hour of patience is not spent.
        assert_eq!(slow(0).gather(&receiver, 1, LONG, &mut |_| true), 3);
        drop(sender);
    }

    #[test]
    fn a_lone_client_is_never_kept_waiting() {
        let (sender, receiver) = channel();
        let late = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(5));
            sender.send(1).unwrap();
            sender
        });
        // It came to an idle committer: nobody else is expected, whatever the last group was.
        assert_eq!(slow(100).group(&receiver, LONG, |_| true), Ok(1));
        drop(late.join().unwrap());
    }

    #[test]
    fn the_wait_is_a_part_of_a_sync_and_bounded() {
        let most = Duration::from_micros(limits::COMMIT_GATHER_US_MAX);
        assert_eq!(slow(1).patience(), most);
        assert_eq!(Gathering { served: 1, sync: Duration::from_micros(400) }.patience(), Duration::from_micros(200));
        assert_eq!(Gathering { served: 1, sync: Duration::from_micros(40) }.patience(), Duration::ZERO);
    }
}
