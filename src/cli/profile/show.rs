//! `jitpass profile show`.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;

use super::json;
use super::words::{self, Files};
use crate::awsconfig::{Disagreement, Readers};
use crate::base::text::{self, Visible};
use crate::cli::say::{self, CAREFUL, FAINT, GOOD, STRONG, styled};
use crate::cli::{Outcome, aws};
use crate::host::program;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::profile::{self, File, OwnValue, Profiles, Shown};

/// Show all of a profile: every line of it, who reads it how, what beats it
///
/// Reads files only and asks nobody. Secrets are not shown.
#[derive(Debug, Args)]
pub(in crate::cli) struct ShowArgs {
    /// Name of the profile
    name: String,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(in crate::cli) fn run(machine: &Machine, args: &ShowArgs) -> Outcome {
    let profiles = Profiles::read(machine, &aws::reader())?;
    let shown = profile::show(machine, &profiles, &args.name)?;
    let printed = if args.json {
        say::data(&json::show(&shown))
    } else {
        if let Some(trouble) = &profiles.credentials_trouble {
            say::careful(format_args!("what it says is not known: {}", Visible(&trouble.message)));
        }
        say::styled_data(&report(machine, &shown))
    };
    printed.map_err(|e| Failure::new("the profile cannot be printed").because(&e))?;
    Ok(ExitCode::SUCCESS)
}

fn report(machine: &Machine, shown: &Shown) -> String {
    let files = Files::of(machine);
    let mut out = format!("{}\n", styled(STRONG, Visible(&shown.name)));
    let mut line = |text: String| {
        let _ = writeln!(out, "{text}");
    };
    for said in what_it_is(shown) {
        line(note(&said));
    }
    if let Some(wrong) = &shown.wrong {
        line(careful(&format!("jitpass, but its command is wrong: {wrong}; it gives no credentials")));
    }
    for own in &shown.own {
        line(note(&own_value(own)));
    }
    if let Some(argv) = &shown.command {
        line(note(&format!("runs {}", command(machine, argv))));
    }
    if let Some(trouble) = &shown.command_trouble {
        line(careful(&format!("not every AWS SDK runs the same command: {trouble}")));
    }
    if shown.request.is_some() {
        line(match &shown.issued {
            None => note("no credential is cached for it yet"),
            Some(issued) if issued.left == 0 => note("the cached credential has expired"),
            Some(issued) => good(&format!(
                "a credential is cached for {} more, until {}",
                text::duration(issued.left),
                issued.lifetime.expires
            )),
        });
        if shown.rivals.is_empty() {
            line(good("every AWS SDK asks jitpass"));
        }
    }
    for rival in &shown.rivals {
        line(careful(&files.rival(rival)));
    }
    for (file, one) in &shown.disagreements {
        line(careful(&disagreement(&files, *file, one)));
    }
    for said in words::of_environment(machine) {
        line(careful(&said));
    }
    for (file, path) in [(File::Config, &files.config), (File::Credentials, &files.credentials)] {
        let lines: Vec<_> = shown.lines.iter().filter(|line| line.file == file).collect();
        let Some(last) = lines.last() else { continue };
        let width = last.line.to_string().len();
        line(format!("\n{}", styled(STRONG, path)));
        for one in &lines {
            line(format!("  {}  {}", styled(FAINT, format_args!("{:width$}", one.line)), one.text));
        }
    }
    out
}

/// Whose it is, and what it opens.
fn what_it_is(shown: &Shown) -> Vec<String> {
    let Some(request) = &shown.request else {
        match (&shown.wrong, &shown.kept_for) {
            (Some(_), Some(mark)) => {
                return vec![format!("managed: jitpass wrote it for portal {}", text::one_line(mark, 60))];
            }
            (Some(_), None) => return vec!["yours".to_owned()],
            (None, _) => {}
        }
        return vec![format!("foreign: its credentials come from {}", words::kind(shown.source.kind))];
    };
    let kept = match (&shown.kept_for, &shown.portal) {
        (Some(_), Some(name)) => format!("managed: `jitpass sync` keeps it, for portal {name}"),
        (Some(mark), None) => {
            let mark = text::one_line(mark, 60);
            format!("managed: jitpass wrote it for portal {mark}, which is not in your settings")
        }
        (None, _) => "yours: it asks jitpass, and `jitpass sync` leaves it alone".to_owned(),
    };
    let region = request.region.as_ref().map(|region| format!(" in {region}")).unwrap_or_default();
    let api = request.portal.api_host.as_ref().map(|api| format!(" (API at {api})")).unwrap_or_default();
    vec![kept, format!("{}{region} at {}{api}", request.scope, request.portal)]
}

/// `your own: region is eu-west-3 (jitpass would write us-west-2)`.
fn own_value(own: &OwnValue) -> String {
    let OwnValue { key, own, wanted, is_settled } = own;
    let shown = |value: &String| format!("`{}`", text::one_line(value, 160));
    let is = own.as_ref().map_or_else(|| "was taken out".to_owned(), |own| format!("is {}", shown(own)));
    let key = Visible(key);
    let wanted = wanted.as_ref().map(&shown);
    match (is_settled, wanted) {
        (true, Some(wanted)) => {
            format!("your own: `{key}` {is}; without that it would be {wanted} (jitpass sync --overwrite)")
        }
        (true, None) => format!("your own: `{key}` {is}"),
        (false, Some(wanted)) => format!("changed by hand: `{key}` {is}; jitpass wrote {wanted}"),
        (false, None) => format!("changed by hand: `{key}` {is}"),
    }
}

/// The words of a command, and where its program really lies.
fn command(machine: &Machine, argv: &[String]) -> String {
    let words: Vec<String> = argv.iter().map(|word| Visible(word).to_string()).collect();
    let program = argv.first().map(String::as_str).unwrap_or_default();
    let real = program::resolve(&machine.env, program);
    let real = match real {
        None => " (there is no such program)".to_owned(),
        Some(real) if real.as_os_str() == program => String::new(),
        Some(real) => format!(" (it lies at {})", Visible(&machine.shown(&real))),
    };
    text::clip(&format!("{}{real}", words.join(" ")), 4000)
}

fn disagreement(files: &Files, file: File, one: &Disagreement) -> String {
    let path = match file {
        File::Config => &files.config,
        File::Credentials => &files.credentials,
    };
    let mut who = Vec::new();
    if !one.rejects.is_empty() {
        who.push(format!("{} read nothing of the file", one.rejects));
    }
    if one.differs != Readers::NONE {
        who.push(format!("{} read it differently", one.differs));
    }
    format!("{path}:{}: {}; {}", one.line, one.anomaly, who.join(", "))
}

fn note(text: &str) -> String {
    format!("  {} {text}", styled(FAINT, "·"))
}

fn good(text: &str) -> String {
    format!("  {} {text}", styled(GOOD, "✓"))
}

fn careful(text: &str) -> String {
    format!("  {} {text}", styled(CAREFUL, "!"))
}
