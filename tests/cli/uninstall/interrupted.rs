//! Killed anywhere, it is ended by running it again.

use std::process::Command;
use std::thread;
use std::time::Instant;

use super::{assert_same, set_up, tree};
use crate::harness::Sandbox;

/// How many kills: `JITPASS_TEST_KILLS`, otherwise as many as an ordinary run has time for.
fn kills() -> u32 {
    std::env::var("JITPASS_TEST_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(40)
}

#[test]
fn killed_at_any_moment_and_run_again_nothing_is_left() {
    let sandbox = Sandbox::with("new,tenants=3");
    let (home, kept) = (sandbox.home(), sandbox.root().join("kept"));
    let (url, token) = (sandbox.url(), sandbox.token("admin"));
    let legacy = format!(
        "[profile legacy]\ncredential_process = duplo-jit aws --host {url} --admin --token {token}\n"
    );
    sandbox.write(".aws/config", legacy);
    sandbox.write(".zshrc", "bindkey -v");
    let before = tree(&home);
    set_up(&sandbox);
    sandbox.jitpass(["profile", "import", "--yes"]).run().success();
    sandbox.jitpass(["shell", "install", "zsh", "fish", "bash", "--yes"]).run().success();
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
        assert!(copied.success());
    };
    copy(&home, &kept);
    let start = Instant::now();
    sandbox.jitpass(["uninstall", "--yes"]).run().success();
    let whole = start.elapsed();
    assert_same(&before, &tree(&home));
    let mut halves = 0;
    for n in 1..=kills() {
        std::fs::remove_dir_all(&home).unwrap();
        copy(&kept, &home);
        let used = tree(&home);
        let started = sandbox.jitpass(["uninstall", "--yes"]).start();
        thread::sleep(whole.mul_f64((f64::from(n) * 0.618_033_988_749_895).fract()));
        started.kill();
        let left = tree(&home);
        halves += u32::from(left != before && left != used);
        sandbox.jitpass(["uninstall", "--yes"]).run().success();
        assert_same(&before, &tree(&home));
    }
    assert!(halves > 0, "never killed halfway in {whole:?}");
}
