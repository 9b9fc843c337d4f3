//! The cache file of one credential: a line of numbers, then the ready documents.
//!
//! A hit compares integers and copies bytes; it parses no JSON and no date. The line is
//! `jitpass1 FRESH EXPIRES CONSOLE DUE ISSUED VERIFIED PLAIN WITH\n`: moments in seconds since 1970, then the
//! lengths of the document without and with the console link (0 where there is none). The documents follow, and
//! nothing else: a file that is cut off or has grown is damaged.

use std::fmt;

use crate::base::{Secret, Timestamp};
use crate::credential::{Credential, Lifetime, document};

/// The first word of the file; its digit is the version of the form.
pub const FORMAT: &str = "jitpass1";

/// A read cache file, borrowing its bytes.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    /// Before this moment the documents may be given out without asking anybody.
    pub fresh_until: Timestamp,
    /// Before this moment the document with the console link may be given out.
    pub console_until: Timestamp,
    /// After this moment somebody should refresh or verify it.
    pub due: Timestamp,
    /// When it was issued, last verified, and expires.
    pub lifetime: Lifetime,
    /// The document without the console link.
    pub plain: &'a [u8],
    /// The document with it, where the portal gave one.
    pub with_console: Option<&'a [u8]>,
}

/// Why bytes are not a cache file of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryError {
    /// Written by another version, or no cache file at all.
    Format,
    /// Cut off, grown, or with numbers that make no sense.
    Damaged,
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => "not a cache file of this version",
            Self::Damaged => "the cache file is damaged",
        })
    }
}

impl std::error::Error for EntryError {}

impl<'a> Entry<'a> {
    /// Reads a cache file.
    pub fn parse(file: &'a [u8]) -> Result<Self, EntryError> {
        let rest = file.strip_prefix(FORMAT.as_bytes()).ok_or(EntryError::Format)?;
        Self::parse_fields(rest).ok_or(EntryError::Damaged)
    }

    fn parse_fields(mut rest: &'a [u8]) -> Option<Self> {
        let mut numbers = [0_i64; 8];
        for number in &mut numbers {
            (*number, rest) = number_field(rest)?;
        }
        let documents = rest.strip_prefix(b"\n")?;
        let [fresh, expires, console, due, issued, verified, plain, with_console] = numbers;
        let (plain, with_console) = (usize::try_from(plain).ok()?, usize::try_from(with_console).ok()?);
        if documents.len() != plain.checked_add(with_console)? || !documents.ends_with(b"}\n") || plain == 0 {
            return None;
        }
        let (plain, with_console) = documents.split_at(plain);
        let moment = Timestamp::from_seconds;
        Some(Self {
            fresh_until: moment(fresh),
            console_until: moment(console),
            due: moment(due),
            lifetime: Lifetime {
                issued: moment(issued),
                verified: moment(verified),
                expires: moment(expires),
            },
            plain,
            with_console: (!with_console.is_empty()).then_some(with_console),
        })
    }

    /// Writes the cache file of a credential.
    pub fn render(credential: &Credential, lifetime: &Lifetime) -> Secret {
        let plain = document(credential, false);
        let with_console = credential.console_url.as_ref().map(|_| document(credential, true));
        let with_console = with_console.as_ref().map_or("", Secret::expose);
        Secret::new(format!(
            "{FORMAT} {} {} {} {} {} {} {} {}\n{}{with_console}",
            lifetime.fresh_until().seconds(),
            lifetime.expires.seconds(),
            lifetime.console_until().seconds(),
            lifetime.due().seconds(),
            lifetime.issued.seconds(),
            lifetime.verified.seconds(),
            plain.expose().len(),
            with_console.len(),
            plain.expose(),
        ))
    }

