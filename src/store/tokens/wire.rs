//! A portal's token file, as it is spelled.

use std::io;
use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::Secret;
use crate::host::files;

/// Why the file holds no token and names no keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Gone {
    /// Between two people.
    Changing,
    /// Given up.
    SignedOut,
    /// No longer accepted.
    Ended,
}

#[derive(Default, Serialize, Deserialize)]
pub(super) struct Wire {
    /// Whose file it is: its name is not to be taken apart.
    #[serde(default)]
    pub(super) host: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) api_host: Option<String>,
    pub(super) generation: u64,
    #[serde(default)]
    pub(super) person: String,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "write_token",
        deserialize_with = "read_token"
    )]
    pub(super) token: Option<Secret>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) in_keyring: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) gone: Option<Gone>,
    /// What makes the account in the keyring this file's own: another home directory may use the same keyring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<String>,
    /// Whether the keyring may still hold a token that nobody wants any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) leftover: bool,
    /// The SHA-256 of the token that `token_command` gave last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) command: Option<String>,
}

#[expect(clippy::ref_option, reason = "the shape that serde asks for")]
fn write_token<S: Serializer>(token: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    token.as_ref().map(Secret::expose).serialize(serializer)
}

fn read_token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(Secret::new))
}

impl Wire {
    /// What follows on this file: nobody signed in, and nothing lost sight of.
    pub(super) fn successor(&self, generation: u64) -> Self {
        let leftover = self.leftover || self.in_keyring;
        Self { generation, account: self.account.clone(), leftover, ..Self::default() }
    }

    /// Whether something of anybody's is kept.
    pub(super) fn holds_something(&self) -> bool {
        self.token.is_some() || self.in_keyring || self.leftover || self.command.is_some()
    }

    /// Reads a file; `None` for one that others may read, or that cannot be understood.
    pub(super) fn read(file: &Path) -> Option<Self> {
        let text = String::from_utf8(files::read_private(file, 64 * 1024).ok()?).ok().map(Secret::new)?;
        serde_json::from_str(text.expose()).ok()
    }

    /// Replaces a file.
    pub(super) fn write(&self, file: &Path) -> io::Result<()> {
        let text = Secret::new(serde_json::to_string(self)?);
        files::keep_private(file, text.expose().as_bytes())
    }
}
