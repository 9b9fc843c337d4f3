//! What is there to be taken over: read from the files of AWS, duploctl, Kubernetes; nothing asked of any portal.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::awsconfig::Document;
use crate::base::{PortalAddress, Secret, text};
use crate::host::env::names;
use crate::host::user_file::UserFile;
use crate::host::{dirs, others};
use crate::ops::change::ConfigFile;
use crate::ops::failure::Failure;
use crate::ops::import::select;
use crate::ops::machine::Machine;
use crate::ops::write;
use crate::plan::predecessor::{
    Call, Context, Contexts, Dropped, KubeUser, Meaning, Obstacle, PredecessorToken, Reading, Tool,
    kube_users,
};

/// In which file a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The shared config file.
    Config,
    /// The shared credentials file, whose lines beat those of the other, and which is never written.
    Credentials,
}

/// A line that one of the tools answers.
#[derive(Debug, Clone)]
pub struct Found {
    /// The profile.
    pub profile: String,
    /// The 1-based line.
    pub line: usize,
    /// In which file.
    pub place: Place,
    /// Which tool.
    pub tool: Tool,
    /// What it asks for, or why nobody can tell.
    pub meaning: Result<Meaning, Obstacle>,
    /// The file of the context that said some of it.
    pub context_file: Option<PathBuf>,
    /// What else there is to know of it.
    pub notes: Vec<String>,
}

/// A `credential_process` in the credentials file.
#[derive(Debug, Clone)]
pub struct CredentialsLine {
    /// The profile.
    pub profile: String,
    /// The 1-based line.
    pub line: usize,
    /// The 1-based line of the section's header.
    pub section: usize,
    /// The key as it is spelled there.
    pub key: String,
    /// Whether more lines belong to it.
    pub is_continued: bool,
}

/// A token in duploctl's configuration.
#[derive(Debug, Clone)]
pub struct OpenContext {
    /// The context.
    pub context: Context,
    /// The file.
    pub file: PathBuf,
}

/// All that was found.
#[derive(Debug, Clone)]
pub struct Survey {
    /// The shared config file.
    pub config: ConfigFile,
    /// The lines of the tools, in the order of the files.
    pub found: Vec<Found>,
    /// The credentials file and its lines that start a program.
    pub credentials: Option<(UserFile, Vec<CredentialsLine>)>,
    /// The profiles that ask without a token of their own, wanted or not, and which portal.
    without_token: Vec<(String, PortalAddress)>,
    /// The contexts of duploctl.
    pub contexts: Vec<OpenContext>,
    /// The users of kubeconfigs that call one of the tools, by file.
    pub kube: Vec<(PathBuf, Vec<KubeUser>)>,
    /// Files that could not be read, and why.
    pub unreadable: Vec<String>,
}

/// The most bytes of another program's file.
const LONGEST: u64 = 8 << 20;

/// Reads everything. `names` are the profiles that are wanted, by name or glob; all of them if there are none.
pub(super) fn survey(machine: &Machine, names: &[String]) -> Result<Survey, Failure> {
    let mut survey = Survey {
        config: ConfigFile::read(machine)?,
        found: Vec::new(),
        credentials: None,
        without_token: Vec::new(),
        contexts: Vec::new(),
        kube: Vec::new(),
        unreadable: Vec::new(),
    };
    let mut configs = DuploctlConfigs { machine, read: HashMap::new() };
    let of_config = lines(&survey.config.document);
    for (profile, line, value) in of_config {
        survey.found.extend(found(machine, &mut configs, profile, line, Place::Config, &value));
    }
    if let Some(path) = dirs::aws_credentials_file(&machine.env) {
        let file = UserFile::read(&path).map_err(|e| write::failure(machine, &path, &e))?;
        let document = Document::parse_credentials(file.content());
        for (profile, line, value) in lines(&document) {
            survey.found.extend(found(machine, &mut configs, profile, line, Place::Credentials, &value));
        }
        let lines = credentials_lines(&document);
        survey.credentials = (!lines.is_empty()).then_some((file, lines));
    }
    for Found { profile, meaning, .. } in &survey.found {
        if let Ok(Meaning { portal, token: PredecessorToken::None | PredecessorToken::Variable, .. }) =
            meaning
            && !survey.without_token.iter().any(|(known, _)| known == profile)
        {
            survey.without_token.push((profile.clone(), portal.clone()));
        }
    }
    if let Some(path) = dirs::duploctl_config(&machine.env).filter(|_| names.is_empty()) {
        configs.load(&path);
    }
    for (file, contexts) in configs.read {
        match contexts {
            Ok(contexts) => survey
                .contexts
                .extend(contexts.all.into_iter().map(|context| OpenContext { context, file: file.clone() })),
            Err(reason) => survey.unreadable.push(format!("{}: {reason}", machine.shown(&file))),
        }
    }
    survey.contexts.sort_by(|a, b| a.file.cmp(&b.file));
    survey.unreadable.sort();
    if !names.is_empty() {
        survey.retain(names)?;
        return Ok(survey);
    }
    for path in dirs::kubeconfigs(&machine.env) {
        let users = match others::read(&path, LONGEST) {
            Ok(Some(bytes)) => kube_users(&bytes).map_err(|e| e.to_string()),
            Ok(None) => continue,
            Err(error) => Err(error.to_string()),
        };
        match users {
            Ok(users) if users.is_empty() => {}
            Ok(users) => survey.kube.push((path, users)),
            Err(reason) => survey.unreadable.push(format!("{}: {reason}", machine.shown(&path))),
        }
    }
    Ok(survey)
}

