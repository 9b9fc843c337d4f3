//! What a command is about to write: planned as a whole, shown, then written as a whole or not at all.

use std::path::PathBuf;

use crate::awsconfig::{Document, Edit, EditError};
use crate::host::dirs;
use crate::host::locks::Lock;
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
    /// Further files: the start-up files of shells.
    pub others: Vec<FilePlan>,
    /// Those of all these that go, because they would hold nothing any more.
    pub removes: Vec<PathBuf>,
}

impl Change {
    /// The files that will differ, in the order in which they are shown.
    pub fn files(&self) -> impl Iterator<Item = &FilePlan> {
        let config = self.config.as_ref().map(|(plan, _)| plan);
        self.settings.iter().chain(config).chain(&self.others).filter(|plan| self.concerns(plan))
    }

    /// Whether the file will differ, or go.
    pub fn concerns(&self, plan: &FilePlan) -> bool {
        !plan.is_empty() || (plan.file.bytes.is_some() && self.removes(plan))
    }

    /// Whether the file goes.
    pub fn removes(&self, plan: &FilePlan) -> bool {
        self.removes.contains(&plan.file.path)
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

    /// Writes what was planned: the profiles, what `remember` notes of them, then the settings and the rest. The profiles
    /// are what the person cares for and what others write too: when they cannot be written, nothing is.
    ///
    /// # Errors
    /// Of kind `Outdated` when a file is not what it was when the plan was made; a new plan may succeed.
    pub fn apply(&self, machine: &Machine, remember: impl FnOnce(&mut Managed)) -> Result<(), Failure> {
        self.apply_at(machine, &Occasion::of(self.command), remember)
    }

    /// The same, on an occasion that may write more.
    pub fn apply_at(
        &self,
        machine: &Machine,
        occasion: &Occasion,
        remember: impl FnOnce(&mut Managed),
    ) -> Result<(), Failure> {
        let _locks = self.lock(machine)?;
        if let Some((plan, edits)) = &self.config {
            if self.concerns(plan) {
                plan.confirm(edits)?;
                self.put(machine, occasion, plan)?;
            }
            keep_record(machine, remember)?;
        }
        let written = self.config.as_ref().filter(|(plan, _)| !plan.is_empty());
        let rest = self.put_all(machine, occasion, self.settings.iter().chain(&self.others));
        rest.map_err(|failure| match written {
            Some((plan, _)) => {
                failure.also(format!("{} is written, and its profiles work", machine.shown(&plan.file.path)))
            }
            None => failure,
        })
    }

    /// Writes what is neither the shared AWS config file nor the settings.
    pub fn apply_rest(&self, machine: &Machine) -> Result<(), Failure> {
        let _locks = self.lock(machine)?;
        self.put_all(machine, &Occasion::of(self.command), self.others.iter())
    }

    /// Writes each of the files that can be written; says what kept it from the first that could not.
    fn put_all<'a>(
        &self,
        machine: &Machine,
        occasion: &Occasion,
        plans: impl Iterator<Item = &'a FilePlan>,
    ) -> Result<(), Failure> {
        let mut first = Ok(());
        for plan in plans {
            let put = self.put(machine, occasion, plan);
            first = first.and(put);
        }
        first
    }

    /// Takes the locks of all files, always in the same order, so that no two wait for each other.
    pub fn lock(&self, machine: &Machine) -> Result<Vec<Lock>, Failure> {
        let config = self.config.as_ref().map(|(plan, _)| plan);
        let mut files: Vec<&UserFile> =
            self.settings.iter().chain(config).chain(&self.others).map(|plan| &plan.file).collect();
        // Two names may lead to one file, and nobody gets a lock twice.
        files.sort_by(|one, other| one.real.cmp(&other.real));
        files.dedup_by(|one, other| one.real == other.real);
        files.into_iter().map(|file| write::lock(machine, file)).collect()
    }

    /// Writes or removes one of the files. The caller holds its lock.
    pub fn put(&self, machine: &Machine, occasion: &Occasion, plan: &FilePlan) -> Result<(), Failure> {
        match (self.concerns(plan), self.removes(plan)) {
            (false, _) => Ok(()),
            (true, true) => write::remove(machine, occasion, plan),
            (true, false) => write::replace(machine, occasion, plan),
        }
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

    /// A file that is to hold these bytes, ready to be edited further.
    pub fn holding(file: UserFile, bytes: &[u8]) -> Self {
        Self { file, document: Document::parse(bytes), edits: Vec::new() }
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
        Change { command, config: Some(self.plan()), ..Change::default() }
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
