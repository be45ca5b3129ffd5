//! A configuration that nobody signed, made of one that somebody did.
use vigie::config::Config;

pub fn later(mut config: Config) -> Config {
    config.epoch += 1;
    config
}
