//! A token as a callback carries it, in every way the portals' pages write it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde::Deserialize;

use crate::base::Secret;

/// What a callback brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Brought {
    /// A token, with the one-time code the person typed, where the portal passes it on.
    Token(Secret, Option<Secret>),
    /// An empty place where the token should be: the person pressed Cancel.
    Nothing,
    /// Something that is no token.
    Unreadable,
}

/// As for a token that is pasted (`ops::login`): more is no token of any portal.
const LONGEST_TOKEN: usize = 16 * 1024;
const LONGEST_OTP: usize = 32;

/// A bare token in a query, still escaped.
///
/// Some pages escape it twice, which duplo-jit undoes (`internal/interactive.go`). A plus sign stays one: a token has
/// no spaces, so that a form's way of writing one cannot be meant.
pub(super) fn bare_in_query(raw: &str) -> Brought {
    let Some(once) = unescape(raw) else { return Brought::Unreadable };
    let text = if is_escaped(&once) { unescape_loosely(&once) } else { Some(once) };
    text.map_or(Brought::Unreadable, |text| checked(&text, ""))
}

/// A bare token as the body of a request.
pub(super) fn bare_in_body(body: &[u8]) -> Brought {
    let Ok(text) = std::str::from_utf8(body).map(str::trim) else { return Brought::Unreadable };
    // Some clients send any text as JSON.
    let text = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    checked(text, "")
}

/// `{"token":…,"otp":…}` in a query, still escaped.
pub(super) fn bundle_in_query(raw: &str) -> Brought {
    // JSON may hold spaces between its parts, so that a plus sign may stand for one after all.
    let spaced = raw.replace('+', " ");
    for raw in [raw, &spaced] {
        let Some(once) = unescape(raw) else { return Brought::Unreadable };
        let twice = is_escaped(&once).then(|| unescape_loosely(&once)).flatten();
        for text in twice.iter().chain([&once]) {
            match bundle_in_body(text.as_bytes()) {
                Brought::Unreadable => {}
                brought => return brought,
            }
        }
    }
    Brought::Unreadable
}

/// `{"token":…,"otp":…}` as the body of a request; empty when the person pressed Cancel.
pub(super) fn bundle_in_body(body: &[u8]) -> Brought {
    #[derive(Deserialize)]
    struct Bundle<'a> {
        #[serde(borrow)]
        token: Cow<'a, str>,
        #[serde(borrow, default)]
        otp: Option<Cow<'a, str>>,
    }
    if body.trim_ascii().is_empty() {
        return Brought::Nothing;
    }
    serde_json::from_slice(body).map_or(Brought::Unreadable, |bundle: Bundle<'_>| {
        checked(&bundle.token, bundle.otp.as_deref().unwrap_or_default())
    })
}

fn checked(token: &str, otp: &str) -> Brought {
    let is_plain = |text: &str, most| text.len() <= most && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_plain(token, LONGEST_TOKEN) || !is_plain(otp, LONGEST_OTP) {
        return Brought::Unreadable;
    }
    if token.is_empty() {
        return Brought::Nothing;
    }
    Brought::Token(Secret::new(token), (!otp.is_empty()).then(|| Secret::new(otp)))
}

/// Undoes escapes; `None` when one is malformed.
pub(super) fn unescape(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        rest = &rest[at + 1..];
        if !starts_with_two_digits(rest) {
            return None;
        }
    }
    unescape_loosely(text)
}

/// Undoes escapes and leaves alone what is none.
fn unescape_loosely(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned)
}

fn is_escaped(text: &str) -> bool {
    text.split('%').skip(1).any(starts_with_two_digits)
}

