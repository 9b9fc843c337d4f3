//! Noting what is written, and reading the notes: the journal speaks of pieces and hashes, the plan of lines.

use std::cell::Cell;
use std::io;

use crate::base::Secret;
use crate::credential::sha256_hex;
use crate::host::terminal;
use crate::host::user_file::UserFile;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::plan::{self, Anchors, Diff, Mark, Veiled, Written, secrets};
use crate::store::journal::{Entry, EntryId, Hunk, Journal, Piece};
use crate::store::keyring::{Asking, Keyring};
use crate::store::shelf::Shelf;
use crate::store::tokens::TokenPlace;

/// One change of a person's files: all that is written at it bears one number in the journal.
#[derive(Debug)]
pub struct Occasion {
    command: String,
    undoes: Option<u64>,
    through: Option<u64>,
    number: Cell<Option<u64>>,
}

impl Occasion {
    /// A command writes: `setup`, `profile add`.
    pub fn of(command: &str) -> Self {
        Self { command: command.to_owned(), undoes: None, through: None, number: Cell::new(None) }
    }

    /// `undo` takes a change back, or all from it through another.
    pub fn undo_of(number: u64, through: Option<u64>) -> Self {
        Self { undoes: Some(number), through, ..Self::of("undo") }
    }

    /// The same, by another command.
    #[must_use]
    pub fn called(self, command: &str) -> Self {
        Self { command: command.to_owned(), ..self }
    }

    /// The change's number; `None` while nothing is written.
    pub fn number(&self) -> Option<u64> {
        self.number.get()
    }
}

/// A write that is noted, and about to be made.
pub(super) struct Noted<'a> {
    machine: &'a Machine,
    journal: Journal,
    id: EntryId,
}

/// Notes a write before it is made.
pub(super) fn note<'a>(
    machine: &'a Machine,
    occasion: &Occasion,
    file: &UserFile,
    new: &[u8],
    removes: bool,
) -> io::Result<Noted<'a>> {
    let state_dir = machine.need_state_dir().map_err(|failure| io::Error::other(failure.message))?;
    let journal = Journal::below(&state_dir);
    let old = file.content();
    let diff = Diff::new(old, new);
    let (old_secrets, new_secrets) = (secrets(old), secrets(new));
    let mut values = Vec::new();
    let mut hunks = Vec::with_capacity(diff.hunks.len());
    let anchors = plan::anchors(new, diff.hunks.iter().map(|hunk| &hunk.new));
    for (hunk, Anchors { section, header, above, below, joins }) in diff.hunks.iter().zip(anchors) {
        values.extend(values_in(old, &hunk.old, &old_secrets));
        values.extend(values_in(new, &hunk.new, &new_secrets));
        hunks.push(Hunk {
            at: hunk.new.start,
            length: hunk.new.len(),
            old: pieces(&Veiled::of(old, hunk.old.clone(), &old_secrets)),
            new: pieces(&Veiled::of(new, hunk.new.clone(), &new_secrets)),
            // What begins with a bracket in a start-up file is a test, and its words are nobody's business.
            section: if file.is_public() { String::new() } else { section },
            header: if file.is_public() { String::new() } else { header },
            above,
            below,
            joins,
        });
    }
    let entry = Entry {
        at: machine.now().seconds(),
        command: occasion.command.clone(),
        undoes: occasion.undoes,
        through: occasion.through,
        process: Some(std::process::id()),
        path: file.path.clone(),
        existed: file.bytes.is_some(),
        was_removed: removes,
        is_start_up: file.is_public(),
        before: sha256_hex(old),
        after: sha256_hex(new),
        added: diff.added,
        removed: diff.removed,
        hunks,
    };
    // Nobody drops a secret between its being kept and the entry that names it.
    let lock = (!values.is_empty()).then(|| journal.lock()).transpose()?;
    if !values.is_empty() {
        shelf(machine, &state_dir).keep(values, asking())?;
    }
    let id = journal.add(&entry, occasion.number.get())?;
    occasion.number.set(Some(id.change));
    if lock.is_some() {
        // One killed between the two above left a secret that no entry names.
        let _ = shelf(machine, &state_dir).keep_only(&journal.secrets(), asking());
    }
    Ok(Noted { machine, journal, id })
}

impl Noted<'_> {
    /// It is made.
    pub(super) fn done(self) {
        if self.journal.prune(self.id.change) {
            self.tidy();
        }
    }

    /// It could not be made.
    pub(super) fn withdraw(self) {
        self.journal.withdraw(self.id);
        self.tidy();
    }

    /// Drops the secrets that no entry names any more. What cannot be dropped now is dropped another time.
    fn tidy(&self) {
        let Ok(state_dir) = self.machine.need_state_dir() else { return };
        let shelf = shelf(self.machine, &state_dir);
        if shelf.is_empty() {
            return;
        }
        let dropped =
            self.journal.lock().and_then(|_lock| shelf.keep_only(&self.journal.secrets(), asking()));
        if let Err(error) = dropped {
            tracing::debug!(%error, "secrets of old changes are not dropped");
        }
    }
}

