//! Why an operation failed, and the command that helps.
//!
//! The modules below say what went wrong; here it is decided what that means for the person: which words, which
//! hint, which exit code.

use std::error::Error;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::{PortalAddress, Scope, text};
use crate::net::NetErrorKind;
use crate::ops::token::TokenSource;
use crate::portal::PortalError;

/// What a failure means for the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureKind {
    /// It could not do its work.
    Unable,
    /// It was not used as it should be.
    Misuse,
    /// What it was about to do no longer fits, because a file changed since it was read: a new plan may succeed.
    Outdated,
    /// The portal does not accept the token: another may do.
    TokenRejected,
    /// There is no token: somebody must sign in.
    SignedOut,
    /// There is a token, in a keyring that does not give it: to sign in anew would help.
    TokenOutOfReach,
    /// The portal wants a one-time code for this, which somebody must type when signing in.
    NeedsCode,
    /// The person stopped it.
    Stopped,
}

impl FailureKind {
    /// Whether it may be over once somebody has signed in.
    pub fn is_mended_by_sign_in(self) -> bool {
        matches!(self, Self::TokenRejected | Self::SignedOut | Self::TokenOutOfReach | Self::NeedsCode)
    }
}

/// A failure, ready to be shown. Holds no secret: it may be logged, cached and pasted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What it means for the command.
    pub kind: FailureKind,
    /// What went wrong, as a sentence without a full stop.
    pub message: String,
    /// Why, from the nearest cause to the farthest.
    pub causes: Vec<String>,
    /// What helps.
    pub hint: Option<String>,
}

/// The longest line a credential process prints when it fails: SDKs show and log it.
const LONGEST_LINE: usize = 2000;

impl Failure {
    /// Could not.
    pub fn new(message: impl Into<String>) -> Self {
        Self { kind: FailureKind::Unable, message: message.into(), causes: Vec::new(), hint: None }
    }

    /// Was asked wrongly.
    pub fn misuse(message: impl Into<String>) -> Self {
        Self { kind: FailureKind::Misuse, ..Self::new(message) }
    }

    /// The exit code: 1 for what could not be done, 2 for what was asked wrongly.
    pub fn exit_code(&self) -> u8 {
        if self.kind == FailureKind::Misuse { 2 } else { 1 }
    }

    /// From an error and its causes.
    pub fn of(error: &dyn Error) -> Self {
        let failure = Self::new(error.to_string());
        match error.source() {
            Some(cause) => failure.because(cause),
            None => failure,
        }
    }

    /// Adds an error and its causes as the reason.
    #[must_use]
    pub fn because(mut self, error: &dyn Error) -> Self {
        let mut next = Some(error);
        while let Some(cause) = next {
            self.causes.push(cause.to_string());
            next = cause.source();
        }
        self
    }

    /// Adds what helps.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds to what helps.
    #[must_use]
    pub fn also(mut self, more: impl Into<String>) -> Self {
        let more = more.into();
        self.hint = Some(match self.hint.take() {
            Some(hint) => format!("{hint}; {more}"),
            None => more,
        });
        self
    }

    /// The one line of a credential process: its stderr is what SDKs show, if they show anything.
    pub fn line(&self) -> String {
        let mut line = format!("jitpass: {}", self.message);
        for cause in &self.causes {
            line.push_str(": ");
            line.push_str(cause);
        }
        if let Some(hint) = &self.hint {
            line.push_str("; ");
            line.push_str(hint);
        }
        text::one_line(&line, LONGEST_LINE)
    }

