//! Only our lines are taken back, or nothing is.

use jitpass::plan::Diff;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{taken_back, written};
use crate::awsconfig::generate::{for_each, soup, tame};

/// Lines that come up again and again, as they do in files with hundreds of profiles.
const LINES: &[&str] = &[
    "",
    "",
    "region = us-west-2",
    "region = us-west-2",
    "region = eu-central-1",
    "jitpass_portal = acme",
    "output = json",
    "# note",
    "  nested = 1",
    "aws_secret_access_key = SIMSECRET-0123456789",
    "aws_session_token =",
    "credential_process = duplo-jit aws --token SIMTOKEN-0123456789 --admin",
];

/// A file: sections of different names, with lines of the kind above.
fn file() -> impl Strategy<Value = Vec<String>> {
    let body = vec(select(LINES), 0..5);
    (vec(select(LINES), 0..2), vec(body, 0..6)).prop_map(|(top, bodies)| {
        let mut lines: Vec<String> = top.into_iter().map(str::to_owned).collect();
        for (n, body) in bodies.into_iter().enumerate() {
            lines.push(format!("[profile p{n}]"));
            lines.extend(body.into_iter().map(str::to_owned));
        }
        lines
    })
}

/// A change: lines go, come, or take the place of others, in up to three places.
type Change = Vec<(Index, usize, Vec<String>)>;

fn change(own: &'static str) -> impl Strategy<Value = Change> {
    let section = vec(select(LINES), 0..4).prop_map(move |body| {
        let head = [String::new(), format!("[profile {own}]")];
        head.into_iter().chain(body.into_iter().map(str::to_owned)).collect::<Vec<_>>()
    });
    let lines =
        vec(select(LINES), 0..3).prop_map(|lines| lines.into_iter().map(str::to_owned).collect::<Vec<_>>());
    vec((any::<Index>(), 0..3_usize, prop_oneof![section, lines]), 1..3)
}

/// What others write, which nobody takes for ours: each line is the only one of its kind.
fn foreign() -> impl Strategy<Value = Change> {
    let lines = vec((any::<bool>(), any::<u32>()), 0..3).prop_map(|lines| {
        let line = |(is_header, n): (bool, u32)| {
            if is_header { format!("[profile theirs{n}]") } else { format!("theirs{n} = {n}") }
        };
        lines.into_iter().map(line).collect::<Vec<_>>()
    });
    vec((any::<Index>(), 0..2_usize, lines), 0..4)
}

/// A line of the file as it was when we had written it, or one that came since.
type Traced = (Option<usize>, String);

fn apply(lines: &mut Vec<Traced>, change: &Change) {
    for (at, gone, come) in change {
        let at = at.index(lines.len() + 1);
        let end = (at + gone).min(lines.len());
        lines.splice(at..end, come.iter().map(|line| (None, line.clone())));
    }
}

fn text(lines: &[Traced], is_ended: bool) -> Vec<u8> {
    let mut text = lines.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n");
    // An empty last line without a line end is none.
    if (is_ended && !lines.is_empty()) || lines.last().is_some_and(|(_, line)| line.is_empty()) {
        text.push('\n');
    }
    text.into_bytes()
}

fn traced(lines: Vec<String>) -> Vec<Traced> {
    lines.into_iter().enumerate().map(|(n, line)| (Some(n), line)).collect()
}

#[test]
fn right_after_the_change_it_gives_the_bytes_before() {
    let pairs = (file(), change("ours"), any::<bool>(), any::<bool>());
    for_each(4_000, &pairs, |(lines, change, was_ended, is_ended)| {
        let mut lines = traced(lines);
        let old = text(&lines, was_ended);
        apply(&mut lines, &change);
        check_exact(&old, &text(&lines, is_ended))
    });
    // Two files that have nothing to do with one another, with bytes of all kinds.
    for_each(2_000, &(soup(), tame()), |(old, new)| check_exact(&old, &new));
    for_each(2_000, &(tame(), soup()), |(old, new)| check_exact(&old, &new));
}

fn check_exact(old: &[u8], new: &[u8]) -> Result<(), TestCaseError> {
    let mut back = Vec::new();
    let mut at = 0;
    for hunk in &Diff::new(old, new).hunks {
        back.extend_from_slice(&new[at..hunk.new.start]);
        back.extend_from_slice(&old[hunk.old.clone()]);
        at = hunk.new.end;
    }
    back.extend_from_slice(&new[at..]);
    prop_assert!(back == old, "{} to {}", old.escape_ascii(), new.escape_ascii());
    Ok(())
}