/// Drops every secret that was kept for `undo`. `false` where there was none.
///
/// # Errors
/// Also when the keyring may still hold one: the next time tries again.
pub fn drop_secrets(machine: &Machine) -> Result<bool, Failure> {
    let Some(state_dir) = &machine.state_dir else { return Ok(false) };
    let shelf = shelf(machine, state_dir);
    if shelf.is_empty() {
        return Ok(false);
    }
    let journal = Journal::below(state_dir);
    let dropped =
        journal.lock().and_then(|_lock| shelf.keep_only(&std::collections::BTreeSet::new(), asking()));
    dropped.map(|()| true).map_err(|error| {
        Failure::new("the secrets kept for `undo` are not all dropped")
            .because(&error)
            .hint("run it again where the keyring can be used: jitpass logout --all")
    })
}

/// Drops this secret, if it is kept for `undo`.
pub(super) fn drop_secret(machine: &Machine, secret: &Secret) -> io::Result<()> {
    let Some(state_dir) = &machine.state_dir else { return Ok(()) };
    shelf(machine, state_dir).drop_secret(&sha256_hex(secret.expose().as_bytes()), asking())
}

/// Whether secrets are kept for `undo`.
pub(super) fn keeps_secrets(machine: &Machine) -> bool {
    machine.state_dir.as_deref().is_some_and(|state_dir| !shelf(machine, state_dir).is_empty())
}

/// The secrets that are kept for `undo`, until the keyring does not answer.
pub(super) struct Recall {
    shelf: Option<Shelf>,
    is_over: Cell<bool>,
}

impl Recall {
    pub(super) fn of(machine: &Machine) -> Self {
        let shelf = machine.state_dir.as_deref().map(|state_dir| shelf(machine, state_dir));
        Self { shelf, is_over: Cell::new(false) }
    }

    /// The secret that stood where this mark stands, if it is kept and can be had.
    pub(super) fn secret(&self, mark: &Mark) -> Option<Secret> {
        let shelf = self.shelf.as_ref().filter(|_| !self.is_over.get())?;
        shelf.find(&mark.sha256, asking()).unwrap_or_else(|error| {
            tracing::debug!(%error, "the keyring does not give a secret");
            self.is_over.set(true);
            None
        })
    }
}

/// What an entry says was written.
pub(super) fn written(entry: &Entry) -> Vec<Written> {
    let written = |hunk: &Hunk| Written {
        old: veiled(&hunk.old),
        new: veiled(&hunk.new),
        anchors: Anchors {
            // Entries of older versions take a test in a start-up file for a section.
            section: if entry.is_start_up { String::new() } else { hunk.section.clone() },
            header: if entry.is_start_up { String::new() } else { hunk.header.clone() },
            above: hunk.above.clone(),
            below: hunk.below.clone(),
            joins: hunk.joins,
        },
    };
    entry.hunks.iter().map(written).collect()
}

fn shelf(machine: &Machine, state_dir: &std::path::Path) -> Shelf {
    // Settings that cannot be read may say that nothing belongs in a file.
    let place = machine.sign_in_settings().map_or(TokenPlace::Keyring, |settings| settings.place);
    Shelf::below(state_dir, Keyring::of(&machine.env), place)
}

fn asking() -> Asking {
    if terminal::can_ask() { Asking::Person } else { Asking::Nobody }
}

/// The secrets in a part of a text. One that is no text is not kept.
fn values_in(text: &[u8], part: &std::ops::Range<usize>, secrets: &[std::ops::Range<usize>]) -> Vec<Secret> {
    let overlap = |secret: &std::ops::Range<usize>| secret.start.max(part.start)..secret.end.min(part.end);
    let inside = secrets.iter().map(overlap).filter(|span| !span.is_empty());
    inside.filter_map(|span| std::str::from_utf8(&text[span]).ok()).map(Secret::new).collect()
}

fn pieces(veiled: &Veiled) -> Vec<Piece> {
    let piece = |piece: &plan::Piece| match piece {
        plan::Piece::Plain(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Piece::Text(text.to_owned()),
            Err(_) => Piece::Raw(bytes.clone()),
        },
        plan::Piece::Secret(mark) => Piece::Secret { secret: mark.sha256.clone(), short: mark.is_short },
    };
    veiled.0.iter().map(piece).collect()
}

fn veiled(pieces: &[Piece]) -> Veiled {
    let mut veiled = Veiled::default();
    for piece in pieces {
        match piece {
            Piece::Text(text) => veiled.push_plain(text.as_bytes()),
            Piece::Raw(bytes) => veiled.push_plain(bytes),
            Piece::Secret { secret, short } => {
                veiled.0.push(plan::Piece::Secret(Mark { sha256: secret.clone(), is_short: *short }));
            }
        }
    }
    veiled
}
