//! Keeping a token that a person gives.

use crate::base::{PortalAddress, Secret};
use crate::ops::acquaint;
use crate::ops::failure::Failure;
use crate::ops::journaling;
use crate::ops::machine::Machine;
use crate::ops::token::{Token, TokenSource};
use crate::portal::Person;
use crate::portal::sign_in::pasted_address;
use crate::store::keyring::{Asking, Keyring, KeyringError};
use crate::store::sign_in::Record;
use crate::store::tokens::{Lies, Placed, Stamp, TokenPlace, TokenStore};

/// Shorter is no token of any portal, and longer neither; those seen have several hundred characters.
const SHORTEST_TOKEN: usize = 8;
const LONGEST_TOKEN: usize = 16_384;

/// Cleans a pasted token: terminals and chat programs wrap lines, people copy quotes and `Bearer` along.
///
/// # Errors
/// When nothing is left, or something that cannot be a token.
pub fn read_token(pasted: &str) -> Result<Secret, Failure> {
    // What terminals put around pasted text.
    let bare = pasted.replace("\u{1b}[200~", "").replace("\u{1b}[201~", "");
    let unquoted = |word: &'_ str| word.trim_matches(['"', '\'', '`']).to_owned();
    let words = |line: &str| -> Vec<String> {
        let words = line.split_whitespace().map(unquoted);
        words.filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("bearer")).collect()
    };
    let lines: Vec<Vec<String>> = bare.lines().map(words).collect();
    // A token is wrapped at line ends; several words on a line are something else, which is nobody's business.
    let is_one_a_line = lines.iter().all(|words| words.len() <= 1);
    let bare: String = lines.into_iter().flatten().collect();
    let wherefrom = "in the portal: Profile → Temporary API Token";
    if bare.is_empty() {
        return Err(Failure::misuse("no token was given").hint(wherefrom));
    }
    let is_address =
        ["http:", "https:", "127.0.0.1", "localhost", "[::1]"].iter().any(|s| bare.starts_with(s));
    if is_address {
        return Err(Failure::misuse("that address has no token in it")
            .hint("copy the address of the page at which the browser ended after you pressed Authorize"));
    }
    // RFC 6750, 2.1: what a bearer token consists of.
    let is_of_token = |b: u8| b.is_ascii_alphanumeric() || b"-_.~+/=".contains(&b);
    let is_token = is_one_a_line && (SHORTEST_TOKEN..=LONGEST_TOKEN).contains(&bare.len());
    if !is_token || !bare.bytes().all(is_of_token) {
        return Err(Failure::misuse(
            "that is not a token: a token is one line of letters, digits and `- _ . ~ + / =`",
        )
        .hint(wherefrom));
    }
    Ok(Secret::new(bare))
}

/// What somebody pasted: a token, or the address of ours at which the browser ended, with one in it.
#[derive(Debug)]
pub struct Pasted {
    /// The token.
    pub token: Secret,
    /// The one-time code that came with it.
    pub code: Option<Secret>,
}

/// Reads what somebody pasted.
///
/// # Errors
/// As for [`read_token`].
pub fn read_pasted(pasted: &str) -> Result<Pasted, Failure> {
    match pasted_address(pasted) {
        Some((token, code)) => Ok(Pasted { token, code }),
        None => read_token(pasted).map(|token| Pasted { token, code: None }),
    }
}

/// A token that was kept.
#[derive(Debug, Clone)]
pub struct KeptToken {
    /// Whose it is.
    pub person: String,
    /// Where it lies.
    pub lies: Lies,
    /// The generation it belongs to.
    pub generation: u64,
    /// Why that is not the place where it was to lie.
    pub note: Option<String>,
}

/// Checks whose token it is, and keeps it for that portal.
pub fn sign_in(machine: &Machine, portal: &PortalAddress, token: &Secret) -> Result<KeptToken, Failure> {
    let kept = take(machine, portal, token)?;
    end_wait(machine, portal);
    Ok(kept)
}

/// The same, with something still to be done before those who wait may go on. ([`end_wait`])
pub fn take(machine: &Machine, portal: &PortalAddress, token: &Secret) -> Result<KeptToken, Failure> {
    machine.check_state_dir()?;
    let given = Token { secret: token.clone(), source: TokenSource::Given, generation: None };
    let person = acquaint::person(portal, &given)?;
    keep(machine, portal, token, &person, Asking::Person, None)?
        .ok_or_else(|| Failure::new("somebody else signed in at the same moment"))
}

