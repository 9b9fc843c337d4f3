//! What is done with a token that a browser brings.
//!
//! The portal's protocol has no secret of ours in it, so any page in the world can send a browser here with a token of
//! its own, and the person would work as somebody else without noticing. So who it is decides: the same person as last
//! time is welcome; the first one when it is proven that the portal sent them; anybody else must say so on a page of
//! ours that names them. Two different tokens in one wait: somebody is lying, and the person says who.

use crate::base::Secret;

/// Who a token belongs to, as the portal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Someone {
    /// What tells them from others; `None` where the portal does not say.
    pub(super) identity: Option<String>,
    /// Their name, to be shown.
    pub(super) name: String,
}

/// A token that waits for its person, or is about to be kept.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    /// The token.
    pub(super) token: Secret,
    /// The one-time code that came with it.
    pub(super) code: Option<Secret>,
    /// Whose it is.
    pub(super) who: Someone,
    value: String,
}

/// What is done.
#[derive(Debug)]
pub(super) enum Verdict {
    /// The token is kept.
    Keep(Offer),
    /// The person is asked; this one-time value comes back with the click.
    Ask {
        /// Who it would be.
        name: String,
        /// Who it was.
        before: Option<String>,
        /// What the click brings.
        value: String,
    },
    /// Nothing: more tokens than anybody has.
    TooMany,
}

/// The offers of one wait.
pub(super) struct Desk {
    offers: Vec<Offer>,
    stop: Option<String>,
    new_value: fn() -> String,
}

/// More different tokens than one wait sees with honest people.
const MOST_OFFERS: usize = 16;

impl Desk {
    /// An empty desk. `new_value` makes up what nobody can guess.
    pub(super) fn new(new_value: fn() -> String) -> Self {
        Self { offers: Vec::new(), stop: None, new_value }
    }

    /// A token came, whose person is known. `last` is who signed in last; empty where nobody did, or nobody can tell.
    pub(super) fn delivered(
        &mut self,
        token: Secret,
        code: Option<Secret>,
        who: Someone,
        is_proven: bool,
        last: &str,
    ) -> Verdict {
        let last = Some(last).filter(|last| !last.is_empty());
        let is_alone = self.offers.iter().all(|offer| offer.token == token);
        let is_expected = match (last, who.identity.as_deref()) {
            (Some(last), Some(now)) => last == now,
            (None, Some(_)) => is_proven,
            // Nobody can tell whether it is the same person.
            (_, None) => false,
        };
        if self.offers.len() >= MOST_OFFERS {
            return Verdict::TooMany;
        }
        // The same token again, as when a page is reloaded, is the same offer.
        let known = self.offers.iter().position(|offer| offer.token == token);
        let known = known.map(|at| self.offers.remove(at));
        let code = code.or_else(|| known.as_ref().and_then(|offer| offer.code.clone()));
        let value = known.map_or_else(self.new_value, |offer| offer.value);
        let offer = Offer { token, code, who, value };
        if is_alone && is_expected {
            return Verdict::Keep(offer);
        }
        let before = last.filter(|last| offer.who.identity.as_deref() != Some(last)).map(str::to_owned);
        let verdict = Verdict::Ask { name: offer.who.name.clone(), before, value: offer.value.clone() };
        self.offers.push(offer);
        verdict
    }

    /// Asks whether to stop, when somebody who may be the portal said so. The value comes back with the click.
    pub(super) fn ask_to_stop(&mut self) -> String {
        self.stop.get_or_insert_with(self.new_value).clone()
    }

    /// The offer that a click was about. It is taken: a value is good for one click.
    pub(super) fn accepted(&mut self, value: &str) -> Option<Offer> {
        let at = self.offers.iter().position(|offer| offer.value == value)?;
        Some(self.offers.remove(at))
    }

    /// Takes an offer back that could not be kept just now.
    pub(super) fn put_back(&mut self, offer: Offer) {
        self.offers.push(offer);
    }

    /// Whether a click was the one that stops.
    pub(super) fn is_stop(&self, value: &str) -> bool {
        self.stop.as_deref() == Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk() -> Desk {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        Desk::new(|| NEXT.fetch_add(1, Ordering::Relaxed).to_string())
    }

    fn someone(name: &str) -> Someone {
        Someone { identity: Some(name.to_owned()).filter(|n| !n.is_empty()), name: name.to_owned() }
    }

    fn comes(desk: &mut Desk, token: &str, name: &str, is_proven: bool, last: &str) -> Option<String> {
        match desk.delivered(Secret::new(token), None, someone(name), is_proven, last) {
            Verdict::Keep(_) => None,
            Verdict::Ask { value, .. } => Some(value),
            Verdict::TooMany => Some("too many".to_owned()),
        }
    }

    #[test]
    fn who_is_asked() {
        for (name, last, person, is_proven, is_asked) in [
            ("the first, proven", "", "pat", true, false),
            ("the first, unproven", "", "pat", false, true),
            ("the same, proven", "pat", "pat", true, false),
            ("the same, unproven", "pat", "pat", false, false),
            ("another, proven", "pat", "sam", true, true),
            ("another, unproven", "pat", "sam", false, true),
            ("nameless, first", "", "", true, true),
            ("nameless, later", "pat", "", true, true),
        ] {
            assert_eq!(comes(&mut desk(), "t", person, is_proven, last).is_some(), is_asked, "{name}");
        }
    }

    #[test]
    fn of_two_tokens_none_is_kept_without_a_click() {
        let mut desk = desk();
        let first = comes(&mut desk, "attacker's", "mallory", false, "pat").unwrap();
        let second = comes(&mut desk, "own", "pat", true, "pat").unwrap();
        assert_ne!(first, second);
        // Delivered twice, asked once.
        assert_eq!(comes(&mut desk, "own", "pat", true, "pat"), Some(second.clone()));
        assert!(desk.accepted("made up").is_none());
        let offer = desk.accepted(&second).unwrap();
        assert_eq!((offer.token.expose(), offer.who.name.as_str()), ("own", "pat"));
        assert!(desk.accepted(&second).is_none());
    }

    #[test]
    fn the_same_token_again_is_the_same_offer_and_keeps_its_code() {
        let mut desk = desk();
        let code = Some(Secret::new("123456"));
        let Verdict::Ask { value, before, .. } =
            desk.delivered(Secret::new("t"), code, someone("pat"), false, "")
        else {
            panic!("asked")
        };
        assert_eq!(before, None);
        assert_eq!(comes(&mut desk, "t", "pat", false, "").as_ref(), Some(&value));
        assert_eq!(desk.accepted(&value).unwrap().code.unwrap().expose(), "123456");
    }

    #[test]
    fn stopping_takes_its_own_click() {
        let mut desk = desk();
        assert!(!desk.is_stop(""));
        let value = desk.ask_to_stop();
        assert_eq!(desk.ask_to_stop(), value);
        assert!(desk.is_stop(&value) && desk.accepted(&value).is_none());
        for n in 0..100 {
            comes(&mut desk, &n.to_string(), "mallory", false, "");
        }
        assert_eq!(comes(&mut desk, "one more", "mallory", false, "").as_deref(), Some("too many"));
    }
}
