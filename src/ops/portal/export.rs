//! A file with one's choices for a colleague: what is theirs to have, and nothing that starts programs, says who one
//! is, or opens anything.

use std::path::Path;

use crate::base::PortalName;
use crate::host::user_file::UserFile;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::portal::offer;
use crate::ops::write;
use crate::store::settings::{PortalSettings, Settings};

/// A file, and what is not in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Export {
    /// TOML.
    pub text: String,
    /// What was left out of which portal: keys of the settings, or `keys.NAME`.
    pub left_out: Vec<(PortalName, Vec<String>)>,
}

const HEAD: &str = "# Portals for jitpass, without secrets. To take them over: jitpass setup --from FILE\n\n";

/// Makes the file for these portals.
pub fn export(machine: &Machine, portals: &[PortalSettings]) -> Result<Export, Failure> {
    let (settings, _) = machine.settings()?;
    let extras = settings.extras();
    let mut left_out = Vec::new();
    let mut shared = Vec::with_capacity(portals.len());
    for portal in portals {
        let mine = extras
            .iter()
            .filter(|extra| extra.portal.as_ref() == Some(&portal.name) && extra.name != "api_host");
        let mut names: Vec<String> = mine.map(|extra| extra.name.clone()).collect();
        let (keys, others): (Vec<_>, Vec<_>) =
            portal.keys.iter().cloned().partition(|(key, value)| offer::is_harmless(key, value));
        names.extend(others.into_iter().map(|(key, _)| format!("keys.{key}")));
        if !names.is_empty() {
            left_out.push((portal.name.clone(), names));
        }
        shared.push(PortalSettings { keys, token_command: None, browser: None, ..portal.clone() });
    }
    let text = Settings::of_portals(&shared, HEAD).map_err(|e| Failure::of(&e))?;
    Ok(Export { text, left_out })
}

/// Writes it; over another file only where that is wanted.
pub fn write(machine: &Machine, path: &Path, text: &str, replaces: bool) -> Result<(), Failure> {
    let path = std::path::absolute(path).map_err(|e| Failure::new("the file has no place").because(&e))?;
    let failed = |e| write::failure(machine, &path, &e);
    if let Some(parent) = path.parent().filter(|parent| !parent.is_dir()) {
        return Err(Failure::misuse(format!("there is no directory {}", machine.shown(parent))));
    }
    let file = UserFile::read(&path).map_err(failed)?;
    if file.bytes.is_some() && !replaces {
        return Err(Failure::misuse(format!("{} is there already", machine.shown(&path)))
            .hint("add --yes to replace it"));
    }
    file.replace(text.as_bytes()).map_err(failed)
}