/// A person has signed in, and not by the wait that may be open: it is not needed any more, and programs may bother
/// people again.
pub fn end_wait(machine: &Machine, portal: &PortalAddress) {
    let end = |record: &mut Record| {
        record.somebody_acted();
        record.call_off();
    };
    if let Some(sign_ins) = machine.sign_ins()
        && let Err(error) = sign_ins.change_known(portal, end)
    {
        tracing::debug!(%error, "programs are not told");
    }
}

/// Keeps a token that was checked to belong to `person`. `None` when somebody signed in or out since `expected`.
pub fn keep(
    machine: &Machine,
    portal: &PortalAddress,
    token: &Secret,
    person: &Person,
    asking: Asking,
    expected: Option<&Stamp>,
) -> Result<Option<KeptToken>, Failure> {
    let place = machine.sign_in_settings()?.place;
    let state_dir = machine.need_state_dir()?;
    let keyring = Keyring::of(&machine.env);
    let store = TokenStore::below(&state_dir, machine.cache_dir.as_deref(), keyring).keeping_in(place);
    let placed = store.keep(portal, token, person.identity(), asking, expected).map_err(|error| {
        let place = if place == TokenPlace::Keyring {
            String::new()
        } else {
            format!(" in {}", machine.shown(&store.path(portal)))
        };
        Failure::new(format!("the token cannot be kept{place}")).because(&error)
    })?;
    Ok(placed.map(|Placed { lies, generation, error }| {
        // Where there never was a keyring, nobody misses it.
        let error = error.filter(|e| !matches!(e, KeyringError::Absent { .. }));
        let note = error.map(|e| format!("the keyring cannot be used: {e}"));
        KeptToken { person: person.name(), lies, generation, note }
    }))
}

/// Signs out of a portal: forgets its token and all that was issued with it. `false` where nobody was signed in.
pub fn sign_out(machine: &Machine, portal: &PortalAddress) -> Result<bool, Failure> {
    let failed = |error: &std::io::Error| {
        Failure::new(format!("signing out of {} did not work wholly", portal.host.authority()))
            .because(error)
            .hint(format!("run it again where the keyring can be used: jitpass logout {}", portal.host))
    };
    if let Some(sign_ins) = machine.sign_ins() {
        // Somebody may be about to press the button.
        sign_ins.change_known(portal, Record::call_off).map_err(|e| failed(&e))?;
    }
    let Some(tokens) = machine.tokens() else { return Ok(false) };
    // It may also stand in a line that `undo` could put back.
    if journaling::keeps_secrets(machine)
        && let Ok(stored) = tokens.find(portal, Asking::Person)
    {
        journaling::drop_secret(machine, &stored.token).map_err(|e| failed(&e))?;
    }
    tokens.forget(portal, Asking::Person).map_err(|e| failed(&e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_cleaned_as_they_are_pasted() {
        let read = |t: &str| read_token(t).map(|s| s.expose().to_owned()).map_err(|f| f.message);
        assert_eq!(read(" SIMTOKEN-a_b\n").as_deref(), Ok("SIMTOKEN-a_b"));
        assert_eq!(read("\"SIMTOKEN\r\n  -wrapped\"").as_deref(), Ok("SIMTOKEN-wrapped"));
        assert_eq!(read("Bearer SIMTOKEN").as_deref(), Ok("SIMTOKEN"));
        assert_eq!(read("\"Bearer SIMTOKEN\"").as_deref(), Ok("SIMTOKEN"));
        assert_eq!(read("\u{1b}[200~SIMTOKEN\u{1b}[201~").as_deref(), Ok("SIMTOKEN"));
        assert_eq!(read("''"), Err("no token was given".to_owned()));
        for wrong in [
            "SIM\u{7}TOKEN",
            "été",
            "git push --force origin",
            "hello",
            "{\"DuploToken\":\"SIMTOKEN\"}",
            "http://127.0.0.1:4100/?error=x",
            "https://acme.duplocloud.net/app/user/verify-token?localPort=4100",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
