//! The tour: portal, setup, first credential, cached credential, AWS CLI, what to try next.

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use crate::awsconfig::{Document, command};
use crate::base::text;
use crate::cli::Outcome;
use crate::cli::say::{self, FAINT, NAME, STRONG, styled};
use crate::demo::portal::{Portal, Running, Scenario, UserKind};
use crate::demo::sandbox::Sandbox;
use crate::host::{dirs, program, terminal};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::shell::Shell;

/// The profile the tour shows.
const PROFILE: &str = "acme-dev01";

/// How often the cached answer is timed; the middle one is shown.
const REPEATS: usize = 41;

pub(super) fn run(machine: &Machine, shell: bool) -> Outcome {
    if shell && !terminal::can_ask() {
        return Err(Failure::misuse("--shell needs a terminal").hint("run `jitpass demo` without it"));
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let portal = Portal::start(Scenario::default(), address).map_err(|e| Failure::of(&e))?;
    let sandbox = Sandbox::new(portal.url().as_str())
        .map_err(|e| Failure::new("the sandbox cannot be made").because(&e))?;
    let tour = Tour { machine, portal, sandbox };
    tour.introduce();
    tour.set_up()?;
    tour.get_credential()?;
    tour.get_it_again()?;
    tour.use_aws_cli();
    if shell {
        tour.stay()?;
    } else {
        say_what_next();
    }
    Ok(ExitCode::SUCCESS)
}

struct Tour<'a> {
    machine: &'a Machine,
    portal: Running,
    sandbox: Sandbox,
}

