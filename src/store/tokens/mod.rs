//! Portal tokens: for each portal one private file, and the token in it or in the system's keyring.
//!
//! Each portal has a generation that grows when another person signs in, and when somebody signs out. A credential
//! is cached as one's own only while the generation it was issued with is current, so that nobody gets what was
//! issued to somebody else.
//!
//! 1. The file says who is signed in, which generation that is, and where the token lies.
//! 2. In the keyring the token is kept with its generation: what another home directory put there is not ours.
//! 3. Where there is no keyring, or it does not answer, the file holds the token itself.

mod standing;
mod wire;

pub use standing::{Kept, Lies, NoToken, Placed, Stamp, StoredToken, TokenPlace};

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::base::{PortalAddress, Secret};
use crate::credential::sha256_hex;
use crate::host::locks::{self, Lock, Locked};
use crate::host::{clock, files, random};
use crate::store::cache::CredentialCache;
use crate::store::keyring::{Asking, Keyring, KeyringError};
use crate::store::portal_facts::PortalFacts;
use crate::store::tokens::wire::{Gone, Wire};

/// How long a change of the store may be waited for: others hold it for some milliseconds, or while a keyring makes
/// up its mind.
const PATIENCE: Duration = Duration::from_secs(6);

/// How long a keyring may take while a program waits for credentials.
const KEYRING_PATIENCE: Duration = Duration::from_secs(2);

/// How long it may take while a person looks on, who may have to unlock it: less than a browser waits for an answer.
const UNLOCKING: Duration = Duration::from_secs(45);

/// The tokens of the person at this machine.
#[derive(Debug, Clone)]
pub struct TokenStore {
    root: PathBuf,
    cache_dir: Option<PathBuf>,
    keyring: Keyring,
    place: TokenPlace,
}

impl TokenStore {
    /// The store below jitpass's state directory. What was issued with its tokens lies below `cache_dir`.
    pub fn below(state_dir: &Path, cache_dir: Option<&Path>, keyring: Keyring) -> Self {
        Self {
            root: state_dir.join("tokens"),
            cache_dir: cache_dir.map(Path::to_owned),
            keyring,
            place: TokenPlace::default(),
        }
    }

    /// The same store, which keeps tokens in this place from now on. Those kept elsewhere are still found.
    #[must_use]
    pub fn keeping_in(self, place: TokenPlace) -> Self {
        Self { place, ..self }
    }

    /// The file of a portal.
    pub fn path(&self, portal: &PortalAddress) -> PathBuf {
        self.root.join(format!("{}.json", portal.key()))
    }

    /// The portals that somebody is or was signed in to.
    pub fn portals(&self) -> Vec<PortalAddress> {
        let files =
            files::list(&self.root).into_iter().filter(|f| f.extension().is_some_and(|e| e == "json"));
        let wires = files.filter_map(|file| Wire::read(&file));
        let address = |wire: Wire| {
            let api_host = wire.api_host.as_deref().map(str::parse).transpose().ok()?;
            Some(PortalAddress::new(wire.host.parse().ok()?, api_host))
        };
        wires.filter_map(address).collect()
    }

    /// What is known of a portal's token without touching it. `None` where nobody ever signed in.
    pub fn kept(&self, portal: &PortalAddress) -> Option<Kept> {
        let wire = self.read(portal)?;
        let lies = match (&wire.token, wire.in_keyring) {
            (Some(_), _) => Some(Lies::InFile),
            (None, true) => Some(Lies::InKeyring),
            (None, false) => None,
        };
        Some(Kept { person: wire.person, lies, is_ended: wire.gone == Some(Gone::Ended) })
    }

    /// The token kept for a portal. A file that others may read, or that cannot be understood, holds none.
    ///
    /// Between two people it holds none for a moment: then whoever signs in is waited for.
    pub fn find(&self, portal: &PortalAddress, asking: Asking) -> Result<StoredToken, NoToken> {
        let mut wire = self.read(portal).ok_or(NoToken::Never)?;
        if wire.gone == Some(Gone::Changing) {
            let _lock = self.lock(portal).map_err(|_| NoToken::Never)?;
            wire = self.read(portal).ok_or(NoToken::Never)?;
        }
        let token = match (wire.token.take(), wire.gone) {
            (Some(token), _) => token,
            (None, Some(Gone::SignedOut)) => return Err(NoToken::SignedOut),
            (None, Some(Gone::Ended)) => return Err(NoToken::Ended),
            (None, _) if wire.in_keyring => self.in_keyring(portal, &wire, asking)?,
            (None, _) => return Err(NoToken::Never),
        };
        Ok(StoredToken { token, person: wire.person, generation: wire.generation })
    }

