//! Keeping a token that a person gives.

use crate::base::{PortalAddress, Secret};
use crate::ops::acquaint;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::token::{Token, TokenSource};
use crate::portal::Person;

/// Cleans a pasted token: terminals and chat programs wrap lines, people copy quotes and `Bearer` along.
///
/// # Errors
/// When nothing is left, or something that cannot be a token.
pub fn read_token(pasted: &str) -> Result<Secret, Failure> {
    // What terminals put around pasted text.
    let bare = pasted.replace("\u{1b}[200~", "").replace("\u{1b}[201~", "");
    let unquoted = |word: &'_ str| word.trim_matches(['"', '\'', '`']).to_owned();
    let words = bare.split_whitespace().map(unquoted);
    let bare: String = words.filter(|word| !word.eq_ignore_ascii_case("bearer")).collect();
    if bare.is_empty() {
        return Err(
            Failure::misuse("no token was given").hint("in the portal: Profile → Temporary API Token")
        );
    }
    if bare.len() > 16_384 || !bare.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Failure::misuse(
            "that is not a token: a token is one line of letters, digits and `- _ . ~ + / =`",
        )
        .hint("in the portal: Profile → Temporary API Token"));
    }
    Ok(Secret::new(bare))
}

/// Checks whose token it is, and keeps it for that portal.
pub fn sign_in(machine: &Machine, portal: &PortalAddress, token: &Secret) -> Result<Person, Failure> {
    machine.check_state_dir()?;
    let given = Token { secret: token.clone(), source: TokenSource::Given, generation: None };
    let person = acquaint::person(portal, &given)?;
    keep(machine, portal, token, &person)?;
    Ok(person)
}

/// Keeps a token that was checked to belong to `person`.
pub fn keep(
    machine: &Machine,
    portal: &PortalAddress,
    token: &Secret,
    person: &Person,
) -> Result<(), Failure> {
    let store = crate::store::tokens::TokenStore::below(&machine.need_state_dir()?);
    if let Some(cache_dir) = &machine.cache_dir {
        crate::store::portal_facts::PortalFacts::forget_own(cache_dir, portal);
    }
    store.keep(portal, token, person.identity(), machine.cache().as_ref()).map_err(|error| {
        Failure::new(format!("the token cannot be kept in {}", machine.shown(&store.path(portal))))
            .because(&error)
    })
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
        assert!(read("SIM\u{7}TOKEN").is_err() && read("été").is_err());
    }
}
