//! `jitpass console`: a fresh link to the AWS console.

use std::process::ExitCode;

use clap::Args;

use super::say::{self, NAME, styled};
use super::sign_in::{self, Manner};
use super::{Outcome, ask};
use crate::base::{PortalAddress, Secret, text};
use crate::credential::{CONSOLE_SECONDS, Identity};
use crate::host::clipboard::{self, Copied};
use crate::host::place::Place;
use crate::host::{browser, terminal};
use crate::ops::console::{self, Link, Meaning, Opening, Page};
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::issue::{self, Request, SignInOptions};
use crate::ops::machine::Machine;
use crate::ops::profile::Profiles;
use crate::ops::{acquaint, answer, token};
use crate::store::keyring::Asking;

/// Open the AWS console with a fresh link, or copy or print the link
///
/// The name is a profile; else a portal of your settings, with administrator rights where you have them, else you
/// choose; else the first word of a portal's address, with administrator rights. A part of a profile's name will do at
/// a terminal: you are asked what is meant. Without a name you choose from a list, most used first. The link is a key
/// to the console: whoever has it in the next minutes is you.
///
/// `jitnow`, which `jitpass shell install` gives your shell, is this with --copy; `jitnow --open` opens it: of --open,
/// --copy and --print the last counts.
#[derive(Debug, Args)]
pub(super) struct ConsoleArgs {
    /// A profile, a portal, or the first word of a portal's address
    #[arg(value_name = "PROFILE|PORTAL")]
    name: Option<String>,

    /// Open it in the browser, as it does unless --copy or --print is given
    #[arg(long, overrides_with_all = ["open", "copy", "print"])]
    open: bool,

    /// Put the link on the clipboard; where there is none, print it
    #[arg(long, short, overrides_with_all = ["open", "copy", "print"])]
    copy: bool,

    /// Print the link
    #[arg(long, short, overrides_with_all = ["open", "copy", "print"])]
    print: bool,

    /// The page of this service: ec2, s3, lambda, ...
    #[arg(long, short, value_name = "SERVICE")]
    service: Option<String>,

    /// The console of this region
    #[arg(long, short, value_name = "REGION")]
    region: Option<String>,

    /// Open it with this browser
    #[arg(long, value_name = "BROWSER")]
    browser: Option<String>,
}

pub(super) fn run(machine: &Machine, args: &ConsoleArgs) -> Outcome {
    // What was mistyped is said before anybody is asked anything.
    let page = Page::read(args.service.as_deref(), args.region.as_deref())?;
    if let Some(region) = page.region.as_ref().filter(|_| page.is_new_region) {
        say::note(format_args!("{region} is no region that jitpass knows; it may be new"));
    }
    let opening = opening(machine, args)?;
    let document = document(machine, &opening.request, args.browser.as_deref())?;
    let seconds = console::seconds_left(machine, &opening.request).unwrap_or(CONSOLE_SECONDS);
    let link = Link::of(&document, &page, seconds)?;
    if link.is_as_it_came {
        say::careful("the link is of a form that jitpass does not know, and leads where the portal says");
    }
    hand_over(machine, args, &opening, &link, &page)?;
    if let Some(profile) = &opening.profile {
        machine.count_use(profile);
    }
    Ok(ExitCode::SUCCESS)
}

/// What a person typed to come here, for a hint: `jitnow` says `--copy` before anything of theirs.
fn called() -> &'static str {
    let is_jitnow = std::env::args_os().skip(1).take(2).eq(["console", "--copy"]);
    if is_jitnow { "jitnow" } else { "jitpass console" }
}

/// What the console is to be opened for.
fn opening(machine: &Machine, args: &ConsoleArgs) -> Result<Opening, Failure> {
    let profiles = Profiles::read(machine, &super::aws::reader())?;
    let called = called();
    let Some(typed) = &args.name else {
        let all = console::profiles(machine, &profiles);
        if all.is_empty() {
            return Err(Failure::misuse("there is no profile that asks jitpass yet")
                .hint(format!("set one up: jitpass setup; or name a portal: {called} acme")));
        }
        let how = format!("name a profile or a portal: {called} NAME");
        return choose(machine, "Console of:", &how, all);
    };
    match console::meaning(machine, &profiles, typed, called)? {
        Meaning::Profile(name, request) => {
            let mut all = console::profiles(machine, &profiles).into_iter();
            // One whose name cannot be shown is in no list.
            Ok(all.find(|one| one.profile.as_ref() == Some(&name)).unwrap_or_else(|| Opening {
                name: text::one_line(&name, 80),
                profile: Some(name),
                request: *request,
                region: None,
                issued: None,
            }))
        }
        Meaning::Portal(portal) => of_portal(machine, args, &profiles, portal.name.as_str(), &portal.address),
        Meaning::Address(address) => {
            say_administrator(typed, &address);
            Ok(console::administrator(address.host.authority(), &address))
        }
        Meaning::Part(names, address) => of_part(machine, &profiles, typed, &names, &address),
    }
}

