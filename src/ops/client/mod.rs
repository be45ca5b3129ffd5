//! A small mutual-TLS client for our own command line: one kept-alive connection, JSON, and streams both ways at once.

mod answer;
mod body;
mod error;
mod line;
mod target;

use std::{future::Future, pin::Pin, sync::Arc};

use http::{
    HeaderValue, Method, Request,
    header::{CONTENT_TYPE, HOST},
};
use hyper::body::Incoming;
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::timeout;

pub use answer::{Answer, Lines};
pub use body::{Aborted, Outgoing, Upload, empty, full, json, upload};
pub use error::ClientError;
use line::{Line, Sender, dial};
pub use target::{Credentials, Patience, Target, Version};

/// One connection to one server, opened again when the server has closed it between two requests.
pub struct Client {
    target: Target,
    credentials: Credentials,
    sender: Sender,
    line: Arc<Line>,
}

impl Client {
    /// Connects. The server's refusal of our certificate shows with the first answer only (TLS 1.3).
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn connect(target: Target, credentials: Credentials) -> Result<Self, ClientError> {
        let (sender, line) = dial(&target, &credentials).await?;
        Ok(Self { target, credentials, sender, line })
    }

    /// A request for a path such as `/api/v1/me`, to complete and hand to [`Client::send`].
    pub fn request(method: Method, path: &str) -> http::request::Builder {
        Request::builder().method(method).uri(path)
    }

    /// Sends a request and waits for the head of the answer.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn send(&mut self, request: Request<Outgoing>) -> Result<Answer, ClientError> {
        let patience = self.target.patience.answer;
        let answer = self.begin(request).await?;
        timeout(patience, answer).await.map_err(|_elapsed| ClientError::TimedOut)?
    }

    /// Sends a request whose body is still being fed; the answer is awaited apart, without time-out.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn begin(
        &mut self,
        request: Request<Outgoing>,
    ) -> Result<impl Future<Output = Result<Answer, ClientError>> + Send + use<>, ClientError> {
        let request = self.addressed(request)?;
        let sent = match self.dispatch(request).await {
            Ok(sent) => sent,
            Err(error) => return Err(self.line.cause(error).await),
        };
        let (line, patience) = (Arc::clone(&self.line), self.target.patience.answer);
        Ok(async move {
            match sent.await {
                Ok(response) => {
                    let (head, body) = response.into_parts();
                    Ok(Answer { head, body, line, patience })
                }
                Err(error) => Err(line.cause(ClientError::of(&error)).await),
            }
        })
    }

    /// `GET` and the JSON of a good answer.
    ///
    /// # Errors
    /// [`ClientError`]; a status from 400 is [`ClientError::Problem`].
    pub async fn get_json<T: DeserializeOwned>(&mut self, path: &str) -> Result<T, ClientError> {
        let request = Self::request(Method::GET, path).body(empty()).map_err(|_bad_path| bad_path(path))?;
        self.send(request).await?.accepted().await?.json().await
    }

    /// `POST` of JSON and the JSON of a good answer.
    ///
    /// # Errors
    /// [`ClientError`]; a status from 400 is [`ClientError::Problem`].
    pub async fn post_json<T: DeserializeOwned>(
        &mut self,
        path: &str,
        value: &(impl Serialize + Sync),
    ) -> Result<T, ClientError> {
        let request = Self::request(Method::POST, path)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(json(value)?)
            .map_err(|_bad_path| bad_path(path))?;
        self.send(request).await?.accepted().await?.json().await
    }

    /// HTTP/1.1 wants `Host` and a path, HTTP/2 the whole address.
    fn addressed(&self, mut request: Request<Outgoing>) -> Result<Request<Outgoing>, ClientError> {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let port = self.target.address.rsplit_once(':').map_or("443", |(_host, port)| port);
        let host =
            if self.target.name.contains(':') { format!("[{}]", self.target.name) } else { self.target.name.clone() };
        let authority = format!("{host}:{port}");
        let text = match self.sender {
            Sender::Http1(_) => {
                let value = HeaderValue::from_str(&authority).map_err(|_not_a_header| bad_path(&authority))?;
                request.headers_mut().insert(HOST, value);
                path
            }
            Sender::Http2(_) => format!("https://{authority}{path}"),
        };
        *request.uri_mut() = text.parse().map_err(|_not_a_path| bad_path(&text))?;
        Ok(request)
    }

    async fn dispatch(&mut self, request: Request<Outgoing>) -> Result<Sent, ClientError> {
        let closed = match &self.sender {
            Sender::Http1(sender) => sender.is_closed(),
            Sender::Http2(sender) => sender.is_closed(),
        };
        // Nothing has been sent yet, so a second connection cannot do a thing twice. But a connection that the server
        // ended with a reason (our certificate, say) is not to be asked again.
        if closed {
            self.line.reason()?;
            (self.sender, self.line) = dial(&self.target, &self.credentials).await?;
        }
        let patience = self.target.patience.answer;
        let waited = match &mut self.sender {
            Sender::Http1(sender) => timeout(patience, sender.ready()).await,
            Sender::Http2(sender) => timeout(patience, sender.ready()).await,
        };
        waited.map_err(|_elapsed| ClientError::TimedOut)?.map_err(|error| ClientError::of(&error))?;
        Ok(match &mut self.sender {
            Sender::Http1(sender) => Box::pin(sender.send_request(request)),
            Sender::Http2(sender) => Box::pin(sender.send_request(request)),
        })
    }
}

type Sent = Pin<Box<dyn Future<Output = hyper::Result<http::Response<Incoming>>> + Send>>;

fn bad_path(path: &str) -> ClientError {
    ClientError::BadAddress { address: path.to_owned() }
}
