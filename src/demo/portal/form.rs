//! Query strings and form bodies, and the two ways a portal escapes a URL.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The pairs of `a=1&b=two+words` (application/x-www-form-urlencoded), decoded.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let decoded = |part: &str| percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned();
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// The value of the first pair of that name.
pub(super) fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
}

/// A path segment, decoded.
pub(super) fn segment(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Escapes everything but letters and digits. Tokens consist of `A-Z a-z 0-9 - _` only, so a stricter escaper
/// would leave nothing for the receiver to undo.
pub(super) fn escape_all(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Escapes as .NET does, with lower-case digits: the console URL of a portal holds `https%3a%2f%2f`.
pub(super) fn escape_lower_case(text: &str) -> String {
    const KEPT: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'!').remove(b'*');
    let mut after_percent = 0;
    let lower = |c: char| {
        let digit = after_percent > 0;
        after_percent = if c == '%' { 2 } else { after_percent - i32::from(digit) };
        if digit { c.to_ascii_lowercase() } else { c }
    };
    utf8_percent_encode(text, &KEPT).to_string().chars().map(lower).collect()
}

/// Text within HTML, attributes included.
pub(super) fn escape_html(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut html, c| {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
        html
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_browsers_write_them() {
        let read = pairs("a=1&&b=two+words%21&c&a=2");
        assert_eq!(value(&read, "b"), Some("two words!"));
        assert_eq!((value(&read, "a"), value(&read, "c"), value(&read, "d")), (Some("1"), Some(""), None));
    }

    #[test]
    fn escapes() {
        assert_eq!(escape_all("a-b_c"), "a%2Db%5Fc");
        assert_eq!(
            escape_lower_case("https://X.com/AB?r=us-west-2"),
            "https%3a%2f%2fX.com%2fAB%3fr%3dus-west-2"
        );
        assert_eq!(escape_html("<a href='x'>"), "&lt;a href=&#39;x&#39;&gt;");
    }
}
