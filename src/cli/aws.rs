//! `jitpass aws`: the credential process.

use std::process::ExitCode;
use std::str::FromStr;

use clap::Args;
use clap::builder::TypedValueParser as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::say;
use crate::base::{PortalAddress, PortalUrl, Scope, Secret, TenantRef};
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
    let outcome = args.request().and_then(|request| answer::answer(machine, &request));
    match outcome {
        // Not written is not answered; whoever wanted it and closed the pipe is no failure.
        Ok(document) => match say::data(document.expose()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&Failure::new("the credentials cannot be written to stdout").because(&error)),
        },
        Err(failure) => fail(&failure),
    }
}

/// Says in one line what clap has against the arguments. What is no flag is not repeated: it may be a token.
pub(super) fn misused(error: &clap::Error) -> ExitCode {
    let flag = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(arg)) => Some(arg.as_str()),
        Some(ContextValue::Strings(args)) => args.first().map(String::as_str),
        _ => None,
    };
    let flag = flag.filter(|f| f.starts_with('-')).map(|f| f.split([' ', '=']).next().unwrap_or(f));
    let said = match (error.kind(), flag) {
        (ErrorKind::UnknownArgument, Some(flag)) => format!("`{flag}` is no flag of `jitpass aws`"),
        (ErrorKind::UnknownArgument, None) => "an argument is no flag of `jitpass aws`".to_owned(),
        (ErrorKind::ArgumentConflict, Some(flag)) => format!("{flag} is given twice"),
        (ErrorKind::InvalidValue, Some(flag)) => format!("{flag} has no value"),
        (ErrorKind::TooManyValues, Some(flag)) => format!("{flag} takes no value"),
        (_, Some(flag)) => format!("{flag} has a value that makes no sense"),
        (kind, None) => kind.to_string(),
    };
    fail(&Failure::misuse(said).hint("`jitpass aws --help` lists the flags"))
}

fn fail(failure: &Failure) -> ExitCode {
    say::line(failure.line());
    ExitCode::from(failure.exit_code())
}

impl AwsArgs {
    /// What is asked for.
    pub(super) fn request(self) -> Result<Request, Failure> {
        let host: PortalUrl = read(self.host)?.ok_or_else(|| {
            Failure::misuse("--host is missing")
                .hint("add the portal's address: --host https://acme.duplocloud.net")
        })?;
        let tenant: Option<TenantRef> = read(self.tenant)?;
        let scope = Scope::choose(self.admin, self.duplo_ops, tenant).ok_or_else(|| {
            Failure::misuse("nothing says which credentials are wanted")
                .hint("add --admin, --duplo-ops or --tenant NAME")
        })?;
        Ok(Request {
            portal: PortalAddress::new(host, read(self.api_host)?),
            scope,
            region: read(self.region)?,
            token: self.token.filter(|t| !t.is_empty()),
            no_cache: self.no_cache,
            sign_in: self.interactive.then_some(SignInOptions { port: self.port.filter(|port| *port > 0) }),
        })
    }
}

fn read<T: FromStr<Err: std::fmt::Display>>(text: Option<String>) -> Result<Option<T>, Failure> {
    text.map(|t| t.parse().map_err(|e: T::Err| Failure::misuse(e.to_string()))).transpose()
}