/// One of the profiles that it is a part of, or the portal of that name, as the person says. Where nobody can be asked
/// it is the portal, as is documented: what a script does must not hang on the profiles that happen to be there.
fn of_part(
    machine: &Machine,
    profiles: &Profiles,
    typed: &str,
    names: &[String],
    portal: &PortalAddress,
) -> Result<Opening, Failure> {
    let administrator = console::administrator(portal.host.authority(), portal);
    let chosen = if terminal::can_ask() {
        let mut all = console::profiles(machine, profiles);
        all.retain(|one| one.profile.as_ref().is_some_and(|name| names.contains(name)));
        all.push(administrator);
        choose(machine, &format!("{}: which one?", text::one_line(typed, 40)), "", all)?
    } else {
        administrator
    };
    match &chosen.profile {
        Some(name) => {
            let (typed, name) = (text::one_line(typed, 80), text::one_line(name, 80));
            say::note(format_args!("{typed}: the profile {name}"));
        }
        None => say_administrator(typed, portal),
    }
    Ok(chosen)
}

fn say_administrator(typed: &str, portal: &PortalAddress) {
    say::note(format_args!("{}: administrator of {}", text::one_line(typed, 80), portal.host.authority()));
}

/// As administrator, where this person is one; else what they choose.
fn of_portal(
    machine: &Machine,
    args: &ConsoleArgs,
    profiles: &Profiles,
    name: &str,
    portal: &PortalAddress,
) -> Result<Opening, Failure> {
    let host = portal.host.authority();
    let administrator = || {
        say_administrator(name, portal);
        console::administrator(name, portal)
    };
    let asking = if terminal::can_ask() { Asking::Person } else { Asking::Nobody };
    let ask = || {
        let (explicit, _) = token::explicit(machine, portal, None);
        let token = explicit.map_or_else(|| token::own(machine, portal, asking), Ok)?;
        let person = say::while_working(format!("Asking {host} who you are"), || {
            acquaint::person(portal, &token).inspect_err(|failure| {
                token::end_rejected(machine, portal, &token, failure);
            })
        })?;
        Ok::<_, Failure>((token, person))
    };
    let (token, person) = match ask() {
        // Nobody is at a terminal: the browser asks them to sign in, and then it will turn out.
        Err(failure) if failure.kind.is_mended_by_sign_in() && !terminal::can_ask() => {
            return Ok(administrator());
        }
        Err(failure) => {
            sign_in_after(machine, portal, None, args.browser.as_deref(), failure)?;
            ask()?
        }
        Ok(known) => known,
    };
    if person.is_admin() {
        return Ok(administrator());
    }
    let all = say::while_working(format!("Asking {host} for its tenants"), || {
        console::openings(machine, profiles, portal, &token)
    })?;
    say::note(format_args!("you are no administrator of {host}"));
    match <[Opening; 1]>::try_from(all) {
        Ok([only]) => {
            say::note(format_args!("{name}: {}", only.request.scope));
            Ok(only)
        }
        Err(all) if all.is_empty() => Err(Failure::new(format!("you may use no tenants of {host}"))
            .hint("an administrator of the portal can add you to one")),
        Err(all) => {
            let names: Vec<&str> = all.iter().filter_map(|one| one.profile.as_deref()).collect();
            let how = match names.as_slice() {
                [] => format!("make profiles of its tenants: jitpass setup --host {}", portal.host),
                names => format!("name a profile: {}", text::list(names, 8)),
            };
            choose(machine, "Console of:", &how, all)
        }
    }
}

/// Asks which one. Where nobody can be asked, `how` says what to do.
fn choose(machine: &Machine, question: &str, how: &str, all: Vec<Opening>) -> Result<Opening, Failure> {
    if !terminal::can_ask() {
        return Err(Failure::misuse("there is no terminal to choose at").hint(how));
    }
    let rows = rows(machine, &all);
    let at = ask::one(question, &rows, 0).map_err(|failure| match failure.kind {
        FailureKind::Stopped => Failure { message: "stopped".to_owned(), ..failure },
        _ => failure,
    })?;
    Ok(all.into_iter().nth(at).expect("the answer is one of them"))
}

/// Whether it is a whole portal, and no profile.
fn is_administrator(one: &Opening) -> bool {
    one.profile.is_none() && one.request.scope.is_admin()
}

/// A line for each: name, region, what it opens, how long its credential lives.
fn rows(machine: &Machine, all: &[Opening]) -> Vec<String> {
    let shown = |one: &Opening| {
        let region = text::one_line(one.region.as_deref().unwrap_or_default(), 24);
        let name = text::one_line(&one.name, 60);
        (if is_administrator(one) { format!("administrator of {name}") } else { name }, region)
    };
    let shown: Vec<(String, String)> = all.iter().map(shown).collect();
    let width = |of: fn(&(String, String)) -> &String| {
        let rows = all.iter().zip(&shown).filter(|(one, _)| !is_administrator(one));
        rows.map(|(_, row)| of(row).chars().count()).max().unwrap_or(0)
    };
    let (name_width, region_width) = (width(|row| &row.0), width(|row| &row.1));
    let room = say::width(&machine.env).unwrap_or(100).saturating_sub(4).max(20);
    let row = |(one, (name, region)): (&Opening, &(String, String))| {
        let left = one.issued.filter(|issued| issued.left > 0);
        let left = left.map(|issued| format!("  {} left", text::duration(issued.left))).unwrap_or_default();
        let scope = match one.profile {
            Some(_) => String::new(),
            None if is_administrator(one) => String::new(),
            None => format!("  {}, no profile", one.request.scope),
        };
        let row = format!("{name:name_width$}  {region:region_width$}{scope}{left}");
        text::clip(row.trim_end(), room)
    };
    all.iter().zip(&shown).map(row).collect()
}