fn starts_with_two_digits(text: &str) -> bool {
    text.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(brought: &Brought) -> String {
        match brought {
            Brought::Token(token, None) => token.expose().to_owned(),
            Brought::Token(token, Some(otp)) => format!("{} with {}", token.expose(), otp.expose()),
            Brought::Nothing => "nothing".to_owned(),
            Brought::Unreadable => "unreadable".to_owned(),
        }
    }

    #[test]
    fn bare_tokens_in_a_query() {
        for (raw, expected) in [
            ("SIMTOKEN-a_b", "SIMTOKEN-a_b"),
            ("SIMTOKEN%2Da%5Fb", "SIMTOKEN-a_b"),
            ("SIMTOKEN%252Da%255Fb", "SIMTOKEN-a_b"),
            ("SIMTOKEN-a%2Bb", "SIMTOKEN-a+b"),
            ("SIMTOKEN-a%252Bb", "SIMTOKEN-a+b"),
            ("SIMTOKEN-a+b", "SIMTOKEN-a+b"),
            ("SIMTOKEN-a%2Bb%253D", "SIMTOKEN-a+b="),
            ("SIMTOKEN-a%25", "SIMTOKEN-a%"),
            ("SIMTOKEN-a%25zz", "SIMTOKEN-a%zz"),
            ("SIMTOKEN-a==", "SIMTOKEN-a=="),
            ("", "nothing"),
            ("%20", "unreadable"),
            ("SIMTOKEN-a%0D%0A", "unreadable"),
            ("%", "unreadable"),
            ("SIMTOKEN%zz", "unreadable"),
            ("SIMTOKEN%2", "unreadable"),
            ("SIMTOKEN%0Ab", "unreadable"),
            ("SIMTOKEN%250Ab", "unreadable"),
            ("SIMTOKEN%00", "unreadable"),
            ("SIMTOKEN%20b", "unreadable"),
            ("SIMTOKEN%C3%A9", "unreadable"),
            ("SIMTOKEN%FF", "unreadable"),
        ] {
            assert_eq!(said(&bare_in_query(raw)), expected, "{raw}");
        }
        assert_eq!(said(&bare_in_query(&"a".repeat(LONGEST_TOKEN + 1))), "unreadable");
        assert_eq!(said(&bare_in_query(&"a".repeat(LONGEST_TOKEN))).len(), LONGEST_TOKEN);
    }

    #[test]
    fn bare_tokens_in_a_body() {
        for (body, expected) in [
            ("SIMTOKEN-a", "SIMTOKEN-a"),
            (" SIMTOKEN-a\r\n", "SIMTOKEN-a"),
            ("\"SIMTOKEN-a\"", "SIMTOKEN-a"),
            ("SIMTOKEN%2Da+b", "SIMTOKEN%2Da+b"),
            ("", "nothing"),
            ("\"\"", "nothing"),
            ("SIM TOKEN", "unreadable"),
            ("SIM\0TOKEN", "unreadable"),
            ("SIM\nTOKEN", "unreadable"),
        ] {
            assert_eq!(said(&bare_in_body(body.as_bytes())), expected, "{body:?}");
        }
        assert_eq!(said(&bare_in_body(b"\xff\xfe")), "unreadable");
    }

    #[test]
    fn bundles() {
        for (body, expected) in [
            (r#"{"token":"SIMTOKEN-a"}"#, "SIMTOKEN-a"),
            (r#"{"token":"SIMTOKEN-a","otp":null}"#, "SIMTOKEN-a"),
            (r#"{"token":"SIMTOKEN-a","otp":""}"#, "SIMTOKEN-a"),
            (r#"{ "otp" : "012345", "token" : "SIMTOKEN-a", "more": [1] }"#, "SIMTOKEN-a with 012345"),
            (r#"{"token":"SIMTOKEN\u002da"}"#, "SIMTOKEN-a"),
            ("", "nothing"),
            (" \n", "nothing"),
            (r#"{"token":""}"#, "nothing"),
            ("{}", "unreadable"),
            ("null", "unreadable"),
            ("SIMTOKEN-a", "unreadable"),
            (r#"{"token":"SIMTOKEN-a"} x"#, "unreadable"),
            (r#"{"token":"SIMTOKEN-a","token":"SIMTOKEN-b"}"#, "unreadable"),
            (r#"{"token":["SIMTOKEN-a"]}"#, "unreadable"),
            (r#"{"token":"SIMTOKEN\n"}"#, "unreadable"),
            (r#"{"token":"SIMTOKEN-a","otp":"1 2"}"#, "unreadable"),
            (r#"{"token":"SIMTOKEN-a","otp":"012345678901234567890123456789012"}"#, "unreadable"),
        ] {
            assert_eq!(said(&bundle_in_body(body.as_bytes())), expected, "{body}");
        }
        for (raw, expected) in [
            ("%7B%22token%22%3A%22SIMTOKEN-a%22%2C%22otp%22%3A%221%22%7D", "SIMTOKEN-a with 1"),
            ("%257B%2522token%2522%253A%2522SIMTOKEN%252Da%2522%257D", "SIMTOKEN-a"),
            ("%7B%22token%22%3A%22SIMTOKEN%252Da%22%7D", "SIMTOKEN-a"),
            ("%7B%22token%22:+%22SIMTOKEN-a%22%7D", "SIMTOKEN-a"),
            ("%7B%22token%22:%22SIMTOKEN-a+b%22%7D", "SIMTOKEN-a+b"),
            ("%7B%22token%22%3A%22SIMTOKEN-a%22%2C%22x%22%3A%22%2522%22%7D", "SIMTOKEN-a"),
            ("", "nothing"),
            ("%7B%22token%22%3A%22%22%7D", "nothing"),
            ("SIMTOKEN-a", "unreadable"),
            ("%7B%zz", "unreadable"),
        ] {
            assert_eq!(said(&bundle_in_query(raw)), expected, "{raw}");
        }
    }
}
