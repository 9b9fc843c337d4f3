//! The command line. clap lives here and nowhere else; the file tree is the command tree.

mod ask;
mod aws;
mod change;
mod columns;
mod demo;
mod duplo;
mod history;
mod listener;
mod log;
mod login;
mod logout;
mod one_line;
mod paste;
mod portal;
mod portal_words;
mod profile;
mod profile_report;
mod say;
mod setup;
mod show_diff;
mod sign_in;
mod status;
mod sync;
mod tenants;
mod undo;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::base::text;
use crate::host::terminal;
use crate::ops::failure::Failure;
use crate::ops::issue::Request;
use crate::ops::machine::Machine;
use crate::ops::sign_in::news;

/// Just-in-time AWS access through DuploCloud portals
#[derive(Debug, Parser)]
#[command(name = "jitpass", version, propagate_version = false, disable_help_subcommand = true)]
#[command(after_help = "Start with `jitpass setup`, or try it without an account: `jitpass demo`.")]
struct Cli {
    /// Say on stderr what is being done
    #[arg(long, global = true)]
    debug: bool,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Setup(setup::SetupArgs),
    Sync(sync::SyncArgs),
    Login(login::LoginArgs),
    Logout(logout::LogoutArgs),
    Status(status::StatusArgs),
    Portal(portal::PortalArgs),
    Tenants(tenants::TenantsArgs),
    Profile(profile::ProfileArgs),
    History(history::HistoryArgs),
    Undo(undo::UndoArgs),
    Aws(aws::AwsArgs),
    Duplo(duplo::DuploArgs),
    Demo(demo::DemoArgs),
    #[command(hide = true)]
    SignInListener(listener::ListenerArgs),
}

/// How a command ended: done, with a status of its own, or not at all.
type Outcome = Result<ExitCode, Failure>;

/// Reads the command line, does what it says, and says how it went.
///
/// Exit codes: 0 done, 1 could not, 2 misused.
pub fn run() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => {
            return match one_line::command_of(&args).filter(|_| error.use_stderr()) {
                Some(command) => one_line::misused(command, &error),
                None => usage(&error),
            };
        }
    };
    // Some of them hold tokens, all may hold credentials.
    crate::host::core_dumps::forbid();
    let machine = Machine::real();
    log::start(&machine.env, cli.debug);
    let tells_news = !matches!(
        cli.command,
        Command::Setup(_) | Command::Sync(_) | Command::Demo(_) | Command::SignInListener(_)
    );
    let outcome = match cli.command {
        Command::Setup(args) => setup::run(&machine, &args),
        Command::Sync(args) => sync::run(&machine, &args),
        Command::Login(args) => login::run(&machine, args),
        Command::Logout(args) => logout::run(&machine, &args),
        Command::SignInListener(args) => listener::run(&machine, &args),
        Command::Portal(args) => portal::run(&machine, &args),
        Command::Tenants(args) => tenants::run(&machine, &args),
        Command::Profile(args) => profile::run(&machine, args),
        Command::Status(args) => status::run(&machine, &args),
        Command::History(args) => history::run(&machine, &args),
        Command::Undo(args) => undo::run(&machine, &args),
        // These speak to programs: their failures are one line.
        Command::Aws(args) => return aws::run(&machine, args),
        Command::Duplo(args) => return duplo::run(&machine, args),
        Command::Demo(args) => demo::run(&machine, args),
    };
    if tells_news && outcome.is_ok() && terminal::stderr_is_terminal() {
        tell_news(&machine);
    }
    outcome.unwrap_or_else(|failure| {
        say::failure(&failure);
        ExitCode::from(failure.exit_code())
    })
}

/// Says which portals have tenants without a profile.
fn tell_news(machine: &Machine) {
    for (portal, new) in news::new_tenants(machine) {
        say::note(format_args!(
            "{} at {}: jitpass sync",
            text::count(new, "new tenant"),
            portal.host.authority()
        ));
    }
}

/// Prints what clap has to say: help and version to stdout with success, misuse to stderr with 2.
fn usage(error: &clap::Error) -> ExitCode {
    // A closed pipe (`jitpass --help | head -1`) is no failure.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// What `jitpass aws …` asks for; `None` for a command line that is refused, or is of another command. For the test
/// that [`crate::hit`] reads it the same.
#[doc(hidden)]
pub fn aws_request(args: impl Iterator<Item = OsString>) -> Option<Request> {
    match Cli::try_parse_from(args).ok()?.command {
        Command::Aws(args) => args.request().ok(),
        _ => None,
    }
}
