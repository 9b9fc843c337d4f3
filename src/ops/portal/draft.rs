//! The file of settings in a person's editor. What they type lies in a file of its own until it is written or they
//! take nothing of it: it outlasts a mistake, a refusal and a power cut.

use std::path::PathBuf;

use crate::base::text;
use crate::host::user_file::UserFile;
use crate::host::{editor, files, random};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::write;
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
        let name = format!("config-{}.toml", &random::name()[..8]);
        let path = machine.need_state_dir()?.join("drafts").join(name);
        files::keep_private(&path, bytes.content())
            .map_err(|e| Failure::new(format!("cannot write {}", machine.shown(&path))).because(&e))?;
        Ok(Self { path, before: bytes.content().to_vec() })
    }

    /// Opens it in the editor, and gives the text when the person is done.
    pub fn edit(&self, machine: &Machine) -> Result<String, Failure> {
        let chosen = editor::chosen(&machine.env);
        let shown = text::one_line(&chosen, 100);
        let ended = editor::edit(&chosen, &self.path).map_err(|e| {
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
        let bytes = self.read(machine)?;
        String::from_utf8(bytes).map_err(|e| Failure::new("what you wrote is not UTF-8 text").because(&e))
    }

    /// Whether the person changed nothing.
    pub fn is_untouched(&self, machine: &Machine) -> bool {
        self.read(machine).is_ok_and(|now| now == self.before)
    }

    fn read(&self, machine: &Machine) -> Result<Vec<u8>, Failure> {
        // Editors replace files, links and modes included.
        let file = UserFile::read(&self.path).map_err(|e| write::failure(machine, &self.path, &e))?;
        Ok(file.content().to_vec())
    }

    /// It is written, or nothing of it is wanted.
    pub fn discard(self) {
        if let Err(error) = files::remove(&self.path) {
            tracing::debug!(%error, "the draft stays");
        }
    }
}

const EDITOR: &str = "set VISUAL or EDITOR to your editor, such as `nano` or `code --wait`";
