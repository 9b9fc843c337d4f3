//! Secrets that were where nobody should see them.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use super::setup;
use crate::harness::Sandbox;

/// A proxy that hangs up, and keeps what it was told.
struct Eavesdropper {
    url: String,
    heard: Arc<Mutex<String>>,
}

impl Eavesdropper {
    fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let heard = Arc::new(Mutex::new(String::new()));
        let ear = heard.clone();
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let lines = BufReader::new(connection).lines().map_while(Result::ok);
                let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
                *ear.lock().expect("nobody panics with it") += &(head.join("\n") + "\n\n");
            }
        });
        Self { url, heard }
    }

    fn heard(&self) -> String {
        self.heard.lock().expect("nobody panics with it").clone()
    }
}

#[test]
fn the_proxy_hears_the_token_for_localhost() {
    let sandbox = Sandbox::with("new,tenants=2");
    let proxy = Eavesdropper::start();
    let port = sandbox.portal().address().port();
    for host in ["localhost", "127.0.0.1"] {
        let url = format!("http://{host}:{port}");
        for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"] {
            let jitpass = |args: &[&str]| sandbox.jitpass(args).env(variable, proxy.url.as_str());
            let login = jitpass(&["login", &url, "--token-stdin"]).stdin(sandbox.token("admin"));
            login.run().success();
            jitpass(&["setup", "--host", &url, "--name", host.trim_matches('.'), "--dry-run"])
                .run()
                .success();
            jitpass(&["aws", "--host", &url, "--admin", "--no-cache"]).run().success();
        }
    }
    // Not `assert_eq`: it would print what was heard.
    assert!(proxy.heard().is_empty(), "the proxy was asked");

    // What is encrypted goes through it, and shows it no more than where to.
    let far = sandbox.jitpass(["aws", "--host", "https://portal.invalid", "--admin"]);
    let far = far.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", "https://portal.invalid");
    far.env("JITPASS_TEST_HASTE", "10").env("HTTPS_PROXY", proxy.url.as_str()).run().fails(1);
    let heard = proxy.heard();
    assert!(heard.starts_with("CONNECT portal.invalid:443 "), "the proxy was not asked");
    assert!(!heard.contains("SIMTOKEN") && !heard.to_lowercase().contains("authorization"));
}

/// A secret key of some other tool, which is none of jitpass's business.
const KEY: &str = "SIMSECRETofsomeothertool";

#[test]
fn the_journal_holds_the_key_of_a_last_line_without_a_line_end() {
    for before in [
        "[default]\nregion = us-east-1\naws_secret_access_key = {KEY}",
        "[default]\r\naws_access_key_id = AKIASIM\r\naws_secret_access_key = {KEY}",
        "[default]\naws_secret_access_key={KEY}",
        "# é\n[default]\n\taws_secret_access_key = {KEY}",
    ] {
        let before = before.replace("{KEY}", KEY);
        let sandbox = Sandbox::with("new,tenants=2");
        sandbox.write(".aws/config", &before);
        let run = setup(&sandbox, &[]).run().success();
        assert!(sandbox.read(".aws/config").starts_with(&before), "{}", run.transcript());
        only_the_config_holds_the_key(&sandbox);
        // Its line is shown as one that stays.
        let marked: Vec<&str> =
            run.stderr.lines().filter(|line| line.contains("secret_access_key")).collect();
        assert!(matches!(marked[..], [line] if line.starts_with("  ")), "{marked:?}");
        assert!(
            run.stderr.contains("~/.aws/config · 1") && !run.stderr.contains("removed"),
            "{}",
            run.stderr
        );
        is_taken_back(&sandbox, before.as_bytes());
    }
}

#[test]
fn the_journal_holds_the_key_of_a_last_line_below_one_that_changes() {
    let sandbox = Sandbox::with("new,tenants=2,regions=us-west-2+eu-central-1");
    setup(&sandbox, &[]).run().success();
    // As a person may have written it: the region right above the last line.
    let config = sandbox.read(".aws/config");
    let (others, last) = config.split_at(config.find("[profile acme-dev01]").expect("it is there"));
    let last = last.replace("region = us-west-2\n", "");
    let before = format!("{others}{last}region = us-west-2\naws_secret_access_key = {KEY}");
    sandbox.write(".aws/config", &before);
    sandbox.portal().portal().remove_tenant("dev01");
    sandbox.portal().portal().add_tenant("dev01", "prod");
    sandbox.portal().portal().add_tenant("new01", "prod");
    let run = setup(&sandbox, &[]).run().success();
    let changed = before.replace(
        &format!("region = us-west-2\naws_secret_access_key = {KEY}"),
        &format!("region = eu-central-1\naws_secret_access_key = {KEY}\n"),
    );
    assert!(sandbox.read(".aws/config").starts_with(&changed), "{}", run.transcript());
    only_the_config_holds_the_key(&sandbox);
    assert!(run.stderr.contains("\n  aws_secret_access_key = ‹redacted "), "{}", run.stderr);
    assert!(run.stderr.contains("lines added, 1 removed"), "{}", run.stderr);
    is_taken_back(&sandbox, before.as_bytes());
}

#[track_caller]
fn only_the_config_holds_the_key(sandbox: &Sandbox) {
    let mut found = Vec::new();
    holding_the_key(&sandbox.home(), &mut found);
    assert_eq!(found, [sandbox.aws_config()]);
}

fn holding_the_key(directory: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(directory).expect("it is ours").flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            holding_the_key(&path, found);
        } else if fs::read(&path).expect("it is ours").windows(KEY.len()).any(|bytes| bytes == KEY.as_bytes())
        {
            found.push(path);
        }
    }
}

/// The file can still be taken back to what it was, to the byte.
#[track_caller]
fn is_taken_back(sandbox: &Sandbox, before: &[u8]) {
    sandbox.jitpass(["undo", "--yes"]).run().success();
    let left = fs::read(sandbox.aws_config()).expect("it is ours");
    // Not `assert_eq`: it would print the key.
    assert!(left == before, "the file is not what it was");
    only_the_config_holds_the_key(sandbox);
}
