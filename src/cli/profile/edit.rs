//! `jitpass profile edit`.

use clap::Args;

use super::{add, editor, notes, typed};
use crate::awsconfig::Key;
use crate::base::text::Visible;
use crate::base::{Region, Scope, TenantRef};
use crate::cli::change::{ChangeArgs, Ended, carry_out};
use crate::cli::setup::RegionChoice;
use crate::cli::{Outcome, ask, aws, say};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::profile::{self, Note, Profiles, RegionEdit, Wishes};

/// Change what a profile says
///
/// Without flags it asks. What you change in a profile that `jitpass sync` keeps is yours: it leaves that as you want
/// it.
#[derive(Debug, Args)]
pub(in crate::cli) struct EditArgs {
    /// Name of the profile
    name: String,

    /// Another region; `own` goes back to the tenant's own
    #[arg(long, value_name = "REGION")]
    region: Option<String>,

    /// For another tenant, by name or id
    #[arg(long, value_name = "TENANT", conflicts_with = "admin")]
    tenant: Option<String>,

    /// With administrator rights
    #[arg(long)]
    admin: bool,

    /// Give a key a value, such as `output=json`; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,

    /// Take a key away; may be repeated
    #[arg(long, value_name = "KEY")]
    unset: Vec<String>,

    /// Open all of its section in your editor (VISUAL, EDITOR)
    #[arg(long, conflicts_with_all = ["region", "tenant", "admin", "set", "unset"])]
    editor: bool,

    #[command(flatten)]
    change: ChangeArgs,
}

/// What is to be done.
enum Way {
    Wishes(Typed),
    Editor,
}

/// What is to be different, as it was typed.
#[derive(Default)]
struct Typed {
    region: Option<RegionChoice>,
    wishes: Wishes,
}

pub(in crate::cli) fn run(machine: &Machine, args: &EditArgs) -> Outcome {
    let read = aws::reader();
    let way = if args.editor {
        Way::Editor
    } else {
        match args.typed()? {
            Some(typed) => Way::Wishes(typed),
            None if args.change.asks() => which(machine, &args.name)?,
            None => {
                return Err(Failure::misuse("nothing says what is to be different")
                    .hint("as in: jitpass profile edit NAME --region us-west-2; see --help"));
            }
        }
    };
    let Way::Wishes(Typed { region, mut wishes }) = way else {
        return editor::run(machine, &args.name, args.change);
    };
    wishes.region = match region {
        None => None,
        Some(RegionChoice::One(region)) => Some(RegionEdit::To(region)),
        Some(RegionChoice::Own) => {
            Some(RegionEdit::Own(own_region(machine, &args.name, wishes.scope.as_ref())?))
        }
    };
    let unchecked = match &wishes.scope {
        Some(scope @ Scope::Tenant(_)) => check_tenant(machine, &args.name, scope)?,
        _ => None,
    };
    let (_, ended) = carry_out(
        machine,
        args.change,
        || {
            profile::edit(machine, &read, &args.name, &wishes)
                .map(|planned| planned.noting(unchecked.clone()))
        },
        |planned| &planned.change,
        |planned| notes::say_all(machine, planned),
        |planned| planned.apply(machine),
    )?;
    say_ended(&args.name, ended);
    Ok(ended.exit_code())
}

pub(super) fn say_ended(name: &str, ended: Ended) {
    match ended {
        Ended::Written => say::done(format_args!("{} is changed", Visible(name))),
        Ended::Unchanged => say::done(format_args!("nothing to change in {}", Visible(name))),
        Ended::Shown | Ended::Declined => {}
    }
}

