//! What the browser remembers for a person: working label, language, theme, whether single keys act. Sealed, and bound to the
//! certificate: another person's browser, or a program, can make nothing of it.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use crate::{config::KeyFingerprint, limits, vault::Vault, words::Language};

/// Name of the cookie. Browsers give `__Host-` cookies back to the host that set them over TLS, and to no other.
pub const COOKIE: &str = "__Host-vigie";

/// Light or dark.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Theme {
    /// As the browser prefers.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The word in forms and in the page; none for [`Theme::Auto`].
    pub const fn code(self) -> Option<&'static str> {
        match self {
            Self::Auto => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// The theme of that word.
    pub fn named(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

/// What a person chose. Without a choice: the lowest label, the account's language, the browser's theme, single keys act.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Preferences {
    /// Stored text of the working label.
    pub working: Option<String>,
    language: Option<u8>,
    /// Light or dark.
    pub theme: Theme,
    /// Whether shortcuts of a single key are switched off (RGAA 12.10).
    pub keys_off: bool,
}

impl Preferences {
    /// Nothing chosen but the working label, by its stored text.
    pub fn working_at(label: String) -> Self {
        Self { working: Some(label), ..Self::default() }
    }

    /// Reads the cookie that was set for this certificate; anything else says nothing.
    pub fn read(vault: &Vault, fingerprint: &KeyFingerprint, cookies: Option<&str>) -> Self {
        let value = cookies
            .into_iter()
            .flat_map(|all| all.split(';'))
            .find_map(|cookie| cookie.trim().strip_prefix(COOKIE)?.strip_prefix('='));
        value
            .filter(|value| value.len() <= limits::COOKIE_BYTES_MAX)
            .and_then(|value| BASE64URL_NOPAD.decode(value.as_bytes()).ok())
            .and_then(|sealed| vault.returned(&context(fingerprint), &sealed))
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// The cookie that keeps this choice, as a `Set-Cookie` header; none when nothing can be sealed now.
    pub fn cookie(&self, vault: &Vault, fingerprint: &KeyFingerprint) -> Option<String> {
        let bytes = serde_json::to_vec(self).ok()?;
        let value = BASE64URL_NOPAD.encode(&vault.lend(&context(fingerprint), &bytes).ok()?);
        Some(format!("{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Strict"))
    }

    /// The language that was chosen.
    pub fn language(&self) -> Option<Language> {
        Language::ALL.get(usize::from(self.language?)).copied()
    }

    /// Chooses a language by its code; an unknown one changes nothing.
    pub fn choose_language(&mut self, code: &str) {
        let place = Language::ALL.iter().position(|language| language.code() == code);
        self.language = place.and_then(|place| u8::try_from(place).ok()).or(self.language);
    }
}

fn context(fingerprint: &KeyFingerprint) -> [&[u8]; 2] {
    [b"cookie", &fingerprint.digest().0]
}
