//! `jitpass portal list`: what is set up, as far as files tell.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::Args;
use serde_json::{Map, Value, json};

use crate::base::text::{self, Visible};
use crate::base::{Region, TenantPattern};
use crate::cli::say::{self, FAINT, NAME, STRONG, styled};
use crate::cli::{Outcome, portal_words};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::portal::listing::{self, Listed};
use crate::plan::shown;
use crate::store::settings::TenantChoice;

/// List the portals that are set up, and what is chosen for them
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(machine: &Machine, args: &ListArgs) -> Outcome {
    let portals = listing::list(machine)?;
    let printed = if args.json {
        let all: Vec<Value> = portals.iter().map(to_json).collect();
        format!("{:#}\n", Value::Array(all))
    } else {
        let width = say::width(&machine.env);
        let texts: Vec<String> = portals.iter().map(|portal| of_portal(portal, width)).collect();
        texts.join("\n")
    };
    if portals.is_empty() && !args.json {
        say::note("no portal is set up yet");
        say::command("jitpass setup");
    }
    print(&printed).map_err(|e| Failure::new("the list cannot be printed").because(&e))?;
    Ok(std::process::ExitCode::SUCCESS)
}

/// On stdout, in colour where that is wanted. A closed pipe is success.
fn print(text: &str) -> std::io::Result<()> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// A heading, and a line for each thing that was chosen.
fn of_portal(portal: &Listed, width: Option<usize>) -> String {
    let settings = &portal.settings;
    let clipped =
        |text: String| width.map_or(text.clone(), |width| text::clip(&text, width.saturating_sub(1).max(20)));
    let mut out = String::new();
    let heading = clipped(format!("{} · {}", settings.name, settings.address.host));
    let (name, rest) = heading.split_at(settings.name.as_str().len().min(heading.len()));
    let who = match (&portal.person, portal.is_signed_in, &settings.token_command) {
        (_, _, Some(_)) => "by its `token_command`".to_owned(),
        (Some(person), true, None) => text::one_line(person, 100),
        (Some(person), false, None) => format!("signed out (it was {})", text::one_line(person, 100)),
        (None, true, None) => "somebody the portal does not name".to_owned(),
        (None, false, None) => "not signed in".to_owned(),
    };
    let _ = writeln!(out, "{}{}", styled(STRONG, name), styled(FAINT, rest));
    let mut row = |name: &str, value: String| {
        let line = clipped(format!("  {name:<9} {}", Visible(&value)));
        let (name, value) = line.split_at(12.min(line.len()));
        let _ = writeln!(out, "{}{value}", styled(NAME, name));
    };
    row("person", who);
    for (name, value) in portal_words::rows(settings) {
        row(name, value);
    }
    out
}

fn to_json(portal: &Listed) -> Value {
    let settings = &portal.settings;
    let texts = |patterns: &[TenantPattern]| -> Vec<String> {
        patterns.iter().map(|pattern| pattern.as_str().to_owned()).collect()
    };
    let keys: Map<String, Value> = settings
        .keys
        .iter()
        .map(|(key, value)| {
            let line = shown(&format!("{key}={}", value.as_str()));
            let value = line.split_once('=').map_or(String::new(), |(_, value)| value.trim().to_owned());
            (key.to_string(), Value::String(value))
        })
        .collect();
    json!({
        "name": settings.name.as_str(),
        "host": settings.address.host.as_str(),
        "api_host": settings.address.api_host.as_ref().map(crate::base::PortalUrl::as_str),
        "person": portal.person,
        "signed_in": portal.is_signed_in,
        "tenants": match &settings.tenants {
            TenantChoice::All => json!("all"),
            TenantChoice::Named(names) => json!(texts(names)),
        },
        "exclude": texts(&settings.exclude),
        "admin": settings.admin,
        "region": settings.region.as_ref().map(Region::as_str),
        "profile_name": settings.profile_name,
        "keys": keys,
        "token_command": settings.token_command.as_ref().map(|words| shown(&words.join(" "))),
        "browser": settings.browser,
    })
}
