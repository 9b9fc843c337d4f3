//! With whose token a portal is asked.
//!
//! 1. `--token`.
//! 2. `DUPLO_TOKEN`, for the portal that `DUPLO_HOST` names.
//! 3. What the portal's `token_command` prints.
//! 4. The token store.
//!
//! The first two are explicit: whoever gives them wants to be that person, and nobody else's credentials are touched.
//! The other two are one's own.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::{PortalAddress, Secret, text};
use crate::credential::{Identity, explicit_token};
use crate::host::clock;
use crate::host::env::names;
use crate::host::process::{self, Manner};
use crate::host::program;
use crate::host::surroundings::Surroundings;
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::login;
use crate::ops::machine::Machine;
use crate::store::keyring::Asking;
use crate::store::settings::PortalSettings;
use crate::store::tokens::NoToken;

/// Where a token came from; its remedy differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenSource {
    /// `--token`, or given on stdin.
    Given,
    /// `DUPLO_TOKEN`.
    Variable,
    /// The portal's `token_command`.
    Command,
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
            Self::Command => "the portal's `token_command` must give another token".to_owned(),
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
    /// For one's own, the generation it belongs to.
    pub generation: Option<u64>,
}

/// How long a `token_command` may take while a program waits for credentials.
const COMMAND_PATIENCE: Duration = Duration::from_secs(10);

/// How long it may take while a person looks on, who may have to unlock something.
const UNLOCKING: Duration = Duration::from_secs(60);

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

/// One's own token for a portal: what its `token_command` prints, else the one that was kept.
///
/// # Errors
/// [`FailureKind::SignedOut`] where there is none, [`FailureKind::TokenOutOfReach`] where a keyring does not give it:
/// somebody could sign in.
pub fn own(machine: &Machine, portal: &PortalAddress, asking: Asking) -> Result<Token, Failure> {
    let settings = machine.settings_of(portal);
    if let Ok(Some(PortalSettings { token_command: Some(command), .. })) = &settings {
        return of_command(machine, portal, command, asking);
    }
    let found = machine.tokens().ok_or(NoToken::Never).and_then(|tokens| tokens.find(portal, asking));
    match found {
        Ok(stored) => Ok(Token {
            secret: stored.token,
            source: TokenSource::Store,
            generation: Some(stored.generation),
        }),
        // Nobody knows what they say; a token that is there is good all the same.
        Err(why) => Err(settings.err().unwrap_or_else(|| signed_out(machine, portal, &why))),
    }
}

/// Runs a portal's `token_command`. It gets no terminal and no token of ours; what it says on stderr is passed on when
/// it fails.
fn of_command(
    machine: &Machine,
    portal: &PortalAddress,
    command: &[String],
    asking: Asking,
) -> Result<Token, Failure> {
    let word = command.first().map(String::as_str).unwrap_or_default();
    let shown = text::one_line(word, 100);
    let host = portal.host.authority();
    let failed =
        |why: &str| Failure::new(format!("the `token_command` of {host} gave no token: `{shown}` {why}"));
    if machine.env.var(names::JITPASS_HELPER).is_some() {
        return Err(failed("was called from within itself").hint("a `token_command` must not call jitpass"));
    }
    let path = program::resolve(&machine.env, word).ok_or_else(|| {
        failed("is not to be found")
            .hint("write its whole path: programs without a terminal may have another PATH")
    })?;
    if program::is_this_program(&path) {
        return Err(failed("is jitpass itself").hint("name a program that prints the token"));
    }
    let mut argv = command.to_vec();
    argv[0] = path.to_string_lossy().into_owned();
    let mut surroundings = Surroundings::without_bundle(&machine.env);
    surroundings.set.push((names::JITPASS_HELPER.into(), "1".into()));
    surroundings.unset.push(names::DUPLO_TOKEN.into());
    let is_asking = asking == Asking::Person;
    let manner = Manner { surroundings, passes_stderr: is_asking, at_terminal: is_asking };
    let limit = clock::patience(if is_asking { UNLOCKING } else { COMMAND_PATIENCE });
    let output = process::run_with(&argv, limit, &manner).map_err(|error| {
        if error.kind() == std::io::ErrorKind::TimedOut {
            failed(&format!(
                "did not answer within {}",
                text::duration(limit.as_secs().try_into().unwrap_or(0))
            ))
        } else {
            failed("could not be run").because(&error)
        }
    })?;
    if !output.status.success() {
        let failure = failed(&format!("ended with {}", output.status));
        let said = text::one_line(&output.stderr, 400);
        return Err(if said.is_empty() { failure } else { failure.because(&std::io::Error::other(said)) });
    }
    let secret = login::read_token(output.stdout.expose())
        .map_err(|_| failed("printed something that is not a token"))?;
    let generation = match machine.tokens() {
        // Where nothing can be kept, nothing is cached either.
        Some(tokens) => tokens.generation_of_command(portal, &secret).ok(),
        None => None,
    };
    Ok(Token { secret, source: TokenSource::Command, generation: Some(generation.unwrap_or(0)) })
}

/// After a failure: a stored token that the portal no longer accepts is not tried again, by anybody.
pub fn end_rejected(machine: &Machine, portal: &PortalAddress, token: &Token, failure: &Failure) {
    if failure.kind == FailureKind::TokenRejected
        && token.source == TokenSource::Store
        && let Some(tokens) = machine.tokens()
        && let Err(error) = tokens.end(portal, &token.secret)
    {
        tracing::debug!(%error, "the token stays");
    }
}

/// Nobody is signed in: says what helps, and why `DUPLO_TOKEN` did not.
fn signed_out(machine: &Machine, portal: &PortalAddress, why: &NoToken) -> Failure {
    let host = portal.host.authority();
    let failure = match why {
        NoToken::Never | NoToken::SignedOut => Failure::new(format!("not signed in to {host}")),
        NoToken::Ended => {
            Failure::new(format!("the sign-in to {host} is over: the portal no longer accepts the token"))
        }
        NoToken::Unreadable { reason } => Failure::new(format!("not signed in to {host}: {reason}")),
    };
    let kind = match why {
        NoToken::Unreadable { .. } => FailureKind::TokenOutOfReach,
        NoToken::Never | NoToken::SignedOut | NoToken::Ended => FailureKind::SignedOut,
    };
    let failure = Failure { kind, ..failure };
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
pub fn login_command(portal: &PortalAddress) -> String {
    match &portal.api_host {
        None => format!("jitpass login {}", portal.host),
        Some(api_host) => format!("jitpass login {} --api-host {api_host}", portal.host),
    }
}
