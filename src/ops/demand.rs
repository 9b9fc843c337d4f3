//! From a portal's offer and a person's choices to the profiles that should be there.

use std::collections::{HashMap, HashSet};

use crate::awsconfig::command::CommandError;
use crate::awsconfig::{Key, Value};
use crate::base::{
    PortalAddress, PortalName, ProfileName, Region, Scope, TenantName, TenantPattern, TenantRef,
};
use crate::host::program;
use crate::ops::acquaint::Acquaintance;
use crate::ops::failure::Failure;
use crate::ops::issue::no_such_tenant;
use crate::ops::machine::Machine;
use crate::plan::{
    self, DEFAULT_TEMPLATE, EntryError, FIELDS, NameFields, ProgramPath, Template, TenantFilter, Wanted,
    WantedError, Wish, WishedTenant,
};
use crate::portal::Tenant;
use crate::store::settings::{PortalSettings, TenantChoice};

/// What a person chose.
#[derive(Debug, Clone)]
pub struct Choices {
    /// The portal's short name.
    pub name: PortalName,
    /// Which tenants.
    pub tenants: TenantChoice,
    /// Whether the tenants were named just now, so that one that is not there is a mistake. Those in the settings may
    /// have gone since.
    pub tenants_are_typed: bool,
    /// Which of these not.
    pub exclude: Vec<TenantPattern>,
    /// Whether administrators get a profile of their own. A choice for all who use these settings: whoever is none gets
    /// none, and the choice stays.
    pub admin: bool,
    /// One region for all, instead of each tenant's own.
    pub region: Option<Region>,
    /// Another template of profile names.
    pub profile_name: Option<String>,
    /// What else every profile says.
    pub keys: Vec<(Key, Value)>,
    /// The profile to give the name `default` to as well.
    pub default_profile: Option<ProfileName>,
}

impl Choices {
    /// What the settings say. Where they leave open whether administrators get a profile, one who is an administrator
    /// does; but where a token gets no administrator credentials, a profile for them would only fail.
    pub fn of_settings(known: &PortalSettings, portal: &Acquaintance) -> Self {
        Self {
            name: known.name.clone(),
            tenants: known.tenants.clone(),
            tenants_are_typed: false,
            exclude: known.exclude.clone(),
            admin: known.admin.unwrap_or(!portal.features.is_otp_needed),
            region: known.region.clone(),
            profile_name: known.profile_name.clone(),
            keys: known.keys.clone(),
            default_profile: None,
        }
    }
}

/// The profiles that should be there for one portal.
#[derive(Debug)]
pub struct Demand {
    /// The portal's short name.
    pub portal: PortalName,
    /// Where it is.
    pub address: PortalAddress,
    /// Who is signed in there; `None` where the portal does not say.
    pub person: Option<String>,
    /// Whether this person is an administrator.
    pub is_admin: bool,
    /// The profiles.
    pub wanted: Vec<Wanted>,
    /// The chosen tenants that the portal does not offer.
    pub gone: Vec<TenantName>,
    /// The tenants that the portal offers, chosen or not, by key and by id.
    offered: HashSet<String>,
    template: Template,
    portal_region: Option<Region>,
}

impl Demand {
    /// Works out what should be there.
    pub fn new(machine: &Machine, portal: &Acquaintance, choices: &Choices) -> Result<Self, Failure> {
        let template = template(choices.profile_name.as_deref())?;
        let (chosen, gone) = chosen_tenants(portal, choices)?;
        let program = program_path(machine)?;
        let portal_region = portal.features.region();
        let wish = Wish {
            portal: &choices.name,
            address: &portal.portal,
            program: &program,
            admin: choices.admin && portal.person.is_admin(),
            tenants: chosen
                .iter()
                .map(|tenant| WishedTenant {
                    name: &tenant.name,
                    id: &tenant.id,
                    plan: tenant.plan.as_ref(),
                    region: portal.region_of(tenant),
                    account_id: portal.account_ids.get(tenant.id.as_str()).map(String::as_str),
                })
                .collect(),
            portal_region: portal_region.as_ref(),
            region: choices.region.as_ref(),
            keys: &choices.keys,
        };
        let mut wanted = plan::wanted(&wish, &template).map_err(|e| unwanted(&e, &choices.name))?;
        if let Some(name) = &choices.default_profile {
            wanted.push(default_profile(&wanted, name)?);
        }
        let all = &portal.list.tenants;
        Ok(Self {
            portal: choices.name.clone(),
            address: portal.portal.clone(),
            person: portal.person.identity().map(str::to_owned),
            is_admin: portal.person.is_admin(),
            wanted,
            gone,
            offered: all.iter().flat_map(|t| [t.name.key(), t.id.to_string()]).collect(),
            template,
            portal_region,
        })
    }

    /// Whether the portal said nothing by which a profile could be known to be out of place.
    pub fn offers_no_tenant(&self) -> bool {
        self.offered.is_empty()
    }

