//! A streamed body, cut into lines.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

use crate::limits;

/// A line of the body: whole, or why not.
pub(super) enum Line {
    /// Without its end.
    Whole(Bytes),
    /// Longer than an item may be.
    TooLong,
    /// The body broke off; what came before is done.
    Broken,
}

/// Cuts a body into lines without ever holding more than one over-long one.
pub(super) struct Lines {
    parts: axum::body::BodyDataStream,
    buffer: BytesMut,
    skipping: bool,
    ended: bool,
}

impl Lines {
    pub(super) fn of(body: Body) -> Self {
        Self { parts: body.into_data_stream(), buffer: BytesMut::new(), skipping: false, ended: false }
    }

    /// The next line; none at the end.
    pub(super) async fn next(&mut self) -> Option<Line> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let mut line = self.buffer.split_to(end.saturating_add(1));
                line.truncate(end);
                if std::mem::take(&mut self.skipping) || line.len() > limits::IMPORT_LINE_BYTES_MAX {
                    return Some(Line::TooLong);
                }
                if !line.trim_ascii().is_empty() {
                    return Some(Line::Whole(line.freeze()));
                }
                continue;
            }
            if self.buffer.len() > limits::IMPORT_LINE_BYTES_MAX {
                self.buffer.clear();
                self.skipping = true;
            }
            if self.ended {
                return None;
            }
            match self.parts.next().await {
                Some(Ok(part)) => self.buffer.extend_from_slice(&part),
                Some(Err(_broken)) => {
                    self.ended = true;
                    self.buffer.clear();
                    return Some(Line::Broken);
                }
                None => {
                    self.ended = true;
                    if !self.buffer.is_empty() || self.skipping {
                        self.buffer.extend_from_slice(b"\n");
                    }
                }
            }
        }
    }
}
