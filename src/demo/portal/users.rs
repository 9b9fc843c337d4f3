//! Who may sign in, and the tokens they hold.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::dice;
use crate::base::Secret;

/// A kind of user. A scenario has at most one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserKind {
    /// An administrator, who may use every tenant.
    Admin,
    /// A user of the `dev` and `qa` tenants.
    Tenant,
    /// A user without tenants.
    None,
    /// A read-only user of the `dev` and `qa` tenants.
    ReadOnly,
    /// An administrator who is always asked for a code, whatever the scenario says of others.
    Mfa,
}

impl UserKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Admin, Self::Tenant, Self::None, Self::ReadOnly, Self::Mfa];

    /// The name used in scenarios, tokens and control calls.
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Tenant => "tenant",
            Self::None => "none",
            Self::ReadOnly => "read-only",
            Self::Mfa => "mfa",
        }
    }

    /// The e-mail address the portal knows them by: also the session name in AWS.
    pub fn email(self) -> &'static str {
        match self {
            Self::Admin => "ada@example.com",
            Self::Tenant => "pat@example.com",
            Self::None => "nina@example.com",
            Self::ReadOnly => "rory@example.com",
            Self::Mfa => "mia@example.com",
        }
    }

    /// Whether they have the role `Administrator`.
    pub fn is_admin(self) -> bool {
        matches!(self, Self::Admin | Self::Mfa)
    }

    /// Reads the name or the e-mail address.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name || kind.email() == name)
    }
}

/// What has become of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenState {
    /// It works.
    Live,
    /// Its time is over: 401 everywhere.
    Expired,
    /// Its owner signed out: 401 everywhere but at `v3/features/system`, which does not notice.
    LoggedOut,
}

/// Every token handed out so far. Each user has one from the start, as if made on the profile page; every sign-in
/// makes another.
#[derive(Debug)]
pub(super) struct Tokens {
    seed: u64,
    made: u64,
    known: BTreeMap<String, (UserKind, TokenState)>,
    first: BTreeMap<UserKind, String>,
}

impl Tokens {
    pub(super) fn new(seed: u64, users: &[UserKind]) -> Self {
        let mut tokens = Self { seed, made: 0, known: BTreeMap::new(), first: BTreeMap::new() };
        for &user in users {
            let token = tokens.issue(user);
            tokens.first.insert(user, token);
        }
        tokens
    }

    /// Makes a live token for a user.
    pub(super) fn issue(&mut self, user: UserKind) -> String {
        self.made += 1;
        let tail = dice::text(self.seed, "token", self.made, dice::BASE64URL, 96);
        let token = format!("SIMTOKEN-{}-{}-{tail}", user.name(), self.made);
        self.known.insert(token.clone(), (user, TokenState::Live));
        token
    }

    /// The token a user has from the start.
    pub(super) fn first(&self, user: UserKind) -> Option<Secret> {
        self.first.get(&user).map(Secret::new)
    }

    /// Whose a token is and what has become of it.
    pub(super) fn find(&self, token: &str) -> Option<(UserKind, TokenState)> {
        self.known.get(token).copied()
    }

    /// Changes every token of a user made so far.
    pub(super) fn set_state(&mut self, user: UserKind, state: TokenState) {
        self.known.values_mut().filter(|(owner, _)| *owner == user).for_each(|known| known.1 = state);
    }

    /// Whether that user exists here.
    pub(super) fn has(&self, user: UserKind) -> bool {
        self.first.contains_key(&user)
    }

    /// The users of this portal.
    pub(super) fn users(&self) -> impl Iterator<Item = UserKind> {
        self.first.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_say_whose_they_are_and_need_no_quoting() {
        let mut tokens = Tokens::new(1, &[UserKind::Admin, UserKind::Tenant]);
        let first = tokens.first(UserKind::Tenant).unwrap();
        assert!(first.expose().starts_with("SIMTOKEN-tenant-2-"));
        let next = tokens.issue(UserKind::Tenant);
        assert_ne!(first.expose(), next);
        assert!(next.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
        tokens.set_state(UserKind::Tenant, TokenState::Expired);
        assert_eq!(tokens.find(&next), Some((UserKind::Tenant, TokenState::Expired)));
        assert_eq!(tokens.find(tokens.first(UserKind::Admin).unwrap().expose()).unwrap().1, TokenState::Live);
        assert!(tokens.first(UserKind::Mfa).is_none());
    }

    #[test]
    fn json_and_names_agree() {
        for kind in UserKind::ALL {
            let read: UserKind = serde_json::from_value(kind.name().into()).unwrap();
            assert_eq!((read, UserKind::from_name(kind.name())), (kind, Some(kind)));
        }
    }
}
