//! Commands that speak with a server: how it is named, and one connection to it.

use std::path::PathBuf;

use bytes::Bytes;
use clap::Args;
use http::{
    HeaderValue, Method,
    header::{ACCEPT_LANGUAGE, HeaderName},
};
use serde::de::DeserializeOwned;

use super::{failure::Failure, files, terminal::Terminal};
use crate::{
    clock::Clock,
    ops::{
        client::{self, Client, ClientError, Credentials, Target, Version},
        export::collect,
    },
    words::{Sentence, key},
};

/// The request header of the working label.
pub(super) const WORKING: HeaderName = HeaderName::from_static("vigie-working");

#[derive(Args)]
pub(super) struct Server {
    #[arg(long, value_name = "URL")]
    server: String,
    #[arg(long, value_name = "PEM")]
    ca: PathBuf,
    #[arg(long, value_name = "PEM")]
    cert: PathBuf,
    #[arg(long, value_name = "PEM")]
    key: PathBuf,
    #[arg(long, value_name = "LABEL")]
    working: Option<String>,
}

/// The same, where a folder may be given instead.
#[derive(Args)]
pub(super) struct ServerOrNone {
    #[arg(long, value_name = "URL", requires_all = ["ca", "cert", "key"])]
    server: Option<String>,
    #[arg(long, value_name = "PEM", requires = "server")]
    ca: Option<PathBuf>,
    #[arg(long, value_name = "PEM", requires = "server")]
    cert: Option<PathBuf>,
    #[arg(long, value_name = "PEM", requires = "server")]
    key: Option<PathBuf>,
    #[arg(long, value_name = "LABEL", requires = "server")]
    working: Option<String>,
}

impl ServerOrNone {
    pub(super) fn given(self) -> Option<Server> {
        Some(Server { server: self.server?, ca: self.ca?, cert: self.cert?, key: self.key?, working: self.working })
    }
}

/// One connection, at one working label.
pub(super) struct Session {
    pub(super) client: Client,
    pub(super) bearing: Bearing,
}

/// What every request of a session bears.
pub(super) struct Bearing {
    working: Option<HeaderValue>,
    language: HeaderValue,
}

impl Bearing {
    /// A request that bears the working label.
    pub(super) fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let request = Client::request(method, path).header(ACCEPT_LANGUAGE, self.language.clone());
        match &self.working {
            Some(working) => request.header(WORKING, working.clone()),
            None => request,
        }
    }
}

impl Session {
    /// Connects.
    pub(super) async fn open(server: &Server, terminal: &Terminal) -> Result<Self, Failure> {
        let target = Target::parse(&server.server, Version::Http2)?;
        let (ca, cert) = (files::read(&server.ca)?, files::read(&server.cert)?);
        let key = zeroize::Zeroizing::new(files::read(&server.key)?);
        let credentials = Credentials::from_pem(&ca, &cert, &key, &Clock::System)?;
        let working = server.working.as_deref().map(|text| {
            HeaderValue::from_str(text)
                .map_err(|_not_a_header| Failure::usage(Sentence::new(key::CLI_SAY_BAD_WORKING).with("label", text)))
        });
        let language = HeaderValue::from_static(terminal.language.code());
        Ok(Self {
            bearing: Bearing { working: working.transpose()?, language },
            client: Client::connect(target, credentials).await?,
        })
    }

    /// A request that bears the working label.
    pub(super) fn request(&self, method: Method, path: &str) -> http::request::Builder {
        self.bearing.request(method, path)
    }

    /// The connection with the working label of its requests, for work that makes its own.
    pub(super) fn served(&mut self) -> collect::Server<'_> {
        let (working, language) = (self.bearing.working.clone(), self.bearing.language.clone());
        collect::Server { client: &mut self.client, working, language }
    }

    /// `GET` of bytes.
    pub(super) async fn bytes(&mut self, path: &str) -> Result<Bytes, ClientError> {
        let bad = |_bad_path| ClientError::BadAddress { address: path.to_owned() };
        let request = self.request(Method::GET, path).body(client::empty()).map_err(bad)?;
        self.client.send(request).await?.accepted().await?.bytes().await
    }

    /// `GET` of JSON.
    pub(super) async fn json<T: DeserializeOwned>(&mut self, path: &str) -> Result<T, ClientError> {
        serde_json::from_slice(&self.bytes(path).await?).map_err(|_not_json| ClientError::NotJson)
    }

    /// `GET` of text.
    pub(super) async fn text(&mut self, path: &str) -> Result<String, ClientError> {
        String::from_utf8(self.bytes(path).await?.to_vec()).map_err(|_not_text| ClientError::NotText)
    }
}

/// A value as it may stand in the query of an address.
pub(super) fn in_query(value: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    value.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_in_a_query_stays_one_value() {
        assert_eq!(in_query("S/ALPHA,B/FRA&x=é"), "S%2FALPHA%2CB%2FFRA%26x%3D%C3%A9");
    }
}
