//! Killed at any moment, `undo` leaves the old file or the new one, and a journal that can be used.

use std::fs;
use std::thread;
use std::time::Instant;

use crate::harness::Sandbox;

const OLD: &str = "# mine\n[default]\nregion = eu-central-1\n\n[profile other]\nregion = us-east-1\n";

/// How many kills: `JITPASS_TEST_KILLS`, otherwise as many as an ordinary run has time for.
fn kills() -> u32 {
    std::env::var("JITPASS_TEST_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(50)
}

#[test]
fn undo_killed_at_any_moment() {
    let sandbox = Sandbox::with("new");
    sandbox.write(".aws/config", OLD);
    let (url, token) = (sandbox.url(), sandbox.token("admin") + "\n");
    let args = ["setup", "--host", &url, "--name", "acme", "--yes", "--token-stdin"];
    sandbox.jitpass(args).stdin(token).run().success();
    let new = fs::read_to_string(sandbox.aws_config()).unwrap();
    let settings = sandbox.read(".config/jitpass/config.toml");
    let start = Instant::now();
    sandbox.jitpass(["undo", "--yes"]).run().success();
    let whole = start.elapsed();
    assert_eq!(sandbox.read(".aws/config"), OLD);
    // The undo is undone, and so on: each goes to the other side.
    let back = |sandbox: &Sandbox| {
        let history = sandbox.jitpass(["history", "--json", "-n", "500"]).run().success().json();
        let newest =
            history.as_array().unwrap().iter().find(|change| change["standing"] == "stands").cloned();
        newest.expect("something stands")["number"].to_string()
    };
    let (mut old_ones, mut new_ones) = (0, 0);
    for n in 1..=kills() {
        let number = back(&sandbox);
        let started = sandbox.jitpass(["undo", &number, "--yes"]).start();
        thread::sleep(whole.mul_f64((f64::from(n) * 0.618_033_988_749_895).fract()));
        started.kill();
        let left = sandbox.read(".aws/config");
        assert!(left == OLD || left == new, "killed after {n}\n{left}");
        if left == OLD {
            old_ones += 1
        } else {
            new_ones += 1
        }
        let file = sandbox.home().join(".config/jitpass/config.toml");
        assert!(!file.exists() || fs::read_to_string(&file).unwrap() == settings);
    }
    assert!(old_ones > 0 && new_ones > 0, "{old_ones} old, {new_ones} new in {whole:?}");
    // Whatever was left half done, one more command ends it.
    if sandbox.read(".aws/config") == OLD {
        sandbox.jitpass(["undo", &back(&sandbox), "--yes"]).run();
    }
    let left = sandbox.read(".aws/config");
    assert!(left == OLD || left == new);
    let lists = sandbox.jitpass(["history"]).run().success();
    assert!(lists.stdout.lines().count() > 2, "{}", lists.stdout);
}
