//! Taking a change back: its lines, and nothing else.

use std::path::{Path, PathBuf};

use crate::base::text;
use crate::credential::sha256_hex;
use crate::host::user_file::UserFile;
use crate::ops::change::Change;
use crate::ops::failure::Failure;
use crate::ops::history::{PastChange, PastFile, Standing, history};
use crate::ops::journaling::{Recall, written};
use crate::ops::machine::Machine;
use crate::ops::write::{self, FilePlan, Occasion};
use crate::plan::{Clash, Spot, take_back};
use crate::store::settings::Settings;

/// What it takes to take a change back.
#[derive(Debug)]
pub struct Undoing {
    /// The change.
    pub past: PastChange,
    /// What is written for it.
    pub change: Change,
    /// The files that go: the change made them, and they hold nothing else.
    pub removes: Vec<PathBuf>,
    /// The files that are not there any more.
    pub vanished: Vec<PathBuf>,
    /// The files that are as they were before already.
    pub already: Vec<PathBuf>,
    /// How many secrets are not to be had; their words or lines are left out.
    pub missing: usize,
    /// What stands in the way, by file. Then nothing is written.
    pub clashes: Vec<(PathBuf, Vec<Clash>)>,
    /// Later changes of the same files, newest first.
    pub later: Vec<u64>,
}

/// Finds out what taking a change back means: of this number, else of the newest that stands, is no undo itself, and
/// left something to take back.
pub fn prepare(machine: &Machine, number: Option<u64>) -> Result<Undoing, Failure> {
    let changes = history(machine)?;
    if number.is_some() {
        return Undoing::of(machine, &changes, choose(&changes, number)?);
    }
    let is_next = |change: &&PastChange| change.standing == Standing::Stands && change.undoes.is_none();
    for past in changes.iter().rev().filter(is_next) {
        let undoing = Undoing::of(machine, &changes, past)?;
        if !undoing.change.is_empty() || !undoing.removes.is_empty() || !undoing.clashes.is_empty() {
            return Ok(undoing);
        }
    }
    Undoing::of(machine, &changes, choose(&changes, None)?)
}

/// Writes what was prepared, and gives the number of the change that it is.
///
/// # Errors
/// Of kind `Outdated` when a file changed since it was prepared.
pub fn apply(machine: &Machine, undoing: &Undoing) -> Result<Option<u64>, Failure> {
    if let Some(failure) = undoing.refusal(machine) {
        return Err(failure);
    }
    let Change { settings, config, .. } = &undoing.change;
    let config = config.as_ref().map(|(plan, _)| plan);
    let _settings = settings.as_ref().map(|plan| write::lock(machine, &plan.file)).transpose()?;
    let _config = config.map(|plan| write::lock(machine, &plan.file)).transpose()?;
    let occasion = Occasion::undo_of(undoing.past.number);
    for plan in config.into_iter().chain(settings) {
        let put = if undoing.removes.contains(&plan.file.path) { write::remove } else { write::replace };
        put(machine, &occasion, plan).map_err(|failure| match occasion.number() {
            Some(number) => {
                failure.also(format!("half of it is taken back; jitpass undo {number} brings that back"))
            }
            None => failure,
        })?;
    }
    Ok(occasion.number())
}

impl Undoing {
    fn of(machine: &Machine, changes: &[PastChange], past: &PastChange) -> Result<Self, Failure> {
        let is_of_it = |path: &PathBuf| past.files.iter().any(|file| file.path == *path);
        let is_later = |other: &&PastChange| {
            other.number > past.number
                && other.standing == Standing::Stands
                && other.files.iter().any(|file| is_of_it(&file.path))
        };
        let mut undoing = Self {
            past: past.clone(),
            change: Change { command: "undo", ..Change::default() },
            removes: Vec::new(),
            vanished: Vec::new(),
            already: Vec::new(),
            missing: 0,
            clashes: Vec::new(),
            later: changes.iter().rev().filter(is_later).map(|other| other.number).collect(),
        };
        for file in &past.files {
            undoing.take(machine, file)?;
        }
        Ok(undoing)
    }

    /// Why it is not done.
    pub fn refusal(&self, machine: &Machine) -> Option<Failure> {
        let number = self.past.number;
        let (path, clashes) = self.clashes.first()?;
        let shown = machine.shown(path);
        let is_same = clashes.iter().any(|clash| !clash.places.is_empty());
        let why = if is_same {
            format!("the lines it wrote stand more than once in {shown}")
        } else {
            format!("the lines it wrote to {shown} were changed since")
        };
        let by_hand = format!("edit {shown} by hand; `jitpass history {number}` shows what was written");
        let numbers: Vec<String> = self.later.iter().map(|number| format!("jitpass undo {number}")).collect();
        Some(Failure::new(format!("change {number} is not taken back: {why}")).hint(match numbers.len() {
            0 => by_hand,
            _ => {
                format!("take back what was changed later first ({}), or {by_hand}", text::list(&numbers, 3))
            }
        }))
    }

