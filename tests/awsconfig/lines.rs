//! Which lines of a file are ours when a profile is edited, found without the document: no other byte may differ.

use jitpass::awsconfig::{Edit, Key};

/// A file cut at a profile's section.
struct Cut<'a> {
    before: &'a [u8],
    /// From the header to the last line that is neither blank nor a comment in the first column.
    ours: Vec<&'a [u8]>,
    after: &'a [u8],
}

/// What an edit that was accepted did beyond its own lines, if anything.
pub(crate) fn objection(before: &[u8], after: &[u8], edit: &Edit) -> Option<String> {
    let wrong = match edit {
        Edit::Insert { profile, properties } => {
            let mut section = vec![header(profile.as_str())];
            section.extend(properties.iter().map(|(key, value)| format!("{key} = {value}")));
            inserted(before, after, &section)
        }
        Edit::Set { profile, key, value } => property(before, after, profile, key, Some(value.as_str())),
        Edit::Unset { profile, key } => property(before, after, profile, key, None),
        Edit::Remove { profile } => removed(before, after, profile),
        Edit::Rename { profile, to } => renamed(before, after, profile, to.as_str()),
        Edit::Replace { profile, section } => replaced(before, after, profile, section),
    };
    wrong.err().map(|what| format!("{edit:?}: {what}"))
}

/// Whether nothing but a profile's own lines differs between two files.
pub(crate) fn same_outside(one: &[u8], other: &[u8], profile: &str) -> bool {
    match (cut(one, profile), cut(other, profile)) {
        (Ok(one), Ok(other)) => (one.before, one.after) == (other.before, other.after),
        _ => false,
    }
}

/// Whether a profile's section has a key.
pub(crate) fn has(bytes: &[u8], profile: &str, key: &Key) -> bool {
    cut(bytes, profile).is_ok_and(|cut| !groups(&cut.ours, key).is_empty())
}

/// What stands between the brackets of a profile's header.
pub(crate) fn inner(bytes: &[u8], profile: &str) -> Option<String> {
    let cut = cut(bytes, profile).ok()?;
    inner_of(cut.ours[0]).map(str::to_owned)
}

fn inserted(before: &[u8], after: &[u8], section: &[String]) -> Result<(), &'static str> {
    let all = lines(before);
    let filled = all.iter().rposition(|line| !is_blank(line)).map_or(0, |at| at + 1);
    let (head, tail) = (all[..filled].concat(), all[filled..].concat());
    let Some(middle) = between(after, text(&head), &tail) else { return Err("other lines differ") };
    let mut middle = lines(middle);
    if !head.is_empty()
        && (middle.len() < 2 || !text(middle.remove(0)).is_empty() || !text(middle.remove(0)).is_empty())
    {
        return Err("there is not one empty line before the section");
    }
    let found: Vec<&[u8]> = middle.iter().map(|line| text(line)).collect();
    let wanted: Vec<&[u8]> = section.iter().map(String::as_bytes).collect();
    if found != wanted {
        return Err("the section is not the one given");
    }
    if is_open(before) == is_open(after) { Ok(()) } else { Err("the end of the file differs") }
}

fn property(
    before: &[u8],
    after: &[u8],
    profile: &str,
    key: &Key,
    value: Option<&str>,
) -> Result<(), &'static str> {
    let cut = cut(before, profile)?;
    let head = [cut.before, text(cut.ours[0])].concat();
    let Some(middle) = between(after, &head, cut.after) else { return Err("lines of others differ") };
    let rest = cut.ours[1..].to_vec();
    // The first of them is what is left of the header's line: its end.
    let new = lines(middle).split_off(usize::from(middle.contains(&b'\n')));
    let keys: Vec<&&[u8]> = new.iter().filter(|line| is_key(line, key)).collect();
    match (keys.as_slice(), value) {
        ([], None) => {}
        ([line], Some(value)) => {
            let shown = String::from_utf8_lossy(text(line)).into_owned();
            if shown.split_once('=').is_none_or(|(_, found)| found.trim_matches([' ', '\t']) != value) {
                return Err("the value is not the one given");
            }
        }
        _ => return Err("the key is not there once"),
    }
    let moved = comment_of(&rest, key).filter(|_| value.is_some());
    let kept = |lines: &[&[u8]]| {
        let ours = groups(lines, key);
        let kept = lines
            .iter()
            .enumerate()
            .filter(|(at, _)| !ours.contains(at))
            .map(|(_, line)| text(line).to_vec());
        kept.collect::<Vec<_>>()
    };
    let (mut old_kept, new_kept) = (kept(&rest), kept(&new));
    if let (Some(comment), Some(at)) = (moved, rest.iter().position(|line| is_key(line, key))) {
        old_kept.insert(at, comment);
    }
    if old_kept != new_kept {
        return Err("other lines of the section differ");
    }
    let ends = |lines: &[&[u8]]| {
        let ours = groups(lines, key);
        let others =
            lines.iter().enumerate().filter(|(at, line)| !ours.contains(at) && line.ends_with(b"\n"));
        others.map(|(_, line)| (text(line).to_vec(), line.ends_with(b"\r\n"))).collect::<Vec<_>>()
    };
    let (old_ends, new_ends) = (ends(&rest), ends(&new));
    if old_ends.iter().any(|end| !new_ends.contains(end)) && !is_open(after) {
        return Err("line ends of others differ");
    }
    let bare = lines(after).last().is_some_and(|line| text(line).is_empty());
    if is_open(before) == is_open(after) || bare { Ok(()) } else { Err("the end of the file differs") }
}

