//! Style, scripts and the sign of the house: part of the binary, served under names that hold their hash, so that a browser may
//! keep them for ever. They show nothing of anybody.

use std::sync::{Arc, OnceLock};

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

/// Packed once in a process: as small as it gets.
const PACKING: i32 = 19;
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

/// A file, as it is and packed.
#[derive(Clone, Debug)]
struct Asset {
    address: String,
    kind: &'static str,
    plain: Bytes,
    packed: Option<Bytes>,
}

impl Asset {
    fn new(digest: fn(&[u8]) -> [u8; 32], name: &str, kind: &'static str, plain: Bytes) -> Self {
        let address = address(digest, name, &plain);
        let packed = zstd::bulk::compress(&plain, PACKING).ok().filter(|packed| packed.len() < plain.len());
        Self { address, kind, plain, packed: packed.map(Bytes::from) }
    }
}

/// The style sheet of one policy.
#[derive(Debug)]
struct Sheet {
    policy: [u8; 32],
    asset: Asset,
}

/// All that is served under `/assets`.
#[derive(Debug)]
pub struct Shelf {
    digest: fn(&[u8]) -> [u8; 32],
    files: &'static [Asset],
    sheet: ArcSwapOption<Sheet>,
}

impl Shelf {
    /// The shelf; `digest` is SHA-256, which pages do not name.
    pub fn new(digest: fn(&[u8]) -> [u8; 32]) -> Self {
        static PACKED: OnceLock<Vec<Asset>> = OnceLock::new();
        let files = PACKED.get_or_init(|| {
            let of = |(name, kind, text)| Asset::new(digest, name, kind, Bytes::from_static(str::as_bytes(text)));
            FILES.map(of).into()
        });
        Self { digest, files, sheet: ArcSwapOption::empty() }
    }

    /// Where things stand under this configuration.
    pub fn addresses(&self, config: &Config) -> Addresses {
        let of = |name: &str| {
            let found = self.files.iter().find(|file| file.address.rsplit('/').next() == Some(name));
            found.map_or_else(String::new, |file| file.address.clone())
        };
        Addresses {
            style: of("vigie.css"),
            policy: self.sheet(config).asset.address.clone(),
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
        Sheet { policy, asset: Asset::new(self.digest, SHEET, CSS, Bytes::from(sheet::of(words))) }
    }

    fn find(&self, path: &str, config: &Config) -> Option<Asset> {
        let sheet = self.sheet(config);
        if sheet.asset.address == path {
            return Some(sheet.asset.clone());
        }
        self.files.iter().find(|file| file.address == path).cloned()
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
    let Asset { kind, plain, packed, .. } = found.ok_or(ApiError::NotFound)?;
    Ok(match packed.filter(|_| visit.unpacks) {
        Some(bytes) => Shown::Asset { kind, bytes, packed: true },
        None => Shown::Asset { kind, bytes: plain, packed: false },
    })
}
