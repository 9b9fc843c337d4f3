//! The commands that speak to programs: a document on stdout, or one line on stderr. What SDKs and scripts show of a
//! program that fails is its stderr, at most a line of it.

use std::ffi::OsString;
use std::process::ExitCode;
use std::str::FromStr;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::say;
use crate::base::{PortalUrl, Secret};
use crate::ops::failure::Failure;

/// Which command of this kind a command line is of, if it is of one.
pub(super) fn command_of(args: &[OsString]) -> Option<&'static str> {
    let first = args.iter().skip(1).find(|arg| *arg != "--debug")?;
    ["aws", "duplo"].into_iter().find(|name| first == name)
}

/// Prints the document, or the one line that says why there is none.
pub(super) fn answer(document: Result<Secret, Failure>, what: &str) -> ExitCode {
    match document {
        // Not written is not answered; whoever wanted it and closed the pipe is no failure.
        Ok(document) => match say::data(document.expose()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&Failure::new(format!("{what} cannot be written to stdout")).because(&error)),
        },
        Err(failure) => fail(&failure),
    }
}

/// Says in one line what clap has against the arguments. What is no flag is not repeated: it may be a token.
pub(super) fn misused(command: &str, error: &clap::Error) -> ExitCode {
    let flag = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(arg)) => Some(arg.as_str()),
        Some(ContextValue::Strings(args)) => args.first().map(String::as_str),
        _ => None,
    };
    let flag = flag.filter(|f| f.starts_with('-')).map(|f| f.split([' ', '=']).next().unwrap_or(f));
    let said = match (error.kind(), flag) {
        (ErrorKind::UnknownArgument, Some(flag)) => format!("`{flag}` is no flag of `jitpass {command}`"),
        (ErrorKind::UnknownArgument, None) => format!("an argument is no flag of `jitpass {command}`"),
        (ErrorKind::ArgumentConflict, Some(flag)) => format!("{flag} is given twice"),
        (ErrorKind::InvalidValue, Some(flag)) => format!("{flag} has no value"),
        (ErrorKind::TooManyValues, Some(flag)) => format!("{flag} takes no value"),
        (_, Some(flag)) => format!("{flag} has a value that makes no sense"),
        (kind, None) => kind.to_string(),
    };
    fail(&Failure::misuse(said).hint(format!("`jitpass {command} --help` lists the flags")))
}

fn fail(failure: &Failure) -> ExitCode {
    say::line(failure.line());
    ExitCode::from(failure.exit_code())
}

/// The portal that `--host` names.
pub(super) fn host(text: Option<String>) -> Result<PortalUrl, Failure> {
    read(text)?.ok_or_else(|| {
        Failure::misuse("--host is missing")
            .hint("add the portal's address: --host https://acme.duplocloud.net")
    })
}

/// The value of a flag.
pub(super) fn read<T: FromStr<Err: std::fmt::Display>>(text: Option<String>) -> Result<Option<T>, Failure> {
    text.map(|t| t.parse().map_err(|e: T::Err| Failure::misuse(e.to_string()))).transpose()
}
