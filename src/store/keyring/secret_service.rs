//! The Secret Service of a desktop session: GNOME Keyring, KDE Wallet, KeePassXC.
//!
//! Source: Secret Service API draft 0.2 (specifications.freedesktop.org/secret-service). Its prompts come in two
//! steps: a method answers with the path of a prompt, and only a second call shows it. So without a person nothing
//! is ever shown, not even by a service that wants to ask where no other does; the ready-made clients (the stores
//! of the keyring crate, the secret-service crate) make that second call without being asked.

use std::collections::HashMap;
use std::pin::Pin;

use futures_core::Stream;
use serde::de::DeserializeOwned;
use zbus::message::{Message, Type as MessageType};
use zbus::{Address, MatchRule, MessageStream, OwnedObjectPath, OwnedVariant, Type, Variant};

use super::bus::{self, Client};
use super::secrecy::{ALGORITHM, Half, Key};
use super::turn::Turn;
use super::{Asking, KeyringError, SERVICE};
use crate::base::Secret;
use crate::host::env::Env;

const NAME: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";
const SERVICE_INTERFACE: &str = "org.freedesktop.Secret.Service";
const COLLECTION_INTERFACE: &str = "org.freedesktop.Secret.Collection";
const ITEM_INTERFACE: &str = "org.freedesktop.Secret.Item";
const PROMPT_INTERFACE: &str = "org.freedesktop.Secret.Prompt";

/// The path that stands for none.
const NONE: &str = "/";

/// What libsecret calls a keyring that it has to make because there is none.
const NEW_COLLECTION: &str = "Default keyring";

/// A secret on the bus: session, vector, encrypted value, content type.
type WireSecret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

/// Where the service is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    addresses: Vec<Address>,
}

impl Place {
    pub(super) fn of(env: &Env) -> Self {
        Self { addresses: bus::addresses(env) }
    }

    pub(super) fn read(
        &self,
        account: &str,
        asking: Asking,
        turn: &Turn,
    ) -> Result<Option<Secret>, KeyringError> {
        self.visit(asking, turn, async |service| service.read(account).await)
    }

    pub(super) fn keep(
        &self,
        account: &str,
        label: &str,
        token: &Secret,
        asking: Asking,
        turn: &Turn,
    ) -> Result<(), KeyringError> {
        self.visit(asking, turn, async |service| service.keep(account, label, token).await)
    }

    pub(super) fn forget(&self, account: &str, asking: Asking, turn: &Turn) -> Result<(), KeyringError> {
        self.visit(asking, turn, async |service| service.forget(account).await)
    }

    fn visit<T>(
        &self,
        asking: Asking,
        turn: &Turn,
        work: impl AsyncFnOnce(&Service<'_>) -> Result<T, KeyringError>,
    ) -> Result<T, KeyringError> {
        zbus::block_on(async {
            let client = Client::connect(&self.addresses, NAME, turn.left()).await?;
            let service = Service { client, asking, turn };
            let done = work(&service).await;
            service.client.leave().await;
            done
        })
    }
}

/// One conversation with the service.
struct Service<'a> {
    client: Client,
    asking: Asking,
    turn: &'a Turn,
}

