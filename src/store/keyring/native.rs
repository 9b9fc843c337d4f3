//! The keyrings that the system itself offers: macOS Keychain and Windows Credential Manager.
//!
//! Through the stores of the keyring crate. What they do about prompts and sizes differs:
//!
//! - macOS may ask twice: to unlock the keychain, and whether this program may read an item that another build of
//!   it made (an item knows its maker by its signature). `SecKeychainSetUserInteractionAllowed` turns both into an
//!   error for the whole process, which is what `Asking::Nobody` does here. A helper of the system that asks on its
//!   own account is beyond our reach; the limit of the call then ends the wait.
//! - Windows never asks; its keyring is open while the person is signed in.
//! - Windows keeps at most 2560 bytes per item. A longer token is refused, so that the caller keeps it in its file:
//!   spread over several items it could be found half old and half new.

use keyring_core::api::CredentialStoreApi as _;
use keyring_core::{Entry, Error};

use super::turn::Turn;
use super::{Asking, KeyringError, SERVICE};
use crate::base::{Secret, text};
use crate::host::env::Env;

/// The one keyring of the person: it does not depend on the environment.
#[derive(Debug, Clone)]
pub(super) struct Place;

impl Place {
    pub(super) fn of(_env: &Env) -> Self {
        Self
    }

    pub(super) fn read(
        &self,
        account: &str,
        asking: Asking,
        _turn: &Turn,
    ) -> Result<Option<Secret>, KeyringError> {
        let _quiet = quiet(asking)?;
        match entry(account)?.get_secret() {
            Ok(bytes) => readable(bytes).map(Some),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refusal(&error)),
        }
    }

    pub(super) fn keep(
        &self,
        account: &str,
        label: &str,
        token: &Secret,
        asking: Asking,
        turn: &Turn,
    ) -> Result<(), KeyringError> {
        let _quiet = quiet(asking)?;
        let entry = entry(account)?;
        turn.goes_on()?;
        entry.set_secret(token.expose().as_bytes()).map_err(|error| refusal(&error))?;
        describe(&entry, account, label);
        Ok(())
    }

    pub(super) fn forget(&self, account: &str, asking: Asking, turn: &Turn) -> Result<(), KeyringError> {
        let _quiet = quiet(asking)?;
        let entry = entry(account)?;
        turn.goes_on()?;
        match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(refusal(&error)),
        }
    }
}

/// In Keychain Access it appears under our service, with the account beside it.
#[cfg(target_os = "macos")]
fn entry(account: &str) -> Result<Entry, KeyringError> {
    let store = apple_native_keyring_store::keychain::Store::new();
    store.and_then(|store| store.build(SERVICE, account, None)).map_err(|error| refusal(&error))
}

/// In Credential Manager it appears as `jitpass:ACCOUNT`, and stays on this machine (by default the store makes items
/// that a domain carries to every machine the person uses).
#[cfg(windows)]
fn entry(account: &str) -> Result<Entry, KeyringError> {
    let target = format!("{SERVICE}:{account}");
    let modifiers = std::collections::HashMap::from([("target", target.as_str()), ("persistence", "Local")]);
    let store = windows_native_keyring_store::Store::new();
    store.and_then(|store| store.build(SERVICE, account, Some(&modifiers))).map_err(|error| refusal(&error))
}

/// The store has no way to a label; service and account say the same.
#[cfg(target_os = "macos")]
fn describe(_entry: &Entry, _account: &str, _label: &str) {}

/// For people: the token is kept whether this succeeds or not.
#[cfg(windows)]
fn describe(entry: &Entry, account: &str, label: &str) {
    let attributes = std::collections::HashMap::from([("username", account), ("comment", label)]);
    if let Err(error) = entry.update_attributes(&attributes) {
        tracing::debug!("no label in the keyring: {error}");
    }
}

/// While this lives, prompts are off.
#[cfg(target_os = "macos")]
type Quiet = security_framework::os::macos::keychain::KeychainUserInteractionLock;

/// There are none to turn off.
#[cfg(windows)]
struct Quiet;

#[cfg(target_os = "macos")]
fn quiet(asking: Asking) -> Result<Option<Quiet>, KeyringError> {
    match asking {
        Asking::Person => Ok(None),
        Asking::Nobody => security_framework::os::macos::keychain::SecKeychain::disable_user_interaction()
            .map(Some)
            .map_err(|error| KeyringError::Failed { reason: text::one_line(&error.to_string(), 200) }),
    }
}

#[cfg(windows)]
#[expect(clippy::unnecessary_wraps, reason = "it has the shape of its twin")]
fn quiet(_asking: Asking) -> Result<Option<Quiet>, KeyringError> {
    Ok(None)
}

fn readable(bytes: Vec<u8>) -> Result<Secret, KeyringError> {
    String::from_utf8(bytes)
        .map(Secret::new)
        .map_err(|_| KeyringError::Failed { reason: "what it gave is no text".to_owned() })
}

/// Only the texts that the store writes itself: some of its errors carry the secret.
fn refusal(error: &Error) -> KeyringError {
    match error {
        Error::NoStorageAccess(cause) => {
            KeyringError::Absent { reason: text::one_line(&cause.to_string(), 200) }
        }
        Error::TooLong(_, most) => {
            KeyringError::Failed { reason: format!("it keeps {most} bytes at most, and the token is longer") }
        }
        Error::PlatformFailure(cause) if is_refusal_to_ask(cause.as_ref()) => KeyringError::Locked,
        _ => KeyringError::Failed { reason: text::one_line(&error.to_string(), 200) },
    }
}

/// Locked and nobody may be asked, or the person asked said no.
#[cfg(target_os = "macos")]
fn is_refusal_to_ask(cause: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    // errSecInteractionNotAllowed, errSecAuthFailed, errSecUserCanceled (SecBase.h).
    const CODES: [i32; 3] = [-25308, -25293, -128];
    cause.downcast_ref::<security_framework::base::Error>().is_some_and(|e| CODES.contains(&e.code()))
}

#[cfg(windows)]
fn is_refusal_to_ask(_cause: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    false
}
