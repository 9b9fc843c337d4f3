//! What a word of a command line may be: names that this machine knows. Files only: no network, no keyring, no lock,
//! and nothing is written. What cannot be read is as if it were not there: nobody asked, they pressed a key.

use std::collections::{BTreeMap, BTreeSet};

use crate::awsconfig::command;
use crate::awsconfig::scan::{self, Glimpse};
use crate::base::{PortalAddress, PortalUrl, TenantName, text};
use crate::credential::Identity;
use crate::host::{dirs, files};
use crate::ops::machine::Machine;
use crate::ops::using::{Found, find};
use crate::plan::MARK;
use crate::store::journal::Journal;
use crate::store::portal_facts::PortalFacts;

/// The largest config file that is read for a key press; 10,000 profiles are a tenth of it.
pub(super) const LARGEST: u64 = 16 << 20;

/// One of the things a word may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The word, whole.
    pub value: String,
    /// What it is; empty where the word says it.
    pub about: String,
}

/// Which profiles are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// All, those of the credentials file too.
    Anybodys,
    /// Those that jitpass answers for.
    Ours,
    /// Those that another program answers for.
    Others,
}

impl Candidate {
    /// A candidate; `None` for a value that could steer a terminal, or that a line cannot hold.
    pub fn new(value: impl Into<String>, about: impl Into<String>) -> Option<Self> {
        let (value, about) = (value.into(), about.into());
        let visible = |text: String| if is_ascii(&text) { text } else { text::one_line(&text, 120) };
        (!value.is_empty() && is_plain(&value)).then(|| Self { value, about: visible(about) })
    }
}

/// The profiles whose names begin so, those used most first.
pub fn profiles(machine: &Machine, whose: Whose, start: &str) -> Vec<Candidate> {
    let config = config(machine);
    let known = scan::profiles(&config, start);
    let mut all: Vec<Candidate> = Vec::with_capacity(known.len());
    for profile in &known {
        let [command, mark, region] = profile.values(["credential_process", MARK, "region"]);
        let is_ours = command.is_some_and(|command| mark.is_some() || starts_jitpass(command));
        match whose {
            Whose::Ours if !is_ours => continue,
            Whose::Others if is_ours || command.is_none() => continue,
            _ => {}
        }
        let host = || command.filter(|_| is_ours).and_then(|c| words_after(c, ["--host"])[0]).map(authority);
        let about = match (mark.or_else(host), region) {
            (Some(portal), Some(region)) => [portal, ", ", region].concat(),
            (one, other) => one.or(other).unwrap_or_default().to_owned(),
        };
        all.extend(Candidate::new(profile.name.as_ref(), about));
    }
    if whose == Whose::Anybodys {
        let file = dirs::aws_credentials_file(&machine.env);
        let bytes = file.and_then(|path| files::read_regular(&path, LARGEST).ok()).unwrap_or_default();
        let keyed = scan::profiles_of_credentials(&bytes, start);
        let names = || known.iter().map(|profile| profile.name.as_ref());
        let names: BTreeSet<&str> = if keyed.is_empty() { BTreeSet::new() } else { names().collect() };
        for profile in keyed {
            if !names.contains(profile.name.as_ref()) {
                all.extend(Candidate::new(profile.name.as_ref(), "a stored key"));
            }
        }
    }
    let usage = machine.usage();
    usage.sort(&mut all, machine.now(), |one| &one.value);
    all
}

/// The profiles that `jituse` would choose from who is given no more than this of a name; none for an empty word.
pub fn profiles_by_part(machine: &Machine, whose: Whose, part: &str) -> Vec<Candidate> {
    if part.is_empty() {
        return Vec::new();
    }
    let mut all = profiles(machine, whose, "");
    let names: Vec<&str> = all.iter().map(|one| one.value.as_str()).collect();
    let found = find(part, &names);
    let meant = if let Found::One(name) = found {
        vec![name]
    } else if let Found::Several(names) = found {
        names
    } else {
        return Vec::new();
    };
    let meant: BTreeSet<String> = meant.into_iter().map(str::to_owned).collect();
    all.retain(|one| meant.contains(&one.value));
    all
}

