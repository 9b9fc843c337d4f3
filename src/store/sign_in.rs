//! How signing in to a portal stands: the wait that is open or was last, and how earlier ones went.
//!
//! Processes that need somebody to sign in find each other here. Three files a portal:
//!
//! 1. The record, replaced whole: which wait is open, on which port, how it ended; how often nobody answered.
//! 2. The starting lock: one process at a time decides whether a listener is needed.
//! 3. The listening lock: the listener holds it as long as it lives, and the kernel lets go of it with the listener.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::base::{PortalAddress, Timestamp};
use crate::host::files;
use crate::host::locks::{self, Lock, Locked};

/// How the browser came to a wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Browser {
    /// It is being opened.
    Opening,
    /// It was opened for this wait.
    Opened,
    /// It was not: a tab may be open from before, or a person follows the link.
    NotOpened,
    /// It could not be, for this reason.
    Failed(String),
}

/// How a wait ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// This person signed in.
    SignedIn {
        /// Who.
        person: String,
        /// Where the token lies is not what was wanted, for this reason.
        note: Option<String>,
    },
    /// Somebody said no.
    Cancelled,
    /// It was not needed any more: somebody signed in by other means, or signed out.
    CalledOff,
    /// Nobody said anything.
    Unanswered,
    /// It could not go on, for this reason: a failure in its caller's own form.
    Failed(String),
}

/// A page of ours asks whether somebody is who their token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirm {
    /// The page.
    pub page: String,
    /// Whether the browser shows it. It does not where the portal's page is older and keeps the browser.
    pub is_shown: bool,
    /// Who it would be.
    pub person: String,
    /// Who it was before, where that is somebody else.
    pub before: Option<String>,
}

/// One wait for somebody to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// Its own name.
    pub id: String,
    /// The listener's process.
    pub pid: u32,
    /// Where the listener listens.
    pub port: u16,
    /// Whether the portal is asked for administrators' work, which may need a one-time code.
    pub is_admin: bool,
    /// The portal's page that asks.
    pub address: String,
    /// How the browser came to it.
    pub browser: Browser,
    /// When it ends by itself, in seconds since 1970.
    pub ends: i64,
    /// What a page of ours asks just now.
    pub confirm: Option<Confirm>,
    /// Whether it is called off: its listener looks now and then.
    #[serde(default)]
    pub is_called_off: bool,
    /// How it ended, once it has.
    pub ending: Option<Ending>,
}

/// The record of a portal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Record {
    /// The wait that is open or was last.
    #[serde(default)]
    pub wait: Option<Wait>,
    /// How many waits in a row nobody said yes to.
    #[serde(default)]
    pub unanswered: u32,
    /// Until when, in seconds since 1970, callers without a person need not try.
    #[serde(default)]
    pub quiet_until: i64,
    /// The port that a tab which may still be open answers to.
    #[serde(default)]
    pub port: Option<u16>,
    /// Whether the portal was seen to want a one-time code for administrators' work.
    #[serde(default)]
    pub wants_code: bool,
    /// How many tenants had no profile when somebody signed in last.
    #[serde(default)]
    pub new_tenants: usize,
}

/// The shortest and the longest pause after a wait that nobody answered, in seconds.
const PAUSE: (i64, i64) = (30, 600);

impl Record {
    /// Nobody said yes to a wait on this port: the pause grows.
    pub fn nobody_answered(&mut self, port: u16, now: Timestamp) {
        self.unanswered = self.unanswered.saturating_add(1);
        let doubled = PAUSE.0 << self.unanswered.saturating_sub(1).min(8);
        self.quiet_until = now.seconds() + doubled.min(PAUSE.1);
        self.port = Some(port);
    }

    /// The listener on this port went without a word. The tab is still there: whoever comes next listens where it
    /// points.
    pub fn listener_died(&mut self, port: u16) {
        self.unanswered = self.unanswered.max(1);
        self.port = Some(port);
    }

    /// A person acted: whatever happened before no longer matters.
    pub fn somebody_acted(&mut self) {
        (self.unanswered, self.quiet_until, self.port) = (0, 0, None);
    }

    /// Calls the open wait off.
    pub fn call_off(&mut self) {
        if let Some(wait) = self.wait.as_mut().filter(|wait| wait.ending.is_none()) {
            wait.is_called_off = true;
        }
    }

    /// Seconds that callers without a person still need not try. A pause longer than any is that of a clock that
    /// went wrong.
    pub fn quiet_seconds(&self, now: Timestamp) -> Option<i64> {
        Some(self.quiet_until - now.seconds()).filter(|left| (1..=PAUSE.1).contains(left))
    }

    /// The wait of this name, if it is the current one.
    pub fn wait_of(&self, id: &str) -> Option<&Wait> {
        self.wait.as_ref().filter(|wait| wait.id == id)
    }

    /// The same, to be changed.
    pub fn wait_of_mut(&mut self, id: &str) -> Option<&mut Wait> {
        self.wait.as_mut().filter(|wait| wait.id == id)
    }
}

/// The sign-ins of the person at this machine.
#[derive(Debug, Clone)]
pub struct SignIns {
    root: PathBuf,
}

