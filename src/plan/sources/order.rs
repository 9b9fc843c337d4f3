//! The order in which each reader looks for a source in a profile.

use crate::awsconfig::Readers;
use crate::plan::sources::view::{PROCESS, Seen};
use crate::plan::sources::{Place, Source, SourceKind};

const ACCESS_KEY: &str = "aws_access_key_id";
const SECRET_KEY: &str = "aws_secret_access_key";
const ROLE: &str = "role_arn";
const SOURCE_PROFILE: &str = "source_profile";
const SOURCE: &str = "credential_source";
const WEB_IDENTITY: &str = "web_identity_token_file";
const LOGIN: &str = "login_session";

/// What the reader takes. (`reader` is one family.)
pub(super) fn source(reader: Readers, seen: &Seen) -> Source {
    let order = match reader {
        Readers::BOTOCORE => botocore,
        Readers::RUST => rust,
        Readers::JAVA => java,
        Readers::GO => go,
        _ => js,
    };
    let found = if seen.is_there() { order(seen) } else { None };
    let (kind, place) = found.map_or((SourceKind::Nothing, None), |(kind, place)| (kind, Some(place)));
    Source { kind, place }
}

type Found = Option<(SourceKind, Place)>;

/// `create_credential_resolver`: roles, web identity, IAM Identity Center, keys of the credentials file, `aws login`,
/// the process, keys of the config file.
fn botocore(seen: &Seen) -> Found {
    let web_identity = seen.has(WEB_IDENTITY);
    if let Some(role) = seen.has(ROLE).filter(|_| web_identity.is_none()) {
        return Some((on_behalf(seen), role));
    }
    if let Some(place) = web_identity {
        return Some((with_role(seen), place));
    }
    // A session alone is for tokens, not for credentials.
    if let Some(place) = seen.has("sso_account_id").or_else(|| seen.has("sso_role_name")) {
        return Some((SourceKind::Sso, place));
    }
    if let Some(place) = seen.in_credentials(ACCESS_KEY) {
        return Some((whole(seen.in_credentials(SECRET_KEY)), place));
    }
    if let Some(place) = seen.has(LOGIN) {
        return Some((SourceKind::Login, place));
    }
    if let Some(place) = seen.has(PROCESS) {
        return Some((SourceKind::Process, place));
    }
    seen.in_config(ACCESS_KEY).map(|place| (whole(seen.in_config(SECRET_KEY)), place))
}

/// `repr.rs`: roles, named sources, web identity, IAM Identity Center, `aws login`, the process, keys.
fn rust(seen: &Seen) -> Found {
    let web_identity = seen.has_even_empty(WEB_IDENTITY);
    if let Some(role) = seen.has_even_empty(ROLE).filter(|_| web_identity.is_none()) {
        return Some((on_behalf(seen), role));
    }
    if let Some(place) = seen.has_even_empty(SOURCE) {
        return Some((SourceKind::Named, place));
    }
    if let Some(place) = web_identity {
        return Some((with_role(seen), place));
    }
    if let Some(place) = any_sso(seen) {
        return Some((SourceKind::Sso, place));
    }
    if let Some(place) = seen.has_even_empty(LOGIN) {
        return Some((SourceKind::Login, place));
    }
    process_even_empty(seen).or_else(|| {
        let (key, secret) = (seen.has(ACCESS_KEY), seen.has(SECRET_KEY));
        key.or(secret).map(|place| (whole(key.and(secret)), place))
    })
}

/// `ProfileCredentialsUtils`: web identity, IAM Identity Center, roles, the process, keys.
fn java(seen: &Seen) -> Found {
    if let Some(place) = seen.has(WEB_IDENTITY).filter(|_| seen.has(ROLE).is_some()) {
        return Some((SourceKind::WebIdentity, place));
    }
    if let Some(place) = any_sso(seen) {
        return Some((SourceKind::Sso, place));
    }
    if let Some(role) = seen.has(ROLE).filter(|_| on_behalf(seen) != SourceKind::NoSource) {
        return Some((on_behalf(seen), role));
    }
    process_even_empty(seen)
        .or_else(|| seen.has(ACCESS_KEY).map(|place| (whole(seen.has(SECRET_KEY)), place)))
}

