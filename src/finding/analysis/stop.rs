//! Words that say nothing by themselves. They are indexed, because phrases need them; a question that has other words
//! does not ask for them.

/// Folded, sorted.
const STOP: [&str; 165] = [
    "a", "aber", "afin", "ainsi", "als", "also", "am", "an", "and", "are", "as", "at", "au", "auch", "auf", "aus",
    "aux", "avec", "be", "been", "bei", "but", "by", "car", "ce", "cela", "ces", "cet", "cette", "comme", "comment",
    "d", "da", "dans", "das", "dass", "de", "dem", "den", "der", "des", "die", "doch", "donc", "dont", "du", "durch",
    "ein", "eine", "einem", "einen", "einer", "eines", "elle", "elles", "en", "entre", "er", "es", "est", "et", "eux",
    "for", "from", "fur", "had", "has", "hat", "have", "he", "her", "his", "how", "ich", "if", "il", "ils", "im", "in",
    "into", "is", "ist", "it", "its", "je", "kann", "l", "la", "le", "les", "leur", "leurs", "lui", "ma", "mais", "me",
    "mes", "mit", "mon", "nach", "ne", "nicht", "noch", "nos", "not", "notre", "nous", "oder", "of", "on", "or", "ou",
    "par", "pas", "plus", "pour", "qu", "quand", "que", "quel", "quelle", "quelles", "quels", "qui", "quoi", "sa",
    "sans", "se", "sein", "ses", "she", "si", "sich", "sie", "sind", "so", "son", "sont", "sous", "sur", "that", "the",
    "their", "them", "they", "this", "to", "um", "un", "und", "une", "unter", "vom", "von", "vor", "vos", "votre",
    "vous", "was", "we", "wenn", "werden", "wird", "with", "zu",
];

/// Whether a folded word says nothing by itself.
pub fn is_stop_word(folded: &str) -> bool {
    STOP.binary_search(&folded).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_or_the_search_in_it_would_miss() {
        assert!(STOP.is_sorted());
        assert!(is_stop_word("dans") && is_stop_word("zu") && !is_stop_word("chiffrement"));
    }
}
