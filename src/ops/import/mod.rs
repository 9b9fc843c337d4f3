//! Taking over what older tools left in the config file: their profiles become ours with the same meaning, their tokens
//! go where tokens belong.
//!
//! 1. `survey` reads the files; no portal is asked.
//! 2. `tokens` finds out whose the tokens are, each portal being asked once for each.
//! 3. `convert` plans the edits and says why a line stays; the portals go into the settings.
//! 4. [`apply`] keeps the tokens first and writes then: whatever happens between, no token is lost.
//! 5. `credentials` says how to remove the lines that would still beat ours.

mod convert;
mod credentials;
mod naming;
mod select;
mod survey;
mod tokens;

pub use convert::{Fate, Next, Row};
pub use credentials::Removal;
pub use survey::{Place, Survey};
pub use tokens::{Keep, Lay, Standing, Verdicts};

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::base::{PortalAddress, PortalName};
use crate::ops::change::Change;
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::login::{self, KeptToken};
use crate::ops::machine::Machine;
use crate::plan::predecessor::KubeUser;
use crate::store::keyring::Asking;
use crate::store::managed::Properties;

/// What a person asks for.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Which profiles, by name or glob; all if there are none.
    pub names: Vec<String>,
    /// Whether no portal is to be asked.
    pub offline: bool,
    /// Whether somebody is there to unlock a keyring.
    pub is_attended: bool,
    /// The people of whom somebody said that all profiles without a token are theirs, by portal.
    pub owners: Vec<(PortalAddress, String)>,
}

impl Wish {
    fn says_all_are_of(&self, portal: &PortalAddress, person: &str) -> bool {
        self.owners.iter().any(|(of, owner)| of == portal && owner == person)
    }
}

/// A profile that will be ours to keep: what is written, and what `sync` would have written.
#[derive(Debug, Clone)]
struct Managed {
    profile: String,
    written: Properties,
    /// The command that `sync` would write, where that is another.
    usual: Option<String>,
}

/// The plan of an import, ready to be shown and applied.
#[derive(Debug)]
pub struct Import {
    /// The files.
    pub change: Change,
    /// Every line that was found, and what becomes of it.
    pub rows: Vec<Row>,
    /// The tokens to be kept.
    pub keep: Vec<Keep>,
    /// The tokens that lie or lay open, and how they stand.
    pub open: Vec<(Lay, PortalAddress, Standing)>,
    /// The portals that come into the settings.
    pub portals: Vec<(PortalName, PortalAddress)>,
    /// What is worth doing next, by portal.
    pub next: Vec<Next>,
    /// Lines of the credentials file that beat the profiles, and how to remove them.
    pub removal: Option<Removal>,
    /// The users of kubeconfigs that call one of the tools, by file.
    pub kube: Vec<(PathBuf, Vec<KubeUser>)>,
    /// Files that could not be read, and why.
    pub unreadable: Vec<String>,
    managed: Vec<Managed>,
}

impl Import {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.change.is_empty() && self.keep.is_empty()
    }
}

/// Makes the plan. Writes nothing.
pub fn plan(machine: &Machine, wish: &Wish, verdicts: &mut Verdicts) -> Result<Import, Failure> {
    let survey = survey::survey(machine, &wish.names)?;
    let mut portals: Vec<PortalAddress> = survey
        .found
        .iter()
        .filter_map(|found| found.meaning.as_ref().ok())
        .map(|m| m.portal.clone())
        .collect();
    portals.extend(survey.contexts.iter().filter_map(|open| tokens::address(&open.context)));
    if wish.names.is_empty() && machine.config_dir.is_some() {
        // duplo-jit may be signed in to those, too.
        portals.extend(machine.portals()?.into_iter().map(|portal| portal.address));
    }
    let mut known = BTreeSet::new();
    portals.retain(|portal| known.insert(portal.clone()));
    let tokens = tokens::judge(machine, &survey, &portals, verdicts, wish);
    let converted = convert::convert(machine, &survey, &tokens)?;
    Ok(Import {
        change: converted.change,
        removal: credentials::removal(machine, &survey, &converted.rows),
        rows: converted.rows,
        portals: converted.portals,
        next: converted.next,
        managed: converted.managed,
        keep: tokens.keep,
        open: tokens.standing,
        kube: survey.kube,
        unreadable: survey.unreadable,
    })
}

/// What an import has kept already, when it is tried again because somebody else wrote the file.
#[derive(Debug, Default)]
pub struct Kept(RefCell<Vec<(PortalAddress, KeptToken)>>);

impl Kept {
    /// The tokens that were kept.
    pub fn into_list(self) -> Vec<(PortalAddress, KeptToken)> {
        self.0.into_inner()
    }

    fn has(&self, portal: &PortalAddress) -> bool {
        self.0.borrow().iter().any(|(known, _)| known == portal)
    }
}

/// Keeps the tokens, then writes the files: who is killed between has a token twice, and never not at all.
///
/// # Errors
/// Of kind `Outdated` when a file was changed, or somebody signed in or out, since the plan was made.
pub fn apply(machine: &Machine, wish: &Wish, import: &Import, kept: &Kept) -> Result<(), Failure> {
    let asking = if wish.is_attended { Asking::Person } else { Asking::Nobody };
    for keep in import.keep.iter().filter(|keep| !kept.has(&keep.portal)) {
        let placed =
            login::keep(machine, &keep.portal, &keep.token, &keep.person, asking, Some(&keep.expected))
                .map_err(|failure| failure.also("nothing was written"))?;
        let Some(placed) = placed else {
            let host = keep.portal.host.authority();
            return Err(Failure {
                kind: FailureKind::Outdated,
                ..Failure::new(format!("somebody signed in to {host}, or out, at the same moment"))
                    .hint("nothing was written; run the command again")
            });
        };
        login::end_wait(machine, &keep.portal);
        kept.0.borrow_mut().push((keep.portal.clone(), placed));
    }
    if import.change.is_empty() {
        return Ok(());
    }
    import.change.apply(machine, |managed| {
        let Some((plan, _)) = &import.change.config else { return };
        for entry in &import.managed {
            let config = &plan.file.path;
            let mut record = managed.profile(config, &entry.profile).cloned().unwrap_or_default();
            record.written.extend(entry.written.clone());
            if let Some(usual) = &entry.usual {
                let own = entry.written.get(COMMAND).cloned();
                let preference = crate::store::managed::Preference { own, over: usual.clone() };
                record.preferred.insert(COMMAND.to_owned(), preference);
            }
            managed.record(config, &entry.profile, record);
        }
    })
}

/// The key that names the program.
const COMMAND: &str = "credential_process";
