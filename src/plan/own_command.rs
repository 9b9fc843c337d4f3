//! The command line by which a profile calls jitpass, read back.

use crate::awsconfig::command;
use crate::base::{PortalAddress, Scope};

/// What a profile's `credential_process` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCommand {
    /// Of which portal.
    pub address: PortalAddress,
    /// For which scope.
    pub scope: Scope,
    /// Whether it may open the browser.
    pub is_interactive: bool,
}

impl OwnCommand {
    /// Reads the value of `credential_process`. `None` for another program's, and for what a person made of ours that
    /// says more than these three things.
    pub fn read(value: &str) -> Option<Self> {
        Self::of_words(&command::arguments(value).ok()?)
    }

    fn of_words(words: &[String]) -> Option<Self> {
        let [program, subcommand, args @ ..] = words else { return None };
        if !command::is_jitpass(program) || subcommand != "aws" {
            return None;
        }
        let (mut host, mut api_host, mut tenant) = (None, None, None);
        let (mut admin, mut duplo_ops, mut is_interactive) = (false, false, false);
        let mut rest = args.iter();
        while let Some(word) = rest.next() {
            let (flag, mut given) = match word.split_once('=') {
                Some((flag, value)) => (flag, Some(value)),
                None => (word.as_str(), None),
            };
            let mut value = || given.take().or_else(|| rest.next().map(String::as_str));
            match flag {
                "--host" => host = Some(value()?.parse().ok()?),
                "--api-host" => api_host = Some(value()?.parse().ok()?),
                "--tenant" => tenant = Some(value()?.parse().ok()?),
                "--admin" => admin = true,
                "--duplo-ops" => duplo_ops = true,
                "--interactive" => is_interactive = true,
                _ => return None,
            }
            if given.is_some() {
                return None;
            }
        }
        let scope = Scope::choose(admin, duplo_ops, tenant)?;
        Some(Self { address: PortalAddress::new(host?, api_host), scope, is_interactive })
    }
}

#[cfg(test)]
#[cfg(not(windows))]
mod tests {
    use super::*;
    use crate::plan::{Entry, ProgramPath};

    #[test]
    fn what_is_written_is_read_back() {
        let id = "3b6ea1d2-7c4f-4a0e-9a55-0d1e2f3a4b5c";
        for (api_host, scope) in [
            (None, Scope::Admin),
            (Some("https://api.acme.net:8443"), Scope::DuploOps),
            (None, Scope::Tenant("dev01".parse().unwrap())),
            (None, Scope::Tenant(id.parse().unwrap())),
        ] {
            for is_interactive in [true, false] {
                let host = "https://acme.duplocloud.net".parse().unwrap();
                let address = PortalAddress::new(host, api_host.map(|a| a.parse().unwrap()));
                let entry = Entry {
                    program: &ProgramPath("/opt/My Tools/jitpass".into()),
                    address: &address,
                    scope: &scope,
                    is_interactive,
                    region: None,
                    keys: &[],
                    mark: None,
                };
                let value = entry.command().unwrap();
                let command = OwnCommand { address, scope: scope.clone(), is_interactive };
                assert_eq!(OwnCommand::read(value.as_str()), Some(command));
            }
        }
    }

    #[test]
    fn what_is_not_ours_is_not_read() {
        for value in [
            "/bin/duplo-jit aws --host https://acme.net --admin",
            "/bin/jitpass duplo --host https://acme.net",
            "/bin/jitpass aws --host https://acme.net",
            "/bin/jitpass aws --admin",
            "/bin/jitpass aws --host https://acme.net --admin --no-cache",
            "/bin/jitpass aws --host https://acme.net --admin=true",
            "/bin/jitpass aws --host https://acme.net --tenant",
            "/bin/jitpass aws --host 'https://acme.net --admin",
        ] {
            assert_eq!(OwnCommand::read(value), None, "{value}");
        }
        let equals = OwnCommand::read("jitpass aws --host=https://acme.net --tenant=DEV01").unwrap();
        assert_eq!(equals.scope.key(), "tenant-dev01");
    }
}
