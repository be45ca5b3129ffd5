//! The language of questions, in one table: signs and keys, and what each means.

use crate::{
    web::say::Tongue,
    words::{Key, Language, key as k},
};

/// One line of the table.
pub(super) struct Line {
    pub(super) signs: Vec<&'static str>,
    pub(super) meaning: String,
}

/// Signs in French, English and German, and what they mean.
const LINES: [([&str; 3], Key); 18] = [
    (["radar passif", "passive radar", "passives Radar"], k::SEARCH_HELP_WORDS),
    (["\"atomes froids\"", "\"cold atoms\"", "\"kalte Atome\""], k::SEARCH_HELP_PHRASE),
    (["-brevet", "-patent", "-Patent"], k::SEARCH_HELP_WITHOUT),
    (["(drone OU ballon)", "(drone OR balloon)", "(Drohne ODER Ballon)"], k::SEARCH_HELP_OR),
    (["grav*", "grav*", "grav*"], k::SEARCH_HELP_BEGINS),
    (["titre:", "title:", "titel:"], k::SEARCH_HELP_TITLE),
    (["dans:", "in:", "in:"], k::SEARCH_HELP_IN),
    (["de:", "from:", "von:"], k::SEARCH_HELP_FROM),
    (["étiquette:", "tag:", "schlagwort:"], k::SEARCH_HELP_TAG),
    (["type:", "type:", "typ:"], k::SEARCH_HELP_TYPE),
    (["avant:", "before:", "vor:"], k::SEARCH_HELP_BEFORE),
    (["après:", "after:", "nach:"], k::SEARCH_HELP_AFTER),
    (["fiabilité:", "reliability:", "zuverlässigkeit:"], k::SEARCH_HELP_GRADE),
    (["mention:", "marking:", "vermerk:"], k::SEARCH_HELP_MARKING),
    (["lien:", "link:", "verknüpfung:"], k::SEARCH_HELP_LINK),
    (["source:", "source:", "quelle:"], k::SEARCH_HELP_SOURCE),
    (["avec:", "has:", "mit:"], k::SEARCH_HELP_HAS),
    (["langue:", "lang:", "sprache:"], k::SEARCH_HELP_LANG),
];

/// The table in the reader's language: keys in it, and in another one.
pub(super) fn lines(w: Tongue) -> Vec<Line> {
    let line = |([french, english, german], meaning): &([&'static str; 3], Key)| {
        let mut signs = match w.0 {
            Language::French => vec![*french, *english],
            Language::English => vec![*english, *french],
            Language::German => vec![*german, *english],
        };
        // Examples stand in one language, keys in two.
        signs.dedup();
        signs.truncate(if french.ends_with(':') { 2 } else { 1 });
        Line { signs, meaning: w.say(meaning) }
    };
    LINES.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::query::parse;

    #[test]
    fn every_sign_of_the_table_is_understood() {
        let values = [
            ("type:", "note"),
            ("typ:", "note"),
            ("avant:", "2026-01-01"),
            ("before:", "2026"),
            ("vor:", "2026-01"),
            ("après:", "2026"),
            ("after:", "2026"),
            ("nach:", "2026"),
            ("fiabilité:", "B2"),
            ("reliability:", "B"),
            ("zuverlässigkeit:", "2"),
            ("avec:", "pièce"),
            ("has:", "attachment"),
            ("mit:", "anhang"),
            ("langue:", "fr"),
            ("lang:", "fr"),
            ("sprache:", "fr"),
        ];
        for (signs, _) in LINES {
            for sign in signs {
                let value = values.iter().find(|(key, _)| *key == sign).map_or("radar", |(_, value)| value);
                let text = if sign.ends_with(':') { format!("{sign}{value}") } else { sign.to_owned() };
                assert!(parse(&text).is_ok(), "{text}: {:?}", parse(&text));
            }
        }
    }
}
