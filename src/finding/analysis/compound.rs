//! German compounds, parted at the end words that the domain is full of.
//!
//! A splitter that learns from the words of an index would tell of texts that its reader may not see. This one has a
//! short list and looks at one word at a time: `sicherheitslucke` ends in `lucke`, before it stands `sicherheit` and a
//! linking `s`. What is not in the list stays whole; nothing is found less than without it.

use crate::limits::COMPOUND_PARTS_MAX;

/// Folded end words, longest first where one ends in another.
const HEADS: [&str; 96] = [
    "wissenschaft",
    "sicherheit",
    "schwachstelle",
    "versorgung",
    "verteidigung",
    "aufklarung",
    "uberwachung",
    "verarbeitung",
    "entwicklung",
    "forschung",
    "bekampfung",
    "verwaltung",
    "steuerung",
    "erkennung",
    "ubertragung",
    "verbindung",
    "bedrohung",
    "beziehung",
    "behandlung",
    "meldung",
    "sendung",
    "rechnung",
    "ordnung",
    "prufung",
    "schutz",
    "angriff",
    "abwehr",
    "technik",
    "technologie",
    "politik",
    "kraftwerk",
    "netzwerk",
    "laufwerk",
    "werk",
    "netz",
    "system",
    "dienst",
    "behorde",
    "ministerium",
    "beamter",
    "anlage",
    "lage",
    "lucke",
    "stelle",
    "leitung",
    "waffe",
    "rakete",
    "flugzeug",
    "fahrzeug",
    "zeug",
    "schiff",
    "drohne",
    "truppe",
    "armee",
    "wehr",
    "krieg",
    "macht",
    "kraft",
    "gesetz",
    "recht",
    "vertrag",
    "bericht",
    "plan",
    "ziel",
    "mittel",
    "stoff",
    "speicher",
    "rechner",
    "gerat",
    "programm",
    "software",
    "daten",
    "datei",
    "schlussel",
    "zugang",
    "konto",
    "nummer",
    "karte",
    "wort",
    "funk",
    "station",
    "zentrum",
    "zentrale",
    "gruppe",
    "partei",
    "firma",
    "unternehmen",
    "industrie",
    "markt",
    "handel",
    "preis",
    "kosten",
    "energie",
    "strom",
    "raum",
    "grenze",
];

/// What may link two parts.
const LINKS: [&str; 5] = ["s", "es", "en", "n", "e"];

/// Characters that a part has at least.
const PART_CHARS_MIN: usize = 4;

/// The parts of a folded word, from its end, each with all that stands before it; none for a word that is whole.
pub(super) fn parts(word: &str) -> Vec<&str> {
    let mut found = Vec::new();
    // Too short for two: most words are.
    if word.len() < PART_CHARS_MIN * 2 {
        return found;
    }
    let mut rest = word;
    for _ in 0..COMPOUND_PARTS_MAX {
        let Some((before, head)) = parted(rest) else { break };
        found.extend([head, before]);
        let bare = LINKS.iter().filter_map(|link| before.strip_suffix(link));
        found.extend(bare.filter(|bare| bare.chars().count() >= PART_CHARS_MIN));
        rest = before;
    }
    found
}

/// The longest end word, and what stands before it. The plural of the end word counts too.
fn parted(word: &str) -> Option<(&str, &str)> {
    let ends =
        |stripped: &str, head: &str| stripped.strip_suffix(head).is_some_and(|b| b.chars().count() >= PART_CHARS_MIN);
    let plural = ["", "n", "en", "e", "s"];
    let forms = HEADS.iter().flat_map(|head| plural.iter().map(move |ending| (*head, *ending)));
    let best = forms.filter(|(head, ending)| word.strip_suffix(ending).is_some_and(|bare| ends(bare, head)));
    let (head, ending) = best.max_by_key(|(head, ending)| head.len().saturating_add(ending.len()))?;
    let cut = word.len().checked_sub(head.len())?.checked_sub(ending.len())?;
    let before = word.get(..cut)?;
    Some((before, word.get(cut..cut.checked_add(head.len())?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compound_gives_its_parts_and_a_whole_word_none() {
        assert_eq!(parts("sicherheitslucke"), ["lucke", "sicherheits", "sicherheit"]);
        assert_eq!(parts("datenschutzbehorde"), ["behorde", "datenschutz", "schutz", "daten", "date"]);
        assert!(parts("luftverteidigungssysteme").contains(&"luftverteidigung"));
        assert!(parts("drohnenabwehrsystem").contains(&"drohnenabwehr"));
        assert_eq!(parts("schwachstellen"), ["stelle", "schwach"]);
        assert_eq!(parts("netz"), Vec::<&str>::new());
        assert!(parts("fernmeldenetze").contains(&"netz"));
    }
}
