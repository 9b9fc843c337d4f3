//! What a command is about to write: planned as a whole, shown, then written as a whole or not at all.

use crate::awsconfig::{Document, Edit, EditError};
use crate::host::dirs;
use crate::host::user_file::UserFile;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::write::{self, FilePlan, Occasion};
use crate::store::managed::Managed;

/// A change of a person's files, ready to be shown and applied.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The command that makes it, for the journal: `sync`, `profile add`.
    pub command: &'static str,
    /// The shared AWS config file, with the edits that make it what it will be.
    pub config: Option<(FilePlan, Vec<Edit>)>,
    /// jitpass's settings.
    pub settings: Option<FilePlan>,
}

impl Change {
    /// The files that will differ, in the order in which they are shown.
    pub fn files(&self) -> impl Iterator<Item = &FilePlan> {
        let config = self.config.as_ref().map(|(plan, _)| plan);
        self.settings.iter().chain(config).filter(|plan| !plan.is_empty())
    }

    /// Whether everything is as it should be.
    pub fn is_empty(&self) -> bool {
        self.files().next().is_none()
    }

    /// Finds out, before anybody is asked, whether the files could be written.
    pub fn check_replaceable(&self, machine: &Machine) -> Result<(), Failure> {
        self.files().try_for_each(|plan| {
            plan.file.check_replaceable().map_err(|e| write::failure(machine, &plan.file.path, &e))
        })
    }

    /// Writes what was planned: the profiles, what `remember` notes of them, then the settings. The profiles are what
    /// the person cares for and what others write too: when they cannot be written, nothing is.
    ///
    /// # Errors
    /// Of kind `Outdated` when a file is not what it was when the plan was made; a new plan may succeed.
    pub fn apply(&self, machine: &Machine, remember: impl FnOnce(&mut Managed)) -> Result<(), Failure> {
        let _settings = self.settings.as_ref().map(|plan| write::lock(machine, &plan.file)).transpose()?;
        let _config = self.config.as_ref().map(|(plan, _)| write::lock(machine, &plan.file)).transpose()?;
        let occasion = Occasion::of(self.command);
        if let Some((plan, edits)) = &self.config {
            if !plan.is_empty() {
                plan.confirm(edits)?;
                write::replace(machine, &occasion, plan)?;
            }
            keep_record(machine, remember)?;
        }
        let Some(settings) = &self.settings else { return Ok(()) };
        write::replace(machine, &occasion, settings).map_err(|failure| match &self.config {
            Some((plan, _)) if !plan.is_empty() => {
                let config = machine.shown(&plan.file.path);
                failure.also(format!("{config} is written, and its profiles work"))
            }
            _ => failure,
        })
    }
}

/// Records what the file says for the profiles that are ours. The caller holds the file's lock.
pub fn keep_record(machine: &Machine, remember: impl FnOnce(&mut Managed)) -> Result<(), Failure> {
    Managed::change(&machine.need_state_dir()?, remember).map_err(|e| {
        Failure::new("the record of what was written cannot be kept")
            .because(&e)
            .hint("what is written works all the same")
    })
}

/// The shared AWS config file as it is, parsed, ready to be edited.
#[derive(Debug, Clone)]
pub struct ConfigFile {
    /// The file as it was read.
    pub file: UserFile,
    /// What it says, edits included.
    pub document: Document,
    edits: Vec<Edit>,
}

impl ConfigFile {
    /// Reads it; one that is not there is empty.
    pub fn read(machine: &Machine) -> Result<Self, Failure> {
        let path = dirs::aws_config_file(&machine.env).ok_or_else(|| {
            Failure::new("there is no home directory for `.aws/config`").hint("set HOME or AWS_CONFIG_FILE")
        })?;
        let file = UserFile::read(&path).map_err(|e| write::failure(machine, &path, &e))?;
        let document = Document::parse(file.content());
        Ok(Self { file, document, edits: Vec::new() })
    }

    /// Applies an edit, and tells whether it changed anything.
    pub fn edit(&mut self, edit: Edit) -> Result<bool, EditError> {
        let changes = self.document.apply(&edit)?;
        if changes {
            self.edits.push(edit);
        }
        Ok(changes)
    }

    /// Applies an edit that a person asked for by hand, and says where and why it is refused.
    pub fn edit_or_say(&mut self, machine: &Machine, edit: Edit) -> Result<bool, Failure> {
        let path = machine.shown(&self.file.path);
        self.edit(edit).map_err(|error| refused(&path, &error))
    }

    /// Notes edits that were applied to the document already.
    pub fn note(&mut self, edits: &[Edit]) {
        self.edits.extend_from_slice(edits);
    }

    /// The plan that makes the file what the edits made of it.
    pub fn plan(self) -> (FilePlan, Vec<Edit>) {
        (FilePlan { new: self.document.render(), file: self.file }, self.edits)
    }

    /// The same as the whole of a change.
    pub fn change(self, command: &'static str) -> Change {
        Change { command, config: Some(self.plan()), settings: None }
    }
}

/// Says where and why an edit is refused.
pub fn refused(path: &str, error: &EditError) -> Failure {
    match error {
        EditError::Unsafe { .. } => Failure::new(format!("{path} cannot be edited safely: {error}"))
            .hint("mend that place by hand, then run this again; nothing was written"),
        // That is not in the file.
        EditError::Section { .. } | EditError::OtherSection { .. } => Failure::new(error.to_string()),
        other => Failure::new(format!("{path}: {other}")),
    }
}