impl EditArgs {
    /// What the flags say; `None` where they say nothing.
    fn typed(&self) -> Result<Option<Typed>, Failure> {
        let tenant = self.tenant.as_deref().map(typed::<TenantRef>).transpose()?;
        let wishes = Wishes {
            region: None,
            scope: Scope::choose(self.admin, false, tenant),
            set: self.set.iter().map(|said| add::pair(said)).collect::<Result<_, _>>()?,
            unset: self.unset.iter().map(|key| typed::<Key>(key)).collect::<Result<_, _>>()?,
        };
        let region = self.region.as_deref().map(typed::<RegionChoice>).transpose()?;
        let says_nothing =
            region.is_none() && wishes.scope.is_none() && wishes.set.is_empty() && wishes.unset.is_empty();
        Ok((!says_nothing).then_some(Typed { region, wishes }))
    }
}

/// Asks what is to be different.
fn which(machine: &Machine, name: &str) -> Result<Way, Failure> {
    let profiles = Profiles::read(machine, &aws::reader())?;
    let known = profiles.find(machine, name)?;
    let mut ways = vec!["region", "another key", "all of it, in your editor"];
    if known.ours.is_some() {
        ways.insert(1, "tenant");
    }
    let rows: Vec<String> = ways.iter().map(|way| (*way).to_owned()).collect();
    let chosen = ask::one("What is to be different?", &rows, 0)?;
    let mut typed = Typed::default();
    match ways[chosen] {
        "region" => typed.region = Some(which_region(known.profile.value("region"))?),
        "tenant" => typed.wishes.scope = Some(which_tenant()?),
        "another key" => typed.wishes.set.push(which_key()?),
        _ => return Ok(Way::Editor),
    }
    Ok(Way::Wishes(typed))
}

fn which_region(now: Option<&str>) -> Result<RegionChoice, Failure> {
    let offered = now.filter(|now| now.parse::<Region>().is_ok()).unwrap_or_default();
    let help = "such as us-west-2; own: the tenant's own";
    let text = ask::text("Region:", offered, help, |typed| {
        typed.trim().parse::<RegionChoice>().map(drop).map_err(|error| error.to_string())
    })?;
    typed(&text)
}

fn which_tenant() -> Result<Scope, Failure> {
    let text = ask::text("Tenant:", "", "its name or id", |typed| {
        typed.trim().parse::<TenantRef>().map(drop).map_err(|error| error.to_string())
    })?;
    typed::<TenantRef>(&text).map(Scope::Tenant)
}

fn which_key() -> Result<(Key, crate::awsconfig::Value), Failure> {
    let text = ask::text("Key and value:", "", "such as output=json", |typed| {
        add::pair(typed).map(drop).map_err(|failure| failure.message)
    })?;
    add::pair(&text)
}

/// Asks the portal whether there is such a tenant, as far as it can be asked.
fn check_tenant(machine: &Machine, name: &str, scope: &Scope) -> Result<Option<Note>, Failure> {
    let profiles = Profiles::read(machine, &aws::reader())?;
    // What asks nobody is refused later, for that reason.
    let Some(ours) = &profiles.find(machine, name)?.ours else { return Ok(None) };
    let portal = ours.request.portal.clone();
    let asking = format!("Asking {}", portal.host.authority());
    let offer = say::while_working(asking, || profile::offer(machine, &portal));
    offer.check(scope, &portal)?;
    Ok(offer.trouble().map(|reason| Note::Unchecked { portal, reason }))
}

/// The region that the portal says is the tenant's own.
fn own_region(machine: &Machine, name: &str, scope: Option<&Scope>) -> Result<Region, Failure> {
    let profiles = Profiles::read(machine, &aws::reader())?;
    let ours = profiles.find(machine, name)?.ours.as_ref().ok_or_else(|| {
        Failure::misuse(format!("`{}` does not ask jitpass, so it has no tenant", Visible(name)))
            .hint("say which region: --region us-west-2")
    })?;
    let portal = &ours.request.portal;
    let host = portal.host.authority();
    let offer = say::while_working(format!("Asking {host}"), || profile::offer(machine, portal));
    offer.own_region(scope.unwrap_or(&ours.request.scope), portal)
}
