//! The command line as people and programs meet it: what is said, what is written, how it ends.

mod aws;
mod cache_files;
mod complete;
mod console;
mod duplo;
mod faults;
mod help;
mod hit_and_clap;
mod login;
mod man;
pub(crate) mod network;
mod portal;
mod profile;
mod prompt;
mod readme;
mod regressions;
mod session;
mod setup;
mod shell;
mod status;
mod sync;
mod tenants;
pub(crate) mod terminal;
mod undo;
mod undo_further;
mod uninstall;
mod use_profile;
mod user_file;
mod wizard;

use crate::harness::{Run, Sandbox};

/// The transcript of a run with the names and modes of the files it changed, without their content: a diff on stderr
/// shows what of it people meet, and the rest is jitpass's own business; so is what a cached file is replaced by, and
/// which directories were made. A console link opens the console, so that it is no more shown than a token.
#[track_caller]
fn shown(run: &Run) -> String {
    let transcript = run.transcript();
    let (said, files) = transcript.split_once("--- files\n").unwrap_or((&transcript, ""));
    let is_aside = |line: &str| {
        line.starts_with("  ")
            || line.starts_with("changed [HOME]/.cache/")
            || line.contains(" [HOME]/.local/state/jitpass/made")
    };
    let told = |line: &&str| !is_aside(line);
    let names: String = files.lines().filter(told).map(|line| format!("{line}\n")).collect();
    let files = if names.is_empty() { names } else { format!("--- files\n{names}") };
    let mut text = format!("{said}{files}");
    if let Some((before, link)) = text.split_once("SigninToken=") {
        let rest = link.find('&').map_or("", |at| &link[at..]);
        text = format!("{before}SigninToken=[SECRET]{rest}");
    }
    text
}

/// The names of the profiles in the shared config file, in its order.
fn profiles(sandbox: &Sandbox) -> Vec<String> {
    let config = sandbox.read(".aws/config");
    let names = config.lines().filter_map(|line| line.strip_prefix('[')?.strip_suffix(']'));
    names.map(|name| name.strip_prefix("profile ").unwrap_or(name).to_owned()).collect()
}
