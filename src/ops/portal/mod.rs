//! The portals of the settings: listed, added, edited, removed, and handed from person to person.
//!
//! 1. [`PortalEdit`] says what is to be otherwise, and makes the choices for a portal from those before.
//! 2. [`change`] turns that into one change of both files, and writes it.
//! 3. [`offer`] judges a file that somebody else wrote, and [`export`] makes one.

pub mod change;
mod edit;
pub mod export;
pub mod listing;
pub mod offer;
mod owned;

pub use edit::{PortalEdit, check};
pub use owned::Owned;

use crate::base::text;
use crate::host::program;
use crate::ops::closest::closest;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::store::settings::PortalSettings;

/// The portal of the settings that a person means; the only one, where they name none.
pub fn chosen(machine: &Machine, typed: Option<&str>) -> Result<PortalSettings, Failure> {
    let portals = machine.portals()?;
    let names: Vec<&str> = portals.iter().map(|portal| portal.name.as_str()).collect();
    let Some(typed) = typed else {
        return match portals.as_slice() {
            [only] => Ok(only.clone()),
            [] => Err(none_yet()),
            _ => Err(Failure::misuse("several portals are set up")
                .hint(format!("name one of {}", text::list(&names, 8)))),
        };
    };
    if portals.is_empty() {
        return Err(none_yet());
    }
    let (address, settings) = match machine.portal(typed) {
        Ok(found) => found,
        // Its hint is for somebody who wants a new one.
        Err(failure) if failure.message.starts_with("no portal is called") => {
            return Err(unknown(typed, &names));
        }
        Err(failure) => return Err(failure),
    };
    settings.ok_or_else(|| {
        if !typed.contains(['.', ':', '/']) {
            return unknown(typed, &names);
        }
        Failure::misuse(format!("{} is not set up", address.host.authority()))
            .hint(format!("set it up: jitpass setup --host {}", address.host))
    })
}

fn unknown(typed: &str, names: &[&str]) -> Failure {
    let failure = Failure::misuse(format!("no portal is called `{}`", text::one_line(typed, 60)));
    match closest(typed, names) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(format!("those that are set up: {}", text::list(names, 8))),
    }
}

/// Whether the program of a `token_command` is on this machine.
///
/// # Errors
/// When it is jitpass, which would call itself.
pub fn has_program(machine: &Machine, command: &[String]) -> Result<bool, Failure> {
    let path = command.first().and_then(|word| program::resolve(&machine.env, word));
    if path.as_deref().is_some_and(program::is_this_program) {
        return Err(Failure::misuse("the token command is jitpass itself")
            .hint("name a program that prints the token"));
    }
    Ok(path.is_some())
}

fn none_yet() -> Failure {
    Failure::misuse("no portal is set up yet").hint("set one up: jitpass setup")
}
