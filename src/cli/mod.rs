//! The command line. clap lives here and nowhere else; the file tree is the command tree.

mod ask;
mod aws;
mod change;
mod columns;
mod complete;
mod completions;
mod console;
mod demo;
mod duplo;
mod history;
mod listener;
mod log;
mod login;
mod logout;
mod man;
mod one_line;
mod paste;
mod portal;
mod portal_words;
mod profile;
mod profile_report;
mod prompt;
mod say;
mod setup;
mod shell;
mod show_diff;
mod sign_in;
mod status;
mod sync;
mod tenants;
mod undo;
mod uninstall;
mod use_profile;
mod wrap;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, Parser, Subcommand};

use crate::base::text;
use crate::host::{made, terminal};
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
    #[command(alias = "portals")]
    Portal(portal::PortalArgs),
    Tenants(tenants::TenantsArgs),
    #[command(alias = "profiles")]
    Profile(profile::ProfileArgs),
    History(history::HistoryArgs),
    Undo(undo::UndoArgs),
    Console(console::ConsoleArgs),
    Shell(shell::ShellArgs),
    Prompt(prompt::PromptArgs),
    Completions(completions::CompletionsArgs),
    Aws(aws::AwsArgs),
    Duplo(duplo::DuploArgs),
    Demo(demo::DemoArgs),
    Uninstall(uninstall::UninstallArgs),
    #[command(hide = true)]
    Use(use_profile::UseArgs),
    #[command(hide = true)]
    Complete(complete::CompleteArgs),
    #[command(hide = true)]
    Man(man::ManArgs),
    #[command(hide = true)]
    SignInListener(listener::ListenerArgs),
}

/// How a command ended: done, with a status of its own, or not at all.
type Outcome = Result<ExitCode, Failure>;

/// Reads the command line, does what it says, and says how it went.
///
/// Exit codes: 0 done, 1 could not or was stopped, 2 misused, 3 a dry run found something to write.
pub fn run() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    // Asked for with every key and every line that a person types: what is usual takes a short road.
    if let Some(code) = complete::quick(&args).or_else(|| prompt::quick(&args)) {
        return code;
    }
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => {
            return match one_line::command_of(&args).filter(|_| error.use_stderr()) {
                Some(command) => one_line::misused(command, &error),
                None => usage(&args, &error),
            };
        }
    };
    // Some of them hold tokens, all may hold credentials.
    crate::host::core_dumps::forbid();
    let machine = Machine::real();
    if let Some(state_dir) = &machine.state_dir {
        made::remember_in(made::record(state_dir));
    }
    log::start(&machine.env, cli.debug);
    let tells_news = !matches!(
        cli.command,
        Command::Setup(_)
            | Command::Sync(_)
            | Command::Demo(_)
            | Command::Prompt(_)
            | Command::Completions(_)
            | Command::Uninstall(_)
            | Command::Complete(_)
            | Command::Man(_)
            | Command::SignInListener(_)
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
        Command::Console(args) => console::run(&machine, &args),
        Command::Shell(args) => shell::run(&machine, &args),
        Command::Prompt(args) => prompt::run(&machine, &args),
        Command::Completions(args) => completions::run(&args),
        Command::Uninstall(args) => uninstall::run(&machine, &args),
        Command::Use(args) => use_profile::run(&machine, &args),
        Command::Complete(args) => complete::run(&machine, &args),
        Command::Man(args) => man::run(&args),
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

/// The command below another one that somebody meant who typed it alone.
fn meant(error: &clap::Error) -> Option<String> {
    let typed = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(typed)) if error.kind() == ErrorKind::InvalidSubcommand => typed,
        _ => return None,
    };
    let cli = Cli::command();
    let named = |command: &&clap::Command| command.get_name_and_visible_aliases().contains(&typed.as_str());
    let below = |command: &clap::Command| {
        let found = command.get_subcommands().find(named)?;
        Some(format!("jitpass {} {}", command.get_name(), found.get_name()))
    };
    // What most people keep most of, first.
    let mut commands: Vec<_> = cli.get_subcommands().filter(|command| !command.is_hide_set()).collect();
    commands.sort_by_key(|command| command.get_name() != "profile");
    commands.into_iter().find_map(below)
}

/// A second name for `jituse` or `jitnow`, most likely a part of one.
fn one_too_many(args: &[OsString], error: &clap::Error) -> Option<Failure> {
    let args: Vec<String> = args.iter().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let command = args.first().filter(|command| ["use", "console"].contains(&command.as_str()))?;
    let second = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(second)) if error.kind() == ErrorKind::UnknownArgument => second,
        _ => return None,
    };
    if second.starts_with('-') {
        return None;
    }
    let shown = text::one_line(second, 80);
    let failure = Failure::misuse(format!("it takes one name, and `{shown}` is a second"));
    let is_plain = |word: &String| word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    Some(match args.as_slice() {
        [_, first, second] if command == "use" && is_plain(first) && is_plain(second) => {
            failure.hint(format!("parts of one name are joined: jituse {first}-{second}"))
        }
        _ => failure,
    })
}

/// Prints what clap has to say: help and version to stdout with success, misuse to stderr with 2.
fn usage(args: &[OsString], error: &clap::Error) -> ExitCode {
    if let Some(command) = meant(error) {
        say::failure(&Failure::misuse("there is no such command").hint(format!("did you mean `{command}`?")));
        return ExitCode::from(2);
    }
    if let Some(failure) = one_too_many(args, error) {
        say::failure(&failure);
        return ExitCode::from(2);
    }
    // What `jitpass use` prints on stdout is for the shell.
    if !error.use_stderr() && args.get(1).is_some_and(|command| command == "use") {
        say::as_it_is(error.render().ansi());
        return ExitCode::from(2);
    }
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
