//! `aws configure set` runs in a loop beside `jitpass sync`. It locks nothing and writes in place: whoever reads the file
//! meanwhile may see it cut, but only because of that, and in the end everything of both is there.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{number, set_up};
use crate::harness::{Call, Sandbox, tool};

const FOREIGN: &str = "# mine, by hand\n[default]\nregion = eu-central-1\n\n[profile theirs]\nregion = us-east-1\n\n\
    [profile other]\noutput = text\n# the end of what was there\n";

/// How long a program that empties a file may take to fill it on a machine that has much to do.
const FILLED: Duration = Duration::from_secs(20);

/// What stands in a file that is whole.
#[derive(Debug, Default, PartialEq, Eq)]
struct Whole {
    keys: BTreeSet<usize>,
    profiles: BTreeSet<String>,
}

impl Whole {
    /// Reads a file; `Err` with the line where it is not whole.
    fn of(config: &str) -> Result<Self, String> {
        let mut whole = Self::default();
        let foreign: String = config.split_inclusive('\n').filter(|line| !line.starts_with("key")).collect();
        let ours = foreign.strip_prefix(FOREIGN).ok_or("what was there")?;
        for line in config.lines().filter(|line| line.starts_with("key")) {
            let n = line.split(' ').next().and_then(|key| key["key".len()..].parse().ok()).ok_or(line)?;
            if line != format!("key{n} = value-{n}-end") || !whole.keys.insert(n) {
                return Err(line.to_owned());
            }
        }
        for section in ours.split("\n[profile ").skip(1) {
            let lines: Vec<&str> = section.lines().collect();
            let [header, region, command, mark] = lines[..] else { return Err(section.to_owned()) };
            let is_whole = region.starts_with("region = us-")
                && command.starts_with("credential_process = /")
                && command.ends_with(" --interactive")
                && mark == "jitpass_portal = acme"
                && section.ends_with('\n');
            let name = header.strip_suffix(']').filter(|_| is_whole).ok_or(section)?;
            if !whole.profiles.insert(name.to_owned()) {
                return Err(section.to_owned());
            }
        }
        let is_ended = ours.is_empty() || ours.starts_with("\n[profile ");
        is_ended.then_some(whole).ok_or_else(|| ours.to_owned())
    }
}

/// What a reader saw.
#[derive(Debug, Default)]
struct Seen {
    states: BTreeSet<(usize, usize)>,
    cut: usize,
}

/// Reads the file all the time. jitpass never writes into a file that has its place, so one that is not whole when it is
/// read, and becomes whole under the same handle, was being written in place; any other is a fault.
fn read_all_the_time(path: &Path, is_over: &AtomicBool) -> Result<Seen, String> {
    let mut seen = Seen::default();
    while !is_over.load(Ordering::Relaxed) {
        let mut file = File::open(path).map_err(|error| format!("the file is gone: {error}"))?;
        let until = Instant::now() + FILLED;
        for attempt in 0.. {
            let mut config = Vec::new();
            file.rewind().and_then(|()| file.read_to_end(&mut config)).map_err(|error| error.to_string())?;
            match Whole::of(&String::from_utf8_lossy(&config)) {
                Ok(whole) => {
                    seen.states.insert((whole.keys.len(), whole.profiles.len()));
                    seen.cut += usize::from(attempt > 0);
                    break;
                }
                Err(line) if Instant::now() > until => {
                    return Err(format!("cut for good at `{line}`:\n{}", String::from_utf8_lossy(&config)));
                }
                Err(_) => thread::sleep(Duration::from_micros(200)),
            }
        }
    }
    Ok(seen)
}

/// Runs `aws`, which sets `keys` keys, beside `sync` of a portal that has a new tenant each time.
#[track_caller]
fn beside(keys: usize, aws: impl FnOnce(&Sandbox) + Send) {
    let sandbox = Sandbox::with("new,tenants=4");
    sandbox.write(".aws/config", FOREIGN);
    set_up(&sandbox);
    let (is_set, is_over) = (AtomicBool::new(false), AtomicBool::new(false));
    let path = sandbox.aws_config();
    let sync = || sandbox.jitpass(["sync", "--yes"]);
    let seen = thread::scope(|scope| {
        let reader = scope.spawn(|| read_all_the_time(&path, &is_over));
        let sets = scope.spawn(|| {
            aws(&sandbox);
            is_set.store(true, Ordering::Relaxed);
        });
        let mut tenants = 0;
        while !sets.is_finished() {
            tenants += 1;
            sandbox.portal().portal().add_tenant(&format!("more{tenants:03}"), "default");
            sync().start().finish().success();
        }
        assert!(is_set.load(Ordering::Relaxed), "aws failed");
        // What `aws` wrote of an older file than the last one is put right.
        sync().start().finish().success();
        is_over.store(true, Ordering::Relaxed);
        reader.join().unwrap()
    });
    let seen = seen.unwrap_or_else(|fault| panic!("{fault}"));
    let whole = Whole::of(&sandbox.read(".aws/config")).unwrap();
    assert_eq!(whole.keys, (0..keys).collect());
    let tenants = sandbox.portal().portal().tenants();
    assert_eq!(whole.profiles.len(), tenants.len() + 1, "{whole:?}");
    assert!(tenants.iter().all(|tenant| whole.profiles.contains(&format!("acme-{}", tenant.name))));
    // They did write at the same time.
    let (between, after) = (seen.states.iter().any(|s| s.0 > 0 && s.0 < keys), seen.states.len());
    assert!(between && after > keys / 4, "{seen:?}");
    sandbox.jitpass(["history", "--json"]).run().success().json();
}

#[test]
fn the_aws_cli_in_a_loop() {
    let Some(aws) = tool("aws") else { return };
    let keys = number("JITPASS_TEST_SETS", 12);
    beside(keys, |sandbox| {
        for n in 0..keys {
            let (key, value) = (format!("key{n}"), format!("value-{n}-end"));
            let call: Call = sandbox.command(&aws).args(["configure", "set", &key, &value]);
            call.args(["--profile", "theirs"]).start().finish().success();
        }
    });
}

#[test]
fn the_writer_of_the_aws_cli_in_a_tight_loop() {
    let Some(python) = tool("python") else { return };
    // Many short ones: with the file the work grows, for one side as for the other.
    for _ in 0..number("JITPASS_TEST_SETS", 12) / 12 {
        beside(100, |sandbox| {
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keeper/aws_writer.py");
            let config = sandbox.aws_config().display().to_string();
            sandbox.command(&python).args([script, &config, "100"]).start().finish().success();
        });
    }
}