impl Service<'_> {
    async fn read(&self, account: &str) -> Result<Option<Secret>, KeyringError> {
        let Some(item) = self.find(account).await?.into_iter().next() else { return Ok(None) };
        let (session, key) = self.open_session().await?;
        let answer = self.client.call(&item, ITEM_INTERFACE, "GetSecret", &(&session,)).await?;
        let (_, vector, value, _): WireSecret = first(&answer)?;
        key.decrypt(&vector, &value).map(Some).ok_or_else(|| failed("it gave a secret that cannot be read"))
    }

    async fn keep(&self, account: &str, label: &str, token: &Secret) -> Result<(), KeyringError> {
        let present = self.find(account).await?.into_iter().next();
        let collection = if present.is_none() { Some(self.collection().await?) } else { None };
        let (session, key) = self.open_session().await?;
        let (vector, value) = key.encrypt(token).ok_or_else(no_randomness)?;
        let secret: WireSecret = (session, vector, value, "text/plain".to_owned());
        self.turn.goes_on()?;
        if let Some(item) = present {
            self.client.call(&item, ITEM_INTERFACE, "SetSecret", &(secret,)).await?;
        } else if let Some(collection) = collection {
            let attributes = HashMap::from([
                ("xdg:schema", "org.freedesktop.Secret.Generic"),
                ("service", SERVICE),
                ("account", account),
            ]);
            let properties = HashMap::from([
                ("org.freedesktop.Secret.Item.Label", Variant::from(label)),
                ("org.freedesktop.Secret.Item.Attributes", Variant::from(attributes)),
            ]);
            // In place of an equal one: another process may have made it since we looked.
            let body = (properties, secret, true);
            let answer = self.client.call(&collection, COLLECTION_INTERFACE, "CreateItem", &body).await?;
            self.made(&answer).await?;
        }
        Ok(())
    }

    async fn forget(&self, account: &str) -> Result<(), KeyringError> {
        for item in self.find(account).await? {
            self.turn.goes_on()?;
            let answer = self.client.call(&item, ITEM_INTERFACE, "Delete", &()).await?;
            let prompt: OwnedObjectPath = first(&answer)?;
            if prompt.as_str() != NONE {
                self.prompt(&prompt).await?;
            }
        }
        Ok(())
    }

    /// The unlocked items of an account: one, unless somebody copied it.
    async fn find(&self, account: &str) -> Result<Vec<OwnedObjectPath>, KeyringError> {
        let (unlocked, locked) = self.search(account).await?;
        if !unlocked.is_empty() {
            return Ok(unlocked);
        }
        if !locked.is_empty() {
            self.unlock(&locked).await?;
            return Ok(locked);
        }
        // Some show no items of a locked collection at all.
        match self.default_collection().await? {
            Some(collection) if self.is_locked(&collection).await? => {
                self.unlock(&[collection]).await?;
                Ok(self.search(account).await?.0)
            }
            _ => Ok(Vec::new()),
        }
    }

    async fn search(
        &self,
        account: &str,
    ) -> Result<(Vec<OwnedObjectPath>, Vec<OwnedObjectPath>), KeyringError> {
        let attributes = HashMap::from([("service", SERVICE), ("account", account)]);
        let answer = self.client.call(ROOT, SERVICE_INTERFACE, "SearchItems", &(attributes,)).await?;
        all(&answer)
    }

    /// Where new items go.
    async fn collection(&self) -> Result<OwnedObjectPath, KeyringError> {
        if let Some(collection) = self.default_collection().await? {
            return Ok(collection);
        }
        // Making one means choosing a password for it.
        if self.asking == Asking::Nobody {
            return Err(KeyringError::Absent { reason: "it was never set up".to_owned() });
        }
        self.turn.goes_on()?;
        let properties =
            HashMap::from([("org.freedesktop.Secret.Collection.Label", Variant::from(NEW_COLLECTION))]);
        let body = (properties, "default");
        let answer = self.client.call(ROOT, SERVICE_INTERFACE, "CreateCollection", &body).await?;
        self.made(&answer).await
    }

    async fn default_collection(&self) -> Result<Option<OwnedObjectPath>, KeyringError> {
        let answer = self.client.call(ROOT, SERVICE_INTERFACE, "ReadAlias", &("default",)).await?;
        let path: OwnedObjectPath = first(&answer)?;
        Ok(Some(path).filter(|path| path.as_str() != NONE))
    }

    async fn is_locked(&self, collection: &OwnedObjectPath) -> Result<bool, KeyringError> {
        let body = (COLLECTION_INTERFACE, "Locked");
        let answer = self.client.call(collection, "org.freedesktop.DBus.Properties", "Get", &body).await?;
        let value: OwnedVariant = first(&answer)?;
        bool::try_from(value).map_err(|_| unreadable())
    }

    /// Unlocks items or collections, if a person may be asked.
    async fn unlock(&self, what: &[OwnedObjectPath]) -> Result<(), KeyringError> {
        if self.asking == Asking::Nobody {
            return Err(KeyringError::Locked);
        }
        let answer = self.client.call(ROOT, SERVICE_INTERFACE, "Unlock", &(what,)).await?;
        let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) = all(&answer)?;
        if prompt.as_str() != NONE {
            self.prompt(&prompt).await?;
        }
        Ok(())
    }

    /// The object that a call made, after a prompt where it takes one.
    async fn made(&self, answer: &Message) -> Result<OwnedObjectPath, KeyringError> {
        let (path, prompt): (OwnedObjectPath, OwnedObjectPath) = all(answer)?;
        if prompt.as_str() == NONE {
            return Ok(path);
        }
        OwnedObjectPath::try_from(self.prompt(&prompt).await?).map_err(|_| unreadable())
    }

    /// Shows a prompt, if a person may be asked, and waits for what comes of it.
    async fn prompt(&self, prompt: &OwnedObjectPath) -> Result<OwnedVariant, KeyringError> {
        if self.asking == Asking::Nobody {
            return Err(KeyringError::Locked);
        }
        let rule = MatchRule::builder()
            .msg_type(MessageType::Signal)
            .interface(PROMPT_INTERFACE)
            .member("Completed")
            .path(prompt.as_str())
            .build()
            .map_err(|error| bus::refusal(&error))?;
        // Before it is shown: some are done at once.
        let mut signals = MessageStream::for_match_rule(rule, self.client.connection(), None)
            .await
            .map_err(|error| bus::refusal(&error))?;
        self.turn.goes_on()?;
        // No window of ours for it to stand before.
        self.client.call(prompt, PROMPT_INTERFACE, "Prompt", &("",)).await?;
        let signal = std::future::poll_fn(|context| Pin::new(&mut signals).poll_next(context)).await;
        let signal = signal.ok_or_else(unreadable)?.map_err(|error| bus::refusal(&error))?;
        let (dismissed, result): (bool, OwnedVariant) = all(&signal)?;
        if dismissed { Err(KeyringError::Locked) } else { Ok(result) }
    }

    /// Agrees on a key. The session ends with the connection.
    async fn open_session(&self) -> Result<(OwnedObjectPath, Key), KeyringError> {
        let half = Half::random().ok_or_else(no_randomness)?;
        let body = (ALGORITHM, Variant::from(half.public()));
        let answer = self.client.call(ROOT, SERVICE_INTERFACE, "OpenSession", &body).await?;
        let (theirs, session): (OwnedVariant, OwnedObjectPath) = all(&answer)?;
        let theirs = Vec::<u8>::try_from(theirs).map_err(|_| unreadable())?;
        Ok((session, half.agree(&theirs).ok_or_else(unreadable)?))
    }
}

/// The values of an answer.
fn all<T: DeserializeOwned + Type>(answer: &Message) -> Result<T, KeyringError> {
    answer.body().deserialize().map_err(|_| unreadable())
}

/// The one value of an answer.
fn first<T: DeserializeOwned + Type>(answer: &Message) -> Result<T, KeyringError> {
    all::<(T,)>(answer).map(|(value,)| value)
}

fn unreadable() -> KeyringError {
    failed("it answered something else than the Secret Service API says")
}

fn no_randomness() -> KeyringError {
    failed("the system gives no random numbers")
}

fn failed(reason: &str) -> KeyringError {
    KeyringError::Failed { reason: reason.to_owned() }
}
