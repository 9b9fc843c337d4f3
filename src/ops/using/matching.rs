//! Which of some names somebody means who types less, or something like it.

use crate::ops::closest::slips;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<'a> {
    /// That one.
    One(&'a str),
    /// One of these: nobody can tell which.
    Several(Vec<&'a str>),
    /// None, but these are a slip of the fingers away: to be asked about, never taken.
    Like(Vec<&'a str>),
    /// None.
    Nothing,
}

/// Looks for the name, any case, then for what begins so, then for what has a part (between `-`, `_` and `.`) that
/// begins so, then for parts that begin as those of what was typed do, then for what holds it at all, then for what it is
/// a slip of, whole or from a part on. The first kind that finds anything decides.
pub fn find<'a>(typed: &str, names: &[&'a str]) -> Found<'a> {
    if let Some(name) = names.iter().find(|name| **name == typed) {
        return Found::One(name);
    }
    if typed.is_empty() {
        return Found::Nothing;
    }
    let low = typed.to_lowercase();
    let kinds: [&dyn Fn(&str) -> bool; 5] = [
        &|name| name == low,
        &|name| name.starts_with(&low),
        &|name| parts(name).any(|(at, _)| name[at..].starts_with(&low)),
        &|name| begin_alike(&low, name),
        &|name| name.contains(&low),
    ];
    for is_meant in kinds {
        let found: Vec<&str> = names.iter().filter(|name| is_meant(&name.to_lowercase())).copied().collect();
        match found.as_slice() {
            [] => {}
            [one] => return Found::One(one),
            _ => return Found::Several(found),
        }
    }
    match like(typed, names) {
        like if like.is_empty() => Found::Nothing,
        like => Found::Like(like),
    }
}

/// The names that it is a slip of; else those of which it is a slip from a part on: `dve01` for `acme-dev01`.
pub fn like<'a>(typed: &str, names: &[&'a str]) -> Vec<&'a str> {
    let whole = slips(typed, names);
    if !whole.is_empty() {
        return whole;
    }
    let tails = |name: &&'a str| parts(name).skip(1).map(|(at, _)| &name[at..]).collect::<Vec<&'a str>>();
    let near = slips(typed, &names.iter().flat_map(tails).collect::<Vec<_>>());
    let is_near = |name: &&&'a str| tails(name).iter().any(|tail| near.contains(tail));
    if near.is_empty() { near } else { names.iter().filter(is_near).copied().collect() }
}

/// The parts of a name, each with the place where it begins.
fn parts(name: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    name.split(['-', '_', '.']).map(move |part| {
        let begins = at;
        at += part.len() + 1;
        (begins, part)
    })
}

/// Whether each part of what was typed begins a part of the name, in this order.
fn begin_alike(typed: &str, name: &str) -> bool {
    let mut of_name = parts(name);
    let mut of_typed = parts(typed).filter(|(_, part)| !part.is_empty()).peekable();
    of_typed.peek().is_some() && of_typed.all(|(_, typed)| of_name.any(|(_, part)| part.starts_with(typed)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Found::{Like, Nothing, One, Several};

    #[test]
    fn finds_what_is_meant() {
        let names = [
            "acme-dev01",
            "acme-dev02",
            "acme-prod01",
            "acme-admin",
            "globex_staging.eu",
            "Default",
            "default",
            "acme",
        ];
        for (typed, expected) in [
            ("acme-dev01", One("acme-dev01")),
            ("acme", One("acme")),
            ("default", One("default")),
            ("DEFAULT", Several(vec!["Default", "default"])),
            ("ACME-Dev01", One("acme-dev01")),
            ("acme-p", One("acme-prod01")),
            ("glob", One("globex_staging.eu")),
            ("prod", One("acme-prod01")),
            ("dev", Several(vec!["acme-dev01", "acme-dev02"])),
            ("dev02", One("acme-dev02")),
            ("staging", One("globex_staging.eu")),
            ("eu", One("globex_staging.eu")),
            ("a-d", Several(vec!["acme-dev01", "acme-dev02"])),
            ("a-ad", One("acme-admin")),
            ("g-eu", One("globex_staging.eu")),
            ("rod", One("acme-prod01")),
            ("acme-dve02", Like(vec!["acme-dev02"])),
            ("acme-dve03", Like(vec!["acme-dev01", "acme-dev02"])),
            ("dve02", Like(vec!["acme-dev02"])),
            ("PORD01", Like(vec!["acme-prod01"])),
            ("stagnig.eu", Like(vec!["globex_staging.eu"])),
            ("dev03", Nothing),
            ("nothing-like-it", Nothing),
            ("-", Several(vec!["acme-dev01", "acme-dev02", "acme-prod01", "acme-admin"])),
            ("", Nothing),
        ] {
            assert_eq!(find(typed, &names), expected, "{typed}");
        }
        assert_eq!(find("x", &[]), Nothing);
        // A letter that has another length in lower case.
        assert_eq!(find("\u{130}", &["a-\u{130}b"]), One("a-\u{130}b"));
    }
}