impl Survey {
    /// The profiles that ask a portal without a token of their own.
    pub(super) fn without_token(&self, portal: &PortalAddress) -> Vec<String> {
        let of_it = self.without_token.iter().filter(|(_, of)| of == portal);
        of_it.map(|(profile, _)| profile.clone()).collect()
    }

    fn retain(&mut self, names: &[String]) -> Result<(), Failure> {
        let mut all: Vec<&str> = self.config.document.profile_names();
        all.extend(self.found.iter().map(|found| found.profile.as_str()));
        if let Some(none) =
            names.iter().find(|name| !all.iter().any(|profile| select::matches(name, profile)))
        {
            return Err(select::nothing(none, &all));
        }
        let is_wanted = |profile: &str| names.iter().any(|name| select::matches(name, profile));
        self.found.retain(|found| is_wanted(&found.profile));
        if let Some((_, lines)) = &mut self.credentials {
            lines.retain(|line| is_wanted(&line.profile));
        }
        let found = &self.found;
        self.contexts.retain(|open| found.iter().any(|found| found.is_of(open)));
        Ok(())
    }
}

/// The profiles of a document that start a program, each with the line and the value.
fn lines(document: &Document) -> Vec<(String, usize, String)> {
    let of_profile = |name: &str| {
        let profile = document.profile(name)?;
        let property = profile.property("credential_process")?;
        Some((name.to_owned(), property.line, property.value.clone()))
    };
    document.profile_names().into_iter().filter_map(of_profile).collect()
}

fn credentials_lines(document: &Document) -> Vec<CredentialsLine> {
    let mut lines = Vec::new();
    for section in document.sections() {
        for property in section.properties().filter(|property| property.folded_key() == "credential_process")
        {
            lines.push(CredentialsLine {
                profile: section.name().to_owned(),
                line: property.line,
                section: section.line(),
                is_continued: !property.continuation.is_empty(),
                key: property.key,
            });
        }
    }
    lines
}

fn found(
    machine: &Machine,
    configs: &mut DuploctlConfigs<'_>,
    profile: String,
    line: usize,
    place: Place,
    value: &str,
) -> Option<Found> {
    let (mut notes, tool, meaning, context_file) = match Reading::of_value(value) {
        Reading::Other => return None,
        Reading::Unclear(tool, why) => (Vec::new(), tool, Err(why), None),
        Reading::Call(mut call) => {
            let notes = surroundings(machine, &mut call);
            let file = if call.needs_context() { config_of(machine, &call) } else { None };
            (notes, call.tool, meaning(machine, configs, &call), file)
        }
    };
    if let Ok(meaning) = &meaning {
        notes.extend(meaning.dropped.iter().filter_map(Dropped::remark).map(str::to_owned));
        notes.extend(of_variable(machine, meaning));
        notes.extend(meaning.context.as_ref().map(|name| {
            format!(
                "what duploctl's context `{}` says now is what it says from now on",
                text::one_line(name, 60)
            )
        }));
    }
    notes.dedup();
    Some(Found { profile, line, place, tool, meaning, context_file, notes })
}