/// The portals of the settings by name, with where they are.
pub fn portals(machine: &Machine) -> Vec<Candidate> {
    let all = machine.portals_if_any().unwrap_or_default();
    let candidate = |p: &crate::store::settings::PortalSettings| {
        Candidate::new(p.name.as_str(), p.address.host.authority())
    };
    all.iter().filter_map(candidate).collect()
}

/// The addresses of all portals that the settings or profiles name.
pub fn addresses(machine: &Machine) -> Vec<Candidate> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for portal in machine.portals_if_any().unwrap_or_default() {
        all.insert(address(&portal.address.host), portal.name.to_string());
    }
    let config = config(machine);
    let mut hosts: BTreeSet<&str> = BTreeSet::new();
    for profile in scan::profiles(&config, "") {
        hosts.extend(command_of_ours(&profile).and_then(|command| words_after(command, ["--host"])[0]));
    }
    for host in hosts.into_iter().filter_map(|text| text.parse::<PortalUrl>().ok()) {
        all.entry(address(&host)).or_default();
    }
    all.into_iter().filter_map(|(url, name)| Candidate::new(url, &name)).collect()
}

/// The tenants whose names begin so, as far as they are known: of this portal, or of all.
pub fn tenants(machine: &Machine, portal: Option<&PortalAddress>, start: &str) -> Vec<Candidate> {
    let read = |name: &str| if name.starts_with(start) { name.parse::<TenantName>().ok() } else { None };
    let config = config(machine);
    // Name, and number of the portal.
    let mut all: Vec<(TenantName, usize)> = Vec::new();
    let mut portals = portal.map_or_else(|| of_settings(machine), |portal| vec![portal.clone()]);
    let mut last: Option<(&str, Option<usize>)> = None;
    for profile in scan::profiles(&config, "") {
        let Some(asked) = command_of_ours(&profile) else { continue };
        let [Some(host), tenant] = words_after(asked, ["--host", "--tenant"]) else { continue };
        // Nearly all profiles are of the portal of the one above.
        if last.is_none_or(|(text, _)| text != host) {
            last = Some((host, number_of(&mut portals, host, portal.is_none())));
        }
        let Some((_, Some(number))) = last else { continue };
        all.extend(tenant.and_then(read).map(|name| (name, number)));
    }
    for (number, portal) in portals.iter().enumerate() {
        let facts = PortalFacts::load(machine.cache_dir.as_deref(), portal, &Identity::Own);
        all.extend(facts.tenant_names().filter_map(read).map(|name| (name, number)));
    }
    // Portals show capitals that their own tools ignore: what stands in a profile is what people know.
    all.sort_by(|(one, _), (other, _)| folded(one).cmp(folded(other)));
    all.dedup_by(|(one, _), (other, _)| one.as_str().eq_ignore_ascii_case(other.as_str()));
    let candidate = |(name, number): &(TenantName, usize)| {
        Candidate::new(name.as_str(), portals[*number].host.authority())
    };
    all.iter().filter_map(candidate).collect()
}

/// As [`TenantName::key`], without a copy.
fn folded(name: &TenantName) -> impl Iterator<Item = u8> + use<'_> {
    name.as_str().bytes().map(|b| b.to_ascii_lowercase())
}

/// The place of the portal with this address among those that are wanted; one that is not there comes to them, if all
/// are.
fn number_of(portals: &mut Vec<PortalAddress>, host: &str, all: bool) -> Option<usize> {
    let host: PortalUrl = host.parse().ok()?;
    portals.iter().position(|portal| portal.host == host).or_else(|| {
        all.then(|| portals.push(PortalAddress::new(host, None)))?;
        Some(portals.len() - 1)
    })
}

