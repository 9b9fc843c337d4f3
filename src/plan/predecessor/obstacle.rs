//! Why a command line cannot be carried over, and what of one is left behind. Neither repeats a word that may be a
//! token.

use crate::awsconfig::command::SplitError;
use crate::base::{NameError, PortalUrlError, text};
use crate::plan::predecessor::Tool;

/// Why a command line has no entry of jitpass with the same meaning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// The AWS SDKs themselves do not read it, or not alike.
    #[error("{0}")]
    Readers(SplitError),
    /// Something unknown starts the tool.
    #[error("something starts it that jitpass does not know")]
    Wrapped,
    /// It runs in a container.
    #[error("it runs in a container, with files of its own")]
    Container,
    /// More happens than the tool being started.
    #[error("it does more than start the tool: `{0}`")]
    More(String),
    /// What reads the tool's output makes no credential of it.
    #[error("its output goes to `{0}`, and what comes out is no credential")]
    Piped(String),
    /// A variable that changes how the tool works, and that an entry of jitpass cannot set.
    #[error(
        "it sets {0} for the tool, which an entry in this file cannot; set it for the whole session instead"
    )]
    Sets(String),
    /// A value that only the shell knows.
    #[error("its {flag} comes from the variable {variable}, which is not known here")]
    FromVariable {
        /// Which value.
        flag: String,
        /// Which variable.
        variable: String,
    },
    /// A token that a command prints.
    #[error(
        "its token comes from a command; name that command as the portal's `token_command` in config.toml, and take the token out of this line"
    )]
    TokenCommand,
    /// Another value that a command prints.
    #[error("its {0} comes from another command")]
    FromCommand(String),
    /// Another task of the tool.
    #[error("`{0}` gives no AWS credentials")]
    OtherTask(String),
    /// Its output is not what SDKs read.
    #[error("with {0} its output is nothing that AWS programs read")]
    Output(String),
    /// The tool itself would refuse it.
    #[error("{tool} refuses it: {what}")]
    Refused {
        /// The tool.
        tool: Tool,
        /// What it objects to, as a half-sentence.
        what: String,
    },
    /// No address.
    #[error("nothing in it says which portal{}", if *.stops { ": the tool stops reading at the first word that is no flag" } else { "" })]
    NoPortal {
        /// Whether flags come after the point where the tool stops reading.
        stops: bool,
    },
    /// No portal can have this address.
    #[error("{0}")]
    Address(PortalUrlError),
    /// Neither rights nor tenant.
    #[error("nothing in it says which credentials: admin, duplo-ops or a tenant")]
    NoScope,
    /// No tenant can have this name.
    #[error("{0}")]
    Tenant(NameError),
    /// What it takes for a tenant's id is none.
    #[error("it takes `{0}` for the id of a tenant, and no id looks like that")]
    TenantId(String),
    /// The configuration of duploctl does not help.
    #[error("{0}")]
    Context(String),
}

impl Obstacle {
    pub(super) fn refused(tool: Tool, what: impl Into<String>) -> Self {
        Self::Refused { tool, what: what.into() }
    }

    pub(super) fn tenant_id(id: &str) -> Self {
        Self::TenantId(text::one_line(id, 60))
    }
}

/// What an entry of jitpass leaves behind, and why it can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dropped {
    /// `--no-cache`.
    NoCache,
    /// A browser of its own.
    Browser,
    /// `jq`, or a query of duploctl, that made its output fit.
    Reshaping,
    /// Diagnostics and where they went.
    Diagnostics,
    /// Where the tool kept things, or how long it waited between sign-ins.
    OwnWays,
}

impl Dropped {
    /// What to tell the person; `None` where nobody will miss it.
    pub fn remark(&self) -> Option<&'static str> {
        match self {
            Self::NoCache => Some(
                "`--no-cache` is left out: jitpass asks again by itself when a cached credential is refused",
            ),
            Self::Browser => {
                Some("its browser is left out: `browser` of the portal in config.toml says which to use")
            }
            Self::Reshaping => {
                Some("its reshaping of the output is left out: jitpass prints what AWS programs read")
            }
            Self::Diagnostics | Self::OwnWays => None,
        }
    }
}
