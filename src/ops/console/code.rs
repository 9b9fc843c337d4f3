//! A link where the portal wants a one-time code for each credential.
//!
//! The credential that the last code brought may live on for most of an hour, while its link works for some minutes:
//! programs are content with what is there, and whoever wants the console must type a code.

use std::time::Instant;

use crate::base::Secret;
use crate::credential::Identity;
use crate::ops::console::seconds_left;
use crate::ops::failure::Failure;
use crate::ops::issue::{self, Request};
use crate::ops::machine::Machine;
use crate::ops::sign_in::{self, Errand};
use crate::ops::token;

/// The document with a link that still works: that of the last code, else that of a new one, which somebody types in
/// the browser. `failure` is the portal's wish for a code.
pub fn with_code(machine: &Machine, request: &Request, failure: Failure) -> Result<Secret, Failure> {
    let has_link = || seconds_left(machine, request).is_some();
    if !has_link() {
        let (_, identity) = token::explicit(machine, &request.portal, request.token.clone());
        // Whoever gives a token wants to be that person, and a code needs a sign-in.
        if identity != Identity::Own {
            return Err(failure);
        }
        let errand = Errand {
            portal: &request.portal,
            scope: &request.scope,
            region: request.region.as_ref(),
            port: None,
            failure: &failure,
            started: Instant::now(),
        };
        sign_in::for_program(machine, &errand, has_link)?;
    }
    let cached = Request { no_cache: false, ..request.clone() };
    issue::answer(machine, &cached, issue::PATIENCE)
}