#[test]
fn with_changes_of_others_only_our_lines_go() {
    let (restored, refused) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let all = (file(), change("ours"), foreign(), any::<[bool; 3]>());
    for_each(6_000, &all, |(lines, ours, theirs, ends)| {
        let mut lines = traced(lines);
        let old = text(&lines, ends[0]);
        apply(&mut lines, &ours);
        let new = text(&lines, ends[1]);
        let mut now = traced(lines.into_iter().map(|(_, line)| line).collect());
        apply(&mut now, &theirs);
        let now_text = text(&now, ends[2]);
        let known = [&old[..], b"\n", &new].concat();
        let Ok(back) = taken_back(&now_text, &written(&old, &new), &known) else {
            refused.set(refused.get() + 1);
            return Ok(());
        };
        restored.set(restored.get() + 1);
        // Of lines that are equal, nobody can tell which went: any history that fits will do.
        let fits = |now: Vec<Traced>| expected(&old, &new, &now).is_some_and(|left| left == lines_of(&back));
        let fit = fits(now.clone()) || alignments(&lines_of(&new), &now, 0).into_iter().any(fits);
        prop_assert!(
            fit,
            "old {}\nnew {}\nnow {}\nback {}",
            old.escape_ascii(),
            new.escape_ascii(),
            now_text.escape_ascii(),
            back.escape_ascii()
        );
        Ok(())
    });
    // Both happen, and taking back is not the exception.
    assert!(restored.get() > 1_500 && refused.get() > 500, "{restored:?} {refused:?}");
}

fn lines_of(text: &[u8]) -> Vec<String> {
    String::from_utf8(text.to_vec()).unwrap().lines().map(str::to_owned).collect()
}

/// Every way in which the lines of now may have come from those of new, others' lines apart.
fn alignments(new: &[String], now: &[Traced], from: usize) -> Vec<Vec<Traced>> {
    let Some(((_, line), rest)) = now.split_first() else { return vec![Vec::new()] };
    if line.contains("theirs") {
        let with = |mut rest: Vec<Traced>| {
            rest.insert(0, (None, line.clone()));
            rest
        };
        return alignments(new, rest, from).into_iter().map(with).collect();
    }
    let ours = now.iter().filter(|(_, line)| !line.contains("theirs")).count();
    let mut found = Vec::new();
    // What is left of new must be enough for what is left of now.
    for at in from..(new.len() + 1).saturating_sub(ours) {
        if new[at] == *line {
            for mut rest in alignments(new, rest, at + 1) {
                rest.insert(0, (Some(at), line.clone()));
                found.push(rest);
            }
        }
    }
    found
}

/// By the history of each line, what must be left. `None` where one of our lines is not there any more.
fn expected(old: &[u8], new: &[u8], now: &[Traced]) -> Option<Vec<String>> {
    let line_at = |text: &[u8], at: usize| text[..at].split(|b| *b == b'\n').count() - 1;
    let mut now = now.to_vec();
    for hunk in Diff::new(old, new).hunks.iter().rev() {
        let joins = hunk.new.start > 0 && new[hunk.new.start - 1] != b'\n';
        let start = line_at(new, hunk.new.start) + usize::from(joins);
        let gone: Vec<String> = {
            let lines = lines_of(&old[hunk.old.clone()]);
            lines.into_iter().skip(usize::from(joins)).collect()
        };
        let length =
            lines_of(&new[hunk.new.clone()]).len().saturating_sub(usize::from(joins && !hunk.new.is_empty()));
        if length == 0 && gone.is_empty() {
            // Nothing but a line end came or went.
            continue;
        }
        let is_left = |line: &Option<usize>| line.is_some_and(|line| (start..start + length).contains(&line));
        if length > 0 && gone.is_empty() && !now.iter().any(|(line, _)| is_left(line)) {
            // Somebody took it back by hand.
            continue;
        }
        let at = if length == 0 {
            // Below the line that was above, wherever that is now.
            match start.checked_sub(1) {
                Some(above) => now.iter().position(|(line, _)| *line == Some(above))? + 1,
                None => 0,
            }
        } else {
            let at = now.iter().position(|(line, _)| *line == Some(start))?;
            let ours = (start..start + length).map(Some);
            if !now[at..].iter().map(|(line, _)| *line).take(length).eq(ours) {
                return None;
            }
            at
        };
        now.splice(at..at + length, gone.into_iter().map(|line| (None, line)));
    }
    Some(now.into_iter().map(|(_, line)| line).collect())
}
