//! The profiles that a shell may use, of both files. What one of them is, is looked up when it is wanted: somebody with
//! thousands of them waits for their shell.

use std::collections::HashSet;

use crate::awsconfig::Document;
use crate::host::dirs;
use crate::host::user_file::UserFile;
use crate::ops::change::ConfigFile;
use crate::ops::failure::Failure;
use crate::ops::issue::Request;
use crate::ops::machine::Machine;
use crate::ops::profile::WrongCommand;
use crate::ops::status::{Issued, ReadArguments, cached, request_of};

/// The profiles by name.
pub struct Candidates {
    config: ConfigFile,
    credentials: Document,
}

/// What is known of one.
#[derive(Debug)]
pub struct Candidate {
    /// Its name.
    pub name: String,
    /// Its region, as it stands there.
    pub region: Option<String>,
    /// What it asks of jitpass; `None` for one that does not ask it.
    pub request: Option<Request>,
    /// The credential that is cached for it.
    pub issued: Option<Issued>,
    /// Why its command, which runs jitpass, gives no credentials.
    pub wrong: Option<WrongCommand>,
}

impl Candidates {
    /// Reads both files. A credentials file that cannot be read has none.
    pub fn read(machine: &Machine) -> Result<Self, Failure> {
        let config = ConfigFile::read(machine)?;
        let path = dirs::aws_credentials_file(&machine.env);
        let file = path.and_then(|path| UserFile::read(&path).ok()).and_then(|file| file.bytes);
        Ok(Self { config, credentials: Document::parse_credentials(&file.unwrap_or_default()) })
    }

    /// Their names, those used most first. No shell could be given a name with control characters, and no terminal be
    /// shown it: these are left out.
    pub fn names(&self, machine: &Machine) -> Vec<&str> {
        let mut seen = HashSet::new();
        let all = self.config.document.profile_names().into_iter().chain(self.credentials.profile_names());
        let usable = |name: &&str| !name.is_empty() && !name.contains(char::is_control);
        let mut names: Vec<&str> = all.filter(usable).filter(|name| seen.insert(*name)).collect();
        let usage = machine.usage();
        usage.sort(&mut names, machine.now(), |name| name);
        names
    }

    /// One of them.
    pub fn of(&self, machine: &Machine, name: &str, read: ReadArguments<'_>) -> Candidate {
        let profile = self.config.document.profile(name);
        let region = |profile: &crate::awsconfig::Profile| profile.value("region").map(str::to_owned);
        let there = || self.credentials.profile(name).as_ref().and_then(region);
        let request = profile.as_ref().and_then(|profile| request_of(profile, read));
        let command = profile.as_ref().and_then(|profile| profile.value("credential_process"));
        Candidate {
            name: name.to_owned(),
            region: profile.as_ref().and_then(region).or_else(there),
            issued: request.as_ref().and_then(|request| cached(machine, request, machine.now())),
            wrong: command.filter(|_| request.is_none()).and_then(|command| WrongCommand::of(command, read)),
            request,
        }
    }
}