/// How long the record may be kept busy by others: each needs a write.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long those who wait for a listener may take to hear that it is over.
const HEARING: Duration = Duration::from_secs(1);

impl SignIns {
    /// Those below jitpass's state directory.
    pub fn below(state_dir: &Path) -> Self {
        Self { root: state_dir.join("sign-in") }
    }

    /// What is known of a portal's; nothing where nothing can be read.
    pub fn record(&self, portal: &PortalAddress) -> Record {
        Self::read(&self.file(portal))
    }

    fn read(file: &Path) -> Record {
        let bytes = files::read_private(file, 64 * 1024);
        bytes.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Changes the record of a portal.
    pub fn change(&self, portal: &PortalAddress, change: impl FnOnce(&mut Record)) -> io::Result<()> {
        Self::change_in(&self.file(portal), change)
    }

    fn change_in(file: &Path, change: impl FnOnce(&mut Record)) -> io::Result<()> {
        let _lock = match Lock::acquire(&locks::beside(file), Instant::now() + PATIENCE)? {
            Locked::Held(lock) => lock,
            Locked::Busy => return Err(io::Error::from(io::ErrorKind::TimedOut)),
        };
        let before = Self::read(file);
        let mut record = before.clone();
        change(&mut record);
        if record == before {
            return Ok(());
        }
        file.parent().into_iter().for_each(files::remove_leavings);
        files::write_private(file, &serde_json::to_vec(&record)?)
    }

    /// The same, where there is a record at all: where there is none, nothing needs to be taken back.
    pub fn change_known(&self, portal: &PortalAddress, change: impl FnOnce(&mut Record)) -> io::Result<()> {
        if self.file(portal).exists() { self.change(portal, change) } else { Ok(()) }
    }

    /// Calls every open wait off, and waits until nobody listens any more and those who asked have heard of it. `false`
    /// where somebody still listens.
    pub fn call_off_all(&self, deadline: Instant) -> io::Result<bool> {
        let (mut is_over, mut is_heard) = (true, true);
        for file in files::list(&self.root) {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if let Some(portal) = name.strip_suffix(".json") {
                Self::change_in(&file, |record| {
                    is_heard &= record.wait.as_ref().is_none_or(|wait| wait.ending.is_some());
                    record.call_off();
                })?;
                let lock = locks::beside(&self.root.join(format!("{portal}.listening")));
                is_over &= matches!(Lock::acquire(&lock, deadline)?, Locked::Held(_));
            }
        }
        if !is_heard {
            // Nobody knows who they are; each looks many times in this time.
            std::thread::sleep(HEARING);
        }
        Ok(is_over)
    }

    /// Waits until it is this process that decides whether a listener is needed.
    pub fn start(&self, portal: &PortalAddress, deadline: Instant) -> io::Result<Locked> {
        Lock::acquire(&self.beside(portal, "starting"), deadline)
    }

    /// Becomes the portal's listener, which there is one of.
    pub fn listen(&self, portal: &PortalAddress, deadline: Instant) -> io::Result<Locked> {
        Lock::acquire(&self.beside(portal, "listening"), deadline)
    }

    /// Whether a listener lives.
    pub fn is_listening(&self, portal: &PortalAddress) -> bool {
        matches!(self.listen(portal, Instant::now()), Ok(Locked::Busy))
    }

    fn file(&self, portal: &PortalAddress) -> PathBuf {
        self.root.join(format!("{}.json", portal.key()))
    }

    fn beside(&self, portal: &PortalAddress, what: &str) -> PathBuf {
        locks::beside(&self.root.join(format!("{}.{what}", portal.key())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_to_ten_minutes() {
        let mut record = Record::default();
        let now = Timestamp::from_seconds(1_000_000);
        let pauses: Vec<i64> = (0..40)
            .map(|_| {
                record.nobody_answered(4711, now);
                record.quiet_seconds(now).unwrap()
            })
            .collect();
        assert_eq!(pauses[..6], [30, 60, 120, 240, 480, 600]);
        assert_eq!(pauses[39], 600);
        assert_eq!(record.quiet_seconds(Timestamp::from_seconds(1_000_600)), None);
        // The clock was a year ahead when that was written.
        assert_eq!(record.quiet_seconds(Timestamp::from_seconds(900_000)), None);
        record.somebody_acted();
        assert_eq!((record.unanswered, record.port, record.quiet_seconds(now)), (0, None, None));
    }

    #[test]
    fn one_listens() {
        let dir = tempfile::tempdir().unwrap();
        let sign_ins = SignIns::below(dir.path());
        let portal = PortalAddress::new("https://acme.duplocloud.net".parse().unwrap(), None);
        assert!(!sign_ins.is_listening(&portal));
        let Locked::Held(lock) = sign_ins.listen(&portal, Instant::now()).unwrap() else { panic!("free") };
        assert!(sign_ins.is_listening(&portal));
        drop(lock);
        assert!(!sign_ins.is_listening(&portal));
        sign_ins.change(&portal, |record| record.unanswered = 3).unwrap();
        assert_eq!(sign_ins.record(&portal).unanswered, 3);
    }
}