/// The portal's answer, after signing in where that is needed.
fn document(machine: &Machine, request: &Request, browser: Option<&str>) -> Result<Secret, Failure> {
    let sign_in = Some(SignInOptions::default());
    let request = Request { no_cache: true, sign_in, ..request.clone() };
    let working = format!("Asking {} for a link", request.portal.host.authority());
    let answered = say::while_working(working, || issue::answer(machine, &request, issue::PATIENCE));
    match answered {
        Err(failure) if failure.kind == FailureKind::NeedsCode => {
            return console::with_code(machine, &request, failure);
        }
        Err(failure) if failure.kind.is_mended_by_sign_in() && !terminal::can_ask() => {}
        Err(failure) => sign_in_after(machine, &request.portal, request.token.as_ref(), browser, failure)?,
        Ok(document) => return Ok(document),
    }
    match answer::answer(machine, &request) {
        Err(failure) if failure.kind == FailureKind::NeedsCode => {
            console::with_code(machine, &request, failure)
        }
        answered => answered,
    }
}

/// Signs somebody in after a failure that this may mend; else fails as before.
fn sign_in_after(
    machine: &Machine,
    portal: &PortalAddress,
    token: Option<&Secret>,
    browser: Option<&str>,
    failure: Failure,
) -> Result<(), Failure> {
    let is_explicit = token::explicit(machine, portal, token.cloned()).1 != Identity::Own;
    let has_command = machine.settings_of(portal)?.is_some_and(|settings| settings.token_command.is_some());
    if !failure.kind.is_mended_by_sign_in() || is_explicit || has_command || !terminal::can_ask() {
        return Err(failure);
    }
    say::note(text::Visible(&failure.message));
    sign_in::sign_in(machine, portal, Manner { browser, ..Manner::usual() })
}

/// Opens, copies or prints the link. Where there is no browser it is copied, where there is no clipboard printed.
fn hand_over(
    machine: &Machine,
    args: &ConsoleArgs,
    opening: &Opening,
    link: &Link,
    page: &Page,
) -> Result<(), Failure> {
    let details: Vec<&str> = link.region.as_deref().into_iter().chain(page.service.map(|s| s.name)).collect();
    let name = text::one_line(&opening.name, 100);
    let what = styled(NAME, &name);
    let what = if is_administrator(opening) { format!("{what} as administrator") } else { what };
    let what = match details.as_slice() {
        [] => what,
        details => format!(
            "{what} ({})",
            details.iter().map(|detail| text::one_line(detail, 40)).collect::<Vec<_>>().join(", ")
        ),
    };
    let works = format!("it works for {}", text::duration(link.seconds));
    if args.print {
        return print(link);
    }
    let place = Place::here(&machine.env);
    if !args.copy {
        let settings = machine.settings_of(&opening.request.portal)?;
        let chosen = args.browser.as_deref().or(settings.as_ref().and_then(|s| s.browser.as_deref()));
        match place.no_browser(chosen.is_some()) {
            Some(why) => say::note(format_args!("no browser opens here: {why}")),
            None => match browser::open(&machine.env, &place, chosen, link.address.expose()) {
                Ok(()) => {
                    say::done(format_args!("the console of {what} opens in the browser"));
                    return Ok(());
                }
                Err(error) => {
                    say::careful(text::Visible(&format!("no browser opened: {error}")));
                }
            },
        }
    }
    match clipboard::copy(&machine.env, &place, &link.address) {
        Ok(Copied::Clipboard) => say::done(format_args!("the link to {what} is on the clipboard; {works}")),
        Ok(Copied::Tmux) => {
            say::done(format_args!("the link to {what} is in tmux's buffer; {works}"));
            say::note("it is on the clipboard too, if your terminal allows that; else: --print");
        }
        Ok(Copied::Terminal) => {
            say::done(format_args!("the link to {what} is sent to your terminal's clipboard; {works}"));
            say::note("nothing to paste? Then the terminal does not allow it: --print");
        }
        Err(error) => {
            say::note(text::Visible(&format!("not copied: {error}")));
            say::note(format_args!("the link to {what}; {works}:"));
            return print(link);
        }
    }
    Ok(())
}

fn print(link: &Link) -> Result<(), Failure> {
    let line = Secret::new(format!("{}\n", link.address.expose()));
    say::data(line.expose()).map_err(|e| Failure::new("the link cannot be printed").because(&e))
}
