//! Requests beside the stream of items.

use http::{HeaderValue, Method, header::CONTENT_TYPE};
use serde::de::DeserializeOwned;

use super::Ask;
use crate::ops::client::{Client, ClientError, Outgoing};

/// The connection, and as whom it asks.
pub(super) struct Caller<'a> {
    pub(super) client: &'a mut Client,
    pub(super) ask: &'a Ask<'a>,
}

impl Caller<'_> {
    /// The JSON of a good answer.
    pub(super) async fn json<T: DeserializeOwned>(
        &mut self,
        method: Method,
        path: &str,
        body: Outgoing,
    ) -> Result<T, ClientError> {
        let request = (self.ask)(method, path).header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let request = request.body(body).map_err(|_bad_path| ClientError::BadAddress { address: path.to_owned() })?;
        self.client.send(request).await?.accepted().await?.json().await
    }
}