    fn in_keyring(&self, portal: &PortalAddress, wire: &Wire, asking: Asking) -> Result<Secret, NoToken> {
        let unreadable = |reason: String| NoToken::Unreadable { reason };
        let kept = self
            .keyring
            .read(&account(portal, wire), asking, patience(asking))
            .map_err(|e| unreadable(format!("the keyring cannot be used: {e}")))?
            .ok_or_else(|| unreadable("the keyring no longer holds the token".to_owned()))?;
        match kept.expose().split_once(' ') {
            Some((of, token)) if of.parse() == Ok(wire.generation) => Ok(Secret::new(token)),
            _ => Err(unreadable("the keyring holds a token of another sign-in".to_owned())),
        }
    }

    /// What is known of who is signed in, to find out later whether that has changed.
    pub fn stamp(&self, portal: &PortalAddress) -> Stamp {
        Stamp::of(&self.read(portal).unwrap_or_default())
    }

    /// Keeps a token that was checked to belong to `person`. When somebody else was signed in before, or nobody can
    /// tell, everything issued to them is forgotten first. `None` when somebody signed in or out since `expected`: then
    /// nothing is kept.
    pub fn keep(
        &self,
        portal: &PortalAddress,
        token: &Secret,
        person: Option<&str>,
        asking: Asking,
        expected: Option<&Stamp>,
    ) -> io::Result<Option<Placed>> {
        let _lock = self.lock(portal)?;
        let before = self.read(portal).unwrap_or_default();
        if expected.is_some_and(|expected| *expected != Stamp::of(&before)) {
            return Ok(None);
        }
        let is_another = person.is_none_or(|person| before.person != person) || before.command.is_some();
        let generation = if is_another {
            self.begin_anew(portal, &before, Gone::Changing, "")?
        } else {
            before.generation
        };
        let mut after = before.successor(generation);
        person.unwrap_or_default().clone_into(&mut after.person);
        let error = self.put(portal, token, &mut after, asking)?;
        let lies = if after.in_keyring { Lies::InKeyring } else { Lies::InFile };
        self.write(portal, &mut after)?;
        if after.leftover && lies == Lies::InFile {
            // It would only confuse whoever looks there. Where that fails, signing out tries again.
            let _ = self.sweep_keyring(portal, &mut after, asking);
        }
        if let Some(cache) = self.cache() {
            cache.forget_own_failures(&portal.key());
        }
        Ok(Some(Placed { lies, generation, error }))
    }

    /// Puts the token where it belongs; gives why that is not the best place.
    fn put(
        &self,
        portal: &PortalAddress,
        token: &Secret,
        wire: &mut Wire,
        asking: Asking,
    ) -> io::Result<Option<KeyringError>> {
        let error = if self.place == TokenPlace::File {
            None
        } else {
            wire.account.get_or_insert_with(|| random::name()[..8].to_owned());
            let value = Secret::new(format!("{} {}", wire.generation, token.expose()));
            let label = format!("jitpass: token for {}", portal.host.authority());
            match self.keyring.keep(&account(portal, wire), &label, &value, asking, patience(asking)) {
                Ok(()) => {
                    (wire.in_keyring, wire.leftover) = (true, false);
                    return Ok(None);
                }
                Err(error) if self.place == TokenPlace::Keyring => {
                    return Err(io::Error::other(format!(
                        "the keyring cannot be used: {error}; `keep_token_in` in config.toml allows nothing else"
                    )));
                }
                Err(error) => {
                    // It may have been kept all the same.
                    wire.leftover |= error == KeyringError::Slow;
                    Some(error)
                }
            }
        };
        wire.token = Some(token.clone());
        Ok(error)
    }

    /// Removes what the keyring may still hold.
    fn sweep_keyring(&self, portal: &PortalAddress, wire: &mut Wire, asking: Asking) -> io::Result<()> {
        let forgotten = self.keyring.forget(&account(portal, wire), asking, patience(asking));
        forgotten.map_err(|error| io::Error::other(format!("the keyring cannot be used: {error}")))?;
        wire.leftover = false;
        self.write(portal, wire)
    }

