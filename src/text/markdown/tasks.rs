//! Task lists in the source: which boxes there are, and one of them ticked.

use std::{collections::BTreeSet, ops::Range};

use pulldown_cmark::{Event, Parser};

use super::options;

/// The boxes of a body in their order, ticked or not: box 0 comes first. What looks like one in code is none.
pub fn tasks(body: &str) -> Vec<bool> {
    boxes(body).map(|(ticked, _)| ticked).collect()
}

/// The body with that box ticked or not, and nothing else changed; none when there is no such box.
pub fn tick(body: &str, ordinal: usize, ticked: bool) -> Option<String> {
    let (now, marker) = boxes(body).nth(ordinal)?;
    if now == ticked {
        return Some(body.to_owned());
    }
    // The marker is `[ ]`, perhaps behind spaces; between the brackets stands one byte.
    let open = marker.start.checked_add(body.get(marker.clone())?.find('[')?)?.checked_add(1)?;
    let (before, after) = (body.get(..open)?, body.get(open.checked_add(1)?..)?);
    after.starts_with(']').then(|| format!("{before}{}{after}", if ticked { 'x' } else { ' ' }))
}

/// The body with exactly those boxes ticked, and nothing else changed. Boxes that there are not are passed over.
pub fn tick_all(body: &str, ticked: &BTreeSet<usize>) -> String {
    let mut out = String::with_capacity(body.len());
    let mut copied = 0_usize;
    for (ordinal, (now, marker)) in boxes(body).enumerate() {
        let wanted = ticked.contains(&ordinal);
        let open = body.get(marker.clone()).and_then(|marker| marker.find('['));
        let Some(open) = open.and_then(|open| marker.start.checked_add(open)?.checked_add(1)) else { continue };
        let (Some(before), Some(close)) = (body.get(copied..open), open.checked_add(1)) else { continue };
        if now != wanted && body.get(close..).is_some_and(|rest| rest.starts_with(']')) {
            out.push_str(before);
            out.push(if wanted { 'x' } else { ' ' });
            copied = close;
        }
    }
    out.push_str(body.get(copied..).unwrap_or_default());
    out
}

fn boxes(body: &str) -> impl Iterator<Item = (bool, Range<usize>)> {
    Parser::new_ext(body, options()).into_offset_iter().filter_map(|(event, place)| match event {
        Event::TaskListMarker(ticked) => Some((ticked, place)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_box_is_ticked_and_code_has_none() {
        let body = "- [ ] un\n- [x] deux\n  1. [X] trois\n\n`- [ ] code`\n\n```\n- [ ] code\n```\n\n    - [ ] code\n\n> - [ ] quatre\n";
        assert_eq!(tasks(body), [false, true, true, false]);
        assert_eq!(tick(body, 0, true).as_deref(), Some(&*body.replacen("[ ] un", "[x] un", 1)));
        assert_eq!(tick(body, 2, false).as_deref(), Some(&*body.replacen("[X] trois", "[ ] trois", 1)));
        assert_eq!(tick(body, 3, true).as_deref(), Some(&*body.replacen("[ ] quatre", "[x] quatre", 1)));
        assert_eq!(tick(body, 1, true).as_deref(), Some(body));
        assert_eq!(tick(body, 4, true), None);
        assert_eq!(tick("[ ] pas une liste", 0, true), None);
    }

    fn lines() -> impl Strategy<Value = String> {
        let line = prop_oneof![
            "[-*+] {1,3}\\[[ xX\t]\\] [a-zé\\[\\]`]{0,8}",
            "( {2}|> |    |1\\. )?- \\[[ x]\\] [a-z]{0,4}",
            Just("```".to_owned()),
            "[a-z\\[\\] x`|-]{0,12}",
        ];
        proptest::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
    }

    proptest! {
        #[test]
        fn ticking_changes_one_byte_and_one_box(body in lines(), ordinal in 0_usize..6, ticked: bool) {
            let before = tasks(&body);
            let Some(after) = tick(&body, ordinal, ticked) else {
                prop_assert!(ordinal >= before.len());
                return Ok(());
            };
            prop_assert_eq!(after.len(), body.len());
            let changed: Vec<(u8, u8)> = body.bytes().zip(after.bytes()).filter(|(one, other)| one != other).collect();
            prop_assert_eq!(changed.len(), usize::from(before[ordinal] != ticked));
            for (was, is) in changed {
                prop_assert!(matches!(was, b' ' | b'\t' | b'x' | b'X'));
                prop_assert_eq!(is, if ticked { b'x' } else { b' ' });
            }
            let mut wanted = before;
            wanted[ordinal] = ticked;
            prop_assert_eq!(tasks(&after), wanted);
        }

        #[test]
        fn ticking_all_is_ticking_one_after_another(body in lines(), chosen in proptest::collection::btree_set(0_usize..8, 0..6)) {
            let mut one_by_one = body.clone();
            for ordinal in 0..tasks(&body).len() {
                one_by_one = tick(&one_by_one, ordinal, chosen.contains(&ordinal)).expect("a box");
            }
            prop_assert_eq!(tick_all(&body, &chosen), one_by_one);
        }
    }
}
