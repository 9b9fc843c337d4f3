//! What a command line asks for, and the entry of jitpass that asks for the same.

use crate::awsconfig::Value;
use crate::awsconfig::command::{self, CommandError};
use crate::base::{PortalAddress, PortalUrl, PortalUrlError, Region, Scope, Secret, TenantRef};
use crate::plan::ProgramPath;
use crate::plan::predecessor::{Call, Context, Dropped, Obstacle, Tool};

/// With whose token the portal is asked, as far as the command line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PredecessorToken {
    /// It does not say: with the one of the last sign-in.
    None,
    /// With this one, for everybody to read.
    Clear(Secret),
    /// With the one in `DUPLO_TOKEN`.
    Variable,
}

/// What a command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// Which tool it was.
    pub tool: Tool,
    /// Which portal.
    pub portal: PortalAddress,
    /// What the credentials open.
    pub scope: Scope,
    /// Whether somebody may be asked to sign in.
    pub interactive: bool,
    /// With whose token.
    pub token: PredecessorToken,
    /// On which port the browser comes back.
    pub port: Option<u16>,
    /// For which region.
    pub region: Option<Region>,
    /// The context of duploctl that said some of it.
    pub context: Option<String>,
    /// What is left behind.
    pub dropped: Vec<Dropped>,
}

impl Call {
    /// Whether duploctl would look into its configuration: for a context that is named, or for want of a host.
    pub fn needs_context(&self) -> bool {
        self.tool == Tool::Duploctl && (self.context.is_some() || self.host.is_none())
    }

    /// What it asks for; `context` is the one that [`Call::needs_context`].
    pub fn meaning(&self, context: Option<&Context>) -> Result<Meaning, Obstacle> {
        let mut call = self.clone();
        if let Some(context) = context.filter(|_| self.needs_context()) {
            call.follow(context);
        }
        let tool = call.tool;
        let host = call.host.as_deref().ok_or(Obstacle::NoPortal { stops: call.stops })?;
        let api_host = call.api_host.as_deref().map(|text| address(tool, text)).transpose()?;
        let region =
            call.region.as_deref().map(str::parse::<Region>).transpose().map_err(Obstacle::Tenant)?;
        let scope = Scope::choose(call.admin, call.duplo_ops, None);
        let scope = match scope {
            Some(scope) => scope,
            None => Scope::Tenant(call.tenant_ref()?),
        };
        Ok(Meaning {
            tool,
            portal: PortalAddress::new(address(tool, host)?, api_host),
            scope,
            interactive: call.interactive,
            token: call.token,
            port: call.port,
            region,
            context: context.filter(|_| self.needs_context()).map(|context| context.name.clone()),
            dropped: call.dropped,
        })
    }

    /// Facts: a context takes the place of host and token, and overwrites the rest but a tenant that it does not name.
    /// (duploctl, `use_context`)
    fn follow(&mut self, context: &Context) {
        self.host.clone_from(&context.host);
        self.token = context.token.clone().map_or(PredecessorToken::None, PredecessorToken::Clear);
        if context.tenant.is_some() {
            self.tenant.clone_from(&context.tenant);
        }
        self.interactive = context.interactive;
        self.admin = context.admin;
        self.dropped.retain(|dropped| *dropped != Dropped::NoCache);
        if context.no_cache {
            self.dropped.push(Dropped::NoCache);
        }
    }

    fn tenant_ref(&self) -> Result<TenantRef, Obstacle> {
        // An id comes before a name.
        if let Some(id) = &self.tenant_id {
            return match id.parse().map_err(Obstacle::Tenant)? {
                reference @ TenantRef::Id(_) => Ok(reference),
                TenantRef::Name(_) => Err(Obstacle::tenant_id(id)),
            };
        }
        let tenant = self.tenant.as_deref().ok_or(Obstacle::NoScope)?;
        match tenant.parse().map_err(Obstacle::Tenant)? {
            // Go's tools take anything so long for an id; no portal has a name so long.
            TenantRef::Name(_)
                if tenant.len() >= 32 && matches!(self.tool, Tool::DuploJit | Tool::CredentialProcess) =>
            {
                Err(Obstacle::tenant_id(tenant))
            }
            reference => Ok(reference),
        }
    }
}

/// A portal's address as the tool takes it: duploctl drops a path, the others only a slash.
fn address(tool: Tool, text: &str) -> Result<PortalUrl, Obstacle> {
    match text.parse() {
        Err(PortalUrlError::Path) if tool == Tool::Duploctl => PortalUrl::from_typed(text),
        other => other,
    }
    .map_err(Obstacle::Address)
}

/// The `credential_process` of jitpass that asks for the same. The token is not in it, and `interactive` may be more
/// than the line it comes from said.
pub fn entry_command(
    program: &ProgramPath,
    meaning: &Meaning,
    interactive: bool,
) -> Result<Value, CommandError> {
    let mut args = vec!["aws", "--host", meaning.portal.host.as_str()];
    if let Some(api_host) = &meaning.portal.api_host {
        args.extend(["--api-host", api_host.as_str()]);
    }
    let (tenant, port);
    match &meaning.scope {
        Scope::Admin => args.push("--admin"),
        Scope::DuploOps => args.push("--duplo-ops"),
        Scope::Tenant(reference) => {
            tenant = match reference {
                TenantRef::Name(name) => name.key(),
                TenantRef::Id(id) => id.to_string(),
            };
            args.extend(["--tenant", &tenant]);
        }
    }
    if let Some(region) = &meaning.region {
        args.extend(["--region", region.as_str()]);
    }
    if let Some(given) = meaning.port.filter(|_| interactive) {
        port = given.to_string();
        args.extend(["--port", &port]);
    }
    if interactive {
        args.push("--interactive");
    }
    let build = if cfg!(windows) { command::windows } else { command::posix };
    build(&program.0, &args)
}
