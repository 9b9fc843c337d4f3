//! Output without the accidents of one run.

use super::record::SECRETS;

/// What to show in place of what differs from run to run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plain {
    places: Vec<(String, String)>,
    port: Option<String>,
}

impl Plain {
    /// Shows `place` instead of `text`; of two that match, the one given first.
    pub(super) fn with(mut self, text: impl Into<String>, place: &str) -> Self {
        self.places.push((text.into(), place.to_owned()));
        self
    }

    /// Shows `[PORT]` wherever this number stands alone: in the names of files, too.
    pub(super) fn with_port(mut self, port: u16) -> Self {
        self.port = Some(port.to_string());
        self
    }

    /// The text with places, ports, times, durations, long hashes, key ids and secrets replaced by their kind.
    pub(super) fn show(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (from, to) in &self.places {
            text = text.replace(from, to);
        }
        let mut shown = String::with_capacity(text.len());
        let mut rest = text.as_str();
        let mut before = ' ';
        while let Some(c) = rest.chars().next() {
            let starts_word = !(before.is_alphanumeric() && c.is_alphanumeric());
            let found = if starts_word { self.accident(rest, before) } else { None };
            let (place, length) = found.map_or((None, c.len_utf8()), |(place, length)| (Some(place), length));
            shown.push_str(place.unwrap_or(&rest[..length]));
            before = rest[..length].chars().next_back().unwrap_or(' ');
            rest = &rest[length..];
        }
        shown
    }

    /// What stands at the start of `rest` and differs from run to run: what to show instead, and its length.
    fn accident(&self, rest: &str, before: char) -> Option<(&'static str, usize)> {
        let run = |of: fn(char) -> bool| rest.find(|c| !of(c)).unwrap_or(rest.len());
        let secret = run(|c| c.is_ascii_alphanumeric() || "+/=_-.".contains(c));
        if SECRETS.iter().any(|pattern| rest.starts_with(pattern)) {
            return Some(("[SECRET]", secret));
        }
        if rest.starts_with("ASIASIM") {
            return Some(("[KEY-ID]", run(|c| c.is_ascii_alphanumeric())));
        }
        if let Some(length) = timestamp(rest) {
            return Some(("[TIME]", length));
        }
        if let Some(length) = duration(rest) {
            return Some(("[DURATION]", length));
        }
        let hex = run(|c| c.is_ascii_hexdigit());
        if hex >= 32 {
            return Some(("[HASH]", hex));
        }
        let digits = run(|c| c.is_ascii_digit());
        let alone = !rest[digits..].starts_with(char::is_alphanumeric);
        if alone && self.port.as_deref() == Some(&rest[..digits]) {
            return Some(("[PORT]", digits));
        }
        if before == ':' && (4..=5).contains(&digits) {
            return Some(("[PORT]", digits));
        }
        None
    }
}

/// The length of `2026-11-21T10:00:00Z`, with a fraction or an offset or `T` as a space.
fn timestamp(rest: &str) -> Option<usize> {
    const FORM: &[u8] = b"dddd-dd-ddTdd:dd:dd";
    let fits = |(form, byte): (&u8, &u8)| match form {
        b'd' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b' '),
        _ => form == byte,
    };
    let bytes = rest.as_bytes();
    if bytes.len() < FORM.len() || !FORM.iter().zip(bytes).all(fits) {
        return None;
    }
    let tail = &rest[FORM.len()..];
    let zone = tail.find(|c: char| !(c.is_ascii_digit() || ".Z+:".contains(c))).unwrap_or(tail.len());
    // A full stop or colon that ends the sentence is not part of it.
    Some(FORM.len() + tail[..zone].trim_end_matches(['.', ':']).len())
}

/// The length of `59 minutes`, `1.5 ms`, `0s`, `59m`.
fn duration(rest: &str) -> Option<usize> {
    const UNITS: [&str; 17] = [
        "minutes", "minute", "seconds", "second", "hours", "hour", "days", "day", "min", "µs", "us", "ms",
        "ns", "h", "m", "s", "d",
    ];
    let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|&n| n > 0)?;
    let space = usize::from(rest[digits..].starts_with(' '));
    let tail = &rest[digits + space..];
    let unit = UNITS.iter().find(|unit| {
        tail.strip_prefix(**unit)
            .is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    })?;
    Some(digits + space + unit.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accidents_are_replaced_and_nothing_else() {
        let plain =
            Plain::default().with("/tmp/x/home", "[HOME]").with("/tmp/x", "[SANDBOX]").with_port(40123);
        for (text, expected) in [
            ("/tmp/x/home/.aws /tmp/x/bin", "[HOME]/.aws [SANDBOX]/bin"),
            ("http://127.0.0.1:43211/a", "http://127.0.0.1:[PORT]/a"),
            ("cache/127.0.0.1_40123/x a40123 40123b", "cache/127.0.0.1_[PORT]/x a40123 40123b"),
            ("line 43211, dev01, us-west-2", "line 43211, dev01, us-west-2"),
            ("until 2026-11-21T10:00:00Z.", "until [TIME]."),
            ("in 59 minutes, 1.5 ms, 3s", "in [DURATION], [DURATION], [DURATION]"),
            ("2 tenants, 3 more, 10 sections", "2 tenants, 3 more, 10 sections"),
            ("token SIMTOKEN-admin-12ab, SIMSECRETabc/+=", "token [SECRET], [SECRET]"),
            ("\"ASIASIM0000000000001\"", "\"[KEY-ID]\""),
            ("0123456789abcdef0123456789abcdef0123", "[HASH]"),
            ("5f0c8a1e-1111-2222-3333-444455556666", "5f0c8a1e-1111-2222-3333-444455556666"),
            ("dev2s dev2 s", "dev2s dev2 s"),
        ] {
            assert_eq!(plain.show(text), expected);
        }
    }
}
