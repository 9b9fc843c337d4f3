//! The cached answer: argv shape → cache file → stdout.
//!
//! `jitpass aws …` is called thousands of times a day, nearly always with an answer at hand. This road reads argv,
//! a handful of variables and one file, and writes one document: no clap, no settings, no lock, no thread, no
//! network. On anything unusual it declines, and the whole program speaks.
//!
//! 1. Is it `aws` with flags that mean the same here and there? ([`Request::read`])
//! 2. With whose token? An explicit one is known by its hash, a stored one as `self`.
//! 3. Is the cache file there, private, whole and fresh? Then its document goes to stdout.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use crate::base::{PortalAddress, PortalUrl, Region, Scope, Secret, TenantRef};
use crate::credential::{CredentialKey, Entry, Identity, explicit_token};
use crate::host::env::{Env, names};
use crate::host::{clock, dirs, terminal};
use crate::store::cache::CredentialCache;

/// Answers from the cache, or declines with `None` and has done nothing.
pub fn answer(args: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    let env = &Env::real();
    let key = Request::read(args)?.key(env);
    let cache = CredentialCache::below(&dirs::cache(env)?);
    let file = cache.read(&key).ok()?;
    let entry = Entry::parse(&file).ok()?;
    let now = clock::now();
    if !entry.is_fresh(now) {
        return None;
    }
    // A person who pipes into `jq -r .ConsoleUrl` needs a link that works; a program ignores it.
    if entry.console_is_stale(now) && terminal::is_typed_command() {
        return None;
    }
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(entry.answer(now)).and_then(|()| stdout.flush()) {
        // The caller may be gone: it has no use for an error.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let said = format!("jitpass: the credentials cannot be written to stdout: {error}\n");
            let _ = std::io::stderr().write_all(said.as_bytes());
            Some(ExitCode::FAILURE)
        }
        _ => Some(ExitCode::SUCCESS),
    }
}

/// A call of the credential process as far as the cache is concerned.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    /// Who is asked.
    pub portal: PortalAddress,
    /// For what.
    pub scope: Scope,
    /// For which region, if said.
    pub region: Option<Region>,
    /// With which explicit token, if given.
    pub token: Option<Secret>,
}

impl Request {
    /// Reads `jitpass aws …`. `None` for whatever clap might read otherwise or refuse: flags given twice, unknown
    /// ones, values that are not of their kind, `--no-cache`.
    pub fn read(args: impl Iterator<Item = OsString>) -> Option<Self> {
        let mut args = args.skip(1);
        if args.next()? != "aws" {
            return None;
        }
        let mut seen = Seen::default();
        while let Some(arg) = args.next() {
            let arg = arg.into_string().ok()?;
            let (flag, inline) = match arg.split_once('=') {
                Some((flag, value)) => (flag, Some(value.to_owned())),
                None => (arg.as_str(), None),
            };
            let switch = match flag {
                "--admin" => Some(&mut seen.admin),
                "--duplo-ops" => Some(&mut seen.duplo_ops),
                "--interactive" => Some(&mut seen.interactive),
                _ => None,
            };
            if let Some(switch) = switch {
                if inline.is_some() || std::mem::replace(switch, true) {
                    return None;
                }
                continue;
            }
            let slot = match flag {
                "--host" => &mut seen.host,
                "--api-host" => &mut seen.api_host,
                "--tenant" => &mut seen.tenant,
                "--region" => &mut seen.region,
                "--token" => &mut seen.token,
                "--port" => &mut seen.port,
                _ => return None,
            };
            let value = match inline {
                Some(value) => value,
                None => args.next()?.into_string().ok()?,
            };
            // A value that looks like a flag is one that somebody forgot.
            if value.is_empty() || value.starts_with('-') || slot.replace(value).is_some() {
                return None;
            }
        }
        seen.request()
    }

