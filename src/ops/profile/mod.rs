//! The profiles of the shared AWS files: which there are, whose they are, and changing one at a time.
//!
//! 1. [`Profiles`] reads both files, the settings and the record of what was written: whose is which.
//! 2. `listing` and `showing` tell what there is.
//! 3. `adding`, `editing`, `renaming` and `removing` make a [`Planned`] change each, which the command shows and applies.

mod adding;
mod doubts;
mod editing;
mod listing;
mod offer;
mod planned;
mod removing;
mod renaming;
mod rewriting;
mod showing;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use crate::awsconfig::{Document, Profile};
use crate::base::{PortalAddress, Scope, Timestamp};
use crate::host::dirs;
use crate::host::user_file::UserFile;
use crate::ops::change::ConfigFile;
use crate::ops::closest::closest;
use crate::ops::failure::Failure;
use crate::ops::issue::Request;
use crate::ops::machine::Machine;
use crate::ops::status::{Issued, ReadArguments, cached, request_of};
use crate::plan::{MARK, Sources, Variables};
use crate::store::managed::Managed;
use crate::store::settings::PortalSettings;

pub use adding::{NewProfile, add, check_new};
pub use doubts::WrongCommand;
pub use editing::{RegionEdit, Wishes, edit, replace, section};
pub use listing::{Filter, Listed, list};
pub use offer::{Offer, offer};
pub use planned::{Note, Planned};
pub use removing::{Chosen, remove};
pub use renaming::rename;
pub use showing::{File, OwnValue, Shown, SourceLine, show};

/// The shared files as they are, and what is known of their profiles.
pub struct Profiles {
    /// The config file.
    pub config: ConfigFile,
    /// Where the credentials file lies, which is only read.
    pub credentials_path: Option<PathBuf>,
    /// What it says; nothing where it is not there or cannot be read.
    pub credentials: Document,
    /// Its bytes.
    credentials_bytes: Vec<u8>,
    /// Why it cannot be read.
    pub credentials_trouble: Option<Failure>,
    /// What the settings say of portals.
    pub portals: Vec<PortalSettings>,
    /// What was last written.
    pub managed: Managed,
    known: Vec<Known>,
    places: HashMap<String, usize>,
}

/// A profile of the config file.
#[derive(Debug)]
pub struct Known {
    /// What the readers make of it.
    pub profile: Profile,
    /// What it asks of jitpass; `None` for one that does not ask it.
    pub ours: Option<Ours>,
    /// Why its command, which runs jitpass, gives no credentials.
    pub wrong: Option<WrongCommand>,
}

/// A profile that jitpass answers for.
#[derive(Debug)]
pub struct Ours {
    /// What it asks.
    pub request: Request,
    /// The portal for which `sync` keeps it, by the short name it had; `None` for one that is the person's own.
    pub kept_for: Option<String>,
}

impl Profiles {
    /// Reads them.
    ///
    /// # Errors
    /// When the config file or the settings cannot be read. A credentials file that cannot be read is said in
    /// `credentials_trouble`.
    pub fn read(machine: &Machine, read: ReadArguments<'_>) -> Result<Self, Failure> {
        let config = ConfigFile::read(machine)?;
        let credentials_path = dirs::aws_credentials_file(&machine.env);
        let found = credentials_path.as_deref().map(UserFile::read).transpose();
        let (credentials_bytes, credentials_trouble) = match found {
            Ok(file) => (file.and_then(|file| file.bytes).unwrap_or_default(), None),
            Err(error) => (Vec::new(), Some(Failure::of(&error))),
        };
        let portals = match machine.config_dir {
            Some(_) => machine.portals()?,
            None => Vec::new(),
        };
        let managed = machine.state_dir.as_deref().map(Managed::load).unwrap_or_default();
        let (known, places) = known(&config, &managed, read);
        Ok(Self {
            credentials: Document::parse_credentials(&credentials_bytes),
            config,
            credentials_path,
            credentials_bytes,
            credentials_trouble,
            portals,
            managed,
            known,
            places,
        })
    }

    /// Those of the config file, in its order.
    pub fn all(&self) -> &[Known] {
        &self.known
    }

    /// One of the config file.
    pub fn get(&self, name: &str) -> Option<&Known> {
        self.places.get(name).map(|at| &self.known[*at])
    }

