//! Style, scripts and the sign of the house: part of the binary, served under names that hold their hash, so that a browser may
//! keep them for ever. They show nothing of anybody.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use bytes::Bytes;

use super::{page::Shown, sheet, visit::Visit};
use crate::{api::ApiError, config::Config, label::Policy};

/// The files, by name.
const FILES: [(&str, &str, &str); 4] = [
    ("vigie.css", CSS, include_str!("assets/vigie.css")),
    ("vigie.js", "text/javascript; charset=utf-8", include_str!("assets/vigie.js")),
    ("editor.js", "text/javascript; charset=utf-8", include_str!("assets/editor.js")),
    ("vigie.svg", "image/svg+xml", include_str!("assets/vigie.svg")),
];

/// Name of the policy's own style sheet.
const SHEET: &str = "policy.css";
const CSS: &str = "text/css; charset=utf-8";

/// Where things stand, for the head of a page.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Addresses {
    /// The style sheet.
    pub style: String,
    /// The policy's colours.
    pub policy: String,
    /// The script of every page.
    pub script: String,
    /// The script of the editor.
    pub editor: String,
    /// The sign of the house.
    pub sign: String,
}

/// The style sheet of one policy.
#[derive(Debug)]
struct Sheet {
    policy: [u8; 32],
    address: String,
    bytes: Bytes,
}

/// All that is served under `/assets`.
#[derive(Debug)]
pub struct Shelf {
    digest: fn(&[u8]) -> [u8; 32],
    files: Vec<(String, &'static str, Bytes)>,
    sheet: ArcSwapOption<Sheet>,
}

impl Shelf {
    /// The shelf; `digest` is SHA-256, which pages do not name.
    pub fn new(digest: fn(&[u8]) -> [u8; 32]) -> Self {
        let files = FILES.iter().map(|(name, kind, text)| {
            (address(digest, name, text.as_bytes()), *kind, Bytes::from_static(text.as_bytes()))
        });
        Self { digest, files: files.collect(), sheet: ArcSwapOption::empty() }
    }

    /// Where things stand under this configuration.
    pub fn addresses(&self, config: &Config) -> Addresses {
        let of = |name: &str| {
            let found = self.files.iter().find(|(address, ..)| address.rsplit('/').next() == Some(name));
            found.map_or_else(String::new, |(address, ..)| address.clone())
        };
        Addresses {
            style: of("vigie.css"),
            policy: self.sheet(config).address.clone(),
            script: of("vigie.js"),
            editor: of("editor.js"),
            sign: of("vigie.svg"),
        }
    }

    fn sheet(&self, config: &Config) -> Arc<Sheet> {
        let policy = config.policy_digest().0;
        if let Some(sheet) = self.sheet.load_full().filter(|sheet| sheet.policy == policy) {
            return sheet;
        }
        let sheet = Arc::new(self.written(policy, config.policy()));
        self.sheet.store(Some(Arc::clone(&sheet)));
        sheet
    }

    fn written(&self, policy: [u8; 32], words: &Policy) -> Sheet {
        let text = sheet::of(words);
        Sheet { policy, address: address(self.digest, SHEET, text.as_bytes()), bytes: Bytes::from(text) }
    }

    fn find(&self, path: &str, config: &Config) -> Option<(&'static str, Bytes)> {
        let sheet = self.sheet(config);
        if sheet.address == path {
            return Some((CSS, sheet.bytes.clone()));
        }
        self.files.iter().find(|(address, ..)| address == path).map(|(_, kind, bytes)| (*kind, bytes.clone()))
    }
}

fn address(digest: fn(&[u8]) -> [u8; 32], name: &str, bytes: &[u8]) -> String {
    let digest = data_encoding::HEXLOWER.encode(&digest(bytes));
    format!("/assets/{}/{name}", digest.get(..16).unwrap_or_default())
}

/// `GET /assets/{hash}/{name}`
///
/// # Errors
/// [`ApiError::NotFound`]: another hash is another thing.
pub async fn asset(visit: Visit) -> Result<Shown, ApiError> {
    let config = visit.visitor.config();
    let found = visit.shelf.find(visit.call.uri.path(), &config);
    let (kind, bytes) = found.ok_or(ApiError::NotFound)?;
    Ok(Shown::Asset { kind, bytes })
}
