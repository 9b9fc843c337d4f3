//! What is new at a portal since its profiles were written: found out after a sign-in, when nobody waits any more, and
//! said with the next command that a person types.

use crate::base::PortalAddress;
use crate::credential::Identity;
use crate::ops::acquaint::{self, WithAccounts};
use crate::ops::change::ConfigFile;
use crate::ops::demand::{self, Choices, Demand};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::token;
use crate::ops::upkeep::{self, Wishes};
use crate::plan::ProfileChange;
use crate::store::keyring::Asking;
use crate::store::managed::Managed;
use crate::store::settings::TenantChoice;
use crate::store::sign_in::Record;

/// Compares the portal's tenants with the profiles, and writes down how many have none. Only where all tenants are
/// wanted: who chose some by name does not want to hear of every other.
pub(super) fn look(machine: &Machine, portal: &PortalAddress) -> Result<(), Failure> {
    let Some(known) = machine.settings_of(portal)?.filter(|known| known.tenants == TenantChoice::All) else {
        return Ok(());
    };
    let token = token::own(machine, portal, Asking::Nobody)?;
    let accounts = demand::wants_account_ids(known.profile_name.as_deref());
    let offered =
        acquaint::acquaint(machine, portal, &token, &Identity::Own, machine.now(), WithAccounts(accounts))?;
    let choices = Choices { admin: false, ..Choices::of_settings(&known, &offered) };
    let demand = Demand::new(machine, &offered, &choices)?;
    let mut config = ConfigFile::read(machine)?;
    let managed = machine.state_dir.as_deref().map(Managed::load).unwrap_or_default();
    let marked = upkeep::marked(&config, &demand.portal, &managed);
    let changes = upkeep::bring_up_to_date(machine, &mut config, &demand, &marked, Wishes::NONE).changes;
    let new = changes.iter().filter(|change| matches!(change, ProfileChange::Add(_))).count();
    if let Some(sign_ins) = machine.sign_ins() {
        let wants_code = offered.features.is_otp_needed && offered.person.is_admin();
        let learn = |record: &mut Record| (record.new_tenants, record.wants_code) = (new, wants_code);
        sign_ins.change(portal, learn).map_err(|e| Failure::of(&e))?;
    }
    Ok(())
}

/// The portals of the settings that were seen to have tenants without a profile, and how many.
pub fn new_tenants(machine: &Machine) -> Vec<(PortalAddress, usize)> {
    let Some(sign_ins) = machine.sign_ins() else { return Vec::new() };
    let portals = machine.portals().unwrap_or_default().into_iter().map(|portal| portal.address);
    portals
        .map(|portal| (sign_ins.record(&portal).new_tenants, portal))
        .filter(|(new, _)| *new > 0)
        .map(|(new, portal)| (portal, new))
        .collect()
}

/// The profiles of a portal were just looked at: nothing is new any more.
pub fn forget(machine: &Machine, portal: &PortalAddress) {
    if let Some(sign_ins) = machine.sign_ins()
        && let Err(error) = sign_ins.change_known(portal, |record| record.new_tenants = 0)
    {
        tracing::debug!(%error, "said once too often");
    }
}
