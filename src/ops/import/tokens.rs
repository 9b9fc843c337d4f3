//! The tokens that were found: whose they are, which one is kept for each portal, and what that means for the lines
//! they stand on.
//!
//! One portal has one person here. Who is signed in stays; where nobody is, it is whoever the first good token belongs
//! to: lines of the config file first, then those of the credentials file, then duploctl's contexts, then what duplo-jit
//! kept of its last sign-in. A line with a token of somebody else stays as it is.
//!
//! Where profiles of the portal have no token of their own, nobody may become somebody else: a token on another line
//! may be a machine's. There the last sign-in of duplo-jit comes first, which is what these profiles asked with; and a
//! token that was found elsewhere is kept only when somebody said that they are its owner's.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::base::{PortalAddress, Scope, Secret, TenantRef};
use crate::credential::sha256_hex;
use crate::host::{dirs, files};
use crate::ops::acquaint;
use crate::ops::failure::FailureKind;
use crate::ops::import::Wish;
use crate::ops::import::survey::{Place, Survey};
use crate::ops::login;
use crate::ops::machine::Machine;
use crate::ops::token::{Token, TokenSource};
use crate::plan::predecessor::{Meaning, PredecessorToken};
use crate::portal::Person;
use crate::store::tokens::Stamp;

/// Where a token lay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lay {
    /// On the line of a profile.
    Line {
        /// In which file.
        place: Place,
        /// The profile.
        profile: String,
        /// The 1-based line.
        line: usize,
    },
    /// In a context of duploctl.
    Context {
        /// The file.
        file: std::path::PathBuf,
        /// The context.
        name: String,
    },
    /// In the cache of duplo-jit, which nobody else may read.
    DuploJit,
}

/// What a portal says of a token.
#[derive(Debug, Clone)]
enum Verdict {
    Belongs(Person),
    Rejected,
    /// Nobody can tell, for this reason.
    OutOfReach(String),
}

/// What portals said, so that none is asked twice for the same.
#[derive(Debug, Default)]
pub struct Verdicts {
    by_token: HashMap<(PortalAddress, String), Verdict>,
    out_of_reach: HashMap<PortalAddress, String>,
    tenants: HashMap<(PortalAddress, String), Option<HashSet<String>>>,
}

/// A token to be kept.
#[derive(Debug, Clone)]
pub struct Keep {
    /// For which portal.
    pub portal: PortalAddress,
    /// The token.
    pub(super) token: Secret,
    /// Whose it is.
    pub person: Person,
    /// Where it lay.
    pub lay: Lay,
    /// The profiles without a token of their own, which ask with it from then on.
    pub others: Vec<String>,
    /// Who was signed in when that was decided.
    pub(super) expected: Stamp,
}

/// What a token means for the line it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is the same person's as the one that is kept.
    Kept(String),
    /// The portal does not accept it any more, or it never was one.
    Dead,
    /// It is somebody else's than the person of this machine.
    Another {
        /// Whose it is.
        person: String,
        /// Whose the kept one is.
        holder: String,
    },
    /// Nobody is signed in, and with it these profiles would become this person's.
    Doubtful {
        /// Whose it is.
        person: String,
        /// The profiles without a token of their own.
        profiles: Vec<String>,
    },
    /// A `token_command` says whose token is used.
    Command,
    /// Nobody can tell whose it is.
    Unknown(String),
}

/// What becomes of the tokens.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// Those to be kept, one for a portal.
    pub keep: Vec<Keep>,
    /// How each token that was found stands.
    pub standing: Vec<(Lay, PortalAddress, Standing)>,
    /// The portals to which nobody is signed in, and nobody will be.
    pub nobody: Vec<PortalAddress>,
    /// The tenants that portals offer to those who will be signed in, by key and by id.
    offered: HashMap<PortalAddress, (String, HashSet<String>)>,
}

/// The person of a portal here.
enum Holder {
    Nobody,
    Person(String),
    Command,
}

