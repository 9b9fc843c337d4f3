//! The address at which a browser ended that could not reach us, pasted by its person.

use super::token_text::{Brought, bare_in_query, bundle_in_query};
use crate::base::Secret;

/// The token, and the one-time code that came with it, in an address of ours such as `http://127.0.0.1:4100/?t=…`.
/// White space and quotes that came along are left out. `None` for anything else.
pub fn pasted_address(pasted: &str) -> Option<(Secret, Option<Secret>)> {
    let bare: String =
        pasted.replace("\u{1b}[200~", "").replace("\u{1b}[201~", "").split_whitespace().collect();
    let bare = bare.trim_matches(['"', '\'', '`', '<', '>']);
    // Browsers show addresses without it.
    let bare = bare.strip_prefix("http://").unwrap_or(bare);
    let (place, query) = bare.split_once('?')?;
    let (host, path) = place.split_once('/').unwrap_or((place, ""));
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if !matches!(name, "127.0.0.1" | "localhost" | "[::1]") {
        return None;
    }
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    let raw = query.split('&').find_map(|pair| pair.strip_prefix("t="))?;
    let brought = if path == "v2/callbackWithOtp" { bundle_in_query(raw) } else { bare_in_query(raw) };
    match brought {
        Brought::Token(token, code) => Some((token, code)),
        Brought::Nothing | Brought::Unreadable => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_token_out_of_what_was_copied() {
        let read = |text: &str| {
            pasted_address(text)
                .map(|(token, code)| (token.expose().to_owned(), code.map(|code| code.expose().to_owned())))
        };
        let token = |t: &str| Some((t.to_owned(), None));
        for (pasted, expected) in [
            ("http://127.0.0.1:4100/?t=SIMTOKEN-a%2Db", token("SIMTOKEN-a-b")),
            (
                "\u{1b}[200~\"http://localhost:4100/?t=SIMTOKEN-a%252Db&x=1#y\"\u{1b}[201~\r\n",
                token("SIMTOKEN-a-b"),
            ),
            ("127.0.0.1:4100/?t=SIMTOKEN-\r\n  wrapped", token("SIMTOKEN-wrapped")),
            ("[::1]:4100?t=SIMTOKEN", token("SIMTOKEN")),
            (
                "http://127.0.0.1:4100/v2/callbackWithOtp?t=%7B%22token%22%3A%22SIMTOKEN%22%2C%22otp%22%3A%22123456%22%7D",
                Some(("SIMTOKEN".to_owned(), Some("123456".to_owned()))),
            ),
            ("http://127.0.0.1:4100/?t=", None),
            ("http://127.0.0.1:4100/", None),
            ("https://acme.duplocloud.net/?t=SIMTOKEN", None),
            ("http://127.0.0.1.example.com/?t=SIMTOKEN", None),
            ("SIMTOKEN-bare", None),
        ] {
            assert_eq!(read(pasted), expected, "{pasted}");
        }
    }
}