    /// Whether the portal offers a scope to this person.
    pub fn is_offered(&self, scope: &Scope) -> bool {
        match scope {
            Scope::Admin => self.is_admin,
            Scope::DuploOps => true,
            Scope::Tenant(TenantRef::Name(name)) => self.offered.contains(&name.key()),
            Scope::Tenant(TenantRef::Id(id)) => self.offered.contains(id.as_str()),
        }
    }

    /// The name that the template gives to a scope of which nothing else is known.
    pub fn name_of(&self, scope: &Scope) -> Option<ProfileName> {
        let fields = NameFields {
            portal: &self.portal,
            scope,
            plan: None,
            region: self.portal_region.as_ref(),
            account_id: None,
        };
        self.template.name(fields).ok()
    }
}

/// Reads a template of profile names, the usual one where none was chosen.
pub fn template(chosen: Option<&str>) -> Result<Template, Failure> {
    Template::parse(chosen.unwrap_or(DEFAULT_TEMPLATE))
        .map_err(|e| Failure::misuse(e.to_string()).hint(format!("the fields are: {}", FIELDS.join(", "))))
}

/// Whether profile names need what only one request for each tenant tells.
pub fn wants_account_ids(chosen: Option<&str>) -> bool {
    template(chosen).is_ok_and(|template| template.names("account_id"))
}

/// The chosen tenants that are there, and those that are not.
fn chosen_tenants<'a>(
    portal: &'a Acquaintance,
    choices: &Choices,
) -> Result<(Vec<&'a Tenant>, Vec<TenantName>), Failure> {
    let all = &portal.list.tenants;
    let named = match &choices.tenants {
        TenantChoice::All => None,
        TenantChoice::Named(names) => Some(names.as_slice()),
    };
    let filter = TenantFilter::new(named, &choices.exclude);
    let mut chosen: Vec<&Tenant> = all.iter().filter(|tenant| filter.admits(&tenant.name)).collect();
    let known: HashMap<String, &Tenant> = all.iter().map(|t| (t.name.key(), t)).collect();
    let mut gone = Vec::new();
    for name in named.unwrap_or_default().iter().filter(|name| !name.is_open()) {
        if known.contains_key(&name.key()) {
            continue;
        }
        if choices.tenants_are_typed {
            let known: Vec<&str> = all.iter().map(|t| t.name.as_str()).collect();
            return Err(no_such_tenant(name.as_str(), &known, &portal.portal));
        }
        gone.extend(name.as_str().parse::<TenantName>());
    }
    if named.is_some() {
        chosen.sort_by_key(|t| t.name.key());
        chosen.dedup_by_key(|t| t.name.key());
    }
    Ok((chosen, gone))
}

/// The path under which profiles call jitpass: the one in the settings, where these fix it.
pub fn program_path(machine: &Machine) -> Result<ProgramPath, Failure> {
    if let Some(fixed) = machine.settings_if_any()?.and_then(|settings| settings.command().transpose()) {
        return fixed.map(ProgramPath).map_err(|e| Failure::of(&e));
    }
    let path = program::stable_path(&machine.env)
        .map_err(|e| Failure::new("the system does not tell where jitpass lies").because(&e))?;
    let text = path.to_str().ok_or_else(|| {
        Failure::new(format!("the path {} is not UTF-8 text", path.display()))
            .hint("install jitpass elsewhere")
    })?;
    Ok(ProgramPath(text.to_owned()))
}

/// Says why the profiles cannot be told.
fn unwanted(error: &WantedError, portal: &PortalName) -> Failure {
    let failure = Failure::of(error);
    match error {
        WantedError::Collision { .. } => failure.hint(format!(
            "choose another template, such as: jitpass portal edit {portal} --profile-name '{{{{ portal }}}}-{{{{ plan }}}}-{{{{ tenant }}}}'"
        )),
        WantedError::Naming(_) => failure.hint(format!(
            "choose another template: jitpass portal edit {portal} --profile-name TEMPLATE; or with --profile-name of setup"
        )),
        WantedError::Key { key, .. } => {
            failure.hint(format!("take it out: jitpass portal edit {portal} --unset {key}"))
        }
        WantedError::Entry(error) => unwritable(error),
    }
}

/// Says why no section can be written for a profile.
pub fn unwritable(error: &EntryError) -> Failure {
    let failure = Failure::of(error);
    match error {
        EntryError::Command(CommandError::Relative(_)) | EntryError::Value(_) => failure,
        EntryError::Command(_) => {
            failure.hint("install jitpass under a plain path, such as /usr/local/bin/jitpass")
        }
    }
}

fn default_profile(wanted: &[Wanted], name: &ProfileName) -> Result<Wanted, Failure> {
    let entry = wanted.iter().find(|w| w.name == *name).ok_or_else(|| {
        let names: Vec<&str> = wanted.iter().map(|w| w.name.as_str()).collect();
        Failure::misuse(format!("`{name}` is none of the profiles to be written"))
            .hint(format!("choose one of {}", crate::base::text::list(&names, 8)))
    })?;
    let default = "default".parse().map_err(|e: crate::base::NameError| Failure::of(&e))?;
    Ok(entry.renamed(default))
}