fn removed(before: &[u8], after: &[u8], profile: &str) -> Result<(), &'static str> {
    let cut = cut(before, profile)?;
    let mut above = lines(cut.before);
    if above.last().is_some_and(|line| text(line).is_empty()) {
        above.pop();
    }
    let mut head = above.concat();
    // An empty line is nothing but its end.
    if is_open(before) && cut.after.is_empty() && above.last().is_some_and(|line| !text(line).is_empty()) {
        head.truncate(text(&head).len());
    }
    if [&head, cut.after].concat() == after { Ok(()) } else { Err("other lines differ") }
}

fn renamed(before: &[u8], after: &[u8], profile: &str, to: &str) -> Result<(), &'static str> {
    let cut = cut(before, profile)?;
    let inner = inner_of(cut.ours[0]).ok_or("the header has no end")?;
    let new = match (inner.strip_suffix(profile), to) {
        (Some(prefix), to) if !prefix.is_empty() && to != "default" => format!("[{prefix}{to}]"),
        _ => header(to),
    };
    let rest = &before[cut.before.len() + inner.len() + 2..];
    if [cut.before, new.as_bytes(), rest].concat() == after {
        Ok(())
    } else {
        Err("more than the name differs")
    }
}

fn replaced(before: &[u8], after: &[u8], profile: &str, section: &[u8]) -> Result<(), &'static str> {
    let cut = cut(before, profile)?;
    let Some(middle) = between(after, cut.before, cut.after) else { return Err("other lines differ") };
    let mut wanted = lines(section);
    while wanted.last().is_some_and(|line| is_blank(line)) {
        wanted.pop();
    }
    let texts = |lines: &[&[u8]]| lines.iter().map(|line| text(line).to_vec()).collect::<Vec<_>>();
    if texts(&lines(middle)) != texts(&wanted) {
        return Err("the section is not the one given");
    }
    if is_open(before) == is_open(after) { Ok(()) } else { Err("the end of the file differs") }
}

fn cut<'a>(bytes: &'a [u8], profile: &str) -> Result<Cut<'a>, &'static str> {
    let all = lines(bytes);
    let names = |line: &&[u8]| {
        inner_of(line).is_some_and(|inner| {
            inner == "default" && profile == inner || inner.split_whitespace().eq(["profile", profile])
        })
    };
    let mut headers = all.iter().enumerate().filter(|(_, line)| names(line)).map(|(at, _)| at);
    let (Some(start), None) = (headers.next(), headers.next()) else {
        return Err("the profile has not exactly one header");
    };
    let end = all[start + 1..]
        .iter()
        .position(|line| line.starts_with(b"["))
        .map_or(all.len(), |at| start + 1 + at);
    let is_body = |line: &&[u8]| !is_blank(line) && !line.starts_with(b"#") && !line.starts_with(b";");
    let last = all[start..end].iter().rposition(is_body).unwrap_or(0);
    let ours = all[start..=start + last].to_vec();
    let before: usize = all[..start].iter().map(|line| line.len()).sum();
    let length: usize = ours.iter().map(|line| line.len()).sum();
    Ok(Cut { before: &bytes[..before], ours, after: &bytes[before + length..] })
}

/// The lines of a key: its own, and the indented ones that continue it.
fn groups(lines: &[&[u8]], key: &Key) -> Vec<usize> {
    let mut found = Vec::new();
    let mut inside = false;
    for (at, line) in lines.iter().enumerate() {
        let indented = line.starts_with(b" ") || line.starts_with(b"\t");
        let comment = matches!(line.trim_ascii_start().first(), Some(b'#' | b';'));
        if !indented && !comment && !is_blank(line) {
            inside = is_key(line, key);
        }
        if inside && !comment && !is_blank(line) {
            found.push(at);
        }
    }
    found
}

fn is_key(line: &[u8], key: &Key) -> bool {
    let line = String::from_utf8_lossy(line);
    let name = line.split_once(['=', ':']).map(|(name, _)| name);
    !line.starts_with([' ', '\t', '#', ';', '['])
        && name.is_some_and(|name| name.trim().to_lowercase() == key.as_str())
}

/// The comment after the value of a key.
fn comment_of(lines: &[&[u8]], key: &Key) -> Option<Vec<u8>> {
    let line = text(lines.iter().find(|line| is_key(line, key))?);
    let separator = line.iter().position(|b| b"=:".contains(b))?;
    let starts = |at: &usize| b"#;".contains(&line[*at]) && b" \t".contains(&line[*at - 1]);
    let at = (separator + 2..line.len()).find(starts)?;
    let end = line.iter().rposition(|b| !b" \t".contains(b)).map_or(line.len(), |end| end + 1);
    Some(line[at..end].to_vec())
}

fn inner_of(line: &[u8]) -> Option<&str> {
    let end = line.iter().position(|b| *b == b']')?;
    std::str::from_utf8(line.strip_prefix(b"[")?.get(..end - 1)?).ok()
}

fn header(profile: &str) -> String {
    if profile == "default" { "[default]".to_owned() } else { format!("[profile {profile}]") }
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|b| *b == b'\n').collect()
}

/// A line, or several, without the last line end.
fn text(line: &[u8]) -> &[u8] {
    match line.strip_suffix(b"\n") {
        Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
        None => line,
    }
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|b| b" \t\r\n".contains(b))
}

/// Whether the last line has no end.
fn is_open(bytes: &[u8]) -> bool {
    !bytes.is_empty() && !bytes.ends_with(b"\n")
}

fn between<'a>(bytes: &'a [u8], head: &[u8], tail: &[u8]) -> Option<&'a [u8]> {
    bytes.strip_prefix(head)?.strip_suffix(tail)
}