    /// One of the config file, which must be there.
    ///
    /// # Errors
    /// When it is not: with the name that may have been meant, or where else there is one of this name.
    pub fn find(&self, machine: &Machine, name: &str) -> Result<&Known, Failure> {
        let missing = || {
            let file = machine.shown(&self.config.file.path);
            let shown = crate::base::text::one_line(name, 80);
            let failure = Failure::misuse(format!("there is no profile `{shown}` in {file}"));
            if let (Some(path), Some(there)) = (&self.credentials_path, self.credentials.profile(name)) {
                let line = there.lines.first().copied().unwrap_or(1);
                let path = machine.shown(path);
                return failure
                    .hint(format!("there is one in {path}:{line}, a file that jitpass only reads"));
            }
            let names: Vec<&str> = self.known.iter().map(|known| known.profile.name.as_str()).collect();
            match closest(name, &names) {
                Some(near) => failure.hint(format!("did you mean `{}`?", crate::base::text::Visible(near))),
                None => failure.hint("`jitpass profile list` lists them"),
            }
        };
        self.get(name).ok_or_else(missing)
    }

    /// What each reader takes of them.
    pub fn sources(&self) -> Sources<'_> {
        Sources::new(&self.config.document, &self.credentials)
    }

    /// What the settings say of a portal.
    pub fn settings_of(&self, portal: &PortalAddress) -> Option<&PortalSettings> {
        self.portals.iter().find(|known| known.address == *portal)
    }

    /// The profile that `sync` keeps for a scope of a portal, `default` apart, which is always a second one.
    fn kept_for(&self, portal: &PortalAddress, scope: &Scope) -> Option<&Known> {
        self.known.iter().filter(|known| known.profile.name != "default").find(|known| {
            known.ours.as_ref().is_some_and(|ours| {
                let request = &ours.request;
                ours.kept_for.is_some() && request.portal == *portal && request.scope.key() == scope.key()
            })
        })
    }
}

impl Known {
    /// The portal for which `sync` keeps it.
    pub fn kept_for(&self) -> Option<&str> {
        self.ours.as_ref()?.kept_for.as_deref()
    }

    /// The same, or the portal of the mark where its command is wrong, so that nobody knows what it asks.
    fn marked_for(&self) -> Option<&str> {
        self.kept_for().or_else(|| self.profile.value(MARK).filter(|_| self.wrong.is_some()))
    }

    /// The 1-based line of its first header.
    pub fn line(&self) -> usize {
        self.profile.lines.first().copied().unwrap_or(1)
    }

    /// What is cached for it.
    fn issued(&self, machine: &Machine, now: Timestamp) -> Option<Issued> {
        cached(machine, &self.ours.as_ref()?.request, now)
    }
}

/// The variables that AWS programs read.
pub fn variables(machine: &Machine) -> Variables {
    let names = machine.env.starting_with("AWS_");
    names.into_iter().map(|name| (name.clone(), machine.env.text(&name).unwrap_or_default())).collect()
}

/// Reads each profile once. `sync` keeps one that is marked and bears the name we wrote: where another one of the same
/// scope does, this is a copy, and the person's own. Where nothing is recorded (another machine, a lost record), the
/// mark is all there is.
pub(super) fn known(
    config: &ConfigFile,
    managed: &Managed,
    read: ReadArguments<'_>,
) -> (Vec<Known>, HashMap<String, usize>) {
    let document = &config.document;
    let mut known: Vec<Known> = Vec::new();
    let mut places = HashMap::new();
    for name in document.profile_names() {
        let Some(profile) = document.profile(name) else { continue };
        let kept_for = profile.value(MARK).map(str::to_owned);
        let ours = request_of(&profile, read).map(|request| Ours { request, kept_for });
        places.insert(name.to_owned(), known.len());
        let command = profile.value("credential_process").filter(|_| ours.is_none());
        let wrong = command.and_then(|command| WrongCommand::of(command, read));
        known.push(Known { profile, ours, wrong });
    }
    let key = |ours: &Ours| {
        let mark = ours.kept_for.clone()?;
        Some((mark, ours.request.portal.key(), ours.request.scope.key()))
    };
    let is_recorded = |one: &Known| managed.profile(&config.file.path, &one.profile.name).is_some();
    let recorded: HashSet<_> = known
        .iter()
        .filter(|one| one.profile.name != "default" && is_recorded(one))
        .filter_map(|one| key(one.ours.as_ref()?))
        .collect();
    for one in &mut known {
        let is_copy =
            !is_recorded(one) && one.ours.as_ref().and_then(key).is_some_and(|k| recorded.contains(&k));
        if let Some(ours) = one.ours.as_mut().filter(|_| is_copy) {
            ours.kept_for = None;
        }
    }
    (known, places)
}
