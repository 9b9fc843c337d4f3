//! Leaving a machine as it was before.
//!
//! 1. [`prepare`] finds every trace, by kind, and plans what becomes of the person's files.
//! 2. The command shows it, and asks which kinds are meant.
//! 3. [`apply`] takes them away, in an order in which it can be interrupted anywhere and run again: sign-ins that are
//!    open, the person's files, scripts, tokens, settings, caches, directories; the journal, by which the files are found,
//!    goes last.

mod own;
mod profiles;
mod program;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::base::PortalAddress;
use crate::host::{clock, files};
use crate::ops::change::Change;
use crate::ops::failure::Failure;
use crate::ops::history::history;
use crate::ops::journaling::{self, Occasion};
use crate::ops::login;
use crate::ops::machine::Machine;
use crate::ops::shell::uninstall::{self as shells, Leaving};
use crate::ops::status::ReadArguments;
use crate::shell::Shell;

pub use own::Own;
pub use profiles::Profiles;
pub use program::{Program, program};

/// What can be taken away, or stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What jitpass wrote into AWS config files.
    Profiles,
    /// Profiles that are the person's, and call jitpass.
    Callers,
    /// Blocks in start-up files, and the scripts that they load.
    Shells,
    /// Tokens, in the keyring and in files, and the secrets of lines that were changed.
    SignIns,
    /// The settings.
    Settings,
    /// Cached credentials, and what is known of portals.
    Caches,
    /// The journal, by which `undo` works, and whatever else is remembered.
    Records,
}

impl Kind {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Profiles,
        Self::Callers,
        Self::Shells,
        Self::SignIns,
        Self::Settings,
        Self::Caches,
        Self::Records,
    ];

    /// All that are jitpass's: what goes where nothing else is said.
    pub fn usual() -> BTreeSet<Self> {
        Self::ALL.into_iter().filter(|kind| *kind != Self::Callers).collect()
    }
}

/// What is there, and what becomes of it.
#[derive(Debug, Default)]
pub struct Prepared {
    /// The person's files but for the settings.
    pub change: Change,
    /// The settings: they go after the tokens, because they say where these lie.
    pub settings: Change,
    /// The AWS config files.
    pub profiles: Profiles,
    /// The start-up files. What is written into them is in `change`.
    pub leaving: Leaving,
    /// Portals that somebody is or was signed in to.
    pub portals: Vec<PortalAddress>,
    /// What is jitpass's alone.
    pub own: Own,
    /// The kinds that go.
    pub kinds: BTreeSet<Kind>,
    /// The kinds of which there is anything.
    pub found: BTreeSet<Kind>,
    /// What stays and has to do with jitpass, ready to be said.
    pub left: Vec<String>,
}

impl Prepared {
    /// Whether nothing of the kinds that go is there.
    pub fn is_empty(&self) -> bool {
        self.found.intersection(&self.kinds).next().is_none()
    }

    fn takes(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }
}

/// How long whoever waits for a browser may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Finds everything, and plans to take away these kinds. Writes nothing.
pub fn prepare(
    machine: &Machine,
    read: ReadArguments<'_>,
    kinds: &BTreeSet<Kind>,
) -> Result<Prepared, Failure> {
    let past = machine.state_dir.as_ref().map(|_| history(machine)).transpose()?.unwrap_or_default();
    let profiles = Profiles::find(machine, read, &past, kinds.contains(&Kind::Callers))?;
    let mut prepared = Prepared {
        change: Change { command: "uninstall", ..Change::default() },
        settings: Change { command: "uninstall", ..Change::default() },
        kinds: kinds.clone(),
        leaving: shells::prepare(machine, &Shell::ALL).unwrap_or_default(),
        portals: machine.tokens().map(|tokens| tokens.portals()).unwrap_or_default(),
        own: Own::find(machine, &past),
        ..Prepared::default()
    };
    let mut found = BTreeSet::new();
    let mut note = |kind, is_there: bool| is_there.then(|| found.insert(kind));
    note(Kind::Profiles, !profiles.is_empty());
    note(Kind::Callers, !profiles.callers.is_empty());
    note(Kind::Shells, !prepared.leaving.is_empty());
    note(Kind::SignIns, prepared.own.has_sign_ins || journaling::keeps_secrets(machine));
    note(Kind::Settings, prepared.own.settings.is_some());
    note(Kind::Caches, prepared.own.has_caches);
    note(Kind::Records, prepared.own.has_records);
    prepared.found = found;
    if kinds.contains(&Kind::Profiles) || kinds.contains(&Kind::Callers) {
        profiles.put_into(&mut prepared.change, kinds.contains(&Kind::Profiles));
    }
    if kinds.contains(&Kind::Shells) {
        let leaving = &prepared.leaving.change;
        prepared.change.others.extend(leaving.others.iter().cloned());
        prepared.change.removes.extend(leaving.removes.iter().cloned());
    }
    if let Some(settings) = prepared.own.settings.as_ref().filter(|_| kinds.contains(&Kind::Settings)) {
        settings.put_into(&mut prepared.settings);
    }
    prepared.left = prepared.own.left.clone();
    prepared.profiles = profiles;
    Ok(prepared)
}

/// Takes away what was chosen.
///
/// # Errors
/// Of kind `Outdated` when a file changed since it was read. Whatever went wrong, running it again goes on.
pub fn apply(machine: &Machine, prepared: &Prepared) -> Result<(), Failure> {
    if prepared.takes(Kind::SignIns) || prepared.takes(Kind::Records) {
        end_waits(machine)?;
    }
    // Said to be an undo, it and what it took back cancel out when this is run again.
    let span = prepared.profiles.takes_back().filter(|_| prepared.takes(Kind::Profiles));
    let occasion = match span {
        Some((first, last)) => Occasion::undo_of(first, (last > first).then_some(last)),
        None => Occasion::of("uninstall"),
    };
    prepared.change.apply_at(machine, &occasion.called("uninstall"), |_| {})?;
    if prepared.takes(Kind::Shells) {
        for script in &prepared.leaving.scripts {
            files::remove(script).map_err(|e| own::not_removed(machine, script, &e))?;
        }
    }
    if prepared.takes(Kind::SignIns) {
        let mut failed = None;
        for portal in &prepared.portals {
            // The others are worth signing out of all the same.
            failed = login::sign_out(machine, portal).err().or(failed);
        }
        journaling::drop_secrets(machine)?;
        if let Some(failure) = failed {
            return Err(failure.also("then run `jitpass uninstall` again"));
        }
        own::remove_sign_ins(machine)?;
    }
    prepared.settings.apply_rest(machine)?;
    if prepared.takes(Kind::Caches) {
        own::remove_caches(machine)?;
    }
    own::sweep(machine, &prepared.own, prepared.takes(Kind::Records))
}

/// Ends sign-ins that wait for a browser: whoever waits would write what is gone.
fn end_waits(machine: &Machine) -> Result<(), Failure> {
    let Some(sign_ins) = machine.sign_ins() else { return Ok(()) };
    let is_over = sign_ins
        .call_off_all(Instant::now() + clock::patience(PATIENCE))
        .map_err(|e| Failure::new("a sign-in that is open cannot be ended").because(&e))?;
    if is_over {
        return Ok(());
    }
    Err(Failure::new("a sign-in that is open does not end")
        .hint("wait for five minutes, then run this again"))
}

/// A path of the person's, and why it is named.
pub(in crate::ops::uninstall) fn named(machine: &Machine, path: &Path, why: &str) -> String {
    format!("{}: {why}", machine.shown(path))
}