/// The portal that a profile's command asks.
pub fn portal_of(machine: &Machine, profile: &str) -> Option<PortalAddress> {
    let config = config(machine);
    let profile = scan::profile(&config, profile)?;
    let command = profile.value("credential_process")?;
    let [host, api_host] = words_after(command, ["--host", "--api-host"])
        .map(|text| text.and_then(|text| text.parse::<PortalUrl>().ok()));
    Some(PortalAddress::new(host?, api_host))
}

/// The changes by number, the newest first, with what they were.
pub fn changes(machine: &Machine) -> Vec<Candidate> {
    let Some(journal) = machine.state_dir.as_deref().map(Journal::below) else { return Vec::new() };
    let now = machine.now();
    let mut all = Vec::new();
    for past in journal.changes().iter().rev() {
        let Some(entry) = past.entries.first() else { continue };
        let age = text::duration(now.since(crate::base::Timestamp::from_seconds(entry.at)));
        let files: Vec<String> = past.entries.iter().map(|entry| machine.shown(&entry.path)).collect();
        let about = format!("{}, {age} ago: {}", entry.command, files.join(", "));
        all.extend(Candidate::new(past.number.to_string(), &about));
    }
    all
}

/// The bytes of the shared config file; none where they cannot be had.
pub(super) fn config(machine: &Machine) -> Vec<u8> {
    let file = dirs::aws_config_file(&machine.env);
    file.and_then(|path| files::read_regular(&path, LARGEST).ok()).unwrap_or_default()
}

/// The command of a profile that jitpass answers for. A quick look: a path with a blank in it is taken for somebody
/// else's, unless the profile is marked.
fn command_of_ours<'a>(profile: &Glimpse<'a>) -> Option<&'a str> {
    let [command, mark] = profile.values(["credential_process", MARK]);
    command.filter(|command| mark.is_some() || starts_jitpass(command))
}

fn starts_jitpass(command: &str) -> bool {
    let program = command.split_ascii_whitespace().next().unwrap_or_default();
    command::is_jitpass(program.trim_matches(['"', '\'']))
}

/// The values of flags in a command. A quick look: none of the values that are wanted has blanks or quotes in it.
fn words_after<'a, const N: usize>(command: &'a str, flags: [&str; N]) -> [Option<&'a str>; N] {
    let mut found = [None; N];
    let mut words = command.split_ascii_whitespace();
    while let Some(word) = words.next() {
        for (flag, place) in flags.iter().zip(&mut found) {
            match word.strip_prefix(flag) {
                Some("") => *place = words.next(),
                Some(inline) if inline.starts_with('=') => *place = Some(&inline[1..]),
                _ => {}
            }
        }
    }
    found
}

fn authority(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/')
}

fn address(url: &PortalUrl) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

fn of_settings(machine: &Machine) -> Vec<PortalAddress> {
    let settings = machine.portals_if_any().unwrap_or_default();
    settings.into_iter().map(|portal| portal.address).collect()
}

/// Whether a text is one line that does not steer a terminal.
fn is_plain(text: &str) -> bool {
    is_ascii(text) || text::one_line(text, usize::MAX) == text
}

/// The usual case, seen at once.
fn is_ascii(text: &str) -> bool {
    text.bytes().all(|b| (b' '..=b'~').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_a_flag() {
        for (command, host) in [
            ("jitpass aws --host https://a.net --admin", Some("https://a.net")),
            ("jitpass aws --admin --host=https://a.net", Some("https://a.net")),
            ("jitpass aws --hostile x --host b", Some("b")),
            ("jitpass aws --host", None),
            ("jitpass aws", None),
            ("", None),
        ] {
            assert_eq!(words_after(command, ["--host"]), [host], "{command}");
        }
    }

    #[test]
    fn what_a_line_cannot_hold_is_no_candidate() {
        for bad in ["", "a\tb", "a\nb", "a\u{1b}[2J", "a\u{202e}b", "\u{7f}"] {
            assert_eq!(Candidate::new(bad, ""), None, "{bad:?}");
        }
        for good in ["a", "a b", "$(id)", "é", "--", "'"] {
            assert_eq!(Candidate::new(good, "x\ty").unwrap().about, "x y", "{good}");
        }
    }
}
