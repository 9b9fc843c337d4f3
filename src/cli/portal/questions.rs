//! The questions of `portal edit`: what is to be otherwise, one thing after the other, until that is all.

use super::flags;
use crate::awsconfig::Key;
use crate::base::{PortalName, text};
use crate::cli::ask;
use crate::cli::portal_words::patterns;
use crate::ops::demand;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::portal::PortalEdit;
use crate::plan::DEFAULT_TEMPLATE;
use crate::store::settings::{PortalSettings, TenantChoice};

const DONE: &str = "that is all";

/// Asks until the person has said everything. What they said last of a thing counts.
pub(super) fn ask(machine: &Machine, portal: &PortalSettings) -> Result<PortalEdit, Failure> {
    let mut edit = PortalEdit::default();
    loop {
        let now = edit.of(portal)?;
        let rows = rows(&now);
        let mut answers: Vec<&str> = rows.iter().map(|(_, row)| row.as_str()).collect();
        // Once something is said, Enter goes on.
        if edit.is_empty() {
            answers.push(DONE)
        } else {
            answers.insert(0, DONE)
        }
        let answer = ask::one_of(&format!("Change what of {}?", now.name), &answers)?;
        let Some((thing, _)) = rows.iter().find(|(_, row)| row == answer) else { return Ok(edit) };
        one(machine, *thing, &now, &mut edit)?;
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thing {
    Tenants,
    Exclude,
    Admin,
    Region,
    ProfileName,
    Set,
    Name,
    Host,
    ApiHost,
    Browser,
    TokenCommand,
}

/// Each thing, and how it is now.
fn rows(now: &PortalSettings) -> Vec<(Thing, String)> {
    let admin = match now.admin {
        Some(true) => "yes",
        Some(false) => "no",
        None => "where you are one",
    };
    let keys: Vec<String> = now.keys.iter().map(|(key, value)| format!("{key}={}", value.as_str())).collect();
    let command = now.token_command.as_ref().map(|words| words.join(" "));
    let none = || "none".to_owned();
    let row = |thing, name: &str, value: String| {
        (thing, format!("{name:<14} {}", text::one_line(&crate::plan::shown(&value), 60)))
    };
    vec![
        row(Thing::Tenants, "tenants", tenants(now)),
        row(
            Thing::Exclude,
            "but not",
            Some(patterns(&now.exclude)).filter(|w| !w.is_empty()).unwrap_or_else(none),
        ),
        row(Thing::Admin, "administrator", admin.to_owned()),
        row(
            Thing::Region,
            "region",
            now.region.as_ref().map_or("each tenant's own".to_owned(), ToString::to_string),
        ),
        row(
            Thing::ProfileName,
            "profile names",
            now.profile_name.clone().unwrap_or_else(|| DEFAULT_TEMPLATE.to_owned()),
        ),
        row(Thing::Set, "extra keys", Some(keys.join(" ")).filter(|k| !k.is_empty()).unwrap_or_else(none)),
        row(Thing::Name, "short name", now.name.to_string()),
        row(Thing::Host, "address", now.address.to_string()),
        row(
            Thing::ApiHost,
            "API address",
            now.address.api_host.as_ref().map_or_else(|| "the same".to_owned(), ToString::to_string),
        ),
        row(Thing::Browser, "browser", now.browser.clone().unwrap_or_else(|| "the system's own".to_owned())),
        row(Thing::TokenCommand, "token command", command.unwrap_or_else(none)),
    ]
}

fn tenants(now: &PortalSettings) -> String {
    match &now.tenants {
        TenantChoice::All => "all".to_owned(),
        TenantChoice::Named(names) => patterns(names),
    }
}

fn one(machine: &Machine, thing: Thing, now: &PortalSettings, edit: &mut PortalEdit) -> Result<(), Failure> {
    let ok = |result: Result<(), Failure>| result.map_err(|failure| failure.message);
    match thing {
        Thing::Tenants => {
            let help = "all, or names and patterns: dev* prod01";
            let typed = ask::text("Tenants:", &tenants(now), help, move |typed| {
                ok(flags::typed_tenants(typed).map(drop))
            })?;
            edit.tenants = flags::typed_tenants(&typed)?;
            edit.include.clear();
        }
        Thing::Exclude => {
            let help = "names and patterns: *-tmp; `none` lifts all";
            let offered =
                Some(patterns(&now.exclude)).filter(|w| !w.is_empty()).unwrap_or_else(|| "none".to_owned());
            let typed =
                ask::text("But not:", &offered, help, move |typed| ok(flags::patterns(typed).map(drop)))?;
            let wanted = flags::or_none(&typed, "none")
                .map(|typed| flags::patterns(&typed))
                .transpose()?
                .unwrap_or_default();
            let is_in = |list: &[crate::base::TenantPattern], one: &crate::base::TenantPattern| {
                list.iter().any(|p| p.key() == one.key())
            };
            let gone = now.exclude.iter().filter(|p| !is_in(&wanted, p)).cloned();
            // What was only just said is taken back; what the settings say is lifted.
            for pattern in gone.collect::<Vec<_>>() {
                let said = edit.exclude.len();
                edit.exclude.retain(|p| p.key() != pattern.key());
                if edit.exclude.len() == said {
                    edit.no_exclude.push(pattern);
                }
            }
            for pattern in wanted.into_iter().filter(|p| !is_in(&now.exclude, p)) {
                let lifted = edit.no_exclude.len();
                edit.no_exclude.retain(|p| p.key() != pattern.key());
                if edit.no_exclude.len() == lifted {
                    edit.exclude.push(pattern);
                }
            }
        }
        Thing::Admin => {
            edit.admin =
                Some(ask::confirm("A profile with administrator rights?", now.admin.unwrap_or(true))?);
        }
        Thing::Region => {
            let help = "own: each tenant's own; or one for all, such as us-west-2";
            let offered = now.region.as_ref().map_or("own", crate::base::Region::as_str);
            let typed = ask::text("Region:", offered, help, move |typed| ok(flags::region(typed).map(drop)))?;
            edit.region = Some(flags::region(&typed)?);
        }
        Thing::ProfileName => {
            let help = format!("fields: {}; `usual` is {DEFAULT_TEMPLATE}", crate::plan::FIELDS.join(", "));
            let check =
                move |typed: &str| ok(demand::template(flags::profile_name(typed).as_deref()).map(drop));
            let offered = now.profile_name.as_deref().unwrap_or("usual");
            edit.profile_name = Some(flags::profile_name(&ask::text("Template:", offered, &help, check)?));
        }
        Thing::Set => {
            let help = "output=json; with nothing behind the `=`, the key goes";
            let before = now.clone();
            let check = move |typed: &str| {
                let mut trial = PortalEdit::default();
                ok(set(typed, &before, &mut trial).and_then(|()| trial.of(&before).map(drop)))
            };
            let typed = ask::text("Every profile says:", "", help, check)?;
            set(&typed, now, edit)?;
        }
        Thing::Name => {
            let taken: Vec<PortalName> =
                machine.portals()?.into_iter().map(|p| p.name).filter(|name| *name != now.name).collect();
            let check = move |typed: &str| match typed.trim().parse::<PortalName>() {
                Ok(name) if taken.contains(&name) => Err(format!("`{name}` is another portal of yours")),
                Ok(_) => Ok(()),
                Err(e) => Err(e.to_string()),
            };
            let typed =
                ask::text("Short name:", now.name.as_str(), "its profiles follow with the next sync", check)?;
            edit.name = typed.parse().ok();
        }
        Thing::Host => {
            let help = "whoever is signed in is signed out";
            let typed = ask::text("Address:", now.address.host.as_str(), help, move |typed| {
                ok(flags::host(typed).map(drop))
            })?;
            edit.host = Some(flags::host(&typed)?);
        }
        Thing::ApiHost => {
            let help = "whoever is signed in is signed out; none: the portal's own address";
            let offered = now.address.api_host.as_ref().map_or("none", crate::base::PortalUrl::as_str);
            let check = move |typed: &str| ok(flags::api_host(typed).map(drop));
            edit.api_host = Some(flags::api_host(&ask::text("API address:", offered, help, check)?)?);
        }
        Thing::Browser => {
            let offered = now.browser.as_deref().unwrap_or("none");
            let typed = ask::text(
                "Browser:",
                offered,
                "a program, with arguments if need be; none: the system's own",
                |_| Ok(()),
            )?;
            edit.browser = Some(flags::or_none(&typed, "none"));
        }
        Thing::TokenCommand => {
            let offered = now.token_command.as_ref().map_or("none".to_owned(), |words| words.join(" "));
            let help = "a program that prints the token; none: sign in with the browser";
            let typed = ask::text("Token command:", &offered, help, move |typed| {
                ok(flags::token_command(typed).map(drop))
            })?;
            // As it stood: joined words cannot always be parted again.
            edit.token_command = if typed == offered { None } else { Some(flags::token_command(&typed)?) };
        }
    }
    Ok(())
}

/// Reads `output=json`, or `output=` for a key that goes.
fn set(typed: &str, now: &PortalSettings, edit: &mut PortalEdit) -> Result<(), Failure> {
    let Some(key) = typed.trim().strip_suffix('=') else {
        let (key, value) = flags::key_and_value(typed)?;
        edit.unset.retain(|other| *other != key);
        edit.set.retain(|(other, _)| *other != key);
        edit.set.push((key, value));
        return Ok(());
    };
    let key: Key = flags::key(key)?;
    if !now.keys.iter().any(|(present, _)| *present == key) {
        return Err(Failure::misuse(format!("no extra key is called `{key}`")));
    }
    let said = edit.set.len();
    edit.set.retain(|(other, _)| *other != key);
    if edit.set.len() == said {
        edit.unset.push(key);
    }
    Ok(())
}
