//! What the section of one profile says: the one place where it is decided, for every command that writes one.

use crate::awsconfig::command::{self, CommandError};
use crate::awsconfig::{Key, Value, ValueError};
use crate::base::{PortalAddress, PortalName, Region, Scope, TenantRef};

/// The key that says that jitpass keeps a section; its value is the portal's short name. A key rather than a
/// comment, because other tools drop comments.
pub const MARK: &str = "jitpass_portal";

/// The absolute path under which profiles call this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramPath(pub String);

/// What a profile is for.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The absolute path under which it calls this program.
    pub program: &'a ProgramPath,
    /// The portal it asks.
    pub address: &'a PortalAddress,
    /// What its credential opens.
    pub scope: &'a Scope,
    /// Whether somebody may be asked to sign in for it.
    pub is_interactive: bool,
    /// The region of what is done with it.
    pub region: Option<&'a Region>,
    /// What else it says.
    pub keys: &'a [(Key, Value)],
    /// The short name of the portal that `sync` keeps it for; `None` for one that is the person's own.
    pub mark: Option<&'a PortalName>,
}

/// Why a profile cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// The command line cannot be written so that every SDK reads it alike.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// A value cannot be written so that every SDK reads it alike.
    #[error(transparent)]
    Value(#[from] ValueError),
}

impl Entry<'_> {
    /// What its section says, in order.
    pub fn properties(&self) -> Result<Vec<(Key, Value)>, EntryError> {
        let mut properties = Vec::with_capacity(3 + self.keys.len());
        if let Some(region) = self.region {
            properties.push(("region".parse()?, region.as_str().parse()?));
        }
        properties.push(("credential_process".parse()?, self.command()?));
        properties.extend(self.keys.iter().cloned());
        if let Some(mark) = self.mark {
            properties.push((MARK.parse()?, mark.as_str().parse()?));
        }
        Ok(properties)
    }

    /// The value of its `credential_process`.
    pub fn command(&self) -> Result<Value, EntryError> {
        let mut args = vec!["aws", "--host", self.address.host.as_str()];
        if let Some(api_host) = &self.address.api_host {
            args.extend(["--api-host", api_host.as_str()]);
        }
        let scope = scope_arguments(self.scope);
        args.extend(scope.iter().map(String::as_str));
        if self.is_interactive {
            args.push("--interactive");
        }
        Ok(command::build(&self.program.0, &args)?)
    }
}

/// The arguments that name a scope.
pub fn scope_arguments(scope: &Scope) -> Vec<String> {
    let tenant = |name: String| vec!["--tenant".to_owned(), name];
    match scope {
        Scope::Admin => vec!["--admin".to_owned()],
        Scope::DuploOps => vec!["--duplo-ops".to_owned()],
        Scope::Tenant(TenantRef::Name(name)) => tenant(name.key()),
        Scope::Tenant(TenantRef::Id(id)) => tenant(id.to_string()),
    }
}