    /// Forgets the token that the portal no longer accepts, unless there is a newer one already. What was issued with
    /// it stays: AWS still accepts it, and it is the same person's.
    pub fn end(&self, portal: &PortalAddress, token: &Secret) -> io::Result<()> {
        let _lock = self.lock(portal)?;
        let Some(wire) = self.read(portal) else { return Ok(()) };
        let is_it = match &wire.token {
            Some(kept) => kept == token,
            None if !wire.in_keyring => false,
            None => self.in_keyring(portal, &wire, Asking::Nobody).is_ok_and(|kept| kept == *token),
        };
        if !is_it {
            return Ok(());
        }
        let mut after = wire.successor(wire.generation);
        (after.person, after.gone) = (wire.person, Some(Gone::Ended));
        self.write(portal, &mut after)?;
        if after.leftover {
            let _ = self.sweep_keyring(portal, &mut after, Asking::Nobody);
        }
        Ok(())
    }

    /// Signs out: forgets the token and everything that was issued with it. Who it was stays known, so that the same
    /// person need not be asked whether they are somebody else when they come back. `false` where nobody was signed
    /// in.
    ///
    /// # Errors
    /// Also when the keyring may still hold the token: the next time tries again.
    pub fn forget(&self, portal: &PortalAddress, asking: Asking) -> io::Result<bool> {
        if !self.path(portal).exists() {
            return Ok(false);
        }
        let _lock = self.lock(portal)?;
        // Whatever is in a file that cannot be read, nothing of it stays.
        let read = self.read(portal);
        let is_readable = read.is_some();
        let before = read.unwrap_or_default();
        self.begin_anew(portal, &before, Gone::SignedOut, &before.person)?;
        if let Some(cache) = self.cache() {
            cache.forget_own_failures(&portal.key());
        }
        if let Some(mut after) = self.read(portal).filter(|after| after.leftover) {
            self.sweep_keyring(portal, &mut after, asking)?;
        }
        Ok(before.holds_something() || !is_readable)
    }

    /// The generation for a token that `token_command` gave. With another token than last time it may be another
    /// person: everything issued before is forgotten.
    pub fn generation_of_command(&self, portal: &PortalAddress, token: &Secret) -> io::Result<u64> {
        let hash = sha256_hex(token.expose().as_bytes());
        let is_known = |wire: &Wire| wire.command.as_deref() == Some(hash.as_str());
        if let Some(known) = self.read(portal).filter(is_known) {
            return Ok(known.generation);
        }
        let _lock = self.lock(portal)?;
        let before = self.read(portal).unwrap_or_default();
        if is_known(&before) {
            return Ok(before.generation);
        }
        let generation = self.begin_anew(portal, &before, Gone::Changing, "")?;
        let mut after = before.successor(generation);
        after.command = Some(hash);
        self.write(portal, &mut after)?;
        Ok(generation)
    }

    /// Makes a new generation visible, and then empties what belonged to the one before.
    fn begin_anew(&self, portal: &PortalAddress, before: &Wire, gone: Gone, person: &str) -> io::Result<u64> {
        // Never one that was in use before, even if the file was lost meanwhile.
        let now = u64::try_from(clock::now().seconds()).unwrap_or(0);
        let generation = (before.generation + 1).max(now);
        let mut after = before.successor(generation);
        (after.person, after.gone) = (person.to_owned(), Some(gone));
        self.write(portal, &mut after)?;
        if let Some(cache_dir) = &self.cache_dir {
            PortalFacts::forget_own(cache_dir, portal);
        }
        if let Some(cache) = self.cache() {
            cache.forget_own(&portal.key())?;
        }
        Ok(generation)
    }

