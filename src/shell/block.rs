//! The marked block in the bytes of a start-up file.
//!
//! ```text
//! # >>> jitpass >>>
//! [ ! -r "$HOME/.local/share/jitpass/shell/jitpass.zsh" ] || . "$HOME/.local/share/jitpass/shell/jitpass.zsh"
//! # <<< jitpass <<<
//! ```
//!
//! Insertion always adds the same thing in the same place (below everything but empty lines at the end, one empty
//! line before it, no line end after it if the file had none), so that removal, which takes exactly that, is its
//! inverse. People and other tools move, copy and break blocks: whatever is found, only the marks and the line that
//! loads our script are ours, and every other byte stays, also between the marks.

mod found;
mod lines;

use std::collections::BTreeSet;

use crate::shell::Shell;
use found::{Block, Found};
use lines::{Edits, Line};

const BEGIN: &str = "# >>> jitpass >>>";
/// The line at which a block ends.
pub const END: &str = "# <<< jitpass <<<";

/// The begin of the block in a file that was made for it: such a file goes with its block.
const BEGIN_OF_MADE: &str = "# >>> jitpass >>> (this file was made for it)";

/// What installing does to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// There is no block yet: the file as it will be.
    Add(Vec<u8>),
    /// A block of an earlier version, or a damaged one: the file as it will be.
    Replace(Vec<u8>),
    /// The block is there, and as it should be.
    Nothing,
    /// The file must stay as it is.
    Refuse {
        /// Why.
        reason: Reason,
        /// The line that is the reason, from 1.
        line: usize,
    },
}

/// Why a file is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The block is commented out: a person did that on purpose.
    #[error("the block is commented out")]
    SwitchedOff,
    /// A line outside any block loads the integration already.
    #[error("this line loads the integration already")]
    LoadedOtherwise,
    /// UTF-16, as Windows PowerShell's `>` writes it.
    #[error("the file is in UTF-16; save it as UTF-8 first")]
    Utf16,
    /// A signed PowerShell script: its signature would break.
    #[error("the file is signed, and a change would break the signature")]
    Signed,
}

/// What uninstalling does to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenOut {
    /// The file as it will be; `None` when it was made for the block and holds nothing else: then it goes.
    pub bytes: Option<Vec<u8>>,
    /// How many blocks were taken out, whole or broken; 0: the file does not change.
    pub blocks: usize,
    /// What stays although it has to do with jitpass, with its line (from 1) in the file as it will be.
    pub left: Vec<(usize, Left)>,
}

/// What stays in a file after its blocks were taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Left {
    /// It stood between the marks, and is not ours.
    #[error("this line stood in the block, but is not jitpass's")]
    InBlock,
    /// It loads the integration, and a person wrote it.
    #[error("this line loads jitpass's integration; remove it by hand")]
    Loads,
    /// Our block was all that stood between it and the line that ends it.
    #[error("nothing is left between this line and the one that ends it; most shells want a command there")]
    Hollow,
}

/// What has to be done so that the file (`None`: there is none) holds one block with the wanted line.
///
/// The line must load one of our scripts by its name: that is how it is known again.
pub fn plan(file: Option<&[u8]>, wanted: &str) -> Plan {
    let mut planned = step(file, wanted);
    // What stood behind a mark may be a mark. More steps than this only a file made for it needs.
    for _ in 0..16 {
        let Plan::Replace(bytes) = &planned else { break };
        let Plan::Replace(again) = step(Some(bytes), wanted) else { break };
        planned = Plan::Replace(again);
    }
    planned
}

