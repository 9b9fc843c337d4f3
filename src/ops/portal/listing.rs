//! The portals that are set up, as far as files tell.

use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::store::settings::PortalSettings;

/// A portal that is set up.
#[derive(Debug)]
pub struct Listed {
    /// What was chosen for it.
    pub settings: PortalSettings,
    /// Who signed in last, or is signed in still; `None` where nobody did, or nobody could tell who it was.
    pub person: Option<String>,
    /// Whether their token is there.
    pub is_signed_in: bool,
}

/// Every portal, in the order of the settings. Asks nobody, not even a keyring.
pub fn list(machine: &Machine) -> Result<Vec<Listed>, Failure> {
    let tokens = machine.tokens();
    let listed = machine.portals()?.into_iter().map(|settings| {
        let kept = tokens.as_ref().and_then(|tokens| tokens.kept(&settings.address));
        let is_signed_in = kept.as_ref().is_some_and(|kept| kept.lies.is_some());
        let person = kept.map(|kept| kept.person).filter(|person| !person.is_empty());
        Listed { settings, person, is_signed_in }
    });
    Ok(listed.collect())
}
