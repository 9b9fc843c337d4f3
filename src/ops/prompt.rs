//! The profile of a shell, and how long what is cached for it still lives: for a prompt, so with every line that a
//! person types. Two files are read, the shared config file and that of the credential; nobody is asked anything, and
//! what cannot be read is as if it were not there: a broken prompt is worse than one that says less.

use crate::awsconfig::{command, scan};
use crate::credential::{CredentialKey, Entry};
use crate::host::env::names;
use crate::ops::completing::config;
use crate::ops::machine::Machine;
use crate::plan::MARK;

/// What a prompt shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUse {
    /// The profile, as it stands in the variable: anybody may have written that.
    pub profile: String,
    /// How its cached credential stands; `None` where none is cached, or jitpass does not answer for it.
    pub left: Option<Left>,
}

/// How long a credential still lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Seconds until AWS no longer accepts it; 0 for one that expired.
    pub seconds: i64,
    /// How near that is.
    pub urgency: Urgency,
}

/// How near the end is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Far: it is given out and nobody waits.
    Far,
    /// Within the margin: the next call renews it.
    Near,
    /// Within [`LAST`] seconds, or past.
    Last,
}

/// Seconds before the end from which something that runs for minutes may not come to its own.
const LAST: i64 = 300;

/// The profile in use, if one is. `key` says where the answer to a command is cached; `None` for a command that is not
/// jitpass's.
pub fn in_use(machine: &Machine, key: impl FnOnce(&[String]) -> Option<CredentialKey>) -> Option<InUse> {
    let env = &machine.env;
    let profile = env.text(names::AWS_PROFILE).or_else(|| env.text(names::AWS_DEFAULT_PROFILE))?;
    let left = left(machine, &profile, key);
    Some(InUse { profile, left })
}

fn left(
    machine: &Machine,
    profile: &str,
    key: impl FnOnce(&[String]) -> Option<CredentialKey>,
) -> Option<Left> {
    let config = config(machine);
    let found = scan::profile(&config, profile)?;
    let argv = command::arguments(found.value("credential_process")?).ok()?;
    if !command::is_jitpass(argv.first()?) && found.value(MARK).is_none() {
        return None;
    }
    let file = machine.cache()?.read(&key(&argv)?).ok()?;
    let (entry, now) = (Entry::parse(&file).ok()?, machine.now());
    let seconds = entry.lifetime.expires.since(now).max(0);
    let urgency = match seconds {
        0 => Urgency::Last,
        // The clock was set back: its moments mean nothing.
        _ if !entry.is_unexpired(now) => return None,
        1..LAST => Urgency::Last,
        _ if now < entry.fresh_until => Urgency::Far,
        _ => Urgency::Near,
    };
    Some(Left { seconds, urgency })
}
