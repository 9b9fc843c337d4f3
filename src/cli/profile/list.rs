//! `jitpass profile list`.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;

use super::words::{self, Files};
use super::{json, typed};
use crate::base::text::{self, Visible};
use crate::base::{Scope, TenantRef};
use crate::cli::columns::{clipped, fit};
use crate::cli::say::{self, CAREFUL, FAINT, styled};
use crate::cli::{Outcome, aws};
use crate::host::terminal;
use crate::ops::closest::closest;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::profile::{self, Filter, Listed, Profiles};
use crate::ops::status::Issued;
use crate::plan::Glob;

/// List the profiles in ~/.aws/config, jitpass's own and all others
///
/// Reads files only and asks nobody. `managed` are those that `jitpass sync` keeps, `yours` those that ask jitpass and
/// that you keep yourself, `foreign` all others.
#[derive(Debug, Args)]
pub(in crate::cli) struct ListArgs {
    /// Names, or patterns such as `acme-*`; all if left out
    #[arg(value_name = "GLOB")]
    names: Vec<String>,

    /// Only those of this portal, by its name in your settings or its address
    #[arg(long, value_name = "PORTAL")]
    portal: Option<String>,

    /// Only those of this tenant, by name or id
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(in crate::cli) fn run(machine: &Machine, args: &ListArgs) -> Outcome {
    let filter = Filter {
        portal: args
            .portal
            .as_deref()
            .map(|typed| machine.portal(typed))
            .transpose()?
            .map(|(portal, _)| portal),
        tenant: args.tenant.as_deref().map(typed::<TenantRef>).transpose()?,
        names: args.names.iter().map(|name| typed::<Glob>(name)).collect::<Result<_, _>>()?,
    };
    let profiles = Profiles::read(machine, &aws::reader())?;
    let listed = profile::list(machine, &profiles, &filter);
    let printed = if args.json {
        json::list(&listed)
    } else {
        say_what_is_odd(machine, &profiles, &listed, near(args, &profiles));
        table(machine, &listed)
    };
    let print = if args.json { say::data } else { say::styled_data };
    print(&printed).map_err(|e| Failure::new("the list cannot be printed").because(&e))?;
    Ok(ExitCode::SUCCESS)
}

/// What may have been meant instead of the first thing that no profile has.
fn near(args: &ListArgs, profiles: &Profiles) -> Option<String> {
    let requests = || profiles.all().iter().filter_map(|known| Some(&known.ours.as_ref()?.request));
    let names = profiles.all().iter().map(|known| known.profile.name.clone());
    let portals = profiles.portals.iter().map(|portal| portal.name.to_string());
    let hosts = requests().map(|request| request.portal.host.to_string());
    let tenants = requests().filter_map(|request| match &request.scope {
        Scope::Tenant(TenantRef::Name(name)) => Some(name.key()),
        _ => None,
    });
    let asked = |typed: Option<&String>, known: Vec<String>| {
        let typed = typed.filter(|typed| !known.iter().any(|name| name.eq_ignore_ascii_case(typed)))?;
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        closest(typed, &known).map(str::to_owned)
    };
    asked(args.names.first(), names.collect())
        .or_else(|| asked(args.portal.as_ref(), portals.chain(hosts).collect()))
        .or_else(|| asked(args.tenant.as_ref(), tenants.collect()))
}

fn say_what_is_odd(machine: &Machine, profiles: &Profiles, listed: &[Listed], near: Option<String>) {
    if let Some(trouble) = &profiles.credentials_trouble {
        say::careful(format_args!("what it says is not known: {}", Visible(&trouble.message)));
    }
    for said in words::of_environment(machine) {
        say::careful(said);
    }
    match (listed.is_empty(), profiles.all().is_empty()) {
        (true, true) => {
            say::note(format_args!("there are no profiles in {}", Files::of(machine).config));
            say::command("jitpass setup");
        }
        (true, false) => {
            say::note("no profile is like that");
            if let Some(near) = near {
                say::note(format_args!("  did you mean `{}`?", Visible(&near)));
            }
        }
        (false, _) if listed.iter().any(|profile| !profile.rivals.is_empty()) => {
            say::note("what beats a profile, and for whom: jitpass profile show NAME");
        }
        (false, _) => {}
    }
}

/// One row, as it is shown: name, portal, scope, region, who keeps it, what is cached, what beats it.
type Row = [String; COLUMNS];

const COLUMNS: usize = 7;
const HEADING: [&str; COLUMNS] = ["PROFILE", "PORTAL", "SCOPE", "REGION", "KEPT", "CACHED", ""];

/// The columns from the one that matters most to the one that matters least, with their least widths.
const RANKS: [(usize, usize); COLUMNS] = [(0, 0), (BEATEN, 8), (2, 8), (4, 7), (5, 8), (3, 9), (1, 4)];

/// The column of what beats a profile, and all that it says where there is little room.
const BEATEN: usize = 6;
const SHORT: &str = "! beaten";

fn table(machine: &Machine, listed: &[Listed]) -> String {
    let files = Files::of(machine);
    let mut rows: Vec<Row> = listed.iter().map(|profile| row(&files, profile)).collect();
    let heads = terminal::stdout_is_terminal() && !rows.is_empty();
    if heads {
        rows.insert(0, HEADING.map(str::to_owned));
    }
    let room = say::width(&machine.env).unwrap_or(usize::MAX);
    let widths = widths(&mut rows, room);
    rows.iter().enumerate().fold(String::new(), |mut out, (at, row)| {
        let _ = writeln!(out, "{}", line(row, widths, heads && at == 0));
        out
    })
}

/// How wide each column is; 0 for one that has no room. Where there is not room for all, what beats a profile is left
/// for `show` to say.
fn widths(rows: &mut [Row], room: usize) -> [usize; COLUMNS] {
    let natural = |rows: &[Row]| -> [usize; COLUMNS] {
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
    };
    let all: usize = natural(rows).into_iter().filter(|width| *width > 0).map(|width| width + 2).sum();
    if all.saturating_sub(2) > room {
        for beaten in rows.iter_mut().map(|row| &mut row[BEATEN]).filter(|beaten| !beaten.is_empty()) {
            SHORT.clone_into(beaten);
        }
    }
    let natural = natural(rows);
    let fitted = fit(RANKS.map(|(column, least)| (natural[column], least)), room);
    let mut widths = [0; COLUMNS];
    for ((column, _), width) in RANKS.iter().zip(fitted) {
        widths[*column] = width;
    }
    widths
}

fn line(row: &Row, widths: [usize; COLUMNS], is_heading: bool) -> String {
    let cell = |column: usize| {
        let padded = format!("{:1$}", clipped(&row[column], widths[column]), widths[column]);
        match column {
            _ if is_heading => styled(FAINT, padded),
            BEATEN if !row[BEATEN].is_empty() => styled(CAREFUL, row[BEATEN].as_str()),
            _ => padded,
        }
    };
    let shown = (0..COLUMNS).filter(|column| widths[*column] > 0);
    shown.map(cell).collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

fn row(files: &Files, profile: &Listed) -> Row {
    let request = profile.request.as_ref();
    let host = |host: &crate::base::PortalUrl| Visible(host.authority()).to_string();
    let portal = profile.portal.as_ref().map(ToString::to_string);
    let portal = portal.or_else(|| request.map(|request| host(&request.portal.host))).unwrap_or_default();
    let scope = match (request, &profile.wrong) {
        (Some(request), _) => request.scope.to_string(),
        (None, Some(_)) => "jitpass, but its command is wrong".to_owned(),
        (None, None) => words::kind(profile.source.kind).to_owned(),
    };
    let kept = match (request.is_some() || profile.wrong.is_some(), &profile.kept_for) {
        (false, _) => "foreign",
        (true, Some(_)) => "managed",
        (true, None) => "yours",
    };
    let beaten = match profile.rivals.split_first() {
        None => String::new(),
        Some((first, rest)) => {
            let more = if rest.is_empty() { String::new() } else { format!(", {} more", rest.len()) };
            format!("! beaten: {}{more}", files.rival_in_short(first))
        }
    };
    [
        Visible(&profile.name).to_string(),
        portal,
        scope,
        text::one_line(profile.region.as_deref().unwrap_or_default(), 40),
        kept.to_owned(),
        if request.is_some() { cached(profile.issued.as_ref()) } else { String::new() },
        beaten,
    ]
}

/// `34 min`, `expired`, `none yet`.
fn cached(issued: Option<&Issued>) -> String {
    match issued {
        None => "none yet".to_owned(),
        Some(Issued { left: 0, .. }) => "expired".to_owned(),
        Some(issued) => text::duration(issued.left),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(room: usize) -> Vec<String> {
        let row = |name: &str, beaten: &str| {
            [name, "acme", "tenant production-eu-1", "us-west-2", "managed", "34 min", beaten]
                .map(str::to_owned)
        };
        let mut rows = vec![
            row("acme-production-eu-1", "! beaten: aws_access_key_id (~/.aws/credentials:2)"),
            row("acme-dev01", ""),
        ];
        let widths = widths(&mut rows, room);
        let plain = |row| anstream::adapter::strip_str(&line(row, widths, false)).to_string();
        rows.iter().map(plain).collect()
    }

    #[test]
    fn rows_fit_the_terminal() {
        assert_eq!(
            table(200)[0],
            "acme-production-eu-1  acme  tenant production-eu-1  us-west-2  managed  34 min  ! beaten: aws_access_key_id (~/.aws/credentials:2)"
        );
        assert_eq!(
            table(90),
            [
                "acme-production-eu-1  acme  tenant production-eu-1  us-west-2  managed  34 min  ! beaten",
                "acme-dev01            acme  tenant production-eu-1  us-west-2  managed  34 min",
            ]
        );
        assert_eq!(table(63)[0], "acme-production-eu-1  tenant production-eu-1  managed  ! beaten");
        assert_eq!(table(24)[0], "acme-production-eu-1");
        for room in 21..140 {
            for row in table(room) {
                assert!(row.chars().count() <= room, "{room}: {row}");
            }
        }
    }
}
