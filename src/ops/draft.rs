//! A text in a person's editor: the settings, or the section of a profile. What they type lies in a private file of its
//! own until it is written or they take nothing of it: it outlasts a mistake, a refusal and a power cut.

use std::path::PathBuf;

use crate::base::text;
use crate::host::user_file::UserFile;
use crate::host::{editor, files, random};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::store::settings::Settings;

/// A text that a person is working on.
#[derive(Debug)]
pub struct Draft {
    /// The file it lies in, for its owner only.
    pub path: PathBuf,
    /// What the person began with.
    pub before: Vec<u8>,
}

impl Draft {
    /// A copy of the settings, whether they can be used or not.
    pub fn of_settings(machine: &Machine) -> Result<Self, Failure> {
        let dir = machine
            .config_dir
            .as_deref()
            .ok_or_else(|| Failure::new("there is no home directory").hint("set HOME"))?;
        let bytes = UserFile::read(&Settings::file(dir)).map_err(|e| Failure::of(&e))?;
        Self::new(machine, "config", "toml", bytes.content())
    }

    /// A text in a file with a name of this kind and this ending, by which editors know how to show it.
    pub fn new(machine: &Machine, kind: &str, ending: &str, text: &[u8]) -> Result<Self, Failure> {
        let name = format!("{kind}-{}.{ending}", &random::name()[..8]);
        let path = machine.need_state_dir()?.join("drafts").join(name);
        files::keep_private(&path, text)
            .map_err(|e| Failure::new(format!("cannot write {}", machine.shown(&path))).because(&e))?;
        Ok(Self { path, before: text.to_vec() })
    }

    /// Opens it in the editor, and gives the text when the person is done.
    pub fn edit(&self, machine: &Machine) -> Result<Vec<u8>, Failure> {
        let chosen = editor::chosen(&machine.env);
        let shown = text::one_line(&chosen, 100);
        let ended = editor::edit(&machine.env, &chosen, &self.path).map_err(|e| {
            Failure::new(format!("your editor `{shown}` cannot be started")).because(&e).hint(EDITOR)
        })?;
        match ended.code() {
            Some(0) => {}
            // So the shell says that there is no such program.
            Some(126 | 127) => {
                return Err(Failure::new(format!("your editor `{shown}` cannot be started")).hint(EDITOR));
            }
            _ => {
                return Err(Failure::new(format!("your editor `{shown}` ended with {ended}"))
                    .hint("nothing was written"));
            }
        }
        let bytes = self.read()?;
        // Many an editor writes a new file, with whatever rights new files have.
        files::keep_private(&self.path, &bytes)
            .map_err(|e| Failure::new(format!("cannot write {}", machine.shown(&self.path))).because(&e))?;
        Ok(bytes)
    }

    /// Whether the person changed nothing.
    pub fn is_untouched(&self) -> bool {
        self.read().is_ok_and(|now| now == self.before)
    }

    fn read(&self) -> Result<Vec<u8>, Failure> {
        let bytes = files::read_at_most(&self.path, MOST_BYTES + 1)
            .map_err(|e| Failure::new("what you wrote cannot be read").because(&e))?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length > MOST_BYTES) {
            return Err(Failure::new("what you wrote is larger than it can be"));
        }
        Ok(bytes)
    }

    /// It is written, or nothing of it is wanted.
    pub fn discard(self) {
        if let Err(error) = files::remove(&self.path) {
            tracing::debug!(%error, "the draft stays");
        }
    }
}

/// The largest text that is read back.
const MOST_BYTES: u64 = 1 << 20;

const EDITOR: &str = "set VISUAL or EDITOR to your editor, such as `nano` or `code --wait`";