/// `resolveCredsFromProfile`, after checks of the profile as a whole: keys in pairs, one kind of source, a role for
/// what needs one.
fn go(seen: &Seen) -> Found {
    for file in [Seen::in_credentials, Seen::in_config] {
        let (key, secret) = (file(seen, ACCESS_KEY), file(seen, SECRET_KEY));
        if let (Some(place), None) | (None, Some(place)) = (key, secret) {
            return Some((SourceKind::HalfKeys, place));
        }
    }
    let others = [SOURCE_PROFILE, SOURCE, WEB_IDENTITY].map(|key| seen.has(key));
    if let Some(place) = others.into_iter().flatten().next() {
        let kinds = others.iter().flatten().count() + usize::from(seen.has(PROCESS).is_some());
        return Some(match seen.has(ROLE) {
            None => (SourceKind::NoRole, place),
            Some(_) if kinds > 1 => (SourceKind::Several, place),
            Some(_) if seen.has(WEB_IDENTITY).is_some() => (SourceKind::WebIdentity, place),
            Some(role) => (SourceKind::Role, role),
        });
    }
    // With whatever else is there, on its behalf.
    if let Some(role) = seen.has(ROLE) {
        return Some((SourceKind::Role, role));
    }
    if let Some(place) = seen.has(ACCESS_KEY) {
        return Some((SourceKind::Keys, place));
    }
    let sso = any_sso(seen).map(|place| (SourceKind::Sso, place));
    sso.or_else(|| seen.has(PROCESS).map(|place| (SourceKind::Process, place)))
}

/// `resolveProfileData`: roles, keys, web identity, the process, IAM Identity Center, `aws login`.
fn js(seen: &Seen) -> Found {
    if let Some(role) = seen.has(ROLE).filter(|_| on_behalf(seen) == SourceKind::Role) {
        return Some((SourceKind::Role, role));
    }
    if let Some(place) = seen.has(ACCESS_KEY).filter(|_| seen.has(SECRET_KEY).is_some()) {
        return Some((SourceKind::Keys, place));
    }
    if let Some(place) = seen.has(WEB_IDENTITY).filter(|_| seen.has(ROLE).is_some()) {
        return Some((SourceKind::WebIdentity, place));
    }
    if let Some(place) = seen.has(PROCESS) {
        return Some((SourceKind::Process, place));
    }
    let sso = any_sso(seen).map(|place| (SourceKind::Sso, place));
    sso.or_else(|| seen.has(LOGIN).map(|place| (SourceKind::Login, place)))
}

/// A role on behalf of another profile or of a service: exactly one of the two.
fn on_behalf(seen: &Seen) -> SourceKind {
    match (seen.has(SOURCE_PROFILE), seen.has(SOURCE)) {
        (Some(_), Some(_)) => SourceKind::Several,
        (None, None) => SourceKind::NoSource,
        _ => SourceKind::Role,
    }
}

fn with_role(seen: &Seen) -> SourceKind {
    if seen.has(ROLE).is_some() { SourceKind::WebIdentity } else { SourceKind::NoRole }
}

fn whole(other: Option<Place>) -> SourceKind {
    if other.is_some() { SourceKind::Keys } else { SourceKind::HalfKeys }
}

fn any_sso(seen: &Seen) -> Option<Place> {
    ["sso_session", "sso_start_url", "sso_account_id", "sso_role_name", "sso_region"]
        .into_iter()
        .find_map(|key| seen.has(key))
}

fn process_even_empty(seen: &Seen) -> Found {
    let kind = if seen.has(PROCESS).is_some() { SourceKind::Process } else { SourceKind::EmptyCommand };
    seen.has(PROCESS).or_else(|| seen.has_even_empty(PROCESS)).map(|place| (kind, place))
}
