//! Answers: whole, as JSON, or line by line as they come.

use std::{sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::{ClientError, line::Line};
use crate::limits;

/// An answer whose head has come.
pub struct Answer {
    pub(super) head: http::response::Parts,
    pub(super) body: Incoming,
    pub(super) line: Arc<Line>,
    pub(super) patience: Duration,
}

impl Answer {
    /// The status.
    pub const fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The headers.
    pub const fn headers(&self) -> &http::HeaderMap {
        &self.head.headers
    }

    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// [`ClientError`]; [`ClientError::Closed`] when the answer ends before its end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, ClientError> {
        loop {
            let frame = timeout(self.patience, self.body.frame()).await.map_err(|_elapsed| ClientError::TimedOut)?;
            match frame {
                None => return Ok(None),
                Some(Ok(frame)) => {
                    if let Ok(bytes) = frame.into_data() {
                        return Ok(Some(bytes));
                    }
                }
                Some(Err(error)) => return Err(self.line.cause(ClientError::of(&error)).await),
            }
        }
    }

    /// The whole body.
    ///
    /// # Errors
    /// [`ClientError`]; [`ClientError::TooLarge`] beyond `limits::CLIENT_ANSWER_BYTES_MAX`.
    pub async fn bytes(mut self) -> Result<Bytes, ClientError> {
        let mut all = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            if all.len().saturating_add(chunk.len()) > limits::CLIENT_ANSWER_BYTES_MAX {
                return Err(ClientError::TooLarge);
            }
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`ClientError`]; [`ClientError::NotJson`].
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, ClientError> {
        serde_json::from_slice(&self.bytes().await?).map_err(|_not_json| ClientError::NotJson)
    }

    /// The answer, unless its status says that the server did not do it.
    ///
    /// # Errors
    /// [`ClientError::Problem`] with what the server's problem document says.
    pub async fn accepted(self) -> Result<Self, ClientError> {
        let status = self.status();
        if status.is_success() {
            return Ok(self);
        }
        #[derive(serde::Deserialize, Default)]
        #[serde(default)]
        struct Problem {
            code: String,
            title: String,
            detail: Option<String>,
        }
        let problem: Problem = self.json().await.unwrap_or_default();
        let detail = problem.detail.unwrap_or(problem.title);
        Err(ClientError::Problem { status: status.as_u16(), code: problem.code, detail })
    }

    /// The body line by line, as it comes.
    pub fn lines(self) -> Lines {
        Lines { answer: self, waiting: BytesMut::new(), searched: 0, ended: false }
    }
}

/// The lines of a streamed answer.
pub struct Lines {
    answer: Answer,
    waiting: BytesMut,
    searched: usize,
    ended: bool,
}

impl Lines {
    /// The next line, without its end; `None` after the last.
    ///
    /// # Errors
    /// [`ClientError`]; [`ClientError::TooLarge`] for a line beyond `limits::CLIENT_LINE_BYTES_MAX`,
    /// [`ClientError::NotText`] for one that is not UTF-8.
    pub async fn next(&mut self) -> Result<Option<String>, ClientError> {
        loop {
            let unsearched = self.waiting.get(self.searched..).unwrap_or_default();
            if let Some(place) = unsearched.iter().position(|byte| *byte == b'\n') {
                let line = self.waiting.split_to(self.searched.saturating_add(place));
                let _newline = self.waiting.split_to(1);
                self.searched = 0;
                return text(line).map(Some);
            }
            self.searched = self.waiting.len();
            if self.searched > limits::CLIENT_LINE_BYTES_MAX {
                return Err(ClientError::TooLarge);
            }
            if self.ended {
                let rest = self.waiting.split();
                self.searched = 0;
                return if rest.is_empty() { Ok(None) } else { text(rest).map(Some) };
            }
            match self.answer.chunk().await? {
                Some(chunk) => self.waiting.extend_from_slice(&chunk),
                None => self.ended = true,
            }
        }
    }
}

fn text(line: BytesMut) -> Result<String, ClientError> {
    let line = String::from_utf8(line.to_vec()).map_err(|_not_utf8| ClientError::NotText)?;
    Ok(line.strip_suffix('\r').map(ToOwned::to_owned).unwrap_or(line))
}