    /// Does `store` only while `generation` is still the portal's: nobody signs in or out meanwhile.
    pub fn while_current<T>(
        &self,
        portal: &PortalAddress,
        generation: u64,
        store: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<Option<T>> {
        let _lock = self.lock(portal)?;
        if self.read(portal).is_some_and(|wire| wire.generation == generation) {
            store().map(Some)
        } else {
            Ok(None)
        }
    }

    fn cache(&self) -> Option<CredentialCache> {
        self.cache_dir.as_deref().map(CredentialCache::below)
    }

    fn lock(&self, portal: &PortalAddress) -> io::Result<Lock> {
        match Lock::acquire(&locks::beside(&self.path(portal)), Instant::now() + PATIENCE)? {
            Locked::Held(lock) => Ok(lock),
            Locked::Busy => {
                Err(io::Error::new(io::ErrorKind::TimedOut, "another jitpass keeps the token store busy"))
            }
        }
    }

    fn read(&self, portal: &PortalAddress) -> Option<Wire> {
        Wire::read(&self.path(portal))
    }

    fn write(&self, portal: &PortalAddress, wire: &mut Wire) -> io::Result<()> {
        portal.host.as_str().clone_into(&mut wire.host);
        wire.api_host = portal.api_host.as_ref().map(|host| host.as_str().to_owned());
        wire.write(&self.path(portal))
    }
}

/// The account of a portal's token in the keyring.
fn account(portal: &PortalAddress, wire: &Wire) -> String {
    match &wire.account {
        Some(own) => format!("{} {own}", portal.key()),
        None => portal.key(),
    }
}

fn patience(asking: Asking) -> Duration {
    clock::patience(match asking {
        Asking::Nobody => KEYRING_PATIENCE,
        Asking::Person => UNLOCKING,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::env::Env;

    fn portal() -> PortalAddress {
        PortalAddress::new("https://acme.duplocloud.net".parse().unwrap(), None)
    }

    fn store(dir: &Path) -> TokenStore {
        let keyring = Keyring::of(&Env::of([]));
        TokenStore::below(&dir.join("state"), Some(&dir.join("cache")), keyring).keeping_in(TokenPlace::File)
    }

    #[test]
    fn another_person_empties_what_was_issued_to_the_one_before() {
        let dir = tempfile::tempdir().unwrap();
        let (store, portal) = (store(dir.path()), portal());
        let issued = dir.path().join("cache/credentials/acme.duplocloud.net/self/admin");
        let keep = |token: &str, person: &str| {
            store.keep(&portal, &Secret::new(token), Some(person), Asking::Nobody, None).unwrap();
        };
        let find = || store.find(&portal, Asking::Nobody).unwrap();

        keep("SIMTOKEN-1", "pat@example.com");
        let first = find();
        assert_eq!((first.token.expose(), first.person.as_str()), ("SIMTOKEN-1", "pat@example.com"));
        files::write_private(&issued, b"x").unwrap();

        keep("SIMTOKEN-2", "pat@example.com");
        assert!(issued.exists());
        assert_eq!(find().generation, first.generation);

        keep("SIMTOKEN-3", "sam@example.com");
        assert!(!issued.exists());
        assert_eq!(store.while_current(&portal, first.generation, || Ok(())).unwrap(), None);
        let now = find().generation;
        assert_eq!(store.while_current(&portal, now, || Ok(())).unwrap(), Some(()));
    }

    #[test]
    fn what_ended_is_told_from_what_was_given_up() {
        let dir = tempfile::tempdir().unwrap();
        let (store, portal) = (store(dir.path()), portal());
        let why = || store.find(&portal, Asking::Nobody).map(|t| t.generation).unwrap_err();
        assert_eq!(why(), NoToken::Never);
        assert!(!store.forget(&portal, Asking::Nobody).unwrap());

        let token = Secret::new("SIMTOKEN-1");
        store.keep(&portal, &token, Some("pat@example.com"), Asking::Nobody, None).unwrap();
        let first = store.find(&portal, Asking::Nobody).unwrap().generation;
        store.end(&portal, &Secret::new("SIMTOKEN-older")).unwrap();
        assert!(store.find(&portal, Asking::Nobody).is_ok());
        store.end(&portal, &token).unwrap();
        assert_eq!(why(), NoToken::Ended);
        assert!(store.kept(&portal).unwrap().is_ended);

        // The same person comes back: nothing that was issued to them is lost.
        store
            .keep(&portal, &Secret::new("SIMTOKEN-2"), Some("pat@example.com"), Asking::Nobody, None)
            .unwrap();
        assert_eq!(store.find(&portal, Asking::Nobody).unwrap().generation, first);
        assert!(store.forget(&portal, Asking::Nobody).unwrap());
        assert_eq!(why(), NoToken::SignedOut);
        assert_eq!(store.kept(&portal).unwrap().person, "pat@example.com");
    }

    #[test]
    fn another_token_of_a_command_may_be_another_persons() {
        let dir = tempfile::tempdir().unwrap();
        let (store, portal) = (store(dir.path()), portal());
        let of = |token: &str| store.generation_of_command(&portal, &Secret::new(token)).unwrap();
        let first = of("SIMTOKEN-1");
        assert_eq!(of("SIMTOKEN-1"), first);
        assert!(of("SIMTOKEN-2") > first);
        let text = std::fs::read_to_string(store.path(&portal)).unwrap();
        assert!(!text.contains("SIMTOKEN"), "{text}");
    }
}