    /// Where the answer to it is cached.
    pub fn key(self, env: &Env) -> CredentialKey {
        let (token, host) = (env.text(names::DUPLO_TOKEN), env.text(names::DUPLO_HOST));
        let token = explicit_token(self.token, token, host.as_deref(), &self.portal.host);
        let identity = token.map_or(Identity::Own, |token| Identity::of_token(&token));
        CredentialKey { portal: self.portal, identity, scope: self.scope, region: self.region }
    }
}

#[derive(Default)]
struct Seen {
    admin: bool,
    duplo_ops: bool,
    interactive: bool,
    host: Option<String>,
    api_host: Option<String>,
    tenant: Option<String>,
    region: Option<String>,
    token: Option<String>,
    port: Option<String>,
}

impl Seen {
    fn request(self) -> Option<Request> {
        if let Some(port) = self.port {
            port.parse::<u16>().ok()?;
        }
        let host: PortalUrl = self.host?.parse().ok()?;
        let api_host: Option<PortalUrl> = given(self.api_host)?;
        let tenant: Option<TenantRef> = given(self.tenant)?;
        Some(Request {
            portal: PortalAddress::new(host, api_host),
            scope: Scope::choose(self.admin, self.duplo_ops, tenant)?,
            region: given(self.region)?,
            token: self.token.map(Secret::new),
        })
    }
}

/// `Some(None)` for what was not given, `None` for what was given and cannot be read.
fn given<T: std::str::FromStr>(text: Option<String>) -> Option<Option<T>> {
    text.map(|t| t.parse().ok()).map_or(Some(None), |read: Option<T>| read.map(Some))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<Request> {
        Request::read(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn reads_what_setup_writes() {
        let request =
            read("jitpass aws --host https://acme.duplocloud.net --tenant dev01 --interactive").unwrap();
        assert_eq!(request.portal.key(), "acme.duplocloud.net");
        assert_eq!(request.scope.key(), "tenant-dev01");
        let request =
            read("jitpass aws --host=https://acme.duplocloud.net --admin --region=us-west-2").unwrap();
        assert_eq!((request.scope.key().as_str(), request.region.unwrap().as_str()), ("admin", "us-west-2"));
    }

    #[test]
    fn declines_whatever_is_unusual() {
        for line in [
            "jitpass",
            "jitpass setup",
            "jitpass --debug aws --host https://a.net --admin",
            "jitpass aws --host https://a.net",
            "jitpass aws --admin",
            "jitpass aws --host a.net --admin",
            "jitpass aws --host http://a.net --admin",
            "jitpass aws --host https://a.net --admin --no-cache",
            "jitpass aws --host https://a.net --admin --help",
            "jitpass aws --host https://a.net --admin -h",
            "jitpass aws --host https://a.net --admin --admin",
            "jitpass aws --host https://a.net --host https://b.net --admin",
            "jitpass aws --host https://a.net --admin=true",
            "jitpass aws --host https://a.net --admin extra",
            "jitpass aws --host https://a.net --admin -- x",
            "jitpass aws --host https://a.net --tenant",
            "jitpass aws --host https://a.net --tenant --interactive",
            "jitpass aws --host https://a.net --tenant ../x",
            "jitpass aws --host https://a.net --tenant=",
            "jitpass aws --host https://a.net --admin --tenant ../x",
            "jitpass aws --host https://a.net --admin --region x",
            "jitpass aws --host https://a.net --admin --port x",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn the_key_names_whose_token_it_is() {
        let line = "jitpass aws --host https://acme.duplocloud.net --admin";
        let key = |env: &[(&str, &str)]| read(line).unwrap().key(&Env::of(env.iter().copied())).identity;
        assert_eq!(key(&[]), Identity::Own);
        assert_eq!(key(&[("DUPLO_TOKEN", "t")]), Identity::Own);
        assert_eq!(
            key(&[("DUPLO_TOKEN", "t"), ("DUPLO_HOST", "https://acme.duplocloud.net")]),
            Identity::of_token(&Secret::new("t"))
        );
    }
}
