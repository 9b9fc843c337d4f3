//! Profiles for programs. Names and words stay as they are; more may come. What is not known is `null`, so that every
//! name is there to be asked for. Secrets are left out.

use serde_json::{Value, json};

use super::words::{code, readers};
use crate::awsconfig::Disagreement;
use crate::base::{PortalName, PortalUrl};
use crate::cli::status::json::{of_credential, of_scope};
use crate::ops::issue::Request;
use crate::ops::profile::{File, Listed, OwnValue, Shown};
use crate::ops::status::Issued;
use crate::plan::{Place, Rival, Source};

/// One array, a profile each.
pub(super) fn list(profiles: &[Listed]) -> String {
    format!("{:#}\n", Value::Array(profiles.iter().map(of_listed).collect()))
}

/// One object.
pub(super) fn show(shown: &Shown) -> String {
    let mut all = of_profile(&Facts {
        name: &shown.name,
        request: shown.request.as_ref(),
        portal: shown.portal.as_ref(),
        kept_for: shown.kept_for.as_deref(),
        source: shown.source,
        rivals: &shown.rivals,
        issued: shown.issued.as_ref(),
        is_wrong: shown.wrong.is_some(),
    });
    let line = |line: &crate::ops::profile::SourceLine| json!({ "file": file(line.file), "line": line.line, "text": line.text });
    all["lines"] = shown.lines.iter().map(line).collect();
    all["command"] = json!(shown.command);
    let wrong = shown.wrong.as_ref().map(ToString::to_string);
    all["command_error"] = json!(shown.command_trouble.clone().or(wrong));
    let own = |one: &OwnValue| json!({ "key": one.key, "own": one.own, "wanted": one.wanted, "settled": one.is_settled });
    all["own"] = shown.own.iter().map(own).collect();
    all["disagreements"] = shown.disagreements.iter().map(of_disagreement).collect();
    format!("{all:#}\n")
}

/// What both say of a profile.
struct Facts<'a> {
    name: &'a str,
    request: Option<&'a Request>,
    portal: Option<&'a PortalName>,
    kept_for: Option<&'a str>,
    source: Source,
    rivals: &'a [Rival],
    issued: Option<&'a Issued>,
    is_wrong: bool,
}

fn of_listed(profile: &Listed) -> Value {
    let mut all = of_profile(&Facts {
        name: &profile.name,
        request: profile.request.as_ref(),
        portal: profile.portal.as_ref(),
        kept_for: profile.kept_for.as_deref(),
        source: profile.source,
        rivals: &profile.rivals,
        issued: profile.issued.as_ref(),
        is_wrong: profile.wrong.is_some(),
    });
    all["file"] = json!(if profile.is_in_credentials { "credentials" } else { "config" });
    all["line"] = json!(profile.line);
    all["region"] = json!(profile.region);
    all
}

fn of_profile(facts: &Facts<'_>) -> Value {
    let (scope, tenant) = facts.request.map(|request| of_scope(&request.scope)).unzip();
    let portal = facts.request.map(|request| &request.portal);
    // A source of our own has a name of its own.
    let source = if facts.request.is_some() || facts.is_wrong { "jitpass" } else { code(facts.source.kind) };
    json!({
        "name": facts.name,
        "managed": facts.kept_for.is_some(),
        "source": source,
        "portal": facts.portal.map(PortalName::as_str),
        "host": portal.map(|portal| portal.host.as_str()),
        "api_host": portal.and_then(|portal| portal.api_host.as_ref()).map(PortalUrl::as_str),
        "scope": scope,
        "tenant": tenant.flatten(),
        "beaten_by": facts.rivals.iter().map(of_rival).collect::<Vec<_>>(),
        "credential": facts.issued.map(of_credential),
    })
}

fn of_rival(rival: &Rival) -> Value {
    let (file, line, key) = match rival.source.place {
        Some(Place::Config { line, key }) => (Some("config"), Some(line), key),
        Some(Place::Credentials { line, key }) => (Some("credentials"), Some(line), key),
        Some(Place::Variable(name)) => (Some("environment"), None, Some(name)),
        None => (None, None, None),
    };
    json!({
        "source": code(rival.source.kind),
        "gives_credentials": rival.source.kind.gives(),
        "file": file,
        "line": line,
        "key": key,
        "readers": readers(rival.readers),
    })
}

fn of_disagreement((at, one): &(File, Disagreement)) -> Value {
    json!({
        "file": file(*at),
        "line": one.line,
        "what": one.anomaly.to_string(),
        "rejected_by": readers(one.rejects),
        "read_differently_by": readers(one.differs),
    })
}

fn file(file: File) -> &'static str {
    match file {
        File::Config => "config",
        File::Credentials => "credentials",
    }
}
