//! A configuration read from text, its signatures not looked at.
use vigie::config::Config;

pub fn config(text: &str) -> Option<Config> {
    text.parse().ok()
}
