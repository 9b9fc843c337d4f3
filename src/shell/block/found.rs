//! What there is in a file that has to do with jitpass: blocks, whole or broken, and lines that load the integration.

use std::collections::BTreeSet;

use super::lines::Line;
use super::{BEGIN, BEGIN_OF_MADE, END};
use crate::shell::Shell;

/// What was found in a file.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Blocks and what is left of blocks, from the top.
    pub(super) blocks: Vec<Block>,
    /// Lines outside all blocks that load the integration.
    pub(super) loading: Vec<usize>,
}

/// A block or what is left of one, by the numbers of its lines (from 0). At least one mark is there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Block {
    /// The begin mark.
    pub(super) begin: Option<usize>,
    /// The first line that loads our script.
    pub(super) line: Option<usize>,
    /// The end mark.
    pub(super) end: Option<usize>,
    /// More lines that load our script.
    pub(super) spare: Vec<usize>,
    /// Such lines commented out.
    pub(super) off: Vec<usize>,
    /// Lines between the marks that are not ours.
    pub(super) foreign: Vec<usize>,
    /// Where in the line of the end mark something else begins: a tool appended to a file without a line end.
    pub(super) glued: Option<usize>,
    /// It is commented out.
    pub(super) is_off: bool,
    /// The file was made for it.
    pub(super) is_made: bool,
}

impl Block {
    /// Both marks are there.
    pub(super) fn is_whole(&self) -> bool {
        self.begin.is_some() && self.end.is_some()
    }

    /// The lines that are ours.
    pub(super) fn own(&self) -> impl Iterator<Item = usize> {
        let marks = [self.begin, self.line, self.end].into_iter().flatten();
        marks.chain(self.spare.iter().copied()).chain(self.off.iter().copied())
    }

    /// Its first line.
    pub(super) fn first(&self) -> usize {
        self.own().min().expect("a block has a mark")
    }

    /// Its last line.
    pub(super) fn last(&self) -> usize {
        self.own().max().expect("a block has a mark")
    }

    fn take(&mut self, at: usize, line: &Line<'_>) {
        match what(line) {
            What::Loads { is_off: true } => self.off.push(at),
            What::Loads { is_off: false } if self.line.is_none() => self.line = Some(at),
            What::Loads { is_off: false } => self.spare.push(at),
            _ => self.foreign.push(at),
        }
    }

    fn judged(mut self) -> Self {
        self.is_off |= self.line.is_none() && !self.off.is_empty();
        self
    }
}

impl Found {
    /// What is in these lines.
    pub(super) fn in_lines(lines: &[Line<'_>]) -> Self {
        let kinds: Vec<What> = lines.iter().map(what).collect();
        let is_mark = |at: usize| matches!(kinds[at], What::Begin { .. } | What::End { .. });
        let is_script = |at: usize| matches!(kinds[at], What::Loads { .. });
        let mut found = Self::default();
        let mut at = 0;
        while at < lines.len() {
            let next_mark = (at + 1..lines.len()).find(|&next| is_mark(next));
            match kinds[at] {
                What::Begin { is_off, is_made } => {
                    let mut block = Block { begin: Some(at), is_off, is_made, ..Block::default() };
                    let end = next_mark.and_then(|end| match kinds[end] {
                        What::End { glued, is_off } => Some((end, glued, is_off)),
                        _ => None,
                    });
                    let inside = match end {
                        Some((end, glued, is_off)) => {
                            (block.end, block.glued) = (Some(end), glued);
                            block.is_off |= is_off;
                            at + 1..end
                        }
                        // Without an end only what follows at once can be ours.
                        None => at + 1..at + 1 + usize::from(at + 1 < lines.len() && is_script(at + 1)),
                    };
                    inside.for_each(|line| block.take(line, &lines[line]));
                    found.blocks.push(block.judged());
                    at = end.map_or(at, |(end, ..)| end);
                }
                What::End { glued, is_off } => {
                    let mut block = Block { end: Some(at), glued, is_off, ..Block::default() };
                    // Without a begin only what stands right above can be ours.
                    let taken = |line: usize| found.blocks.last().is_some_and(|above| above.last() >= line);
                    if let Some(above) = at.checked_sub(1).filter(|&line| is_script(line) && !taken(line)) {
                        block.take(above, &lines[above]);
                    }
                    found.blocks.push(block.judged());
                }
                What::Loads { .. } | What::Init | What::Other => {}
            }
            at += 1;
        }
        let in_blocks: Vec<usize> = found.blocks.iter().flat_map(Block::own).collect();
        let loads = |at: &usize| match kinds[*at] {
            What::Loads { is_off } => !is_off && !in_blocks.contains(at),
            What::Init => true,
            _ => false,
        };
        found.loading = (0..lines.len()).filter(loads).collect();
        found
    }
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Begin { is_off: bool, is_made: bool },
    End { is_off: bool, glued: Option<usize> },
    Loads { is_off: bool },
    Init,
    Other,
}

fn what(line: &Line<'_>) -> What {
    let text = line.text.trim_ascii();
    // A mark is a comment itself: commented out, it has one more sign, or more.
    let inner = text.strip_prefix(b"#").map(<[u8]>::trim_ascii_start);
    for (mark, is_off) in [(Some(text), false), (inner, true)] {
        let Some(mark) = mark else { continue };
        let mark = if is_off {
            let Some(sign) = mark.iter().position(|&byte| byte != b'#') else { continue };
            // One sign belongs to the mark.
            let Some(before) = sign.checked_sub(1) else { continue };
            &mark[before..]
        } else {
            mark
        };
        let is_made = mark == BEGIN_OF_MADE.as_bytes();
        if is_made || mark == BEGIN.as_bytes() {
            return What::Begin { is_off, is_made };
        }
        if let Some(rest) = mark.strip_prefix(END.as_bytes()) {
            let glued = (!rest.is_empty()).then(|| line.text.trim_ascii_end().len() - rest.len());
            return What::End { is_off, glued };
        }
    }
    let is_off = text.starts_with(b"#");
    if names_script(text) {
        What::Loads { is_off }
    } else if !is_off && runs_init(text) {
        What::Init
    } else {
        What::Other
    }
}

/// The shells whose scripts are loaded by lines that are not commented out, in blocks or outside.
pub(super) fn loaded(lines: &[Line<'_>]) -> BTreeSet<Shell> {
    let live = lines.iter().filter(|line| what(line) == What::Loads { is_off: false });
    live.flat_map(|line| Shell::ALL.into_iter().filter(|shell| names(line.text, *shell))).collect()
}

/// It names the file of a script: `…/jitpass.zsh`.
fn names_script(text: &[u8]) -> bool {
    Shell::ALL.into_iter().any(|shell| names(text, shell))
}

/// It names the file of this shell's script.
fn names(text: &[u8], shell: Shell) -> bool {
    let name = shell.file_name().as_bytes();
    let mut windows = text.windows(name.len()).enumerate();
    windows.any(|(at, window)| {
        let before = at.checked_sub(1).map(|at| text[at]);
        let after = text.get(at + name.len());
        window == name
            && matches!(before, Some(b'/' | b'\\'))
            && !after.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte))
    })
}

/// `eval "$(jitpass shell init bash)"` and its like.
fn runs_init(text: &[u8]) -> bool {
    let has = |needle: &[u8]| text.windows(needle.len()).any(|window| window == needle);
    has(b"jitpass") && has(b"shell init ")
}
