//! What a command line says, literally: its flags, and the variables that duploctl takes in their place.

use crate::base::{Secret, text};
use crate::plan::predecessor::flags::{self, Given, Key};
use crate::plan::predecessor::script::{Arg, Unknown};
use crate::plan::predecessor::wrapper::Started;
use crate::plan::predecessor::{Dropped, Obstacle, PredecessorToken, Tool};

/// What a command line says, as text: nothing is checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The tool.
    pub tool: Tool,
    /// `--host`.
    pub host: Option<String>,
    /// `--api-host`.
    pub api_host: Option<String>,
    /// `--admin`.
    pub admin: bool,
    /// `--duplo-ops`.
    pub duplo_ops: bool,
    /// `--tenant`.
    pub tenant: Option<String>,
    /// `--tenant-id`.
    pub tenant_id: Option<String>,
    /// `--interactive`.
    pub interactive: bool,
    /// `--token`, or the variable that stands for it.
    pub token: PredecessorToken,
    /// `--port`.
    pub port: Option<u16>,
    /// `--region`, of jitpass's own lines.
    pub region: Option<String>,
    /// `--context`.
    pub context: Option<String>,
    /// `--config-file`.
    pub config_file: Option<String>,
    /// `--home-dir`.
    pub home_dir: Option<String>,
    /// Whether words follow that the tool does not read.
    pub stops: bool,
    /// What is left behind.
    pub dropped: Vec<Dropped>,
}

/// Variables that change nothing a credential depends on.
const HARMLESS: [&str; 12] = [
    "PATH",
    "LANG",
    "LC_ALL",
    "TERM",
    "NO_COLOR",
    "PYTHONWARNINGS",
    "PYTHONUNBUFFERED",
    "PYTHONDONTWRITEBYTECODE",
    "DUPLO_LOG_LEVEL",
    "DUPLO_AUTH_COOLDOWN",
    "DUPLO_JIT_AUTH_COOLDOWN",
    "DUPLO_CACHE",
];

/// Variables that duploctl takes in place of flags.
const DUPLOCTL_VARIABLES: [(&str, Key); 8] = [
    ("DUPLO_HOST", Key::Host),
    ("DUPLO_TOKEN", Key::Token),
    ("DUPLO_TENANT", Key::Tenant),
    ("DUPLO_TENANT_ID", Key::TenantId),
    ("DUPLO_CONTEXT", Key::Context),
    ("DUPLO_CONFIG", Key::ConfigFile),
    ("DUPLO_HOME", Key::HomeDir),
    ("DUPLO_BROWSER", Key::Browser),
];

/// Reads what a started tool was told.
pub(super) fn read(started: &Started) -> Result<Call, Obstacle> {
    let tool = started.tool.ok_or(Obstacle::Wrapped)?;
    let parsed = flags::parse(tool, &started.args)?;
    let mut call = Call {
        tool,
        host: None,
        api_host: None,
        admin: false,
        duplo_ops: false,
        tenant: None,
        tenant_id: None,
        interactive: false,
        token: PredecessorToken::None,
        port: None,
        region: None,
        context: None,
        config_file: None,
        home_dir: None,
        stops: parsed.stops,
        dropped: started.dropped.clone(),
    };
    if tool == Tool::Duploctl {
        call.token = PredecessorToken::Variable;
    }
    for (name, value) in &started.variables {
        let of_duploctl = DUPLOCTL_VARIABLES.iter().find(|(known, _)| known == name);
        match of_duploctl {
            Some((_, key)) if tool == Tool::Duploctl => call.take(name, *key, value)?,
            // The other tools read none of them; a script may, in their flags.
            Some(_) => {}
            None if HARMLESS.contains(&name.as_str()) => {}
            // In the words of the line, and nothing to the tool.
            None if !is_known_to_programs(name) => {}
            None => return Err(Obstacle::Sets(text::one_line(name, 40))),
        }
    }
    for Given { name, key, value, is_on } in &parsed.given {
        match key {
            Key::Admin => call.admin = *is_on,
            Key::DuploOps => call.duplo_ops = *is_on,
            Key::Interactive => call.interactive = *is_on,
            Key::NoCache if *is_on => call.dropped.push(Dropped::NoCache),
            Key::Switch if *is_on => call.dropped.push(Dropped::Diagnostics),
            Key::Version if *is_on => return Err(Obstacle::OtherTask(format!("{tool} --version"))),
            Key::NoCache | Key::Switch | Key::Version => {}
            key => call.take(name, *key, value)?,
        }
    }
    Ok(call)
}

/// Whether a variable means something to programs rather than to the script that sets it.
fn is_known_to_programs(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    upper.ends_with("_PROXY")
        || ["AWS_", "DUPLO", "SSL_", "REQUESTS_", "CURL_", "PYTHON", "XDG_", "HOME", "JITPASS"]
            .iter()
            .any(|start| upper.starts_with(start))
}

impl Call {
    fn take(&mut self, name: &str, key: Key, value: &Arg) -> Result<(), Obstacle> {
        if key == Key::Token {
            self.token = match &value.unknown {
                None if value.text.trim().is_empty() => PredecessorToken::None,
                None => PredecessorToken::Clear(Secret::new(value.text.trim())),
                Some(Unknown::Variable(variable)) if variable == "DUPLO_TOKEN" && value.text.is_empty() => {
                    PredecessorToken::Variable
                }
                Some(Unknown::Command) => return Err(Obstacle::TokenCommand),
                Some(Unknown::Variable(variable)) => return Err(from_variable(name, variable)),
            };
            return Ok(());
        }
        match &value.unknown {
            Some(Unknown::Variable(variable)) => return Err(from_variable(name, variable)),
            Some(Unknown::Command) => {
                return Err(Obstacle::FromCommand(format!("`{}`", text::one_line(name, 40))));
            }
            None => {}
        }
        let text = Some(value.text.trim().to_owned()).filter(|text| !text.is_empty());
        match key {
            Key::Host => self.host = text,
            Key::ApiHost => self.api_host = text,
            Key::Tenant => self.tenant = text,
            Key::TenantId => self.tenant_id = text,
            Key::Region => self.region = text,
            Key::Context => self.context = text,
            Key::ConfigFile => self.config_file = text,
            Key::HomeDir => self.home_dir = text,
            Key::Browser => self.dropped.push(Dropped::Browser),
            Key::Value => self.dropped.push(Dropped::OwnWays),
            Key::Port => {
                let port = value.text.parse::<u16>();
                let port = port.map_err(|_| Obstacle::refused(self.tool, format!("`{name}` is no port")))?;
                self.port = Some(port).filter(|port| *port > 0);
            }
            Key::Output if value.text == "json" => {}
            Key::Output => {
                return Err(Obstacle::Output(format!("`{name} {}`", text::one_line(&value.text, 20))));
            }
            Key::Query => {
                let keeps = ["AccessKeyId", "SecretAccessKey", "SessionToken"];
                if !keeps.iter().all(|key| value.text.contains(key)) {
                    return Err(Obstacle::Output(format!("`{name}`")));
                }
                self.dropped.push(Dropped::Reshaping);
            }
            Key::Token
            | Key::Admin
            | Key::DuploOps
            | Key::Interactive
            | Key::NoCache
            | Key::Switch
            | Key::Version => {}
        }
        Ok(())
    }
}

fn from_variable(flag: &str, variable: &str) -> Obstacle {
    Obstacle::FromVariable {
        flag: format!("`{}`", text::one_line(flag, 40)),
        variable: text::one_line(variable, 60),
    }
}
