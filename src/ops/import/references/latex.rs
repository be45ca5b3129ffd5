//! The TeX that titles and names are written in, as plain words: accents, special letters, dashes. A command that is not
//! known leaves its argument.

/// Commands that stand for a letter.
const LETTERS: [(&str, &str); 24] = [
    ("ss", "ß"),
    ("o", "ø"),
    ("O", "Ø"),
    ("l", "ł"),
    ("L", "Ł"),
    ("ae", "æ"),
    ("AE", "Æ"),
    ("oe", "œ"),
    ("OE", "Œ"),
    ("aa", "å"),
    ("AA", "Å"),
    ("i", "i"),
    ("j", "j"),
    ("dh", "ð"),
    ("th", "þ"),
    ("TeX", "TeX"),
    ("LaTeX", "LaTeX"),
    ("ldots", "…"),
    ("dots", "…"),
    ("textendash", "–"),
    ("textemdash", "—"),
    ("textquoteright", "’"),
    ("euro", "€"),
    ("textregistered", "®"),
];

/// The combining mark of an accent.
fn accent(command: char) -> Option<char> {
    Some(match command {
        '`' => '\u{300}',
        '\'' => '\u{301}',
        '^' => '\u{302}',
        '~' => '\u{303}',
        '"' => '\u{308}',
        '=' => '\u{304}',
        '.' => '\u{307}',
        'u' => '\u{306}',
        'v' => '\u{30c}',
        'H' => '\u{30b}',
        'c' => '\u{327}',
        'k' => '\u{328}',
        'r' => '\u{30a}',
        'd' => '\u{323}',
        'b' => '\u{331}',
        _ => return None,
    })
}

/// Plain words.
pub(super) fn decoded(tex: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let mut out = String::with_capacity(tex.len());
    // An accent waits for the letter that it belongs to.
    let mut mark = None;
    let mut letters = tex.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '{' | '}' | '$' => {}
            '\\' => {
                let Some(next) = letters.next() else { break };
                let mut name = String::from(next);
                if next.is_ascii_alphabetic() {
                    while let Some(more) = letters.next_if(char::is_ascii_alphabetic) {
                        name.push(more);
                    }
                    while letters.next_if(|space| matches!(space, ' ' | '\t')).is_some() {}
                }
                let single = name.chars().next().filter(|_| name.chars().count() == 1);
                if let Some(found) = single.and_then(accent).filter(|_| LETTERS.iter().all(|(known, _)| *known != name))
                {
                    mark = Some(found);
                } else if let Some((_, text)) = LETTERS.iter().find(|(known, _)| *known == name) {
                    out.push_str(text);
                    out.extend(mark.take());
                } else if next == '\\' {
                    out.push('\n');
                } else if !next.is_ascii_alphabetic() {
                    out.push(next);
                }
            }
            '~' => out.push(' '),
            '-' if letters.peek() == Some(&'-') => {
                letters.next();
                let long = letters.next_if_eq(&'-').is_some();
                out.push(if long { '—' } else { '–' });
            }
            letter => {
                out.push(letter);
                if !letter.is_whitespace() {
                    out.extend(mark.take());
                }
            }
        }
    }
    out.nfc().collect()
}

/// Names joined by `and`, each as it is read: `Doe, Jane` is `Jane Doe`. An `and` in braces joins nothing.
pub(super) fn names(list: &str) -> Vec<String> {
    let (mut names, mut name, mut depth) = (Vec::new(), String::new(), 0_usize);
    for word in list.split_whitespace() {
        if depth == 0 && word == "and" {
            names.push(std::mem::take(&mut name));
            continue;
        }
        let opened = word.matches('{').count();
        depth = depth.saturating_add(opened).saturating_sub(word.matches('}').count());
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word);
    }
    names.push(name);
    let turned = |name: String| {
        let whole = name.starts_with('{') && name.ends_with('}');
        let turned =
            name.split_once(',').filter(|_| !whole).map(|(last, first)| format!("{} {}", first.trim(), last.trim()));
        decoded(&turned.unwrap_or(name)).trim().to_owned()
    };
    names.into_iter().map(turned).filter(|name| !name.is_empty()).collect()
}
