//! What a portal says of the tenant that a profile is for, where it can be asked without asking anybody else.

use crate::base::{PortalAddress, Region, Scope, TenantRef, text};
use crate::ops::acquaint::{self, Acquaintance, WithAccounts};
use crate::ops::failure::Failure;
use crate::ops::issue::no_such_tenant;
use crate::ops::machine::Machine;
use crate::ops::token;
use crate::portal::Tenant;
use crate::store::keyring::Asking;

/// What a portal offers, or why that is not known.
#[derive(Debug)]
pub struct Offer(Result<Acquaintance, Failure>);

/// Asks a portal what it offers, with a token that is at hand: nobody is asked to sign in.
pub fn offer(machine: &Machine, portal: &PortalAddress) -> Offer {
    let (explicit, identity) = token::explicit(machine, portal, None);
    let token = explicit.map_or_else(|| token::own(machine, portal, Asking::Nobody), Ok);
    Offer(token.and_then(|token| {
        let known =
            acquaint::acquaint(machine, portal, &token, &identity, machine.now(), WithAccounts(false));
        if let Err(failure) = &known {
            token::end_rejected(machine, portal, &token, failure);
        }
        known
    }))
}

impl Offer {
    /// What is known.
    pub fn known(&self) -> Option<&Acquaintance> {
        self.0.as_ref().ok()
    }

    /// Why nothing is.
    pub fn trouble(&self) -> Option<String> {
        self.0.as_ref().err().map(|failure| text::one_line(&failure.message, 300))
    }

    /// The id of the tenant of a scope; `None` for another scope, and where nothing is known.
    ///
    /// # Errors
    /// When the portal has no such tenant for this person.
    pub fn check(&self, scope: &Scope, portal: &PortalAddress) -> Result<Option<String>, Failure> {
        let (Some(known), Scope::Tenant(wanted)) = (self.known(), scope) else { return Ok(None) };
        if let Some(tenant) = self.tenant(wanted) {
            return Ok(Some(tenant.id.to_string()));
        }
        let names: Vec<&str> = known.list.tenants.iter().map(|tenant| tenant.name.as_str()).collect();
        Err(no_such_tenant(&wanted.to_string(), &names, portal))
    }

    /// The region of a scope: the tenant's own, else the portal's.
    pub fn region(&self, scope: &Scope) -> Option<Region> {
        let known = self.known()?;
        let own = match scope {
            Scope::Tenant(wanted) => self.tenant(wanted).and_then(|tenant| known.region_of(tenant)).cloned(),
            Scope::Admin | Scope::DuploOps => None,
        };
        own.or_else(|| known.features.region())
    }

    /// The region that the portal says is the scope's own.
    ///
    /// # Errors
    /// When the portal could not be asked, or does not say.
    pub fn own_region(&self, scope: &Scope, portal: &PortalAddress) -> Result<Region, Failure> {
        self.0.as_ref().map_err(Clone::clone)?;
        self.check(scope, portal)?;
        self.region(scope).ok_or_else(|| {
            let host = portal.host.authority();
            Failure::new(format!("{host} does not say which region {scope} has"))
                .hint("say which: --region us-west-2")
        })
    }

    fn tenant(&self, wanted: &TenantRef) -> Option<&Tenant> {
        self.known()?.list.tenants.iter().find(|tenant| match wanted {
            TenantRef::Name(name) => tenant.name.key() == name.key(),
            TenantRef::Id(id) => tenant.id == *id,
        })
    }
}
