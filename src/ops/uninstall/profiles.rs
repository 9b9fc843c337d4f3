//! What jitpass wrote into AWS config files, and the way back.
//!
//! The journal knows every line: taken back in turn, they leave the file as it was, with what others wrote since. Where
//! lines were changed since, so that they are not found, the profiles that jitpass keeps are taken out as they are.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::awsconfig::{Document, Edit};
use crate::host::dirs;
use crate::host::user_file::UserFile;
use crate::ops::change::{Change, ConfigFile};
use crate::ops::failure::Failure;
use crate::ops::history::{FileKind, PastChange};
use crate::ops::machine::Machine;
use crate::ops::profile;
use crate::ops::status::ReadArguments;
use crate::ops::undo::{Before, before_all};
use crate::ops::write::{self, FilePlan};
use crate::store::managed::Managed;

/// The AWS config files.
#[derive(Debug, Default)]
pub struct Profiles {
    files: Vec<OneFile>,
    /// The profiles that go.
    pub gone: Vec<String>,
    /// The profiles that come back, because jitpass took them out.
    pub back: Vec<String>,
    /// The person's own that call jitpass, and fail when it is gone.
    pub callers: Vec<String>,
    /// How many secrets of old lines are not to be had.
    pub missing: usize,
    /// The changes that are taken back, from the first to the last.
    span: Option<(u64, u64)>,
    /// Whether there is a file of which not all is taken back by the journal.
    is_by_hand: bool,
    takes_callers: bool,
}

#[derive(Debug)]
struct OneFile {
    /// What it is to hold without what jitpass wrote.
    plan: FilePlan,
    /// The same without the callers, too.
    without_callers: Vec<u8>,
    /// What it holds without the callers alone.
    callers_alone: Vec<u8>,
    /// Whether it goes when nothing is left in it.
    is_ours: bool,
}

impl Profiles {
    /// Finds them in every config file that the journal knows, and in the one in use.
    pub(super) fn find(
        machine: &Machine,
        read: ReadArguments<'_>,
        past: &[PastChange],
        takes_callers: bool,
    ) -> Result<Self, Failure> {
        let written = past.iter().flat_map(|change| &change.files);
        let configs = written.filter(|file| file.kind(machine) == FileKind::Config);
        let mut paths: Vec<PathBuf> = dirs::aws_config_file(&machine.env).into_iter().collect();
        paths.extend(configs.map(|file| file.path.clone()));
        let mut profiles = Self { takes_callers, ..Self::default() };
        let mut seen = BTreeSet::new();
        for path in paths {
            if seen.insert(path.clone()) {
                profiles.find_in(machine, read, past, &path)?;
            }
        }
        Ok(profiles)
    }

    fn find_in(
        &mut self,
        machine: &Machine,
        read: ReadArguments<'_>,
        past: &[PastChange],
        path: &Path,
    ) -> Result<(), Failure> {
        let file = UserFile::read(path).map_err(|e| write::failure(machine, path, &e))?;
        let present = Document::parse(file.content());
        let before = before_all(machine, past, path)?;
        let (rest, goes) = match &before {
            Some(Before { plan, goes, missing, span }) => {
                self.missing += missing;
                if let Some((first, last)) = *span {
                    let (from, to) = self.span.unwrap_or((first, last));
                    self.span = Some((from.min(first), to.max(last)));
                }
                (plan.new.clone(), *goes)
            }
            None => {
                self.is_by_hand = true;
                (file.content().to_vec(), false)
            }
        };
        let managed = machine.state_dir.as_deref().map(Managed::load).unwrap_or_default();
        let mut config = ConfigFile::holding(file.clone(), &rest);
        let (known, _) = profile::known(&config, &managed, read);
        for one in known.iter().filter(|one| one.kept_for().is_some()) {
            config.edit_or_say(machine, Edit::Remove { profile: one.profile.name.clone() })?;
        }
        let (known, _) = profile::known(&config, &managed, read);
        let callers: Vec<String> = known
            .iter()
            .filter(|one| one.ours.is_some() || one.wrong.is_some())
            .map(|one| one.profile.name.clone())
            .collect();
        let new = config.document.render();
        let names = |document: &Document| -> BTreeSet<String> {
            document.profile_names().into_iter().map(str::to_owned).collect()
        };
        let (were, are) = (names(&present), names(&config.document));
        let in_order = |document: &Document, chosen: &dyn Fn(&str) -> bool| -> Vec<String> {
            let all = document.profile_names().into_iter();
            all.filter(|name| chosen(name)).map(str::to_owned).collect()
        };
        self.gone.extend(in_order(&present, &|name| !are.contains(name)));
        self.back.extend(in_order(&config.document, &|name| !were.contains(name)));
        let is_ours = goes || is_made(machine, past, &file);
        let without = |mut config: ConfigFile| -> Result<Vec<u8>, Failure> {
            for name in callers.iter().filter(|_| self.takes_callers) {
                if config.document.profile(name).is_some() {
                    config.edit_or_say(machine, Edit::Remove { profile: name.clone() })?;
                }
            }
            Ok(config.document.render())
        };
        let callers_alone = without(ConfigFile::holding(file.clone(), file.content()))?;
        let without_callers = without(config)?;
        self.callers.extend(callers);
        self.files.push(OneFile { plan: FilePlan { file, new }, without_callers, callers_alone, is_ours });
        Ok(())
    }

    /// The changes that are taken back, from the first to the last, where that is all that happens.
    pub(super) fn takes_back(&self) -> Option<(u64, u64)> {
        self.span.filter(|_| !self.is_by_hand && !self.takes_callers)
    }

    /// Whether jitpass has nothing in them.
    pub(super) fn is_empty(&self) -> bool {
        self.files.iter().all(|one| one.plan.is_empty() && !one.goes(&one.plan.new))
    }

    /// The plan of each file that changes.
    pub(super) fn put_into(&self, change: &mut Change, takes_ours: bool) {
        for one in &self.files {
            let new = match (takes_ours, self.takes_callers) {
                (true, true) => &one.without_callers,
                (true, false) => &one.plan.new,
                (false, _) => &one.callers_alone,
            };
            if one.goes(new) {
                change.removes.push(one.plan.file.path.clone());
            }
            change.others.push(FilePlan { file: one.plan.file.clone(), new: new.clone() });
        }
    }
}

impl OneFile {
    fn goes(&self, new: &[u8]) -> bool {
        self.is_ours && new.is_empty() && self.plan.file.bytes.is_some()
    }
}

/// Whether jitpass made the file: its own record says so, or the journal.
pub(super) fn is_made(machine: &Machine, past: &[PastChange], file: &UserFile) -> bool {
    let of_it = past.iter().flat_map(|change| &change.files).find(|one| one.path == file.path);
    machine.made().files.contains(&file.real) || of_it.is_some_and(|first| first.is_new)
}
