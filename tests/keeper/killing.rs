//! Every command that writes the file, killed at any moment: the old file or the new one, a journal that can be used,
//! and nothing left behind by the time the next command is done.
//!
//! 1. A home is prepared and kept; each kill begins with it.
//! 2. A run that nobody kills tells how the file looks afterwards, how long it takes, and when it writes.
//! 3. Half of the kills are spread over the whole run, half over the time about the write. After some it is measured
//!    anew, because a machine has not the same to do all the time.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;
use tempfile::TempDir;

use super::{number, set_up};
use crate::harness::{Call, Sandbox};

const OLD: &str = "# mine\n[default]\nregion = eu-central-1\n\n[profile other]\nregion = us-east-1\n";

/// How many commands are killed here.
const COMMANDS: usize = 7;

/// Kills before it is measured anew.
const ROUND: usize = 20;

/// A home that can be had again, and the command that is killed in it.
struct Deed<'a> {
    sandbox: &'a Sandbox,
    kept: TempDir,
    args: &'a [&'a str],
    old: Bytes,
    new: Bytes,
    /// Must lie in the config file or in the token store, whatever happens.
    token: Option<String>,
}

/// The config file and the settings.
type Bytes = (Vec<u8>, Vec<u8>);

/// How long a run takes, and when it writes.
struct Times {
    whole: Duration,
    write: Duration,
}

impl<'a> Deed<'a> {
    fn new(sandbox: &'a Sandbox, args: &'a [&'a str]) -> Self {
        let kept = tempfile::tempdir().unwrap();
        copy(&sandbox.home(), kept.path());
        let old = bytes(sandbox);
        let mut deed = Self { sandbox, kept, args, new: old.clone(), old, token: None };
        deed.call().run().success();
        deed.new = bytes(sandbox);
        assert_ne!(deed.old.0, deed.new.0, "{args:?}");
        deed
    }

    fn call(&self) -> Call {
        self.sandbox.jitpass(self.args)
    }

    /// The home as it was before.
    fn begin(&self) {
        fs::remove_dir_all(self.sandbox.home()).unwrap();
        copy(self.kept.path(), &self.sandbox.home());
    }

    fn measure(&self) -> Times {
        self.begin();
        let start = Instant::now();
        let started = self.call().start();
        let mut write = Duration::ZERO;
        while write.is_zero() {
            if fs::read(self.sandbox.aws_config()).is_ok_and(|now| now != self.old.0) {
                write = start.elapsed();
            }
            assert!(start.elapsed() < Duration::from_mins(2), "it writes nothing");
            thread::sleep(Duration::from_micros(300));
        }
        started.finish().success();
        Times { whole: start.elapsed(), write }
    }

    /// Kills it that often, and more often until it was killed on both sides of the write.
    fn kill(&self, kills: usize) {
        let (mut old_ones, mut new_ones) = (0, 0);
        let mut times = self.measure();
        for n in 1.. {
            if n % ROUND == 0 {
                times = self.measure();
            }
            self.begin();
            let moment = times.moment(n);
            let started = self.call().start();
            thread::sleep(moment);
            started.kill();
            if self.check(&format!("{:?}, kill {n} after {moment:?}", self.args)) {
                new_ones += 1;
            } else {
                old_ones += 1;
            }
            if n >= kills && old_ones > 0 && new_ones > 0 {
                return;
            }
            assert!(n < kills + 200, "{old_ones} old and {new_ones} new ones only");
        }
    }

    /// Looks at what is left, goes on, and takes back; says whether the new file was there.
    fn check(&self, kill: &str) -> bool {
        let sandbox = self.sandbox;
        let (config, settings) = bytes(sandbox);
        let length = config.len();
        assert!(config == self.old.0 || config == self.new.0, "{kill}: neither old nor new, {length} bytes");
        assert!(settings == self.old.1 || settings == self.new.1, "{kill}: {}", settings.escape_ascii());
        if let Some(token) = &self.token {
            let store = sandbox.home().join(".local/state/jitpass/tokens");
            let is_stored = below(&store).iter().any(|file| holds(file, token));
            assert!(is_stored || holds(&sandbox.aws_config(), token), "{kill}: the token is lost");
        }
        let state = sandbox.home().join(".local/state/jitpass");
        for file in below(&state).iter().filter(|file| file.extension().is_some_and(|end| end == "json")) {
            let read = serde_json::from_slice::<Value>(&fs::read(file).unwrap());
            assert!(read.is_ok(), "{kill}: {} is damaged", file.display());
        }
        self.newest(kill);
        // What is older than an hour is nobody's any more.
        for file in leavings(sandbox) {
            let file = File::options().write(true).open(file).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_hours(2)).unwrap();
        }
        let is_new = config == self.new.0;
        if !is_new {
            let run = self.call().run();
            assert!(run.status.success(), "{kill}\n{}", run.transcript());
            assert!(bytes(sandbox).0 == self.new.0, "{kill}: a second run writes something else");
        }
        let number = self.newest(kill)["number"].to_string();
        let run = sandbox.jitpass(["undo", &number, "--yes"]).run();
        assert!(run.status.success(), "{kill}\n{}", run.transcript());
        // Neither side is shown: a token stands there.
        assert!(bytes(sandbox).0 == self.old.0, "{kill}: undo gives something else back");
        // Whatever was about to be written when it was killed is written now.
        self.call().run();
        assert_eq!(leavings(sandbox), Vec::<PathBuf>::new(), "{kill}");
        is_new
    }

