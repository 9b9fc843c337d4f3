//! Others write, too: other programs, and jitpass itself many times at once; and a disk can be full.

use std::fs;
use std::process::Command;

use jitpass::demo::portal::{Portal, Running, Scenario, UserKind};
use snapbox::{assert_data_eq, str};

use super::{ARGS, OLD, setup, with_token};
use crate::cli::terminal::Terminal;
use crate::harness::Sandbox;

#[test]
fn another_program_writes_while_the_question_is_open() {
    let sandbox = Sandbox::with("new,tenants=1");
    sandbox.write(".aws/config", OLD);
    let (url, token) = (sandbox.url(), sandbox.token("admin"));
    let args =
        ["setup", "--host", &url, "--name", "acme", "--no-admin", "--all-tenants", "--region", "us-west-2"];
    let token = [("DUPLO_TOKEN", token.as_str()), ("DUPLO_HOST", url.as_str())];
    let mut terminal = Terminal::start(&sandbox, &args, &token);
    terminal.sees("Write this?");
    let theirs = format!("{OLD}[profile theirs]\n");
    sandbox.write(".aws/config", &theirs);
    terminal.types("y");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 1, "{shown}");
    assert!(shown.contains("was changed by another program in the meantime"), "{shown}");
    assert!(shown.contains("run the command again"), "{shown}");
    assert_eq!(sandbox.read(".aws/config"), theirs);
    assert!(!sandbox.home().join(".config/jitpass/config.toml").exists(), "half of the plan was carried out");
}

#[test]
fn sixteen_at_once_lose_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write(".aws/config", OLD);
    let portals: Vec<_> = (0..16)
        .map(|_| {
            let scenario = Scenario::named("new,tenants=2").expect("words of the list");
            Portal::start(scenario, (std::net::Ipv4Addr::LOCALHOST, 0).into()).expect("a portal starts")
        })
        .collect();
    let setup = |(n, portal): (usize, &Running)| {
        let (url, token) = (portal.url().to_string(), portal.token(UserKind::Admin));
        let call = sandbox.jitpass(["setup", "--yes", "--host", &url, "--name", &format!("p{n:02}")]);
        call.env("DUPLO_TOKEN", token.expose()).env("DUPLO_HOST", url).start()
    };
    let started: Vec<_> = portals.iter().enumerate().map(setup).collect();
    for run in started {
        run.finish().success();
    }
    let config = sandbox.read(".aws/config");
    assert!(config.starts_with(OLD), "{config}");
    for n in 0..16 {
        for tenant in ["admin", "default", "dev01"] {
            let header = format!("[profile p{n:02}-{tenant}]");
            assert_eq!(config.matches(&header).count(), 1, "{header}\n{config}");
        }
    }
    let kept = sandbox.read(".local/state/jitpass/managed.json");
    assert_eq!(kept.matches("\"p15-dev01\"").count(), 1);
    assert_eq!((0..16).filter(|n| kept.contains(&format!("\"p{n:02}-dev01\""))).count(), 16, "{kept}");
}

#[test]
fn the_journal_can_take_it_back() {
    let sandbox = Sandbox::with("new,tenants=1");
    sandbox.write(".aws/config", format!("{OLD}aws_secret_access_key = SIMSECRETmine\n"));
    setup(&sandbox).run().success();
    let journal = sandbox.read(".local/state/jitpass/journal/00000001.json");
    let entry: serde_json::Value = serde_json::from_str(&journal).unwrap();
    assert_eq!(entry["command"], "setup");
    assert_eq!(entry["path"], sandbox.aws_config().display().to_string());
    assert!(!journal.contains("SIMSECRET"), "what was not touched is none of the journal's business");
    sandbox.jitpass(["undo", "--yes"]).run().success();
    let left = fs::read(sandbox.aws_config()).unwrap();
    assert!(left == format!("{OLD}aws_secret_access_key = SIMSECRETmine\n").as_bytes());
}

#[test]
fn a_full_disk() {
    let sandbox = Sandbox::with("new,tenants=80");
    let directory = sandbox.home().join(".aws");
    fs::create_dir(&directory).unwrap();
    let mounted =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=8k", "tmpfs"]).arg(&directory).status();
    if !mounted.is_ok_and(|status| status.success()) {
        // Only root may, and not everywhere.
        return;
    }
    let disk = Disk(directory);
    fs::write(disk.0.join("config"), OLD).unwrap();
    let run = with_token(&sandbox, sandbox.jitpass(ARGS).args([sandbox.url()])).run().fails(1);
    let said = run.stderr.split_once("error: ").unwrap_or_default().1;
    assert_data_eq!(
        said.replace(&sandbox.home().display().to_string(), "[HOME]"),
        str![[r#"
cannot write ~/.aws/config
  caused by: No space left on device (os error 28)
hint: make room there; nothing was written

"#]]
    );
    assert_eq!(fs::read_to_string(disk.0.join("config")).unwrap(), OLD);
    assert_eq!(fs::read_dir(&disk.0).unwrap().count(), 1, "something is left behind");
}

/// A file system that goes with the test.
struct Disk(std::path::PathBuf);

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg(&self.0).status().ok();
    }
}
