//! This machine, as far as an operation needs it.

use std::path::PathBuf;

use crate::base::{PortalAddress, Timestamp, text};
use crate::host::env::Env;
use crate::host::made::{self, Made};
use crate::host::{clock, dirs, files, user_file::UserFile};
use crate::ops::closest::closest;
use crate::ops::failure::Failure;
use crate::store::cache::CredentialCache;
use crate::store::keyring::Keyring;
use crate::store::settings::{PortalSettings, Settings, SignInSettings};
use crate::store::sign_in::SignIns;
use crate::store::tokens::TokenStore;
use crate::store::usage::Usage;

/// Environment and directories. A directory is `None` where the machine has no place for it (no home).
#[derive(Debug, Clone)]
pub struct Machine {
    /// The environment.
    pub env: Env,
    /// Where the cache lies.
    pub cache_dir: Option<PathBuf>,
    /// Where the settings lie.
    pub config_dir: Option<PathBuf>,
    /// Where tokens, journal and locks lie.
    pub state_dir: Option<PathBuf>,
    /// Where the scripts of the shells lie.
    pub data_dir: Option<PathBuf>,
}

impl Machine {
    /// The machine this runs on.
    pub fn real() -> Self {
        let env = Env::real();
        Self {
            cache_dir: dirs::cache(&env),
            config_dir: dirs::config(&env),
            state_dir: dirs::state(&env),
            data_dir: dirs::data(&env),
            env,
        }
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        clock::now()
    }

    /// The credential cache, where there is a place for it.
    pub fn cache(&self) -> Option<CredentialCache> {
        self.cache_dir.as_deref().map(CredentialCache::below)
    }

    /// The token store, where there is a place for it.
    pub fn tokens(&self) -> Option<TokenStore> {
        self.state_dir
            .as_deref()
            .map(|dir| TokenStore::below(dir, self.cache_dir.as_deref(), Keyring::of(&self.env)))
    }

    /// How signing in stands, where there is a place for it.
    pub fn sign_ins(&self) -> Option<SignIns> {
        self.state_dir.as_deref().map(SignIns::below)
    }

    /// Which profiles are used most; nothing where nothing is known.
    pub fn usage(&self) -> Usage {
        self.state_dir.as_deref().map(Usage::load).unwrap_or_default()
    }

    /// Counts a use of a profile, where there is a place for it.
    pub fn count_use(&self, profile: &str) {
        let Some(dir) = &self.state_dir else { return };
        if let Err(error) = Usage::count(dir, profile, self.now()) {
            tracing::debug!(%error, "the use is not counted");
        }
    }

    /// What jitpass made outside of its own files; nothing where nothing is known.
    pub fn made(&self) -> Made {
        self.state_dir.as_deref().map(|dir| made::read(&made::record(dir))).unwrap_or_default()
    }

    /// What the settings say of signing in.
    pub fn sign_in_settings(&self) -> Result<SignInSettings, Failure> {
        match self.config_dir {
            Some(_) => self.settings()?.0.sign_in().map_err(|e| Failure::of(&e)),
            None => Ok(SignInSettings::default()),
        }
    }

    /// What the settings say of a portal, if anything.
    pub fn settings_of(&self, portal: &PortalAddress) -> Result<Option<PortalSettings>, Failure> {
        Ok(self.portals_if_any()?.into_iter().find(|known| known.address == *portal))
    }

    /// The directory of what must be remembered.
    pub fn need_state_dir(&self) -> Result<PathBuf, Failure> {
        self.state_dir.clone().ok_or_else(no_home)
    }

    /// The settings, and the file they were read from.
    pub fn settings(&self) -> Result<(Settings, UserFile), Failure> {
        let path = Settings::file(self.config_dir.as_deref().ok_or_else(no_home)?);
        let file = UserFile::read(&path).map_err(|e| Failure::of(&e))?;
        let text = std::str::from_utf8(file.content())
            .map_err(|e| Failure::new(format!("{} is not UTF-8 text", path.display())).because(&e))?;
        let settings = Settings::parse(&path, text)
            .map_err(|e| Failure::of(&e).hint(format!("mend {} or move it away", path.display())))?;
        Ok((settings, file))
    }

    /// The settings, where there is a place for them.
    pub fn settings_if_any(&self) -> Result<Option<Settings>, Failure> {
        self.config_dir.as_ref().map(|_| self.settings().map(|(settings, _)| settings)).transpose()
    }

    /// Every portal of the settings.
    pub fn portals(&self) -> Result<Vec<PortalSettings>, Failure> {
        self.settings()?.0.portals().map_err(|e| Failure::of(&e))
    }

    /// The same; none where there is no place for settings.
    pub fn portals_if_any(&self) -> Result<Vec<PortalSettings>, Failure> {
        if self.config_dir.is_some() { self.portals() } else { Ok(Vec::new()) }
    }

    /// The portal that a person means by a name from the settings, a host name, or an address.
    pub fn portal(&self, typed: &str) -> Result<(PortalAddress, Option<PortalSettings>), Failure> {
        let known = self.portals_if_any()?;
        if let Some(portal) = known.iter().find(|p| p.name.as_str().eq_ignore_ascii_case(typed)) {
            return Ok((portal.address.clone(), Some(portal.clone())));
        }
        let names: Vec<&str> = known.iter().map(|p| p.name.as_str()).collect();
        let is_word = !typed.contains(['.', ':', '/']);
        if let Some(near) = closest(typed, &names).filter(|_| is_word) {
            return Err(Failure::misuse(format!("no portal is called `{}`", text::one_line(typed, 60)))
                .hint(format!("did you mean `{near}`? For another portal, give its address: https://{typed}.duplocloud.net")));
        }
        let host = crate::base::PortalUrl::from_typed(typed).map_err(|e| {
            Failure::misuse(e.to_string())
                .hint("give an address such as `https://acme.duplocloud.net`, or its first word")
        })?;
        let settings = known.into_iter().find(|p| p.address.host == host);
        let address = settings.as_ref().map_or_else(|| PortalAddress::new(host, None), |s| s.address.clone());
        Ok((address, settings))
    }

    /// A path as people write it.
    pub fn shown(&self, path: &std::path::Path) -> String {
        dirs::tilde(&self.env, path)
    }

    /// Makes sure that things can be kept, and says why not.
    pub fn check_state_dir(&self) -> Result<(), Failure> {
        let dir = self.need_state_dir()?;
        files::create_private_dir(&dir).map_err(|e| {
            Failure::new(format!("cannot keep anything in {}", self.shown(&dir))).because(&e).hint(KEEPING)
        })
    }
}

/// What helps where nothing can be kept.
pub const KEEPING: &str = "make room, or make the directory writable; with a token in DUPLO_TOKEN and the portal in DUPLO_HOST nothing is kept";

fn no_home() -> Failure {
    Failure::new("there is no home directory to keep things in").hint("set HOME")
}
