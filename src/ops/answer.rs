//! Answering as the credential process: with what is there, and where somebody must sign in first, after that.
//!
//! The lock of the credential is not held while a person looks for the button: others that want the same credential
//! wait for the same sign-in, and then one of them asks the portal.

use std::time::{Duration, Instant};

use crate::base::Secret;
use crate::credential::Identity;
use crate::host::clock;
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::issue::{self, Request};
use crate::ops::machine::Machine;
use crate::ops::sign_in::{self, Errand};
use crate::ops::token;
use crate::store::keyring::Asking;

/// How long the portal may take after somebody signed in at the last moment: Terraform kills after 60 seconds, and who
/// waits 55 for the person has this left.
const AFTERWARDS: Duration = Duration::from_secs(4);

/// The document to print.
pub fn answer(machine: &Machine, request: &Request) -> Result<Secret, Failure> {
    let started = Instant::now();
    let mut request = request.clone();
    let mut met: Vec<FailureKind> = Vec::new();
    let mut patience = clock::patience(issue::PATIENCE);
    loop {
        let failure = match issue::answer(machine, &request, patience) {
            Err(failure) if failure.kind.is_mended_by_sign_in() => failure,
            other => return other,
        };
        let Some(options) = &request.sign_in else { return Err(failure) };
        // Whoever gives a token wants to be that person, and nobody else. And nobody signs in twice for the same.
        let is_explicit = token::explicit(machine, &request.portal, request.token.clone()).1 != Identity::Own;
        if is_explicit || met.contains(&failure.kind) {
            return Err(failure);
        }
        let errand = Errand {
            portal: &request.portal,
            scope: &request.scope,
            region: request.region.as_ref(),
            port: options.port,
            failure: &failure,
            started,
        };
        let is_satisfied = || match failure.kind {
            FailureKind::NeedsCode => {
                issue::is_cached(machine, &Request { no_cache: false, ..request.clone() })
            }
            _ => token::own(machine, &request.portal, Asking::Nobody).is_ok(),
        };
        let end = sign_in::for_program(machine, &errand, is_satisfied)?;
        patience = (end + clock::patience(AFTERWARDS)).saturating_duration_since(Instant::now());
        // What was fetched with a code is new, and cannot be had without one.
        request.no_cache &= failure.kind != FailureKind::NeedsCode;
        met.push(failure.kind);
    }
}