/// Finds out whose the tokens are, and which are to be kept.
pub(super) fn judge(
    machine: &Machine,
    survey: &Survey,
    portals: &[PortalAddress],
    verdicts: &mut Verdicts,
    wish: &Wish,
) -> Tokens {
    let mut tokens = Tokens::default();
    for portal in portals {
        let mut holder = holder(machine, portal);
        let expected = machine.tokens().map(|store| store.stamp(portal)).filter(|_| !wish.offline);
        let others = survey.without_token(portal);
        if let Some(expected) = expected.clone().filter(|_| !others.is_empty()) {
            tokens.take_last_sign_in(machine, portal, verdicts, &mut holder, expected, &others);
        }
        for (lay, token) in lying_open(survey, portal) {
            let standing = match login::read_token(token.expose()) {
                Err(_) => Standing::Dead,
                Ok(_) if wish.offline => {
                    Standing::Unknown("nobody was asked whose it is (--offline)".to_owned())
                }
                Ok(token) => match (verdicts.of(portal, &token), &holder) {
                    (Verdict::Rejected, _) => Standing::Dead,
                    (Verdict::OutOfReach(reason), _) => Standing::Unknown(reason),
                    (Verdict::Belongs(_), Holder::Command) => Standing::Command,
                    (Verdict::Belongs(person), Holder::Person(holder))
                        if person.identity() != Some(holder.as_str()) =>
                    {
                        Standing::Another {
                            person: person.name(),
                            holder: crate::base::text::one_line(holder, 100),
                        }
                    }
                    (Verdict::Belongs(person), Holder::Person(_)) => Standing::Kept(person.name()),
                    (Verdict::Belongs(person), Holder::Nobody) => {
                        let name = person.name();
                        if !others.is_empty() && !wish.says_all_are_of(portal, &name) {
                            Standing::Doubtful { person: name, profiles: others.clone() }
                        } else if let Some(expected) = expected.clone() {
                            holder = Holder::Person(person.identity().unwrap_or_default().to_owned());
                            let (portal, lay, others) = (portal.clone(), lay.clone(), others.clone());
                            tokens.keep.push(Keep { portal, token, person, lay, others, expected });
                            Standing::Kept(name)
                        } else {
                            Standing::Unknown("there is no place to keep it in".to_owned())
                        }
                    }
                },
            };
            tokens.standing.push((lay, portal.clone(), standing));
        }
        if let Some(expected) = expected.filter(|_| others.is_empty()) {
            tokens.take_last_sign_in(machine, portal, verdicts, &mut holder, expected, &[]);
        }
        if let Holder::Nobody = holder {
            tokens.nobody.push(portal.clone());
        }
    }
    for keep in &tokens.keep {
        if let Some(offered) = verdicts.tenants(&keep.portal, &keep.token) {
            tokens.offered.insert(keep.portal.clone(), (keep.person.name(), offered));
        }
    }
    tokens
}

impl Tokens {
    /// That a profile opens a tenant which its portal does not offer, where the portal said.
    pub(super) fn not_offered(&self, meaning: &Meaning) -> Option<String> {
        let (person, offered) = self.offered.get(&meaning.portal)?;
        let Scope::Tenant(tenant) = &meaning.scope else { return None };
        let key = match tenant {
            TenantRef::Name(name) => name.key(),
            TenantRef::Id(id) => id.to_string(),
        };
        let host = meaning.portal.host.authority();
        (!offered.contains(&key)).then(|| format!("{host} offers {person} no tenant `{tenant}`"))
    }

    /// Where nobody is signed in, it is whoever was with duplo-jit.
    fn take_last_sign_in(
        &mut self,
        machine: &Machine,
        portal: &PortalAddress,
        verdicts: &mut Verdicts,
        holder: &mut Holder,
        expected: Stamp,
        others: &[String],
    ) {
        if let Holder::Nobody = holder
            && !has_signed_out(machine, portal)
            && let Some(token) = of_duplo_jit(machine, portal)
            && let Verdict::Belongs(person) = verdicts.of(portal, &token)
        {
            *holder = Holder::Person(person.identity().unwrap_or_default().to_owned());
            let (portal, others) = (portal.clone(), others.to_vec());
            self.keep.push(Keep { portal, token, person, lay: Lay::DuploJit, others, expected });
        }
    }

    /// How the token on a profile's line stands; `None` where none is on it.
    pub(super) fn of_line(&self, place: Place, profile: &str) -> Option<&Standing> {
        let is_it =
            |lay: &Lay| matches!(lay, Lay::Line { place: p, profile: n, .. } if *p == place && n == profile);
        self.standing.iter().find(|(lay, ..)| is_it(lay)).map(|(_, _, standing)| standing)
    }

    /// How the token of a context stands.
    pub(super) fn of_context(
        &self,
        context: &str,
        of_file: Option<&Path>,
        portal: &PortalAddress,
    ) -> Option<&Standing> {
        let is_it = |lay: &Lay| matches!(lay, Lay::Context { name, file } if name == context && Some(file.as_path()) == of_file);
        self.standing.iter().find(|(lay, of, _)| is_it(lay) && of == portal).map(|(_, _, standing)| standing)
    }
}

