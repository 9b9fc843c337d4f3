//! With whose token a portal is asked.

use serde::{Deserialize, Serialize};

use crate::base::{PortalAddress, Secret};
use crate::credential::{Identity, explicit_token};
use crate::host::env::names;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;

/// Where a token came from; its remedy differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenSource {
    /// `--token`, or given on stdin.
    Given,
    /// `DUPLO_TOKEN`.
    Variable,
    /// The token store.
    Store,
}

impl TokenSource {
    /// What helps when the portal does not accept it.
    pub fn remedy(self, portal: &PortalAddress) -> String {
        match self {
            Self::Given => "give another token: in the portal, Profile → Temporary API Token".to_owned(),
            Self::Variable => {
                "set DUPLO_TOKEN to another token: in the portal, Profile → Temporary API Token".to_owned()
            }
            Self::Store => format!("run: {}", login_command(portal)),
        }
    }
}

/// A token and what goes with it.
#[derive(Debug, Clone)]
pub struct Token {
    /// The token.
    pub secret: Secret,
    /// Where it came from.
    pub source: TokenSource,
    /// For a stored one, the generation it belongs to.
    pub generation: Option<u64>,
}

/// The explicit token for a portal, and the identity under which its credentials are cached.
pub fn explicit(
    machine: &Machine,
    portal: &PortalAddress,
    flag: Option<Secret>,
) -> (Option<Token>, Identity) {
    let source = if flag.is_some() { TokenSource::Given } else { TokenSource::Variable };
    let (token, host) = (machine.env.text(names::DUPLO_TOKEN), machine.env.text(names::DUPLO_HOST));
    match explicit_token(flag, token, host.as_deref(), &portal.host) {
        Some(secret) => {
            let identity = Identity::of_token(&secret);
            (Some(Token { secret, source, generation: None }), identity)
        }
        None => (None, Identity::Own),
    }
}

/// The token kept for a portal.
pub fn stored(machine: &Machine, portal: &PortalAddress) -> Option<Token> {
    let stored = machine.tokens()?.find(portal)?;
    Some(Token { secret: stored.token, source: TokenSource::Store, generation: Some(stored.generation) })
}

/// Nobody is signed in: says what helps, and why `DUPLO_TOKEN` did not.
pub fn not_signed_in(machine: &Machine, portal: &PortalAddress) -> Failure {
    let failure = Failure::new(format!("not signed in to {}", portal.host.authority()));
    let login = login_command(portal);
    match (is_given(machine, names::DUPLO_TOKEN), is_given(machine, names::DUPLO_HOST)) {
        (true, false) => failure.hint(format!(
            "DUPLO_TOKEN is set, but was not used: say whose it is with DUPLO_HOST={}, or run: {login}",
            portal.host
        )),
        (true, true) => failure.hint(format!("DUPLO_TOKEN is for another portal (DUPLO_HOST); run: {login}")),
        _ => failure.hint(format!("run: {login}")),
    }
}

/// Whether a variable is set, and not to white space only, which names neither a token nor a portal.
pub fn is_given(machine: &Machine, variable: &str) -> bool {
    machine.env.text(variable).is_some_and(|value| !value.trim().is_empty())
}

/// The command that signs in to a portal.
fn login_command(portal: &PortalAddress) -> String {
    match &portal.api_host {
        None => format!("jitpass login {}", portal.host),
        Some(api_host) => format!("jitpass login {} --api-host {api_host}", portal.host),
    }
}