    fn take(&mut self, machine: &Machine, past: &PastFile) -> Result<(), Failure> {
        let path = &past.path;
        let file = UserFile::read(path).map_err(|e| write::failure(machine, path, &e))?;
        if past.is_not_there {
            self.already.push(path.clone());
            return Ok(());
        }
        if file.bytes.is_none() && !past.was_removed {
            self.vanished.push(path.clone());
            return Ok(());
        }
        let places = if is_as_written(past, &file) {
            exact_places(past)
        } else {
            match take_back(file.content(), &written(&past.entry)) {
                Ok(places) => places,
                Err(clashes) => {
                    self.clashes.push((path.clone(), clashes));
                    return Ok(());
                }
            }
        };
        let (new, missing) = put_back(machine, file.content(), &places);
        self.missing += missing;
        if is_as_written(past, &file) && missing == 0 && sha256_hex(&new) != past.entry.before {
            return Err(Failure::new(format!("the journal of change {} is damaged", self.past.number))
                .hint(format!("nothing was written; edit {} by hand", machine.shown(path))));
        }
        if !past.entry.existed && new.is_empty() && file.bytes.is_some() {
            self.removes.push(path.clone());
        } else if new == file.content() && file.bytes.is_some() {
            self.already.push(path.clone());
            return Ok(());
        }
        let plan = FilePlan { file, new };
        let is_settings = machine.config_dir.as_deref().is_some_and(|dir| Settings::file(dir) == *path);
        if is_settings {
            self.change.settings = Some(plan);
        } else {
            self.change.config = Some((plan, Vec::new()));
        }
        Ok(())
    }
}

fn is_as_written(past: &PastFile, file: &UserFile) -> bool {
    file.bytes.is_some() != past.was_removed && sha256_hex(file.content()) == past.entry.after
}

/// The places in the very bytes that were written.
fn exact_places(past: &PastFile) -> Vec<Spot> {
    let place = |(hunk, written): (&crate::store::journal::Hunk, crate::plan::Written)| Spot {
        range: hunk.at..hunk.at + hunk.length,
        with: written.old,
        line_ends: [b"", b""],
    };
    past.entry.hunks.iter().zip(written(&past.entry)).map(place).collect()
}

/// The file with what was there put back; and how many secrets were not to be had.
fn put_back(machine: &Machine, text: &[u8], places: &[Spot]) -> (Vec<u8>, usize) {
    let recall = Recall::of(machine);
    let (mut new, mut missing, mut at) = (Vec::with_capacity(text.len()), 0, 0);
    for place in places {
        let (with, lost) = place.with.filled(|mark| recall.secret(mark));
        new.extend_from_slice(text.get(at..place.range.start).unwrap_or_default());
        if !with.is_empty() {
            new.extend_from_slice(place.line_ends[0]);
            new.extend_from_slice(&with);
            new.extend_from_slice(place.line_ends[1]);
        }
        missing += lost;
        at = place.range.end;
    }
    new.extend_from_slice(text.get(at..).unwrap_or_default());
    (new, missing)
}

fn choose(changes: &[PastChange], number: Option<u64>) -> Result<&PastChange, Failure> {
    let Some(number) = number else {
        let is_next = |change: &&PastChange| change.standing == Standing::Stands && change.undoes.is_none();
        return changes.iter().rev().find(is_next).ok_or_else(|| {
            let failure = Failure::new("there is nothing to take back");
            match changes.iter().rev().find(|c| c.undoes.is_some() && c.standing == Standing::Stands) {
                Some(last) => failure
                    .hint(format!("to bring back what was taken back last: jitpass undo {}", last.number)),
                None => failure,
            }
        });
    };
    let change = changes.iter().find(|change| change.number == number).ok_or_else(|| {
        Failure::misuse(format!("there is no change {number}"))
            .hint("`jitpass history -n 500` lists them all")
    })?;
    match change.standing {
        Standing::Stands => Ok(change),
        Standing::UndoneBy(by) => {
            Err(Failure::new(format!("change {number} is taken back already, by change {by}"))
                .hint(format!("to bring it back: jitpass undo {by}")))
        }
        Standing::NotThere => Err(Failure::new(format!(
            "change {number} is not in {} any more: it was interrupted, or taken back by hand",
            paths(change)
        ))),
    }
}

fn paths(change: &PastChange) -> String {
    let paths: Vec<String> = change
        .files
        .iter()
        .map(|file| file.path.as_path())
        .map(Path::display)
        .map(|p| p.to_string())
        .collect();
    text::list(&paths, 3)
}