impl Tour<'_> {
    fn introduce(&self) {
        say::line("");
        say::line(styled(STRONG, "jitpass, from nothing to the first AWS call"));
        say::line(styled(
            FAINT,
            "In a sandbox with its own home, against a portal on this machine. Nothing of yours is touched.",
        ));
        say::line("");
        say::done(format_args!(
            "a stand-in for a DuploCloud portal is running at {}",
            styled(NAME, self.portal.url())
        ));
    }

    fn set_up(&self) -> Result<(), Failure> {
        let host = self.portal.url();
        heading(1, "Set up: find the tenants, write the profiles");
        typed(&format!("jitpass setup --host {host} --name acme --yes --token-stdin < token"));
        let mut child = self
            .command(self.sandbox.program())
            .args(["setup", "--host", host.as_str(), "--name", "acme", "--yes", "--token-stdin"])
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|e| Failure::new("setup cannot be started").because(&e))?;
        let token = self.portal.token(UserKind::Admin);
        if let Some(mut stdin) = child.stdin.take() {
            // When it ended early, its own message says why.
            let _ = stdin.write_all(token.expose().as_bytes());
        }
        let status = child.wait().map_err(|e| Failure::new("setup cannot be waited for").because(&e))?;
        if status.success() { Ok(()) } else { Err(Failure::new("setup did not succeed in the sandbox")) }
    }

    fn get_credential(&self) -> Result<(), Failure> {
        heading(2, "Get a credential as an AWS SDK does: run the profile's credential_process");
        let line = self.credential_process()?;
        typed(&line);
        // `setup` has just tried this profile; the tour wants to show the portal being asked.
        if let Some(cache) = self.cache_dir() {
            let _ = std::fs::remove_dir_all(cache);
        }
        let requests = self.portal.counts().portal();
        let (output, took) = self.run_line(&line)?;
        say::line(shorten(&output));
        let asked = self.portal.counts().portal() - requests;
        say::done(format_args!("{} to the portal, {}", text::count(asked, "request"), milliseconds(took)));
        Ok(())
    }

    fn get_it_again(&self) -> Result<(), Failure> {
        heading(3, "Get it again: from the cache, however many programs ask");
        let line = self.credential_process()?;
        let requests = self.portal.counts().portal();
        let mut times = Vec::with_capacity(REPEATS);
        for _ in 0..REPEATS {
            times.push(self.run_line(&line)?.1);
        }
        let asked = self.portal.counts().portal() - requests;
        let cached = middle(&mut times);
        say::done(format_args!(
            "{} to the portal, {} each time",
            text::count(asked, "request"),
            milliseconds(cached)
        ));
        if let (Some(cat), Some(file)) = (program::find(&self.machine.env, "cat"), self.cache_file()) {
            let mut times: Vec<Duration> = (0..REPEATS)
                .filter_map(|_| {
                    let started = Instant::now();
                    self.command(&cat)
                        .arg(&file)
                        .stdout(Stdio::null())
                        .status()
                        .ok()
                        .map(|_| started.elapsed())
                })
                .collect();
            let cat = milliseconds(middle(&mut times));
            let build = match (cfg!(debug_assertions), cfg!(target_env = "gnu")) {
                // What is not optimised proves nothing.
                (true, _) => "; this is a debug build",
                // Half of the time goes into loading shared libraries.
                (false, true) => "; the static build needs no time for loading and takes half of that",
                (false, false) => "",
            };
            say::note(format_args!("for comparison, `cat` of the same file takes {cat}{build}"));
        }
        Ok(())
    }

    fn use_aws_cli(&self) {
        let Some(aws) = program::find(&self.machine.env, "aws") else {
            say::line("");
            say::note("with the AWS CLI on PATH, the tour would now use it with the new profile");
            return;
        };
        heading(4, "Use it: the real AWS CLI, with STS of the stand-in");
        typed(&format!("aws sts get-caller-identity --profile {PROFILE}"));
        let args = ["sts", "get-caller-identity", "--profile", PROFILE, "--output", "json"];
        match self.command(aws).args(args).stdin(Stdio::null()).output() {
            Ok(output) if output.status.success() => {
                for line in String::from_utf8_lossy(&output.stdout).lines() {
                    say::line(text::Visible(line));
                }
                say::done("signed by credentials that nobody had to paste anywhere");
            }
            Ok(output) => {
                let said = text::one_line(&String::from_utf8_lossy(&output.stderr), 300);
                say::careful(format_args!("the AWS CLI did not succeed: {said}"));
            }
            Err(error) => say::careful(format_args!("the AWS CLI did not start: {error}")),
        }
    }

    fn stay(&self) -> Result<(), Failure> {
        say::line("");
        say::line(styled(STRONG, "You are in the sandbox now"));
        say::line(format_args!("    portal  {}", styled(NAME, self.portal.url())));
        say::line(format_args!("    home    {}", self.sandbox.home().display()));
        say::line(format_args!(
            "    try     {}",
            styled(STRONG, format_args!("aws sts get-caller-identity --profile {PROFILE}"))
        ));
        say::line(format_args!("            {}", styled(STRONG, format_args!("jitpass tenants {}", "acme"))));
        say::line(format_args!("            {}", styled(STRONG, "jitpass setup")));
        let shell = self.shell();
        if self.has_integration(&shell) {
            say::line(format_args!("            {}  (choose a profile)", styled(STRONG, "jituse")));
            let command = styled(STRONG, "jitnow acme-dev01 --print");
            say::line(format_args!("            {command}  (the AWS console)"));
        }
        let token = self.portal.token(UserKind::Tenant);
        if crate::host::files::write_private(&self.sandbox.home().join("token"), token.expose().as_bytes())
            .is_ok()
        {
            let command = styled(STRONG, "jitpass login acme --token-stdin < token");
            say::line(format_args!(
                "            {command}  (as somebody else: {})",
                UserKind::Tenant.email()
            ));
        }
        say::line(format_args!("    leave   {}", styled(STRONG, "exit")));
        say::line("");
        let status = self.command(&shell).status();
        status.map_err(|e| {
            Failure::new(format!("{} cannot be started", Path::new(&shell).display())).because(&e)
        })?;
        say::done(format_args!(
            "the portal is stopped and {} removed",
            self.sandbox.path_on_disk().display()
        ));
        Ok(())
    }

    /// The shell that the person uses.
    fn shell(&self) -> OsString {
        let usual = if cfg!(windows) { "cmd" } else { "/bin/sh" };
        self.machine.env.var("SHELL").unwrap_or_else(|| usual.into())
    }

    /// Gives the shell `jitnow` and `jituse`, where jitpass knows it.
    fn has_integration(&self, shell: &OsStr) -> bool {
        let known = shell.to_str().and_then(Shell::of_program);
        // PowerShell asks Windows where its files are, which knows of no sandbox.
        let Some(shell) = known.filter(|shell| *shell != Shell::PowerShell) else { return false };
        let mut command = self.command(self.sandbox.program());
        command.args(["shell", "install", shell.name(), "--yes"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        self.sandbox.command(program, &self.machine.env)
    }

    fn credential_process(&self) -> Result<String, Failure> {
        let path = self.sandbox.home().join(".aws").join("config");
        let bytes = std::fs::read(&path)
            .map_err(|e| Failure::new("the written config cannot be read").because(&e))?;
        let profile = Document::parse(&bytes).profile(PROFILE);
        let line = profile.and_then(|p| p.value("credential_process").map(str::to_owned));
        line.ok_or_else(|| Failure::new(format!("setup wrote no profile {PROFILE}")))
    }

    fn run_line(&self, line: &str) -> Result<(String, Duration), Failure> {
        let argv = command::split(line).map_err(|e| Failure::of(&e))?;
        let (program, args) = argv.split_first().ok_or_else(|| Failure::new("the line is empty"))?;
        let mut command = self.command(program);
        command.args(args).stdin(Stdio::null());
        let started = Instant::now();
        let output =
            command.output().map_err(|e| Failure::new("the credential process did not start").because(&e))?;
        let took = started.elapsed();
        if !output.status.success() {
            return Err(Failure::new(text::one_line(&String::from_utf8_lossy(&output.stderr), 500)));
        }
        Ok((String::from_utf8_lossy(&output.stdout).into_owned(), took))
    }

    /// The cached credential's file, as the sandbox has it.
    fn cache_file(&self) -> Option<std::path::PathBuf> {
        let portal = self.cache_dir()?.join("credentials").join(self.portal.url().key());
        let file = portal.join("self").join("tenant-dev01");
        file.is_file().then_some(file)
    }

    fn cache_dir(&self) -> Option<std::path::PathBuf> {
        let home = self.sandbox.home();
        let local = home.join("local");
        dirs::cache(&crate::host::env::Env::of([("HOME", home.to_str()?), ("LOCALAPPDATA", local.to_str()?)]))
    }
}

fn say_what_next() {
    say::line("");
    say::line(styled(STRONG, "Next"));
    for (command, what) in [
        ("jitpass demo --shell", "the same tour, and then stay in the sandbox"),
        ("jitpass setup", "the same with your own portal"),
    ] {
        say::line(format_args!("    {}  {what}", styled(STRONG, format_args!("{command:20}"))));
    }
    say::line("");
}

fn heading(number: u8, what: &str) {
    say::line("");
    say::line(format_args!("{} {}", styled(NAME, number), styled(STRONG, what)));
}

fn typed(line: &str) {
    say::line(format_args!("{} {}", styled(FAINT, "$"), styled(FAINT, line)));
}

/// The document with its secrets cut short: synthetic here, but nobody should get used to seeing them.
fn shorten(document: &str) -> String {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(document) else { return String::new() };
    let order =
        ["Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "Region", "ConsoleUrl"];
    let shown = order.iter().filter_map(|key| {
        let value = match (*key, fields.get(*key)?) {
            ("SecretAccessKey" | "SessionToken" | "ConsoleUrl", _) => "‹redacted›".to_owned(),
            (_, serde_json::Value::String(text)) => text.clone(),
            (_, other) => other.to_string(),
        };
        Some(format!("  {}  {value}", styled(FAINT, format_args!("{key:15}"))))
    });
    shown.collect::<Vec<_>>().join("\n")
}

fn middle(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