fn step(file: Option<&[u8]>, wanted: &str) -> Plan {
    let Some(bytes) = file else {
        return Plan::Add(format!("{BEGIN_OF_MADE}\n{wanted}\n{END}\n").into_bytes());
    };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Plan::Refuse { reason: Reason::Utf16, line: 1 };
    }
    let lines = lines::split(bytes);
    if let Some(signed) = lines.iter().position(|l| l.text.starts_with(b"# SIG # Begin signature block")) {
        return Plan::Refuse { reason: Reason::Signed, line: signed + 1 };
    }
    let found = Found::in_lines(&lines);
    let on = || found.blocks.iter().filter(|block| !block.is_off);
    let Some(kept) = on().find(|block| block.is_whole() && block.line.is_some()).or_else(|| on().next())
    else {
        return match (found.blocks.first(), found.loading.first()) {
            (Some(off), _) => Plan::Refuse { reason: Reason::SwitchedOff, line: off.first() + 1 },
            (None, Some(&line)) => Plan::Refuse { reason: Reason::LoadedOtherwise, line: line + 1 },
            (None, None) => Plan::Add(insert(bytes, &lines, wanted)),
        };
    };
    let mut edits = Edits::default();
    for spare in on().filter(|block| *block != kept) {
        remove(spare, &lines, &mut edits);
    }
    if edits.is_empty() {
        mend(kept, &lines, wanted, &mut edits);
    }
    let mended = edits.apply(bytes);
    if mended == bytes { Plan::Nothing } else { Plan::Replace(mended) }
}

/// The file without any block.
pub fn take_out(bytes: &[u8]) -> TakenOut {
    let lines = lines::split(bytes);
    let found = Found::in_lines(&lines);
    let mut edits = Edits::default();
    for block in &found.blocks {
        remove(block, &lines, &mut edits);
    }
    let foreign = found.blocks.iter().flat_map(|block| block.foreign.iter());
    let inside = foreign.filter(|&&line| !lines[line].is_empty()).map(|&line| (line, Left::InBlock));
    let mut left: Vec<_> = inside.chain(found.loading.iter().map(|&line| (line, Left::Loads))).collect();
    left.sort_unstable_by_key(|&(line, _)| line);
    for (line, _) in &mut left {
        *line = edits.lines_above(bytes, lines[*line].start) + 1;
    }
    let rest = edits.apply(bytes);
    for block in &found.blocks {
        let place = edits.lines_above(bytes, lines[block.first()].start);
        left.extend(hollow(&lines::split(&rest), place).map(|line| (line + 1, Left::Hollow)));
    }
    left.sort_unstable_by_key(|&(line, _)| line);
    left.dedup();
    // What stood behind a mark may be a mark.
    if !found.blocks.is_empty() {
        let again = take_out(&rest);
        if again.blocks > 0 {
            return TakenOut { blocks: found.blocks.len() + again.blocks, ..again };
        }
    }
    let is_ours = rest.is_empty() && found.blocks.iter().any(|block| block.is_made);
    TakenOut { blocks: found.blocks.len(), bytes: (!is_ours).then_some(rest), left }
}

/// The line that opens something of a shell's that holds no command any more, now that nothing is at this place.
fn hollow(lines: &[Line<'_>], place: usize) -> Option<usize> {
    let says = |line: &Line<'_>| {
        let text = line.text.trim_ascii();
        !text.is_empty() && !text.starts_with(b"#")
    };
    let above = lines[..place.min(lines.len())].iter().rposition(says)?;
    let below = lines[place.min(lines.len())..].iter().find(|line| says(line))?.text.trim_ascii();
    let separates = |byte: &u8| byte.is_ascii_whitespace() || b";&|".contains(byte);
    let opens = lines[above].text.rsplit(separates).find(|word| !word.is_empty())?;
    let closes = below.split(|byte| separates(byte) || *byte == b')').next().unwrap_or_default();
    let is_hollow = matches!(
        (opens, closes),
        (b"then" | b"else", b"fi" | b"else" | b"elif") | (b"do", b"done") | (b"{", b"}")
    ) || (opens.ends_with(b"{") && closes == b"}");
    is_hollow.then_some(above)
}

/// The shells whose scripts the file loads, by its blocks or by lines of the person's.
pub fn loaded(bytes: &[u8]) -> BTreeSet<Shell> {
    found::loaded(&lines::split(bytes))
}