    /// From what a portal answered, or did not.
    pub fn of_portal(
        error: &PortalError,
        portal: &PortalAddress,
        scope: Option<&Scope>,
        source: TokenSource,
    ) -> Self {
        let mut failure = Self::new(text::Visible(&error.to_string()).to_string());
        if matches!(error, PortalError::TokenRejected | PortalError::NotAToken) {
            failure.kind = FailureKind::TokenRejected;
        }
        let is_admin = matches!(scope, Some(Scope::Admin | Scope::DuploOps));
        if matches!(error, PortalError::Refused(refusal) if refusal.needs_otp) && is_admin {
            failure.kind = FailureKind::NeedsCode;
        }
        let failure = if matches!(error, PortalError::Unreachable(_)) { failure } else { failure.at(portal) };
        match hint_for(error, portal, scope, source) {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    /// Says which portal it was about.
    fn at(mut self, portal: &PortalAddress) -> Self {
        let host = portal.host.authority();
        if !self.message.contains(host) {
            self.message = format!("{host}: {}", self.message);
        }
        self
    }
}

fn hint_for(
    error: &PortalError,
    portal: &PortalAddress,
    scope: Option<&Scope>,
    source: TokenSource,
) -> Option<String> {
    let again = "try again in a moment";
    Some(match error {
        PortalError::Unreachable(error) => match error.kind {
            NetErrorKind::Name => "check the address, and the VPN if the portal needs one".to_owned(),
            NetErrorKind::Connect | NetErrorKind::Timeout | NetErrorKind::Broken => {
                "check the network, the VPN and the proxy variables (HTTPS_PROXY, NO_PROXY)".to_owned()
            }
            NetErrorKind::Tls => "check the address, and this machine's clock".to_owned(),
            NetErrorKind::Untrusted => {
                "behind a proxy that re-signs connections, set SSL_CERT_FILE to a file with its certificate".to_owned()
            }
            NetErrorKind::NotTls => {
                format!("check the address; for a portal on this machine, write http://{}", portal.host.authority())
            }
            NetErrorKind::TooLarge => return None,
            NetErrorKind::Setup => "check SSL_CERT_FILE and the proxy variables (HTTPS_PROXY, NO_PROXY)".to_owned(),
        },
        PortalError::NotAPortal { .. } => {
            format!("open {portal} in a browser: the address may be wrong, or a sign-in or maintenance page in the way")
        }
        PortalError::TokenRejected | PortalError::NotAToken => source.remedy(portal),
        PortalError::Refused(refusal) if refusal.person.is_none() => source.remedy(portal),
        PortalError::Refused(refusal)
            if refusal.needs_otp && matches!(scope, Some(Scope::Admin | Scope::DuploOps)) =>
        {
            "this portal wants a one-time code for administrators' work, which a token alone cannot give; sign in with the browser (`--interactive`), or use `--tenant`"
                .to_owned()
        }
        PortalError::Refused(refusal) => match scope {
            Some(Scope::Admin | Scope::DuploOps) if !refusal.is_admin => {
                "only administrators of the portal get these; use `--tenant NAME`".to_owned()
            }
            Some(Scope::DuploOps) => "the portal may have no duplo-ops role; use `--admin`".to_owned(),
            Some(Scope::Tenant(_)) => {
                format!("`jitpass tenants {}` lists the tenants you may use; an administrator can add you", portal.host)
            }
            _ => "an administrator of the portal can allow it".to_owned(),
        },
        PortalError::Missing { .. } => match scope {
            Some(Scope::Tenant(_)) => format!("`jitpass tenants {}` lists the tenants you may use", portal.host),
            _ => format!("check that {portal} is a DuploCloud portal"),
        },
        PortalError::TooOld { .. } => "use `--admin` or `--tenant NAME`, or have the portal updated".to_owned(),
        PortalError::Unavailable { .. } => again.to_owned(),
        PortalError::Malformed { .. } => "`JITPASS_LOG=debug` shows what was asked".to_owned(),
    })
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_short_line_for_programs() {
        let io = std::io::Error::other("no\nspace");
        let failure = Failure::new("cannot write `x`").because(&io).hint("make room");
        assert_eq!(failure.line(), "jitpass: cannot write `x`: no space; make room");
        assert!(Failure::new("x".repeat(9000)).line().len() < 4096);
        assert!(!Failure::new("a\u{1b}[2J").line().contains('\u{1b}'));
    }
}
