//! Every profile, whoever answers for it.

use crate::base::{PortalAddress, PortalName, Scope, TenantRef};
use crate::ops::issue::Request;
use crate::ops::machine::Machine;
use crate::ops::profile::{Profiles, WrongCommand};
use crate::ops::status::Issued;
use crate::plan::{Glob, Rival, Source};

/// Which profiles are wanted; all where nothing is said.
#[derive(Debug, Default)]
pub struct Filter {
    /// Those of this portal.
    pub portal: Option<PortalAddress>,
    /// Those of this tenant.
    pub tenant: Option<TenantRef>,
    /// Those whose names fit one of these.
    pub names: Vec<Glob>,
}

/// One profile.
#[derive(Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Whether it is only in the credentials file.
    pub is_in_credentials: bool,
    /// The 1-based line of its first header there.
    pub line: usize,
    /// What it asks of jitpass; `None` for one that does not ask it.
    pub request: Option<Request>,
    /// The name of its portal in the settings.
    pub portal: Option<PortalName>,
    /// The portal for which `sync` keeps it.
    pub kept_for: Option<String>,
    /// Its region, as it stands there.
    pub region: Option<String>,
    /// Where most readers take its credentials from.
    pub source: Source,
    /// What readers take in place of jitpass; empty for one that does not ask it.
    pub rivals: Vec<Rival>,
    /// The credential that is cached for it.
    pub issued: Option<Issued>,
    /// Why its command, which runs jitpass, gives no credentials.
    pub wrong: Option<WrongCommand>,
}

impl Filter {
    fn admits(&self, name: &str, request: Option<&Request>) -> bool {
        let portal = self
            .portal
            .as_ref()
            .is_none_or(|wanted| request.is_some_and(|request| request.portal.host == wanted.host));
        let tenant = self.tenant.as_ref().is_none_or(|wanted| {
            request.is_some_and(|request| request.scope.key() == Scope::Tenant(wanted.clone()).key())
        });
        let fits = self.names.is_empty() || self.names.iter().any(|glob| glob.fits(name));
        portal && tenant && fits
    }
}

/// Those that are wanted: of the config file in its order, then those that only the credentials file has.
pub fn list(machine: &Machine, profiles: &Profiles, filter: &Filter) -> Vec<Listed> {
    let (sources, now) = (profiles.sources(), machine.now());
    let mut listed = Vec::new();
    for known in profiles.all() {
        let (name, ours) = (&known.profile.name, known.ours.as_ref());
        let request = ours.map(|ours| &ours.request);
        if !filter.admits(name, request) {
            continue;
        }
        listed.push(Listed {
            name: name.clone(),
            is_in_credentials: false,
            line: known.line(),
            request: request.cloned(),
            portal: request.and_then(|r| profiles.settings_of(&r.portal)).map(|p| p.name.clone()),
            kept_for: known.marked_for().map(str::to_owned),
            region: known.profile.value("region").map(str::to_owned),
            source: sources.usual(name),
            rivals: if ours.is_some() { sources.rivals(name) } else { Vec::new() },
            issued: known.issued(machine, now),
            wrong: known.wrong.clone(),
        });
    }
    for name in profiles.credentials.profile_names() {
        if profiles.get(name).is_some() || !filter.admits(name, None) {
            continue;
        }
        let Some(profile) = profiles.credentials.profile(name) else { continue };
        listed.push(Listed {
            name: name.to_owned(),
            is_in_credentials: true,
            line: profile.lines.first().copied().unwrap_or(1),
            request: None,
            portal: None,
            kept_for: None,
            region: profile.value("region").map(str::to_owned),
            source: sources.usual(name),
            rivals: Vec::new(),
            issued: None,
            wrong: None,
        });
    }
    listed
}