    /// Whether it may be given out without asking anybody. A file from the future (the clock was set back) is not
    /// believed: its moments mean nothing.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now < self.fresh_until && self.lifetime.issued <= now.plus(CLOCK_SLACK)
    }

    /// Whether AWS still accepts it.
    pub fn is_unexpired(&self, now: Timestamp) -> bool {
        now < self.lifetime.expires && self.lifetime.issued <= now.plus(CLOCK_SLACK)
    }

    /// The document to give out now, with the console link while that still works.
    pub fn answer(&self, now: Timestamp) -> &'a [u8] {
        self.with_console.filter(|_| now < self.console_until).unwrap_or(self.plain)
    }

    /// Whether it had a console link that no longer works.
    pub fn console_is_stale(&self, now: Timestamp) -> bool {
        self.with_console.is_some() && now >= self.console_until
    }
}

/// Seconds that the clock may go back without making a file unbelievable.
const CLOCK_SLACK: i64 = 300;

/// Reads ` 123`, and gives what follows.
fn number_field(field: &[u8]) -> Option<(i64, &[u8])> {
    let digits = field.strip_prefix(b" ")?;
    let length = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    // Eighteen digits fit every i64; a moment has ten, a length four.
    if length == 0 || length > 18 {
        return None;
    }
    let (digits, rest) = digits.split_at(length);
    Some((digits.iter().fold(0, |sum, b| sum * 10 + i64::from(b - b'0')), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(console: bool) -> (Secret, Lifetime) {
        let issued = Timestamp::from_seconds(1_000_000);
        let credential = Credential {
            access_key_id: "ASIASIMULATOR0000000".into(),
            secret_access_key: Secret::new("SIM-SECRET"),
            session_token: Secret::new("SIM-SESSION"),
            expiration: issued.plus(3600),
            region: None,
            console_url: console.then(|| Secret::new("https://signin.aws.amazon.com/federation?x")),
        };
        let lifetime = Lifetime::new(issued, issued.plus(3600));
        (Entry::render(&credential, &lifetime), lifetime)
    }

    #[test]
    fn reads_what_it_writes() {
        for console in [true, false] {
            let (file, lifetime) = sample(console);
            let entry = Entry::parse(file.expose().as_bytes()).unwrap();
            assert_eq!(entry.lifetime, lifetime);
            assert_eq!(entry.fresh_until, lifetime.fresh_until());
            assert_eq!(entry.due, lifetime.due());
            assert_eq!(entry.with_console.is_some(), console);
            assert!(entry.plain.starts_with(b"{\"Version\":1,") && entry.plain.ends_with(b"}\n"));
        }
    }

    #[test]
    fn every_cut_and_every_growth_is_seen() {
        let (file, _) = sample(true);
        let bytes = file.expose().as_bytes();
        for end in 0..bytes.len() {
            assert!(Entry::parse(&bytes[..end]).is_err(), "cut at {end}");
        }
        let grown = [bytes, b"x"].concat();
        assert_eq!(Entry::parse(&grown).err(), Some(EntryError::Damaged));
        assert_eq!(Entry::parse(b"jitpass2 1 2 3").err(), Some(EntryError::Format));
        let huge = file.expose().replacen(' ', " 99999999999999999999", 1);
        assert_eq!(Entry::parse(huge.as_bytes()).err(), Some(EntryError::Damaged));
    }

    #[test]
    fn answers_by_the_clock() {
        let (file, life) = sample(true);
        let entry = Entry::parse(file.expose().as_bytes()).unwrap();
        let at = |s: i64| life.issued.plus(s);
        assert!(entry.is_fresh(at(0)) && entry.is_fresh(at(2639)) && !entry.is_fresh(at(2640)));
        assert!(entry.is_unexpired(at(3599)) && !entry.is_unexpired(at(3600)));
        assert_eq!(Some(entry.answer(at(599))), entry.with_console);
        assert_eq!(entry.answer(at(600)), entry.plain);
        assert!(!entry.console_is_stale(at(599)) && entry.console_is_stale(at(600)));
        // Written in the future: not believed.
        assert!(entry.is_fresh(at(-300)) && !entry.is_fresh(at(-301)) && !entry.is_unexpired(at(-301)));
    }
}
