//! Texts in a picture: the server draws without measuring, so it reckons how wide letters are and cuts in good time.

/// Thousandths of the size of the letters that one takes, on the wide side of the usual faces.
const fn share(letter: char) -> i32 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ';' | ':' | '!' | '|' | '\'' | '’' | '·' => 300,
        'f' | 't' | 'r' | ' ' | '\u{a0}' | '\u{202f}' | '(' | ')' | '[' | ']' | '/' | '-' | '"' => 380,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | 'Œ' | 'œ' | 'Æ' | '—' | '…' => 930,
        'A'..='Z' | 'À'..='Þ' => 700,
        '\0'..='\u{24f}' => 570,
        '\u{1100}'.. => 1040,
        _ => 680,
    }
}

/// Pixels that a text takes in letters of that size.
pub(super) fn width(text: &str, size: i32) -> i32 {
    let thousandths = text.chars().fold(0_i32, |sum, letter| sum.saturating_add(share(letter)));
    thousandths.saturating_mul(size).saturating_div(1000).saturating_add(1)
}

/// As much of a text as fits, with a sign that it goes on.
pub(super) fn cut(text: &str, size: i32, most: i32) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        kept.push(letter);
        if width(&kept, size).saturating_add(width("…", size)) > most {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

/// A text in two lines, parted between words where there are any.
pub(super) fn two_lines(text: &str, size: i32, most: i32) -> [String; 2] {
    if width(text, size) <= most {
        return [text.to_owned(), String::new()];
    }
    let mut end = 0;
    for (at, _) in text.match_indices(' ') {
        if width(text.get(..at).unwrap_or_default(), size) > most {
            break;
        }
        end = at;
    }
    match text.split_at_checked(end) {
        Some((first, rest)) if end > 0 => [first.to_owned(), cut(rest.trim_start(), size, most)],
        _ => [cut(text, size, most), String::new()],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_cut_fits(text in ".{0,200}", most in 40..400_i32) {
            prop_assert!(width(&cut(&text, 13, most), 13) <= most);
            for line in two_lines(&text, 13, most) {
                prop_assert!(width(&line, 13) <= most);
            }
        }
    }

    #[test]
    fn a_title_breaks_between_words() {
        let lines = two_lines("Centrales inertielles hybrides\u{202f}: tableau comparatif", 13, 190);
        assert_eq!(lines, ["Centrales inertielles".to_owned(), "hybrides\u{202f}: tableau comparatif".to_owned()]);
    }
}
