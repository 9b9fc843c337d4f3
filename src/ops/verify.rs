//! Running a profile's own `credential_process` line as an SDK would, and asking AWS whose credentials came back.

use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::aws::{self, CallerIdentity, StsError};
use crate::awsconfig::{Document, command};
use crate::base::{Region, Secret, Timestamp};
use crate::host::env::names;
use crate::host::{dirs, process, user_file::UserFile};
use crate::net::Http;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;

/// A profile that answered.
#[derive(Debug, Clone)]
pub struct Verified {
    /// Until when its credential is good.
    pub expires: Timestamp,
    /// How long its process took to answer.
    pub took: Duration,
    /// Whose it is according to AWS, or why AWS did not say (which is no failure of the profile).
    pub identity: Result<CallerIdentity, String>,
}

/// As long as the Go SDK, the least patient that matters, waits for a credential process.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long AWS may take to answer: this is a courtesy at the end, not the work itself.
const STS_PATIENCE: Duration = Duration::from_secs(8);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wire {
    version: i64,
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    expiration: String,
}

/// Reads the config file anew and does what an SDK does with `profile`.
pub fn verify(machine: &Machine, profile: &str) -> Result<Verified, Failure> {
    let path =
        dirs::aws_config_file(&machine.env).ok_or_else(|| Failure::new("there is no AWS config file"))?;
    let file = UserFile::read(&path).map_err(|e| Failure::of(&e))?;
    let document = Document::parse(file.content());
    let entry = document
        .profile(profile)
        .ok_or_else(|| Failure::new(format!("{} has no profile `{profile}`", machine.shown(&path))))?;
    let line = entry.value("credential_process").ok_or_else(|| {
        Failure::new(format!("profile `{profile}` in {} has no `credential_process`", machine.shown(&path)))
    })?;
    let argv = command::split(line).map_err(|e| {
        Failure::new(format!("the `credential_process` of `{profile}` cannot be run")).because(&e)
    })?;
    let region = entry.value("region").and_then(|r| r.parse().ok());
    match run(machine, &argv, region.as_ref(), profile)? {
        // What AWS no longer accepts may still lie in the cache: once more without it.
        Outcome::Rejected(_) if is_jitpass(&argv) => {
            let fresh = [argv.as_slice(), &["--no-cache".to_owned()]].concat();
            run(machine, &fresh, region.as_ref(), profile)?
        }
        outcome => outcome,
    }
    .accepted(profile)
}

/// What came of a run.
enum Outcome {
    Verified(Verified),
    /// AWS does not accept what the process gave, for this reason.
    Rejected(String),
}

impl Outcome {
    fn accepted(self, profile: &str) -> Result<Verified, Failure> {
        match self {
            Self::Verified(verified) => Ok(verified),
            Self::Rejected(code) => Err(Failure::new(format!(
                "AWS does not accept the credential of profile `{profile}`: {code}"
            ))
            .hint("check this machine's clock, and AWS_ENDPOINT_URL_STS if it is set")),
        }
    }
}

fn is_jitpass(argv: &[String]) -> bool {
    argv.get(1).is_some_and(|command| command == "aws")
}

fn run(
    machine: &Machine,
    argv: &[String],
    region: Option<&Region>,
    profile: &str,
) -> Result<Outcome, Failure> {
    let started = Instant::now();
    let output = process::run(argv, PATIENCE).map_err(|e| {
        Failure::new(format!("the `credential_process` of `{profile}` did not run")).because(&e)
    })?;
    let took = started.elapsed();
    if !output.status.success() {
        let said = output.stderr.trim().strip_prefix("jitpass: ").unwrap_or(output.stderr.trim()).to_owned();
        return Err(Failure::new(format!("profile `{profile}` gets no credential: {said}")));
    }
    let wire: Wire = serde_json::from_str(output.stdout.expose()).map_err(|_| {
        Failure::new(format!(
            "the `credential_process` of `{profile}` printed something that is no credential"
        ))
    })?;
    let expires = wire.expiration.parse().ok().filter(|_| wire.version == 1);
    let expires = expires.ok_or_else(|| {
        Failure::new(format!(
            "the `credential_process` of `{profile}` printed something that SDKs do not accept"
        ))
    })?;
    let (secret, session) = (Secret::new(wire.secret_access_key), Secret::new(wire.session_token));
    let identity = match caller_identity(machine, region, &wire.access_key_id, &secret, &session) {
        Err(StsError::Rejected { code }) => return Ok(Outcome::Rejected(code)),
        other => other.map_err(|error| error.to_string()),
    };
    Ok(Outcome::Verified(Verified { expires, took, identity }))
}

fn caller_identity(
    machine: &Machine,
    region: Option<&Region>,
    access_key_id: &str,
    secret: &Secret,
    session: &Secret,
) -> Result<CallerIdentity, StsError> {
    // Any region of the usual partition knows credentials of that partition.
    let usual: Option<Region> = "us-east-1".parse().ok();
    let region = region.or(usual.as_ref()).ok_or(StsError::Malformed { status: 0 })?;
    let endpoint = machine
        .env
        .text(names::AWS_ENDPOINT_URL_STS)
        .or_else(|| machine.env.text(names::AWS_ENDPOINT_URL))
        .unwrap_or_else(|| aws::sts_endpoint(region));
    let http = Http::new()?;
    aws::caller_identity(
        &http,
        &endpoint,
        region,
        access_key_id,
        secret,
        session,
        Instant::now() + STS_PATIENCE,
    )
}
