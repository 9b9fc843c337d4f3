//! How everything stands: who is signed in where, and how long what was issued to them still lives.
//!
//! 1. [`status`] reads files: settings, the AWS config file, what is kept of tokens, sign-ins and credentials. It asks
//!    nobody, not even the keyring, and takes no lock, so that it is done before anybody notices.
//! 2. [`check`] asks the portals, where somebody wants to know what is true now.

mod check;
mod profiles;

use std::path::PathBuf;

use crate::base::{PortalAddress, PortalName, PortalUrl, Timestamp};
use crate::credential::Identity;
use crate::host::env::names;
use crate::host::process;
use crate::ops::failure::Failure;
use crate::ops::issue::Request;
use crate::ops::machine::Machine;
use crate::ops::token;
use crate::store::settings::PortalSettings;
use crate::store::sign_in::Wait;
use crate::store::tokens::{Kept, Lies};

pub use check::{Check, check};
pub use profiles::{Issued, ProfileStatus};
pub(crate) use profiles::{cached, request_of};

/// How one portal stands.
#[derive(Debug)]
pub struct PortalStatus {
    /// Its name in the settings.
    pub name: Option<PortalName>,
    /// Where it is.
    pub address: PortalAddress,
    /// With whose token it is asked.
    pub standing: Standing,
    /// Who signed in, whether or not their token is the one that is used; `None` where nobody did, or nobody could
    /// tell who it was.
    pub person: Option<String>,
    /// Where the token of that sign-in lies, while there is one.
    pub lies: Option<Lies>,
    /// The file that says so, and that holds it if [`Lies::InFile`].
    pub file: Option<PathBuf>,
    /// The wait for somebody to sign in that is open.
    pub wait: Option<Wait>,
    /// What the portal says of it, once it was asked.
    pub check: Option<Check>,
    /// The profiles that get their credentials from it, in the order of the config file.
    pub profiles: Vec<ProfileStatus>,
}

/// With whose token a portal is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// With the one in `DUPLO_TOKEN`.
    ByVariable,
    /// With what its `token_command` prints.
    ByCommand,
    /// With that of the person who signed in.
    SignedIn,
    /// With none: the portal no longer accepts that person's.
    Over,
    /// With none: they signed out.
    SignedOut,
    /// With none: nobody ever signed in.
    Never,
}

/// Reads the arguments of a `credential_process` that is jitpass's, the program first; `None` for what is none.
pub type ReadArguments<'a> = &'a dyn Fn(&[String]) -> Option<Request>;

/// How all portals stand that anything is known of, those of the settings first; with `only`, those at that address,
/// or that one if nothing is known of it.
///
/// # Errors
/// When the settings or the AWS config file cannot be read.
pub fn status(
    machine: &Machine,
    only: Option<&PortalUrl>,
    read: ReadArguments<'_>,
) -> Result<Vec<PortalStatus>, Failure> {
    let settings = match machine.config_dir {
        Some(_) => machine.portals()?,
        None => Vec::new(),
    };
    let mut entries = profiles::entries(machine, read)?;
    let now = machine.now();
    let mut portals = Vec::new();
    for address in addresses(machine, &settings, &entries, only) {
        let known = settings.iter().find(|known| known.address == address);
        let mut portal = of_portal(machine, address, known, now);
        let (here, elsewhere) = entries.into_iter().partition(|entry| entry.request.portal == portal.address);
        entries = elsewhere;
        portal.profiles = profiles::profiles(machine, here, now);
        portals.push(portal);
    }
    Ok(portals)
}

/// The portals to be told of, each once.
fn addresses(
    machine: &Machine,
    settings: &[PortalSettings],
    entries: &[profiles::Entry],
    only: Option<&PortalUrl>,
) -> Vec<PortalAddress> {
    let named = machine.env.text(names::DUPLO_HOST).and_then(|host| PortalUrl::from_typed(&host).ok());
    let named = named.filter(|_| token::is_given(machine, names::DUPLO_TOKEN));
    let mut others = signed_in_to(machine);
    others.extend(entries.iter().map(|entry| entry.request.portal.clone()));
    // The variable is for a host, whatever its API; only where nothing else is known of it, it is one more portal.
    let is_known = |host: &PortalUrl| {
        settings.iter().map(|s| &s.address).chain(&others).any(|address| address.host == *host)
    };
    let unknown = [named.as_ref(), only].into_iter().flatten().filter(|host| !is_known(host));
    let unknown: Vec<PortalAddress> = unknown.map(|host| PortalAddress::new(host.clone(), None)).collect();
    others.extend(unknown);
    others.sort();
    let mut all: Vec<PortalAddress> = settings.iter().map(|known| known.address.clone()).collect();
    all.extend(others);
    let mut seen = std::collections::HashSet::new();
    all.retain(|address| only.is_none_or(|host| address.host == *host) && seen.insert(address.clone()));
    all
}