impl Verdicts {
    /// The tenants that a portal offers to a token's owner, by key and by id; `None` where it does not say.
    fn tenants(&mut self, portal: &PortalAddress, token: &Secret) -> Option<HashSet<String>> {
        let key = (portal.clone(), sha256_hex(token.expose().as_bytes()));
        let ask = || {
            let given = Token { secret: token.clone(), source: TokenSource::Given, generation: None };
            let list = acquaint::tenants(portal, &given).ok()?;
            Some(list.tenants.iter().flat_map(|t| [t.name.key(), t.id.to_string()]).collect())
        };
        self.tenants.entry(key).or_insert_with(ask).clone()
    }

    fn of(&mut self, portal: &PortalAddress, token: &Secret) -> Verdict {
        let key = (portal.clone(), sha256_hex(token.expose().as_bytes()));
        if let Some(known) = self.by_token.get(&key) {
            return known.clone();
        }
        if let Some(reason) = self.out_of_reach.get(portal) {
            return Verdict::OutOfReach(reason.clone());
        }
        let given = Token { secret: token.clone(), source: TokenSource::Given, generation: None };
        let verdict = match acquaint::person(portal, &given) {
            Ok(person) => Verdict::Belongs(person),
            Err(failure) if failure.kind == FailureKind::TokenRejected => Verdict::Rejected,
            Err(failure) => {
                self.out_of_reach.insert(portal.clone(), failure.message.clone());
                Verdict::OutOfReach(failure.message)
            }
        };
        self.by_token.insert(key, verdict.clone());
        verdict
    }
}

/// Who is signed in to a portal, as far as that can be told without asking a keyring.
fn holder(machine: &Machine, portal: &PortalAddress) -> Holder {
    let has_command =
        |portal| matches!(machine.settings_of(portal), Ok(Some(known)) if known.token_command.is_some());
    if has_command(portal) {
        return Holder::Command;
    }
    match machine.tokens().and_then(|tokens| tokens.kept(portal)) {
        Some(kept) if kept.lies.is_some() => Holder::Person(kept.person),
        _ => Holder::Nobody,
    }
}

/// Whoever signed out meant it.
fn has_signed_out(machine: &Machine, portal: &PortalAddress) -> bool {
    machine.tokens().and_then(|tokens| tokens.kept(portal)).is_some_and(|kept| kept.is_signed_out())
}

/// The tokens that lie open for a portal, in the order in which they are believed.
fn lying_open(survey: &Survey, portal: &PortalAddress) -> Vec<(Lay, Secret)> {
    let mut all = Vec::new();
    for found in &survey.found {
        let Ok(meaning) = &found.meaning else { continue };
        // The token of a context lies in the context.
        if let PredecessorToken::Clear(token) = &meaning.token
            && meaning.portal == *portal
            && meaning.context.is_none()
        {
            let (place, profile, line) = (found.place, found.profile.clone(), found.line);
            all.push((Lay::Line { place, profile, line }, token.clone()));
        }
    }
    let contexts = survey.contexts.iter().filter(|open| address(&open.context).as_ref() == Some(portal));
    let of_context = |open: &super::survey::OpenContext| {
        let lay = Lay::Context { file: open.file.clone(), name: open.context.name.clone() };
        Some((lay, open.token()?.clone()))
    };
    all.extend(contexts.filter_map(of_context));
    all
}

/// The portal of a context.
pub(super) fn address(context: &crate::plan::predecessor::Context) -> Option<PortalAddress> {
    // As duploctl takes it: without a path.
    let host = context.host.as_deref().filter(|host| host.contains("://"))?;
    Some(PortalAddress::new(crate::base::PortalUrl::from_typed(host).ok()?, None))
}

/// What duplo-jit kept of its last sign-in. Facts: the name of its file has neither port nor API host, so that the file
/// tells of such a portal nothing. A file that others may read or could have put there is left alone.
fn of_duplo_jit(machine: &Machine, portal: &PortalAddress) -> Option<Secret> {
    #[derive(serde::Deserialize)]
    struct Wire {
        #[serde(rename = "DuploToken")]
        token: String,
    }
    let host = &portal.host;
    if portal.api_host.is_some() || host.authority() != host.host() {
        return None;
    }
    let path = dirs::duplo_jit_cache(&machine.env)?.join(format!("{},duplo-creds.json", host.host()));
    match files::read_private(&path, 1 << 16) {
        Ok(bytes) => {
            let wire: Wire = serde_json::from_slice(&bytes).ok()?;
            login::read_token(&wire.token).ok()
        }
        Err(error) => {
            if error.kind() != std::io::ErrorKind::NotFound {
                tracing::debug!(path = machine.shown(&path), %error, "not taken over");
            }
            None
        }
    }
}
