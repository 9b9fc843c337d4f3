//! The profiles of the AWS config file that jitpass answers for, and what is cached for them.

use crate::awsconfig::{Document, Profile, command};
use crate::base::{Region, Scope, Timestamp};
use crate::credential::{CredentialKey, Entry as CacheEntry, Lifetime};
use crate::host::{dirs, user_file::UserFile};
use crate::ops::failure::Failure;
use crate::ops::issue::Request;
use crate::ops::machine::Machine;
use crate::ops::status::ReadArguments;
use crate::ops::token;
use crate::plan::MARK;

/// How one profile stands.
#[derive(Debug)]
pub struct ProfileStatus {
    /// Its name.
    pub name: String,
    /// What its credential opens.
    pub scope: Scope,
    /// The region it asks for, if it does.
    pub region: Option<Region>,
    /// The credential that is cached for it; `None` where none is, or none that could be used.
    pub issued: Option<Issued>,
}

/// A credential that was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issued {
    /// When, and until when AWS accepts it.
    pub lifetime: Lifetime,
    /// Whether it is given out without asking anybody.
    pub is_fresh: bool,
    /// Seconds until AWS no longer accepts it; 0 for one that expired.
    pub left: i64,
}

impl Issued {
    /// A credential's, as it stands at a moment. `None` where it is of the future: the clock was set back, and its
    /// moments mean nothing.
    fn at(entry: &CacheEntry<'_>, now: Timestamp) -> Option<Self> {
        let lifetime = entry.lifetime;
        let left = lifetime.expires.since(now).max(0);
        (left == 0 || entry.is_unexpired(now)).then(|| Self { lifetime, is_fresh: entry.is_fresh(now), left })
    }

    /// The part of its time that is left, in tenths, rounded up: 0 is for what has expired.
    pub fn tenths_left(&self) -> usize {
        let whole = self.lifetime.expires.since(self.lifetime.issued).max(1);
        let tenths = (self.left.saturating_mul(10).saturating_add(whole - 1)) / whole;
        usize::try_from(tenths.clamp(0, 10)).unwrap_or(0)
    }
}

/// A profile that jitpass answers for, and what it asks.
pub(super) struct Entry {
    name: String,
    pub(super) request: Request,
}

/// All of them.
pub(super) fn entries(machine: &Machine, read: ReadArguments<'_>) -> Result<Vec<Entry>, Failure> {
    let Some(path) = dirs::aws_config_file(&machine.env) else { return Ok(Vec::new()) };
    let file = UserFile::read(&path).map_err(|e| Failure::of(&e))?;
    let document = Document::parse(file.content());
    let profiles = document.profile_names().into_iter().filter_map(|name| document.profile(name));
    Ok(profiles.filter_map(|profile| entry(&profile, read)).collect())
}

fn entry(profile: &Profile, read: ReadArguments<'_>) -> Option<Entry> {
    Some(Entry { name: profile.name.clone(), request: request_of(profile, read)? })
}

/// What a profile asks of jitpass; `None` for one that does not ask it.
pub(crate) fn request_of(profile: &Profile, read: ReadArguments<'_>) -> Option<Request> {
    let argv = command::arguments(profile.value("credential_process")?).ok()?;
    // `duplo-jit` takes the same arguments, and answers from a cache of its own.
    let is_ours =
        profile.value(MARK).is_some() || argv.first().is_some_and(|program| command::is_jitpass(program));
    if is_ours { read(&argv) } else { None }
}

/// What is cached for them.
pub(super) fn profiles(machine: &Machine, entries: Vec<Entry>, now: Timestamp) -> Vec<ProfileStatus> {
    let profile = |Entry { name, request }: Entry| {
        let issued = cached(machine, &request, now);
        ProfileStatus { name, scope: request.scope, region: request.region, issued }
    };
    entries.into_iter().map(profile).collect()
}

/// What is cached for a request, if that could be used.
pub(crate) fn cached(machine: &Machine, request: &Request, now: Timestamp) -> Option<Issued> {
    let (_, identity) = token::explicit(machine, &request.portal, request.token.clone());
    let (portal, scope, region) = (request.portal.clone(), request.scope.clone(), request.region.clone());
    let bytes = machine.cache()?.read(&CredentialKey { portal, identity, scope, region }).ok()?;
    Issued::at(&CacheEntry::parse(&bytes).ok()?, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issued(whole: i64, left: i64) -> Issued {
        let start = Timestamp::from_seconds(1_000_000);
        Issued { lifetime: Lifetime::new(start, start.plus(whole)), is_fresh: true, left }
    }

    #[test]
    fn the_bar_is_relative_to_the_credentials_own_time() {
        for (whole, left, tenths) in [
            (3600, 3600, 10),
            (3600, 3599, 10),
            (3600, 2040, 6),
            (3600, 1, 1),
            (3600, 0, 0),
            (900, 450, 5),
            (43_200, 3600, 1),
            // The clock went back a little since.
            (3600, 3700, 10),
            (0, 0, 0),
        ] {
            assert_eq!(issued(whole, left).tenths_left(), tenths, "{left} of {whole}");
        }
    }
}
