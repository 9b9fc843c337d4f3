//! Which explicit token a call uses.

use crate::base::{PortalUrl, Secret};

/// The token that the command line or the environment gives for the portal at `host`.
///
/// `--token` comes first. `DUPLO_TOKEN` counts only for the portal that `DUPLO_HOST` names: a token sent to
/// another portal would be handed to strangers. White space around it (the end of a line of the file it was read
/// from) is no part of a token.
pub fn explicit_token(
    flag: Option<Secret>,
    duplo_token: Option<String>,
    duplo_host: Option<&str>,
    host: &PortalUrl,
) -> Option<Secret> {
    let named = || duplo_host.and_then(|h| PortalUrl::from_typed(h).ok()).is_some_and(|named| named == *host);
    let flag = flag.filter(|token| !token.expose().trim().is_empty());
    let given = flag.or_else(|| duplo_token.filter(|_| named()).map(Secret::new))?;
    let bare = given.expose().trim();
    match bare.len() {
        0 => None,
        length if length == given.expose().len() => Some(given),
        _ => Some(Secret::new(bare)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_only_to_the_portal_it_is_for() {
        let host: PortalUrl = "https://acme.duplocloud.net".parse().unwrap();
        let chosen = |flag: Option<&str>, token: Option<&str>, named: Option<&str>| {
            explicit_token(flag.map(Secret::new), token.map(String::from), named, &host)
                .map(|s| s.expose().to_owned())
        };
        let some = |t: &str| Some(t.to_owned());
        assert_eq!(chosen(Some("f"), Some("v"), Some("https://acme.duplocloud.net/")), some("f"));
        assert_eq!(chosen(None, Some("v"), Some("https://acme.duplocloud.net/")), some("v"));
        assert_eq!(chosen(None, Some("v"), Some("acme.duplocloud.net")), some("v"));
        assert_eq!(chosen(None, Some("v"), Some("https://other.duplocloud.net")), None);
        assert_eq!(chosen(None, Some("v\r\n"), Some("acme")), some("v"));
        assert_eq!(chosen(None, Some("v"), None), None);
        assert_eq!(chosen(None, None, Some("acme")), None);
        assert_eq!(chosen(Some(" "), Some(" \n"), Some("acme")), None);
    }
}
