//! Callers kill: an SDK at its own deadline, a person with Ctrl-C, a machine that goes down. Whatever the moment, a
//! user's file is the old one or the new one, whole, and the next call is right.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::{Call, Sandbox};

const OLD: &str = "# mine\n[default]\nregion = eu-central-1\n\n[profile other]\nregion = us-east-1\n";

/// How many kills: `JITPASS_TEST_KILLS`, otherwise as many as an ordinary run has time for.
fn kills() -> u64 {
    std::env::var("JITPASS_TEST_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(200)
}

/// Moments spread over `whole` without a pattern, the same in every run.
fn moments(whole: Duration) -> impl Iterator<Item = Duration> {
    // Multiples of the golden ratio, whose fractions never cluster.
    (1_u32..).map(move |n| whole.mul_f64((f64::from(n) * 0.618_033_988_749_895).fract()))
}

/// Starts the program and kills it after a while, if it is still there.
fn kill_after(call: Call, moment: Duration) {
    let started = call.start();
    thread::sleep(moment);
    started.kill();
}

fn timed(call: Call) -> Duration {
    let start = Instant::now();
    call.run().success();
    start.elapsed()
}

#[test]
fn setup_killed_at_any_moment_leaves_the_old_file_or_the_new_one() {
    let sandbox = Sandbox::with("new");
    let (url, token) = (sandbox.url(), sandbox.token("admin") + "\n");
    let setup = || {
        sandbox.write(".aws/config", OLD);
        let args =
            ["setup", "--host", &url, "--name", "acme", "--all-tenants", "--admin", "--yes", "--token-stdin"];
        sandbox.jitpass(args).stdin(token.clone())
    };
    // The first run also signs in; the second is like all that follow.
    setup().run().success();
    let whole = timed(setup());
    let new = fs::read_to_string(sandbox.aws_config()).expect("setup wrote it");
    assert!(new.starts_with(OLD.trim_end()) && new.len() > OLD.len(), "{new}");
    let (mut old_ones, mut new_ones) = (0, 0);
    for (_, moment) in (0..kills()).zip(moments(whole)) {
        kill_after(setup(), moment);
        let left = fs::read_to_string(sandbox.aws_config()).expect("the file is there");
        if left == OLD {
            old_ones += 1;
        } else {
            assert_eq!(left, new, "killed after {moment:?}");
            new_ones += 1;
        }
    }
    // Both ends were seen, so that the kills fell on both sides of the write.
    assert!(old_ones > 0 && new_ones > 0, "{old_ones} old, {new_ones} new in {whole:?}");
    setup().run().success();
    assert_eq!(fs::read_to_string(sandbox.aws_config()).expect("setup wrote it"), new);
}

#[test]
fn a_call_killed_at_any_moment_leaves_nothing_in_the_way_of_the_next() {
    let mut sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let call = |sandbox: &Sandbox| {
        let call = sandbox.jitpass(["aws", "--host", &url, "--admin"]);
        call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", url.as_str())
    };
    let whole = timed(call(&sandbox));
    for (_, moment) in (0..kills() / 4).zip(moments(whole)) {
        // Everything cached is too old, so that each call asks and writes.
        sandbox.pass(3601);
        kill_after(call(&sandbox), moment);
        let key = call(&sandbox).run().success().field("AccessKeyId");
        let issued = sandbox.portal().portal().issued();
        assert!(issued.iter().rev().take(2).any(|issued| issued.key_id == key), "killed after {moment:?}");
    }
}

/// The token is on its line, or it is kept: never in neither place.
#[test]
fn an_import_killed_at_any_moment_loses_no_token() {
    let sandbox = Sandbox::with("new");
    let (url, token) = (sandbox.url(), sandbox.token("admin"));
    let old = format!(
        "{OLD}\n[profile mine]\ncredential_process = duplo-jit aws --admin --host {url} --token {token}\n"
    );
    let kept = |sandbox: &Sandbox| sandbox.jitpass(["duplo", "--host", &url]).run().status.success();
    let import = || {
        let state = sandbox.home().join(".local/state/jitpass");
        for name in ["tokens", "managed.json"] {
            fs::remove_dir_all(state.join(name)).or_else(|_| fs::remove_file(state.join(name))).ok();
        }
        sandbox.write(".aws/config", &old);
        sandbox.jitpass(["profile", "import", "--yes"])
    };
    import().run().success();
    let whole = timed(import());
    let new = fs::read_to_string(sandbox.aws_config()).expect("the import wrote it");
    assert!(!new.contains(&token));
    let (mut old_ones, mut new_ones) = (0, 0);
    for (_, moment) in (0..kills() / 4).zip(moments(whole)) {
        kill_after(import(), moment);
        let left = fs::read_to_string(sandbox.aws_config()).expect("the file is there");
        if left == old {
            old_ones += 1;
        } else {
            assert!(left == new && kept(&sandbox), "killed after {moment:?}");
            new_ones += 1;
        }
    }
    assert!(old_ones > 0 && new_ones > 0, "{old_ones} old, {new_ones} new in {whole:?}");
    import().run().success();
    assert_eq!(fs::read_to_string(sandbox.aws_config()).expect("the import wrote it"), new);
}
