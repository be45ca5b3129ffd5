//! Bodies of requests: nothing, bytes, JSON, or parts as they come.

use std::{
    convert::Infallible,
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Empty, Full, combinators::UnsyncBoxBody};
use serde::Serialize;
use tokio::sync::mpsc;

use super::ClientError;
use crate::limits;

/// The body of a request: see [`empty`], [`full`] and [`upload`].
pub type Outgoing = UnsyncBoxBody<Bytes, Aborted>;

/// No body.
pub fn empty() -> Outgoing {
    Empty::new().map_err(|never: Infallible| match never {}).boxed_unsync()
}

/// A body held in memory.
pub fn full(bytes: impl Into<Bytes>) -> Outgoing {
    Full::new(bytes.into()).map_err(|never: Infallible| match never {}).boxed_unsync()
}

/// A body sent part by part, and the end that feeds it.
pub fn upload() -> (Upload, Outgoing) {
    let (sender, receiver) = mpsc::channel(limits::CLIENT_PARTS_WAITING_MAX);
    (Upload(sender), Parts { receiver, ended: false }.boxed_unsync())
}

/// A JSON body.
///
/// # Errors
/// [`ClientError::NotJson`] when the value cannot be written as JSON.
pub fn json(value: &impl Serialize) -> Result<Outgoing, ClientError> {
    serde_json::to_vec(value).map(full).map_err(|_not_json| ClientError::NotJson)
}

/// Feeds a streamed body. Dropped without [`Upload::finish`], the request is broken off: half a file is not a file.
pub struct Upload(mpsc::Sender<Option<Bytes>>);

impl Upload {
    /// Sends one part; waits when the server is slower.
    ///
    /// # Errors
    /// [`ClientError::Closed`] when the server has stopped reading.
    pub async fn push(&self, part: impl Into<Bytes>) -> Result<(), ClientError> {
        self.0.send(Some(part.into())).await.map_err(|_nobody_reads| ClientError::Closed)
    }

    /// The body is complete.
    ///
    /// # Errors
    /// [`ClientError::Closed`] when the server has stopped reading.
    pub async fn finish(self) -> Result<(), ClientError> {
        self.0.send(None).await.map_err(|_nobody_reads| ClientError::Closed)
    }
}

struct Parts {
    receiver: mpsc::Receiver<Option<Bytes>>,
    ended: bool,
}

impl Body for Parts {
    type Data = Bytes;
    type Error = Aborted;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Aborted>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let part = ready!(self.receiver.poll_recv(context));
        self.ended = !matches!(part, Some(Some(_)));
        Poll::Ready(match part {
            Some(Some(part)) => Some(Ok(Frame::data(part))),
            Some(None) => None,
            None => Some(Err(Aborted)),
        })
    }
}

/// A streamed request was broken off by ourselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aborted;

impl fmt::Display for Aborted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the request was broken off before its end")
    }
}

impl Error for Aborted {}
