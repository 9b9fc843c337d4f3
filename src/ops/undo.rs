//! Taking changes back: their lines, and nothing else.

mod before;

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use crate::base::text;
use crate::credential::sha256_hex;
use crate::host::user_file::UserFile;
use crate::ops::change::Change;
use crate::ops::failure::Failure;
use crate::ops::history::{FileKind, PastChange, PastFile, Standing, history};
use crate::ops::journaling::written;
use crate::ops::machine::Machine;
use crate::ops::shell::following::{self, Following};
use crate::ops::way_back::{State, exact_places, exactly, is_as_written, put_back};
use crate::ops::write::{self, FilePlan, Occasion};
use crate::plan::{Clash, take_back, take_back_plain};

pub use before::{Before, before_all};

/// Which changes are taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The newest that stands, is no undo itself, and left something to take back.
    Newest,
    /// The one of this number.
    One(u64),
    /// All from this number on.
    Since(u64),
}

/// What it takes to take changes back.
#[derive(Debug)]
pub struct Undoing {
    /// The change; of several, the oldest.
    pub past: PastChange,
    /// The number of the newest change there is, where all since `past` are taken back.
    pub through: Option<u64>,
    /// The changes that are taken back, newest first. Undos, and what they took back, cancel out.
    pub takes: Vec<PastChange>,
    /// What is written for it.
    pub change: Change,
    /// The files that are not there any more.
    pub vanished: Vec<PathBuf>,
    /// The files that are as they were before already.
    pub already: Vec<PathBuf>,
    /// How many secrets are not to be had; their words or lines are left out.
    pub missing: usize,
    /// What stands in the way. Then nothing is written.
    pub clashes: Vec<InTheWay>,
    /// Later changes of the same files that stand, newest first. Undos, and what they took back, cancel out.
    pub later: Vec<u64>,
    /// What becomes of the scripts that start-up files load.
    pub scripts: Following,
    /// A change that the same run of a command made, and that stands: its number and the command.
    pub belongs: Option<(u64, String)>,
}

/// What stands in the way in a file.
#[derive(Debug)]
pub struct InTheWay {
    /// The file.
    pub path: PathBuf,
    /// The change whose lines are not there as it wrote them.
    pub number: u64,
    /// The lines.
    pub clashes: Vec<Clash>,
}

/// Finds out what taking changes back means.
///
/// # Errors
/// Where there is no such change, or none that stands.
pub fn prepare(machine: &Machine, which: Which) -> Result<Undoing, Failure> {
    let changes = history(machine)?;
    match which {
        Which::One(number) => Undoing::of(machine, &changes, choose(&changes, Some(number))?),
        Which::Since(number) => Undoing::since(machine, &changes, number),
        Which::Newest => {
            let is_next =
                |change: &&PastChange| change.standing == Standing::Stands && change.undoes.is_none();
            for past in changes.iter().rev().filter(is_next) {
                let undoing = Undoing::of(machine, &changes, past)?;
                if !undoing.change.is_empty() || !undoing.clashes.is_empty() {
                    return Ok(undoing);
                }
            }
            Undoing::of(machine, &changes, choose(&changes, None)?)
        }
    }
}

/// Writes what was prepared, and gives the number of the change that it is.
///
/// # Errors
/// Of kind `Outdated` when a file changed since it was prepared.
pub fn apply(machine: &Machine, undoing: &Undoing) -> Result<Option<u64>, Failure> {
    if let Some(failure) = undoing.refusal(machine) {
        return Err(failure);
    }
    let change = &undoing.change;
    let _locks = change.lock(machine)?;
    let occasion = Occasion::undo_of(undoing.past.number, undoing.through);
    undoing.scripts.before(machine)?;
    let config = change.config.as_ref().map(|(plan, _)| plan);
    for plan in config.into_iter().chain(&change.settings).chain(&change.others) {
        change.put(machine, &occasion, plan).map_err(|failure| match occasion.number() {
            Some(number) => {
                failure.also(format!("half of it is taken back; jitpass undo {number} brings that back"))
            }
            None => failure,
        })?;
    }
    undoing.scripts.after(machine, change)?;
    Ok(occasion.number())
}

impl Undoing {
    fn new(past: &PastChange) -> Self {
        Self {
            past: past.clone(),
            through: None,
            takes: Vec::new(),
            change: Change { command: "undo", ..Change::default() },
            vanished: Vec::new(),
            already: Vec::new(),
            missing: 0,
            clashes: Vec::new(),
            later: Vec::new(),
            scripts: Following::default(),
            belongs: None,
        }
    }