    /// The newest change of the journal, which must be readable.
    fn newest(&self, kill: &str) -> Value {
        let run = self.sandbox.jitpass(["history", "--json"]).run();
        assert!(run.status.success(), "{kill}\n{}", run.transcript());
        let history = run.json();
        let newest = history.as_array().unwrap().iter().max_by_key(|change| change["number"].as_u64());
        newest.cloned().unwrap_or_default()
    }
}

impl Times {
    /// The moment of the `n`th kill: multiples of the golden ratio never cluster.
    fn moment(&self, n: usize) -> Duration {
        let share = (f64::from(u32::try_from(n).unwrap()) * 0.618_033_988_749_895).fract();
        if n.is_multiple_of(2) {
            return self.whole.mul_f64(share * 1.05);
        }
        (self.write + self.whole.mul_f64(share * 0.4)).saturating_sub(self.whole.mul_f64(0.2))
    }
}

fn bytes(sandbox: &Sandbox) -> Bytes {
    let settings = fs::read(sandbox.home().join(".config/jitpass/config.toml")).unwrap_or_default();
    (fs::read(sandbox.aws_config()).unwrap(), settings)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    let status = Command::new("cp").arg("-a").arg(from.join(".")).arg(to).status().unwrap();
    assert!(status.success());
}

/// All files below a directory.
fn below(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
}

fn holds(file: &Path, text: &str) -> bool {
    String::from_utf8_lossy(&fs::read(file).unwrap_or_default()).contains(text)
}

/// What writers that were killed left.
fn leavings(sandbox: &Sandbox) -> Vec<PathBuf> {
    let mut files = below(&sandbox.home());
    files.retain(|file| file.file_name().unwrap().to_string_lossy().starts_with(".jitpass-"));
    files
}

fn kills() -> usize {
    number("JITPASS_TEST_KILLS", 50).div_ceil(COMMANDS)
}

/// A home with four tenants set up.
fn four_tenants() -> Sandbox {
    let sandbox = Sandbox::with("new,tenants=4");
    sandbox.write(".aws/config", OLD);
    set_up(&sandbox);
    sandbox
}

#[test]
fn sync() {
    let sandbox = four_tenants();
    for n in 0..3 {
        sandbox.portal().portal().add_tenant(&format!("more{n}"), "default");
    }
    Deed::new(&sandbox, &["sync", "--yes"]).kill(kills());
}

#[test]
fn sync_that_prunes() {
    let sandbox = four_tenants();
    sandbox.portal().portal().remove_tenant("dev01");
    Deed::new(&sandbox, &["sync", "--prune", "--yes"]).kill(kills());
}

#[test]
fn edit() {
    let sandbox = four_tenants();
    let args = ["profile", "edit", "acme-dev01", "--set", "output=json", "--region", "eu-west-1", "--yes"];
    Deed::new(&sandbox, &args).kill(kills());
}

#[test]
fn rename() {
    let sandbox = four_tenants();
    Deed::new(&sandbox, &["profile", "rename", "acme-dev01", "mine", "--yes"]).kill(kills());
}

#[test]
fn remove() {
    let sandbox = four_tenants();
    Deed::new(&sandbox, &["profile", "remove", "acme-dev01", "acme-qa*", "--yes"]).kill(kills());
}

#[test]
fn import_of_a_token() {
    let sandbox = Sandbox::with("new");
    let token = sandbox.token("tenant");
    let line = format!("duplo-jit aws --tenant dev01 --host {} --token {token}", sandbox.url());
    sandbox.write(".aws/config", format!("{OLD}\n[profile dev]\ncredential_process = {line}\n"));
    let mut deed = Deed::new(&sandbox, &["profile", "import", "--yes"]);
    deed.token = Some(token);
    deed.kill(kills());
}

#[test]
fn undo() {
    let sandbox = four_tenants();
    let edit = ["profile", "edit", "acme-dev01", "--set", "output=json", "--yes"];
    sandbox.jitpass(edit).run().success();
    Deed::new(&sandbox, &["undo", "--yes"]).kill(kills());
}
