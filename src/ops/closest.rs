//! What somebody may have meant.

/// The name that is most like what was typed, if one is like it at all.
pub fn closest<'a>(typed: &str, names: &[&'a str]) -> Option<&'a str> {
    similar::get_close_matches(typed, names, 1, 0.6).first().copied()
}

/// The names that what was typed may be by a slip of the fingers, the likeliest only: all that are as near as the
/// nearest. Where only digits differ it is no slip, but another thing of the same kind.
pub fn slips<'a>(typed: &str, names: &[&'a str]) -> Vec<&'a str> {
    let typed: Vec<char> = typed.to_lowercase().chars().collect();
    let most = match typed.len() {
        0..=3 => return Vec::new(),
        4..=7 => 1,
        _ => 2,
    };
    let without_digits =
        |name: &[char]| name.iter().filter(|c| !c.is_ascii_digit()).copied().collect::<Vec<_>>();
    let near = names.iter().filter_map(|name| {
        let chars: Vec<char> = name.to_lowercase().chars().collect();
        let is_far =
            chars.len().abs_diff(typed.len()) > most || without_digits(&chars) == without_digits(&typed);
        let distance = if is_far { usize::MAX } else { distance(&typed, &chars) };
        (distance <= most).then_some((distance, *name))
    });
    let near: Vec<(usize, &str)> = near.collect();
    let least = near.iter().map(|(distance, _)| *distance).min();
    near.into_iter().filter(|(distance, _)| Some(*distance) == least).map(|(_, name)| name).collect()
}

/// How many characters must be put in, taken out, changed, or swapped with the next, to make one of the other.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut rows = vec![(0..=other.len()).collect::<Vec<usize>>()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let kept = rows[i][j] + usize::from(a != b);
            let mut least = kept.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant_and_nothing_far_from_it() {
        assert_eq!(closest("dve01", &["prod01", "dev01"]), Some("dev01"));
        assert_eq!(closest("us-wst-2", &["us-east-1", "us-west-2"]), Some("us-west-2"));
        assert_eq!(closest("xyz", &["dev01"]), None);
    }

    #[test]
    fn a_slip_is_one_or_two_characters_and_not_only_digits() {
        let names = ["acme-dev01", "acme-dev02", "acme-prod01", "globex", "été"];
        for (typed, expected) in [
            ("acme-dve01", vec!["acme-dev01"]),
            ("acm-dev01", vec!["acme-dev01"]),
            ("ACME-DVE01", vec!["acme-dev01"]),
            ("acme-dv01", vec!["acme-dev01"]),
            ("acme-dve03", vec!["acme-dev01", "acme-dev02"]),
            ("acme-dev03", vec![]),
            ("acme-dev", vec![]),
            ("globx", vec!["globex"]),
            ("acme", vec![]),
            ("acme-qa", vec![]),
            ("gl", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(slips(typed, &names), expected, "{typed}");
        }
    }
}
