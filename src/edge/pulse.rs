//! When a connection last did something, and what is due if it does nothing more.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Instant,
};

use super::accept::Bounds;

/// How the heads of requests come in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Heads {
    /// HTTP/1.1: bytes between two requests are the next head.
    Plain,
    /// HTTP/2: they may be pings as well.
    Framed,
}

/// What has to happen to a connection now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// Nothing.
    Stay,
    /// Idle or old: no new request, those under way may end.
    Leave,
    /// A head too slow, or the time for leaving is over.
    Cut,
}

/// The clocks of one connection.
pub(super) struct Pulse {
    bounds: Bounds,
    heads: Heads,
    ends: Instant,
    state: Mutex<State>,
}

struct State {
    open: usize,
    quiet_since: Instant,
    /// A head is awaited since: from the handshake for the first, from its first byte for others.
    head_since: Option<Instant>,
    leaving_until: Option<Instant>,
}

impl Pulse {
    pub(super) fn new(bounds: Bounds, heads: Heads) -> Arc<Self> {
        let now = Instant::now();
        let state = State { open: 0, quiet_since: now, head_since: Some(now), leaving_until: None };
        Arc::new(Self { bounds, heads, ends: after(now, bounds.age), state: Mutex::new(state) })
    }

    /// The earliest time at which [`Pulse::verdict`] may be other than `Stay`.
    pub(super) fn due(&self) -> Instant {
        self.next().0
    }

    pub(super) fn verdict(&self) -> Verdict {
        let (due, verdict) = self.next();
        if due <= Instant::now() { verdict } else { Verdict::Stay }
    }

    /// Starts the time for leaving, once.
    pub(super) fn leave(&self) {
        let end = after(Instant::now(), self.bounds.drain);
        self.with(|state| state.leaving_until.get_or_insert(end).to_owned());
    }

    /// A request's head is complete.
    pub(super) fn begin(pulse: &Arc<Self>) -> Exchange {
        pulse.with(|state| {
            state.open = state.open.saturating_add(1);
            state.head_since = None;
        });
        Exchange(Arc::clone(pulse))
    }

    fn bytes_arrived(&self) {
        if self.heads == Heads::Plain {
            self.with(|state| {
                if state.open == 0 && state.head_since.is_none() {
                    state.head_since = Some(Instant::now());
                }
            });
        }
    }

    fn next(&self) -> (Instant, Verdict) {
        self.with(|state| {
            let idle = (state.open == 0).then(|| (after(state.quiet_since, self.bounds.idle), Verdict::Leave));
            let head = state.head_since.map(|since| (after(since, self.bounds.head), Verdict::Cut));
            let going = match state.leaving_until {
                Some(end) => [Some((end, Verdict::Cut)), None],
                None => [Some((self.ends, Verdict::Leave)), idle],
            };
            let first = going.into_iter().chain([head]).flatten().min_by_key(|(due, _verdict)| *due);
            first.unwrap_or((self.ends, Verdict::Leave))
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One request and its answer under way; over when dropped.
pub(super) struct Exchange(Arc<Pulse>);

impl Drop for Exchange {
    fn drop(&mut self) {
        self.0.with(|state| {
            state.open = state.open.saturating_sub(1);
            state.quiet_since = Instant::now();
        });
    }
}

/// A stream that tells its pulse when bytes arrive.
pub(super) struct Watched<T> {
    inner: T,
    pulse: Arc<Pulse>,
}

impl<T> Watched<T> {
    pub(super) const fn new(inner: T, pulse: Arc<Pulse>) -> Self {
        Self { inner, pulse }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Watched<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.pulse.bytes_arrived();
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Watched<T> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

/// `time` later, or the same instant where the clock ends.
fn after(instant: Instant, time: Duration) -> Instant {
    instant.checked_add(time).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pulse(head: u64, idle: u64, age: u64) -> Arc<Pulse> {
        let bounds = Bounds {
            head: Duration::from_millis(head),
            idle: Duration::from_millis(idle),
            age: Duration::from_millis(age),
            drain: Duration::ZERO,
            ..Bounds::default()
        };
        Pulse::new(bounds, Heads::Plain)
    }

    #[test]
    fn a_connection_without_a_first_request_is_cut() {
        assert_eq!(pulse(0, 9000, 9000).verdict(), Verdict::Cut);
        assert_eq!(pulse(9000, 9000, 9000).verdict(), Verdict::Stay);
    }

    #[test]
    fn an_idle_one_leaves_and_one_with_a_request_under_way_does_not() {
        let pulse = pulse(9000, 0, 9000);
        let exchange = Pulse::begin(&pulse);
        assert_eq!(pulse.verdict(), Verdict::Stay);
        drop(exchange);
        assert_eq!(pulse.verdict(), Verdict::Leave);
        pulse.leave();
        assert_eq!(pulse.verdict(), Verdict::Cut);
    }

    #[test]
    fn an_old_one_leaves_even_with_a_request_under_way() {
        let pulse = pulse(9000, 9000, 0);
        let _exchange = Pulse::begin(&pulse);
        assert_eq!(pulse.verdict(), Verdict::Leave);
    }

    #[test]
    fn the_first_byte_of_a_later_head_starts_its_clock() {
        let pulse = pulse(0, 9000, 9000);
        drop(Pulse::begin(&pulse));
        assert_eq!(pulse.verdict(), Verdict::Stay);
        pulse.bytes_arrived();
        assert_eq!(pulse.verdict(), Verdict::Cut);
    }
}
