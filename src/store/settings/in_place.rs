//! A value in the place of another: what stands around it stays, and of a list what is in both.

use toml_edit::{Array, Item, value};

/// The wanted value with what stands around the old one.
pub(super) fn in_place_of(old: &Item, mut wanted: toml_edit::Value) -> Item {
    let Some(old) = old.as_value() else { return Item::Value(wanted) };
    if let (Some(old), Some(new)) = (old.as_array(), wanted.as_array()) {
        let names: Vec<&str> = new.iter().filter_map(toml_edit::Value::as_str).collect();
        return value(relist(old, &names));
    }
    *wanted.decor_mut() = old.decor().clone();
    Item::Value(wanted)
}

/// The list with these names: those that stay keep their places, spelling and comments, new ones come last.
///
/// What stands between two elements is, for the library, all part of the second. A person sees a comment on the line
/// of the first.
fn relist(old: &Array, names: &[&str]) -> Array {
    // The rest of the line, and what comes below it.
    let split = |between: &str| {
        let at = between.find('\n').unwrap_or(0);
        (between[..at].to_owned(), between[at..].to_owned())
    };
    let text =
        |raw: Option<&toml_edit::RawString>| raw.and_then(|r| r.as_str()).unwrap_or_default().to_owned();
    let before: Vec<(String, String)> = old.iter().map(|v| split(&text(v.decor().prefix()))).collect();
    // Without a comma after it, the last element owns what stands between it and the bracket.
    let own_end = old.iter().last().filter(|_| !old.trailing_comma()).map(|v| text(v.decor().suffix()));
    let after = split(&(own_end.clone().unwrap_or_default() + &text(Some(old.trailing()))));
    let is = |v: &toml_edit::Value, name: &str| v.as_str().is_some_and(|v| v.eq_ignore_ascii_case(name));

    let mut list = Array::new();
    list.set_trailing_comma(old.trailing_comma());
    let mut comment = before.first().unwrap_or(&after).0.clone();
    let mut push = |mut element: toml_edit::Value, indent: &str, comment: &str| {
        element.decor_mut().set_prefix(beside(comment, indent));
        list.push_formatted(element);
    };
    let mut is_first = true;
    for (at, value) in old.iter().enumerate().filter(|(_, v)| names.iter().any(|name| is(v, name))) {
        let mut element = value.clone();
        if own_end.is_some() && at + 1 == old.len() {
            element.decor_mut().set_suffix("");
        }
        // What comes to stand first and had no line of its own takes the place of the one that did.
        let takes_place = is_first && !before[at].1.contains('\n');
        push(element, if takes_place { last_line(&before[0].1) } else { &before[at].1 }, &comment);
        comment.clone_from(&before.get(at + 1).unwrap_or(&after).0);
        is_first = false;
    }
    // A new one stands as the last one does, without the comments above that.
    let indent = before.last().map(|(_, indent)| last_line(indent)).filter(|indent| indent.contains('\n'));
    for name in names.iter().filter(|name| !old.iter().any(|v| is(v, name))) {
        let indent = if is_first && before.is_empty() { "" } else { indent.unwrap_or(" ") };
        push((*name).into(), indent, &comment);
        comment.clear();
        is_first = false;
    }
    list.set_trailing(beside(&comment, &after.1));
    *list.decor_mut() = old.decor().clone();
    list
}

/// The last line end with what follows it; all of it where there is none.
fn last_line(text: &str) -> &str {
    text.rfind('\n').map_or(text, |at| &text[at..])
}

/// The end of a line and what stands below it. A comment ends with its line, or it would swallow what follows.
fn beside(comment: &str, below: &str) -> String {
    let end = if comment.contains('#') && !below.contains('\n') { "\n" } else { "" };
    format!("{comment}{end}{below}")
}