/// The portals that somebody is signed in to, or was until the portal ended it. Those that they signed out of are
/// done with.
fn signed_in_to(machine: &Machine) -> Vec<PortalAddress> {
    let Some(tokens) = machine.tokens() else { return Vec::new() };
    let mut portals = tokens.portals();
    portals.retain(|portal| {
        matches!(of_sign_in(tokens.kept(portal).as_ref()), Standing::SignedIn | Standing::Over)
    });
    portals
}

fn of_portal(
    machine: &Machine,
    address: PortalAddress,
    settings: Option<&PortalSettings>,
    now: Timestamp,
) -> PortalStatus {
    let tokens = machine.tokens();
    let kept = tokens.as_ref().and_then(|tokens| tokens.kept(&address));
    let has_command = settings.is_some_and(|settings| settings.token_command.is_some());
    let standing = if token::explicit(machine, &address, None).1 != Identity::Own {
        Standing::ByVariable
    } else if has_command {
        Standing::ByCommand
    } else {
        of_sign_in(kept.as_ref())
    };
    let record = machine.sign_ins().map(|sign_ins| sign_ins.record(&address)).unwrap_or_default();
    let wait = record.wait.filter(|wait| is_open(wait, now));
    PortalStatus {
        name: settings.map(|settings| settings.name.clone()),
        standing,
        lies: kept.as_ref().and_then(|kept| kept.lies),
        person: kept.map(|kept| kept.person).filter(|person| !person.is_empty()),
        file: tokens.map(|tokens| tokens.path(&address)),
        wait,
        check: None,
        profiles: Vec::new(),
        address,
    }
}

fn of_sign_in(kept: Option<&Kept>) -> Standing {
    match kept {
        Some(Kept { lies: Some(_), .. }) => Standing::SignedIn,
        Some(Kept { is_ended: true, .. }) => Standing::Over,
        // What a `token_command` printed once, or one that is between two people, is nobody's sign-in.
        Some(kept) if !kept.person.is_empty() => Standing::SignedOut,
        Some(_) | None => Standing::Never,
    }
}

/// Whether somebody is listened for. The lock would tell for sure, but looking takes it for a moment.
fn is_open(wait: &Wait, now: Timestamp) -> bool {
    let left = wait.ends - now.seconds();
    let has_begun = wait.pid != 0 && wait.ending.is_none() && !wait.is_called_off;
    has_begun && (1..=LONGEST_WAIT).contains(&left) && process::is_running(wait.pid)
}

/// The longest that a listener lives, in seconds. One that says more wrote that down by another clock.
const LONGEST_WAIT: i64 = 300;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sign_in::{Browser, Ending};

    #[test]
    fn who_is_signed_in() {
        let kept = |person: &str, lies, is_ended| Kept { person: person.to_owned(), lies, is_ended };
        for (name, kept, expected) in [
            ("never", None, Standing::Never),
            ("in a file", Some(kept("pat", Some(Lies::InFile), false)), Standing::SignedIn),
            ("nobody can tell who", Some(kept("", Some(Lies::InKeyring), false)), Standing::SignedIn),
            ("over", Some(kept("pat", None, true)), Standing::Over),
            ("signed out", Some(kept("pat", None, false)), Standing::SignedOut),
            ("by a command once", Some(kept("", None, false)), Standing::Never),
        ] {
            assert_eq!(of_sign_in(kept.as_ref()), expected, "{name}");
        }
    }

    #[test]
    fn which_wait_is_open() {
        let now = Timestamp::from_seconds(1_000_000);
        let open = Wait {
            id: "a".to_owned(),
            pid: std::process::id(),
            port: 4711,
            is_admin: false,
            address: String::new(),
            browser: Browser::Opened,
            ends: 1_000_200,
            confirm: None,
            is_called_off: false,
            ending: None,
        };
        assert!(is_open(&open, now));
        for (name, wait) in [
            ("planned", Wait { pid: 0, ..open.clone() }),
            ("called off", Wait { is_called_off: true, ..open.clone() }),
            ("ended", Wait { ending: Some(Ending::Unanswered), ..open.clone() }),
            ("forgotten", Wait { ends: 1_000_000, ..open.clone() }),
            ("by another clock", Wait { ends: 1_000_301, ..open.clone() }),
        ] {
            assert!(!is_open(&wait, now), "{name}");
        }
    }
}