    fn of(machine: &Machine, changes: &[PastChange], past: &PastChange) -> Result<Self, Failure> {
        let is_of_it = |file: &PastFile| past.files.iter().any(|one| one.path == file.path);
        let is_later = |other: &&&PastChange| other.number > past.number && other.files.iter().any(is_of_it);
        let is_other_half = |other: &&PastChange| {
            other.number.abs_diff(past.number) == 1
                && other.standing == Standing::Stands
                && other.undoes.is_none()
                && other.belongs_to(past)
        };
        let mut undoing = Self {
            takes: vec![past.clone()],
            later: standing(changes, past.number).iter().filter(is_later).map(|other| other.number).collect(),
            belongs: changes.iter().find(is_other_half).map(|other| (other.number, other.command.clone())),
            ..Self::new(past)
        };
        for file in &past.files {
            undoing.take(machine, &file.path, &[], &[(past.number, file)])?;
        }
        undoing.scripts = following::prepare(machine, &undoing.change)?;
        Ok(undoing)
    }

    fn since(machine: &Machine, changes: &[PastChange], number: u64) -> Result<Self, Failure> {
        let past = find(changes, number)?;
        let net = standing(changes, number);
        if net.is_empty() {
            return Err(Failure::new(format!(
                "of change {number} and all since, nothing is left to take back"
            ))
            .hint("`jitpass history` says what became of each"));
        }
        let mut undoing = Self {
            through: changes.last().map(|newest| newest.number),
            takes: net.iter().map(|change| (*change).clone()).collect(),
            ..Self::new(past)
        };
        let all: Vec<&PastChange> = changes.iter().rev().filter(|change| change.number >= number).collect();
        let mut files: Vec<&PastFile> = Vec::new();
        for file in net.iter().rev().flat_map(|change| &change.files) {
            if !files.iter().any(|known| known.path == file.path) {
                files.push(file);
            }
        }
        let mut configs = files.iter().filter(|file| file.kind(machine) == FileKind::Config);
        if configs.nth(1).is_some() {
            let shown: Vec<String> = files.iter().map(|file| machine.shown(&file.path)).collect();
            return Err(Failure::new(format!(
                "the changes since {number} are of several configs: {}",
                text::list(&shown, 4)
            ))
            .hint("take them back one by one; `jitpass history` lists them"));
        }
        for path in files.into_iter().map(|file| file.path.as_path()) {
            undoing.take(machine, path, &writes(&all, path), &writes(&net, path))?;
        }
        undoing.scripts = following::prepare(machine, &undoing.change)?;
        Ok(undoing)
    }

    /// Why it is not done.
    pub fn refusal(&self, machine: &Machine) -> Option<Failure> {
        let first = self.clashes.first()?;
        let number = self.past.number;
        let shown = |is_same: bool| -> Vec<String> {
            let fits = |one: &&InTheWay| one.clashes.iter().any(|clash| !clash.places.is_empty()) == is_same;
            self.clashes.iter().filter(fits).map(|one| machine.shown(&one.path)).collect()
        };
        let who = if self.through.is_some() { format!("change {}", first.number) } else { "it".to_owned() };
        let why = match (shown(false).join(" and "), shown(true).join(" and ")) {
            (changed, same) if same.is_empty() => {
                format!("the lines {who} wrote to {changed} were changed since")
            }
            (changed, same) if changed.is_empty() => {
                format!("the lines {who} wrote stand more than once in {same}")
            }
            (changed, same) => format!(
                "the lines {who} wrote to {changed} were changed since, and stand more than once in {same}"
            ),
        };
        let files: Vec<String> = self.clashes.iter().map(|one| machine.shown(&one.path)).collect();
        let by_hand = format!(
            "edit {} by hand; `jitpass history {}` shows what was written",
            files.join(" and "),
            first.number
        );
        if self.through.is_some() {
            let failure = Failure::new(format!("nothing is taken back: {why}"));
            let newer = self.takes.iter().rev().find(|change| change.number > first.number);
            return Some(failure.hint(match newer {
                Some(newer) => format!("take back less (`jitpass undo --to {}`), or {by_hand}", newer.number),
                None => by_hand,
            }));
        }
        Some(Failure::new(format!("change {number} is not taken back: {why}")).hint(match self.later[..] {
            [] => by_hand,
            [only] => format!("take back what was changed later first (`jitpass undo {only}`), or {by_hand}"),
            _ => format!(
                "take back all that was changed since, too (`jitpass undo --to {number}`), or {by_hand}"
            ),
        }))
    }