/// Takes what duploctl would find in variables, as far as the line leaves it open, and says so: other programs may be
/// started with other variables.
fn surroundings(machine: &Machine, call: &mut Call) -> Vec<String> {
    if call.tool != Tool::Duploctl || call.host.is_some() {
        return Vec::new();
    }
    let mut notes = Vec::new();
    let mut take = |slot: &mut Option<String>, variable: &str, what: &str| {
        if let Some(value) =
            machine.env.text(variable).filter(|value| slot.is_none() && !value.trim().is_empty())
        {
            *slot = Some(value.trim().to_owned());
            notes.push(format!("its {what} is the one that {variable} names now"));
        }
    };
    if call.context.is_none() {
        take(&mut call.context, names::DUPLO_CONTEXT, "context");
    }
    if call.context.is_none() {
        take(&mut call.host, names::DUPLO_HOST, "portal");
    }
    if !call.admin && call.tenant_id.is_none() && call.tenant.is_none() {
        take(&mut call.tenant_id, names::DUPLO_TENANT_ID, "tenant");
        if call.tenant_id.is_none() {
            take(&mut call.tenant, names::DUPLO_TENANT, "tenant");
        }
    }
    notes
}

fn meaning(machine: &Machine, configs: &mut DuploctlConfigs<'_>, call: &Call) -> Result<Meaning, Obstacle> {
    if !call.needs_context() {
        return call.meaning(None);
    }
    let path = config_of(machine, call).ok_or_else(|| {
        Obstacle::Context("there is no home directory for duploctl's configuration".to_owned())
    })?;
    let shown = machine.shown(&path);
    let contexts =
        configs.load(&path).as_ref().map_err(|why| Obstacle::Context(format!("{shown}: {why}")))?;
    let context = contexts.find(call.context.as_deref());
    let context = context.ok_or_else(|| match call.context.as_deref().or(contexts.current.as_deref()) {
        Some(name) => Obstacle::Context(format!("{shown} has no context `{}`", text::one_line(name, 60))),
        None => Obstacle::Context(format!("it names no portal, and {shown} no current context")),
    })?;
    call.meaning(Some(context))
}

/// The configuration that duploctl would read for this line.
fn config_of(machine: &Machine, call: &Call) -> Option<PathBuf> {
    let expanded = |path: &str| match path.strip_prefix("~/") {
        Some(rest) => dirs::home(&machine.env).map(|home| home.join(rest)),
        None => Some(PathBuf::from(path)),
    };
    match (&call.config_file, &call.home_dir) {
        (Some(file), _) => expanded(file),
        (None, Some(home)) => expanded(home).map(|home| home.join("config")),
        (None, None) => dirs::duploctl_config(&machine.env),
    }
}

/// Where the token came from a variable, jitpass wants to know whose it is.
fn of_variable(machine: &Machine, meaning: &Meaning) -> Option<String> {
    let is_sole = !meaning.interactive || meaning.tool == Tool::DuploJit;
    if meaning.token != PredecessorToken::Variable || !is_sole {
        return None;
    }
    let named = machine.env.text(names::DUPLO_HOST).and_then(|host| host.trim().parse().ok());
    (named.as_ref() != Some(&meaning.portal.host)).then(|| {
        format!(
            "it took any token in DUPLO_TOKEN; jitpass takes it only where DUPLO_HOST={} says whose it is, and else the one of `jitpass login`",
            meaning.portal.host
        )
    })
}

/// The configurations of duploctl, each read once.
struct DuploctlConfigs<'a> {
    machine: &'a Machine,
    read: HashMap<PathBuf, Result<Contexts, String>>,
}

impl DuploctlConfigs<'_> {
    fn load(&mut self, path: &Path) -> &Result<Contexts, String> {
        let machine = self.machine;
        self.read.entry(path.to_owned()).or_insert_with(|| match others::read(path, LONGEST) {
            Ok(Some(bytes)) => Contexts::parse(&bytes).map_err(|e| e.to_string()),
            Ok(None) => Ok(Contexts::default()),
            Err(error) => {
                tracing::debug!(path = machine.shown(path), %error, "not read");
                Err(error.to_string())
            }
        })
    }
}

impl Found {
    /// Whether the context said some of it. Two files may each have one of the same name.
    fn is_of(&self, open: &OpenContext) -> bool {
        let context = self.meaning.as_ref().ok().and_then(|meaning| meaning.context.as_deref());
        context == Some(open.context.name.as_str()) && self.context_file.as_ref() == Some(&open.file)
    }
}

impl OpenContext {
    /// Its token, where one lies there.
    pub fn token(&self) -> Option<&Secret> {
        self.context.token.as_ref()
    }
}