/// The file with a block that it did not have.
fn insert(bytes: &[u8], lines: &[Line<'_>], wanted: &str) -> Vec<u8> {
    let last = lines.iter().rposition(|line| !line.is_empty());
    let ended = |line: &&Line<'_>| !line.eol.is_empty();
    let above = lines[..last.map_or(0, |last| last + 1)].iter().rev().find(ended);
    let eol = above.or(lines.iter().find(ended)).map_or("\n", |line| line.eol);
    let block = format!("{BEGIN}{eol}{}{eol}{END}", ending(wanted, eol));
    let (place, block) = match last.map(|last| &lines[last]) {
        None => (lines::beginning(bytes), format!("{block}{eol}")),
        Some(line) if line.eol.is_empty() => (line.end(), format!("{eol}{eol}{block}")),
        Some(line) => (line.end(), format!("{eol}{block}{eol}")),
    };
    [&bytes[..place], block.as_bytes(), &bytes[place..]].concat()
}

/// Makes one block of what is there of it, where it is.
fn mend(block: &Block, lines: &[Line<'_>], wanted: &str, edits: &mut Edits) {
    let first = &lines[block.first()];
    let eol = if first.eol.is_empty() { "\n" } else { first.eol };
    let wanted = ending(wanted, eol);
    let own = |texts: &[&str]| -> Vec<u8> {
        texts.iter().flat_map(|text| [first.indent(), text.as_bytes(), eol.as_bytes()].concat()).collect()
    };
    if let Some(line) =
        block.line.map(|at| &lines[at]).filter(|line| line.text.trim_ascii() != wanted.as_bytes())
    {
        edits.put(line.inner(), wanted.as_bytes());
    }
    match (block.begin, block.line, block.end) {
        (None, None, _) => edits.put(first.start..first.start, &own(&[BEGIN, &wanted])),
        (None, Some(_), _) => edits.put(first.start..first.start, &own(&[BEGIN])),
        (Some(begin), None, Some(_)) => put_below(&lines[begin], eol, own(&[&wanted]), edits),
        (Some(begin), None, None) => put_below(&lines[begin], eol, own(&[&wanted, END]), edits),
        (Some(_), Some(line), None) => put_below(&lines[line], eol, own(&[END]), edits),
        (Some(_), Some(_), Some(_)) => {}
    }
    for &spare in &block.spare {
        edits.cut(lines[spare].whole());
    }
    if let Some((end, glued)) = block.end.zip(block.glued) {
        let place = lines[end].start + glued;
        edits.put(place..place, eol.as_bytes());
    }
}

/// Puts lines below another, which may be the last and have no end: then the file still ends without one.
fn put_below(line: &Line<'_>, eol: &str, mut text: Vec<u8>, edits: &mut Edits) {
    if line.eol.is_empty() {
        text.truncate(text.len() - eol.len());
        text.splice(0..0, eol.bytes());
    }
    edits.put(line.end()..line.end(), &text);
}

/// Takes the marks and our line away, with what insertion put around them.
fn remove(block: &Block, lines: &[Line<'_>], edits: &mut Edits) {
    let (first, last) = (block.first(), block.last());
    for at in block.own() {
        match block.glued {
            Some(glued) if block.end == Some(at) => edits.cut(lines[at].start..lines[at].start + glued),
            _ => edits.cut(lines[at].whole()),
        }
    }
    let Some(above) = first.checked_sub(1) else { return };
    let eol = if lines[first].eol.is_empty() { lines[above].eol } else { lines[first].eol };
    if lines[above].is_empty() && lines[above].eol == eol {
        edits.cut(lines[above].whole());
    }
    // The file had no line end: what is last now has none.
    if last + 1 == lines.len() && lines[last].eol.is_empty() && block.glued.is_none() {
        let rest = lines.iter().rev().find(|line| !edits.has_cut(line.end() - 1));
        if let Some(rest) = rest.filter(|line| line.eol.ends_with(eol)) {
            edits.cut(rest.end() - eol.len()..rest.end());
        }
    }
}

/// In a file with CRLF line ends, a comment takes in the CR, which most shells would read as part of the last word.
fn ending(wanted: &str, eol: &str) -> String {
    if eol == "\r\n" { format!("{wanted} #") } else { wanted.to_owned() }
}

#[cfg(test)]
mod tests;
