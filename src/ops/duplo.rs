//! Handing a portal's token to a program, as `duplo-jit duplo` does.
//!
//! 1. The token that is there, by the usual rules, or the one that somebody gives who signs in for it.
//! 2. The portal says whose it is, whatever is known of it here: a token that was logged out of elsewhere looks like
//!    any other, and even the portal's own `v3/features/system` does not tell.
//! 3. For administrators, the portal says whether a one-time code has to go along.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::base::{PortalAddress, Scope, Secret};
use crate::host::clock;
use crate::net::Http;
use crate::ops::failure::Failure;
use crate::ops::issue::SignInOptions;
use crate::ops::machine::Machine;
use crate::ops::sign_in::{self, Errand};
use crate::ops::token::{self, Token};
use crate::portal::{PortalClient, PortalError};
use crate::store::keyring::Asking;

/// Which token is wanted.
#[derive(Debug, Clone)]
pub struct Request {
    /// Whose.
    pub portal: PortalAddress,
    /// This one, if given: then it is only checked.
    pub token: Option<Secret>,
    /// Signing in where that is needed; `None` where only what is there may be used.
    pub sign_in: Option<SignInOptions>,
    /// Whether somebody may be asked to unlock the keyring.
    pub asking: Asking,
}

/// A token that the portal accepts.
#[derive(Debug, Clone)]
pub struct PortalToken {
    /// The token.
    pub token: Secret,
    /// Whether its person needs a one-time code for administrators' work.
    pub needs_code: bool,
}

/// How long the portal may take: as long as for a credential.
const PATIENCE: Duration = Duration::from_secs(15);

/// A token that the portal accepts.
///
/// # Errors
/// What [`token::own`] and the portal say; with `sign_in`, what came of that.
pub fn portal_token(machine: &Machine, request: &Request) -> Result<PortalToken, Failure> {
    let started = Instant::now();
    if let Some(explicit) = token::explicit(machine, &request.portal, request.token.clone()).0 {
        // Whoever gives a token wants to be that person, and nobody else.
        return checked(&request.portal, explicit);
    }
    let own = || token::own(machine, &request.portal, request.asking);
    let first = own().and_then(|token| {
        checked(&request.portal, token.clone())
            .inspect_err(|failure| token::end_rejected(machine, &request.portal, &token, failure))
    });
    match (first, &request.sign_in) {
        (Err(failure), Some(options)) if failure.kind.is_mended_by_sign_in() => {
            let errand = Errand {
                portal: &request.portal,
                // As duplo-jit has it: nobody knows what the token will be used for.
                scope: &Scope::Admin,
                region: None,
                port: options.port,
                failure: &failure,
                started,
            };
            let is_satisfied = || token::own(machine, &request.portal, Asking::Nobody).is_ok();
            sign_in::for_program(machine, &errand, is_satisfied)?;
            checked(&request.portal, own()?)
        }
        (outcome, _) => outcome,
    }
}

/// Asks the portal whose token it is.
fn checked(portal: &PortalAddress, token: Token) -> Result<PortalToken, Failure> {
    let failed = |error: PortalError| Failure::of_portal(&error, portal, None, token.source);
    let http = Http::new().map_err(|e| failed(e.into()))?;
    let client = PortalClient::new(&http, portal, &token.secret, Instant::now() + clock::patience(PATIENCE));
    let person = client.who_am_i().map_err(failed)?;
    let needs_code = person.is_admin() && client.features().map_err(failed)?.is_otp_needed;
    Ok(PortalToken { token: token.secret, needs_code })
}

impl PortalToken {
    /// What is printed: the document that `duplo-jit duplo` prints, and a newline.
    ///
    /// # Panics
    /// Never: it holds a number, a text and a yes or no.
    pub fn document(&self) -> Secret {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Wire<'a> {
            version: u8,
            duplo_token: &'a str,
            #[serde(rename = "NeedOTP")]
            need_otp: bool,
        }
        let wire = Wire { version: 1, duplo_token: self.token.expose(), need_otp: self.needs_code };
        let text = serde_json::to_string(&wire).expect("a number, a text and a truth always serialise");
        Secret::new(text + "\n")
    }

    /// The line that makes GitHub's runner hide the token wherever it is printed later.
    ///
    /// <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>: `%`, CR and LF in values are
    /// escaped; the last two are in no token.
    pub fn mask(&self) -> Secret {
        Secret::new(format!("::add-mask::{}", self.token.expose().replace('%', "%25")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_what_duplo_jit_prints() {
        let token = PortalToken { token: Secret::new("SIMTOKEN-a_b-100%"), needs_code: true };
        assert_eq!(
            token.document().expose(),
            "{\"Version\":1,\"DuploToken\":\"SIMTOKEN-a_b-100%\",\"NeedOTP\":true}\n"
        );
        assert_eq!(token.mask().expose(), "::add-mask::SIMTOKEN-a_b-100%25");
        assert!(!format!("{token:?}").contains("SIMTOKEN"));
    }
}