    /// Takes back in one file what changes did to it, newest first: `net` is what stands, `all` also what cancels out.
    fn take(
        &mut self,
        machine: &Machine,
        path: &Path,
        all: &[(u64, &PastFile)],
        net: &[(u64, &PastFile)],
    ) -> Result<(), Failure> {
        let file = UserFile::read(path).map_err(|e| write::failure(machine, path, &e))?;
        let present = State { bytes: file.content().to_vec(), is_there: file.bytes.is_some() };
        let state = match exactly(machine, &present, all) {
            Some(state) => state,
            None => match self.in_turn(machine, path, &present, net)? {
                Some(state) => state,
                None => return Ok(()),
            },
        };
        if !state.is_there && present.is_there {
            self.change.removes.push(path.to_owned());
        } else if state.bytes == present.bytes && state.is_there == present.is_there {
            self.already.push(path.to_owned());
            return Ok(());
        }
        let plan = |file| FilePlan { file, new: state.bytes };
        match net.first().or(all.first()).map(|(_, past)| past.kind(machine)) {
            Some(FileKind::Settings) => self.change.settings = Some(plan(file)),
            Some(FileKind::StartUp) => self.change.others.push(plan(file.public())),
            _ => self.change.config = Some((plan(file), Vec::new())),
        }
        Ok(())
    }

    /// One after the other, in whatever the file holds now. `None` where there is no file, or something is in the way.
    fn in_turn(
        &mut self,
        machine: &Machine,
        path: &Path,
        present: &State,
        net: &[(u64, &PastFile)],
    ) -> Result<Option<State>, Failure> {
        let mut state = present.clone();
        for (number, past) in net.iter().filter(|(_, past)| !past.is_not_there) {
            if !state.is_there && !past.was_removed {
                self.vanished.push(path.to_owned());
                return Ok(None);
            }
            let is_exact = is_as_written(past, &state);
            let find = if past.entry.is_start_up { take_back_plain } else { take_back };
            let found =
                if is_exact { Ok(exact_places(past)) } else { find(&state.bytes, &written(&past.entry)) };
            let places = match found {
                Ok(places) => places,
                Err(clashes) => {
                    // Of several changes, the lines are told as the file has them now, if they are not there either.
                    let clashes = find(&present.bytes, &written(&past.entry)).err().unwrap_or(clashes);
                    self.clashes.push(InTheWay { path: path.to_owned(), number: *number, clashes });
                    return Ok(None);
                }
            };
            let (new, missing) = put_back(machine, &state.bytes, &places);
            self.missing += missing;
            if is_exact && missing == 0 && sha256_hex(&new) != past.entry.before {
                return Err(Failure::new(format!("the journal of change {number} is damaged"))
                    .hint(format!("nothing was written; edit {} by hand", machine.shown(path))));
            }
            state = State { is_there: past.entry.existed || !new.is_empty(), bytes: new };
        }
        Ok(Some(state))
    }
}

/// The changes from this number on that are to be taken back for the files to be as before them all, newest first.
/// An undo of one of them, and what it took back, cancel out; one of an older change is to be taken back itself.
fn standing(changes: &[PastChange], from: u64) -> Vec<&PastChange> {
    let (mut net, mut cancelled) = (Vec::new(), Vec::new());
    let made = |change: &&PastChange| change.number >= from && change.standing != Standing::NotThere;
    for change in changes.iter().rev().filter(made) {
        if cancelled.iter().any(|numbers: &RangeInclusive<u64>| numbers.contains(&change.number)) {
            continue;
        }
        match change.undone().filter(|numbers| *numbers.start() >= from) {
            Some(numbers) => cancelled.push(numbers),
            None => net.push(change),
        }
    }
    net
}

/// What these changes wrote into a file, in the order of the changes.
fn writes<'a>(changes: &[&'a PastChange], path: &Path) -> Vec<(u64, &'a PastFile)> {
    let of = |change: &&'a PastChange| change.files.iter().rev().map(|file| (change.number, file));
    changes.iter().flat_map(of).filter(|(_, file)| file.path == path).collect()
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
    let change = find(changes, number)?;
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

fn find(changes: &[PastChange], number: u64) -> Result<&PastChange, Failure> {
    changes.iter().find(|change| change.number == number).ok_or_else(|| {
        Failure::misuse(format!("there is no change {number}"))
            .hint("`jitpass history -n 500` lists them all")
    })
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
