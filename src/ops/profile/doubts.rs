//! What is written as it was typed and will hardly do what was meant: said before the question, and wherever such a
//! profile is shown.

use std::fmt;

use crate::awsconfig::{Profile, command};
use crate::ops::closest::closest;
use crate::ops::profile::planned::Note;
use crate::ops::profile::rewriting::FLAGS;
use crate::ops::status::ReadArguments;
use crate::plan;

/// Why a command that runs jitpass gives no credentials. No value of an argument is in it: that may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongCommand {
    /// The first flag that `jitpass aws` does not have.
    flag: Option<String>,
    /// The one that may have been meant.
    meant: Option<&'static str>,
}

impl WrongCommand {
    /// Looks at the value of a `credential_process`. `None` for one that jitpass understands, and for another
    /// program's.
    pub fn of(value: &str, read: ReadArguments<'_>) -> Option<Self> {
        let argv = command::arguments(value).ok()?;
        let [program, args @ ..] = argv.as_slice() else { return None };
        if !command::is_jitpass(program) || read(&argv).is_some() {
            return None;
        }
        let name = |arg: &String| arg.split('=').next().unwrap_or_default().to_owned();
        let mut flags = args.iter().filter(|arg| arg.starts_with("--")).map(name);
        let flag = flags.find(|flag| !FLAGS.contains(&flag.as_str()));
        let meant = flag.as_deref().and_then(|flag| closest(flag, &FLAGS));
        Some(Self { flag, meant })
    }
}

impl fmt::Display for WrongCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(flag) = &self.flag else {
            return f.write_str("`jitpass` does not understand the arguments of its command");
        };
        let flag = crate::base::text::one_line(flag, 40);
        write!(f, "`{flag}` is no flag of `jitpass aws`")?;
        self.meant.map_or(Ok(()), |meant| write!(f, " (`{meant}` is)"))
    }
}

/// What of a profile, as it will be, was hardly meant so.
pub(super) fn doubts(before: &Profile, after: &Profile, read: ReadArguments<'_>) -> Vec<Note> {
    let wrong = after.value("credential_process").and_then(|value| WrongCommand::of(value, read));
    let new = after.properties.iter().filter(|property| before.value(&property.key).is_none());
    let misspelt = new.filter_map(|property| {
        let meant = plan::meant(&property.key)?;
        Some(Note::Misspelt { key: property.key.clone(), meant })
    });
    wrong.map(Note::Wrong).into_iter().chain(misspelt).collect()
}

#[cfg(test)]
#[cfg(not(windows))]
mod tests {
    use super::*;

    #[test]
    fn only_what_runs_jitpass_and_is_not_understood_is_wrong() {
        for (value, expected) in [
            (
                "/bin/jitpass aws --host h --tennant a",
                Some("`--tennant` is no flag of `jitpass aws` (`--tenant` is)"),
            ),
            (
                "/bin/jitpass aws --tokn=SIMTOKEN-x --admin",
                Some("`--tokn` is no flag of `jitpass aws` (`--token` is)"),
            ),
            ("/bin/jitpass aws --xyzzy", Some("`--xyzzy` is no flag of `jitpass aws`")),
            ("/bin/jitpass duplo", Some("`jitpass` does not understand the arguments of its command")),
            ("/bin/other aws --tennant a", None),
            ("/bin/jitpass 'aws", None),
        ] {
            let wrong = WrongCommand::of(value, &|_| None).map(|wrong| wrong.to_string());
            assert_eq!(wrong.as_deref(), expected, "{value}");
        }
    }
}
