//! `jitpass aws`: the credential process.

use std::cell::RefCell;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::builder::TypedValueParser as _;
use clap::{Args, FromArgMatches as _};

use super::one_line;
use crate::base::{PortalAddress, Scope, Secret, TenantRef};
use crate::ops::answer;
use crate::ops::failure::Failure;
use crate::ops::issue::{Request, SignInOptions};
use crate::ops::machine::Machine;

/// Print AWS credentials, as the `credential_process` of a profile
///
/// Prints one JSON document and nothing else, or one line on stderr that says what went wrong and what helps. The
/// answer comes from a private cache as long as it is fresh; of many processes that miss at once, one asks the
/// portal. When several scopes are given, --admin comes before --duplo-ops before --tenant.
#[derive(Debug, Args)]
pub(super) struct AwsArgs {
    // Texts, so that what is wrong with them is said in the one line that SDKs show.
    /// Portal address, such as https://acme.duplocloud.net
    #[arg(long, value_name = "URL")]
    host: Option<String>,

    /// Get administrator credentials
    #[arg(long)]
    admin: bool,

    /// Get credentials of DuploCloud's operators
    #[arg(long)]
    duplo_ops: bool,

    /// Get credentials for a tenant, by name or id
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,

    /// Open the browser where somebody must sign in, and wait for them
    #[arg(long)]
    interactive: bool,

    /// Use this portal token; a token on a command line can be seen by others, so prefer DUPLO_TOKEN
    #[arg(long, value_name = "TOKEN", value_parser = clap::builder::StringValueParser::new().map(Secret::new))]
    token: Option<Secret>,

    /// Ask the portal even if the cache has an answer
    #[arg(long)]
    no_cache: bool,

    /// Address of the portal's API, where it differs from --host
    #[arg(long, value_name = "URL")]
    api_host: Option<String>,

    /// Port on this machine to which the browser brings the sign-in
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,

    /// Region to get the credentials for
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
}

/// Prints a credential, or the one line that says why not.
pub(super) fn run(machine: &Machine, args: AwsArgs) -> ExitCode {
    let document = args.request().and_then(|request| answer::answer(machine, &request));
    one_line::answer(document, "the credentials")
}

/// Reads the arguments of many a `credential_process`, the program first; `None` for one that is not `jitpass aws …`.
/// What clap knows of the flags is worked out once: for thousands of profiles that is most of the time.
pub(super) fn reader() -> impl Fn(&[String]) -> Option<Request> {
    let command = RefCell::new(AwsArgs::augment_args(clap::Command::new("aws")));
    move |argv| {
        let args = argv.get(1..)?;
        let is_plain = args.first().is_some_and(|command| command == "aws");
        let matches = command.borrow_mut().try_get_matches_from_mut(args).ok().filter(|_| is_plain);
        match matches {
            Some(matches) => AwsArgs::from_arg_matches(&matches).ok()?.request().ok(),
            // With `--debug`, say.
            None => super::aws_request(argv.iter().map(OsString::from)),
        }
    }
}

impl AwsArgs {
    /// What is asked for.
    pub(super) fn request(self) -> Result<Request, Failure> {
        let host = one_line::host(self.host)?;
        let tenant: Option<TenantRef> = one_line::read(self.tenant)?;
        let scope = Scope::choose(self.admin, self.duplo_ops, tenant).ok_or_else(|| {
            Failure::misuse("nothing says which credentials are wanted")
                .hint("add --admin, --duplo-ops or --tenant NAME")
        })?;
        Ok(Request {
            portal: PortalAddress::new(host, one_line::read(self.api_host)?),
            scope,
            region: one_line::read(self.region)?,
            token: self.token.filter(|t| !t.is_empty()),
            no_cache: self.no_cache,
            sign_in: self.interactive.then_some(SignInOptions { port: self.port.filter(|port| *port > 0) }),
        })
    }
}
