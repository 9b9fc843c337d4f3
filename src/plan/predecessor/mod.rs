//! The command lines of the tools that came before jitpass, and what they mean. Pure: nothing is read, nobody asked.
//!
//! 1. `script` turns a value into words, as botocore, a shell or `cmd.exe` would.
//! 2. `wrapper` peels off what starts the tool: `A=b`, `env`, `sh -c`, `uvx`, and the `jq` behind it.
//! 3. `flags` reads the words by the tool's own rules, Go's or argparse's; [`Call`] is what they say, literally.
//! 4. `meaning` makes of it what it asks for: portal, scope, whose token.
//! 5. [`Contexts`] is duploctl's configuration, [`kube_users`] a kubeconfig; both by way of `yaml`.
//!
//! What cannot be followed is never guessed at: it is an [`Obstacle`], with a reason for the person.

mod call;
mod contexts;
mod flags;
mod kubeconfig;
mod meaning;
mod obstacle;
mod script;
mod wrapper;
mod yaml;

pub use call::Call;
pub use contexts::{Context, Contexts, ContextsError};
pub use kubeconfig::{KubeUser, kube_users};
pub use meaning::{Meaning, PredecessorToken, entry_command};
pub use obstacle::{Dropped, Obstacle};

use std::fmt;

/// A tool that answers as a credential process for DuploCloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// `duplo-jit`.
    DuploJit,
    /// `duplo-aws-credential-process`, its forerunner.
    CredentialProcess,
    /// `duploctl`.
    Duploctl,
    /// jitpass itself.
    Jitpass,
}

impl Tool {
    /// The name of its program.
    pub fn name(self) -> &'static str {
        match self {
            Self::DuploJit => "duplo-jit",
            Self::CredentialProcess => "duplo-aws-credential-process",
            Self::Duploctl => "duploctl",
            Self::Jitpass => "jitpass",
        }
    }

    /// The tool that the value of a `credential_process` asks for AWS credentials, where it is clear what it asks.
    pub fn of_value(value: &str) -> Option<Self> {
        match Reading::of_value(value) {
            Reading::Call(call) => Some(call.tool),
            Reading::Other | Reading::Unclear(..) => None,
        }
    }

    /// The tool that a program name stands for: with a directory, with `.exe`, with the version that `uvx` takes.
    fn of_program(word: &str) -> Option<Self> {
        let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
        let name = name.split('@').next().unwrap_or(name).to_ascii_lowercase();
        let bare = [".exe", ".cmd", ".bat"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
        [Self::DuploJit, Self::CredentialProcess, Self::Duploctl, Self::Jitpass]
            .into_iter()
            .find(|tool| tool.name() == bare)
    }

    /// The predecessor that a text speaks of, wherever in it.
    fn mentioned(text: &str) -> Option<Self> {
        let in_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let mut words = text.split(|c| !in_name(c));
        words.find_map(|word| Self::of_program(word).filter(|tool| *tool != Self::Jitpass))
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a command line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// None of these tools is in it.
    Other,
    /// One of them is asked for AWS credentials, like this.
    Call(Box<Call>),
    /// One of them is in it, and what it would do cannot be carried over.
    Unclear(Tool, Obstacle),
}

impl Reading {
    /// Reads the value of a `credential_process` as it stands in the file, its inline comment cut off.
    pub fn of_value(value: &str) -> Self {
        let read = wrapper::follow(value).and_then(|started| match started {
            Some(started) => call::read(&started).map(|call| Self::Call(Box::new(call))),
            None => Ok(Self::Other),
        });
        Self::or_unclear(read, || Tool::mentioned(value))
    }

    /// Reads a program and its arguments, as a kubeconfig has them.
    pub fn of_words(words: &[String]) -> Self {
        let read = match wrapper::follow_words(words) {
            Ok(Some(started)) => call::read(&started).map(|call| Self::Call(Box::new(call))),
            Ok(None) => Ok(Self::Other),
            Err(obstacle) => Err(obstacle),
        };
        Self::or_unclear(read, || words.iter().find_map(|word| Tool::mentioned(word)))
    }

    fn or_unclear(read: Result<Self, Obstacle>, mentioned: impl Fn() -> Option<Tool>) -> Self {
        match read {
            Ok(Self::Other) => match mentioned() {
                Some(tool) => Self::Unclear(tool, Obstacle::Wrapped),
                None => Self::Other,
            },
            Ok(read) => read,
            Err(obstacle) => mentioned().map_or(Self::Other, |tool| Self::Unclear(tool, obstacle)),
        }
    }
}

#[cfg(test)]
mod tests;
