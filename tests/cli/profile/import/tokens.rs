//! Tokens that lie open, and what duplo-jit kept: whose they are, where they go, and that none is lost.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::{OnDefaultPort, import};
use crate::cli::terminal::Terminal;
use crate::harness::{Run, Sandbox};

/// A token that no portal of the tests ever gave.
const UNKNOWN: &str = "SIMTOKEN-nobody-0-AAAAAAAAAAAAAAAAAAAAAAAA";

fn config(sandbox: &Sandbox, line: &str) {
    sandbox
        .write(".aws/config", format!("[profile mine]\nregion = us-west-2\ncredential_process = {line}\n"));
}

fn line(sandbox: &Sandbox) -> String {
    let config = sandbox.read(".aws/config");
    let line = config.lines().find_map(|line| line.strip_prefix("credential_process = "));
    let line = line.expect("the profile has a command").to_owned();
    line.replace(&sandbox.root().display().to_string(), "[SANDBOX]").replace(&sandbox.url(), "[PORTAL]")
}

/// Who is signed in to the sandbox's portal.
fn person(sandbox: &Sandbox) -> Option<String> {
    let tokens = sandbox.home().join(".local/state/jitpass/tokens");
    let file =
        fs::read_dir(tokens).ok()?.flatten().find(|f| f.path().extension().is_some_and(|e| e == "json"))?;
    let wire: serde_json::Value = serde_json::from_slice(&fs::read(file.path()).ok()?).ok()?;
    wire["person"].as_str().map(str::to_owned)
}

#[track_caller]
fn says(run: &Run, said: &str) {
    assert!(run.stderr.contains(said), "no `{said}` in\n{}", run.stderr);
}

#[test]
fn a_token_moves_and_the_profile_works() {
    for template in [
        "duplo-jit aws --tenant dev01 --host {url} --token {token}",
        "duplo-jit aws -tenant=dev01 -host={url} -token={token}",
        "duplo-aws-credential-process --tenant dev01 --host {url} --token '{token}'",
        "duploctl -H{url} -T dev01 -t{token} jit aws",
        "duploctl jit aws --host {url} --tenant dev01 --tok \"{token}\"",
        "DUPLO_TOKEN={token} DUPLO_HOST={url} duploctl jit aws --tenant dev01",
        "sh -c \"duploctl jit aws --host {url} --tenant dev01 '--token={token}' | jq .\"",
        "jitpass aws --host {url} --tenant dev01 --token {token}",
    ] {
        let sandbox = Sandbox::with("new");
        config(
            &sandbox,
            &template.replace("{url}", &sandbox.url()).replace("{token}", &sandbox.token("tenant")),
        );
        // The harness fails on a token in what is printed.
        import(&sandbox, ["--dry-run"]).run().fails(3);
        let run = import(&sandbox, ["--yes"]).run().success();
        says(&run, "signed in to 127.0.0.1");
        says(&run, "a token of pat@example.com");
        assert_eq!(line(&sandbox), "[SANDBOX]/bin/jitpass aws --host [PORTAL] --tenant dev01", "{template}");
        assert_eq!(person(&sandbox).as_deref(), Some("pat@example.com"));
        sandbox.credential_process("mine").run().success();
    }
}

#[test]
fn a_dead_token_is_left_out_and_the_browser_opens() {
    for token in [UNKNOWN, "TOKEN", "'<your token>'"] {
        let sandbox = Sandbox::with("new");
        config(&sandbox, &format!("duplo-jit aws --admin --host {} --token {token}", sandbox.url()));
        let run = import(&sandbox, ["--yes"]).run().success();
        says(&run, "the portal does not accept its token; it is left out, and the browser opens instead");
        assert_eq!(line(&sandbox), "[SANDBOX]/bin/jitpass aws --host [PORTAL] --admin --interactive");
        assert_eq!(person(&sandbox), None);
    }
}

#[test]
fn out_of_reach_nothing_is_lost() {
    let sandbox = Sandbox::with("new");
    config(&sandbox, &format!("duplo-jit aws --admin --host http://127.0.0.1:1 --token {UNKNOWN}"));
    let run = import(&sandbox, ["--yes"]).run().success().changes_nothing();
    says(&run, "its token would be lost: nobody can tell whether it is good: cannot connect");

    config(
        &sandbox,
        &format!("duplo-jit aws --admin --host {} --token {}", sandbox.url(), sandbox.token("admin")),
    );
    let run = import(&sandbox, ["--yes", "--offline"]).run().success().changes_nothing();
    says(&run, "nobody was asked whose it is (--offline)");
    assert_eq!(sandbox.requests(), 0);
}

#[test]
fn nobody_becomes_somebody_else() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let login = sandbox.jitpass(["login", &url, "--token-stdin"]).stdin(sandbox.token("tenant") + "\n");
    login.run().success();
    let before = format!("duplo-jit aws --admin --host {url} --token {}", sandbox.token("admin"));
    config(&sandbox, &before);
    let run = import(&sandbox, ["--yes"]).run().success().changes_nothing();
    says(
        &run,
        "its token is ada@example.com's, and jitpass keeps one person for a portal, here pat@example.com",
    );
    // The same person's token is not needed twice.
    config(
        &sandbox,
        &format!("duplo-jit aws --tenant dev01 --host {url} --token {}", sandbox.token("tenant")),
    );
    let run = import(&sandbox, ["--yes"]).run().success();
    says(&run, "a token of pat@example.com");
    assert!(!run.stderr.contains("signed in to"), "{}", run.stderr);
    assert_eq!(line(&sandbox), "[SANDBOX]/bin/jitpass aws --host [PORTAL] --tenant dev01");
    assert_eq!(person(&sandbox).as_deref(), Some("pat@example.com"));
}

#[test]
fn a_token_command_stays_in_charge() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    sandbox.write(
        ".config/jitpass/config.toml",
        format!("[portal.local]\nhost = \"{url}\"\ntoken_command = \"false\"\n"),
    );
    config(&sandbox, &format!("duplo-jit aws --admin --host {url} --token {}", sandbox.token("admin")));
    let run = import(&sandbox, ["--yes"]).run().success();
    says(&run, "its token is left out: the portal's `token_command` gives one");
    assert_eq!(person(&sandbox), None);
}

/// Whoever is killed, or stopped, after the token was kept has it twice, and never not at all.
#[test]
fn the_token_is_kept_before_the_file_is_written() {
    let sandbox = Sandbox::with("new");
    let before =
        format!("duplo-jit aws --tenant dev01 --host {} --token {}", sandbox.url(), sandbox.token("admin"));
    config(&sandbox, &before);
    // No change can be journaled, so that none is written.
    let journal = sandbox.write(".local/state/jitpass/journal", "in the way");
    let run = import(&sandbox, ["--yes"]).run().fails(1);
    says(&run, "nothing was written to ~/.aws/config");
    assert!(sandbox.read(".aws/config").contains("--token"));
    assert_eq!(person(&sandbox).as_deref(), Some("ada@example.com"));
    fs::remove_file(journal).expect("the sandbox is ours");
    import(&sandbox, ["--yes"]).run().success();
    assert!(!sandbox.read(".aws/config").contains("--token"));
    import(&sandbox, ["--yes"]).run().success().changes_nothing();
}

fn duplo_jit_kept(sandbox: &Sandbox, file: &str, token: &str) -> std::path::PathBuf {
    let text = format!("{{\"Version\":1,\"DuploToken\":\"{token}\",\"NeedOTP\":false}}");
    let path = sandbox.write(&format!(".cache/duplo-jit/{file},duplo-creds.json"), text);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("the sandbox is ours");
    path
}

#[test]
fn what_duplo_jit_kept_is_taken_over() {
    let portal = OnDefaultPort::start();
    let sandbox = &portal.sandbox;
    config(sandbox, "duplo-jit aws --tenant dev01 --host https://acme.duplocloud.net --interactive");
    let cached = duplo_jit_kept(sandbox, "acme.duplocloud.net", &sandbox.token("admin"));
    let run = portal.import(["--dry-run"]).run().fails(3);
    says(
        &run,
        "ada@example.com will be signed in to acme.duplocloud.net, with the token of duplo-jit's last sign-in",
    );
    assert_eq!(person(sandbox), None);
    let run = portal.import(["--yes"]).run().success();
    says(&run, "signed in to acme.duplocloud.net as ada@example.com");
    assert!(!run.stderr.contains("lies open"), "{}", run.stderr);
    assert!(cached.exists(), "it is duplo-jit's");
    portal.import(["--yes"]).run().success().changes_nothing();
    // Who signs out means it.
    let logout = sandbox.jitpass(["logout", "https://acme.duplocloud.net"]);
    logout.run().success();
    portal.import(["--yes"]).run().success().changes_nothing();
}

#[test]
fn without_a_change_of_files_it_is_still_asked_for() {
    let portal = OnDefaultPort::start();
    let sandbox = &portal.sandbox;
    sandbox.write(".config/jitpass/config.toml", "[portal.acme]\nhost = \"https://acme.duplocloud.net\"\n");
    duplo_jit_kept(sandbox, "acme.duplocloud.net", &sandbox.token("tenant"));
    portal.import(["--dry-run"]).run().fails(3).changes_nothing();
    let names = [
        ("SSL_CERT_FILE".to_owned(), portal.authority.clone()),
        ("HTTPS_PROXY".to_owned(), portal.proxy.url()),
    ];
    let names: Vec<(&str, &str)> = names.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let mut terminal = Terminal::start(sandbox, &["profile", "import"], &names);
    terminal.sees("pat@example.com will be signed in").sees("Keep what is named above? (Y/n)").types("");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(person(sandbox).as_deref(), Some("pat@example.com"));
}

#[test]
fn of_duplo_jit_nothing_doubtful_is_taken() {
    let portal = OnDefaultPort::start();
    let sandbox = &portal.sandbox;
    let (token, host) = (sandbox.token("admin"), "acme.duplocloud.net");
    config(sandbox, "duplo-jit aws --tenant dev01 --host https://acme.duplocloud.net --interactive");
    let nothing = |what: &str| {
        let run = portal.import(["--dry-run"]).run().fails(3);
        assert!(!run.stderr.contains("will be signed in"), "{what}\n{}", run.stderr);
    };
    let path = duplo_jit_kept(sandbox, host, UNKNOWN);
    nothing("a dead token");
    fs::write(&path, "{\"DuploToken\": 5}").expect("the sandbox is ours");
    nothing("no token");
    fs::write(&path, format!("{{\"DuploToken\":\"{token}\"}}")).expect("the sandbox is ours");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("the sandbox is ours");
    nothing("for all to read");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("the sandbox is ours");
    let elsewhere = path.with_file_name("elsewhere");
    fs::rename(&path, &elsewhere).expect("the sandbox is ours");
    symlink(&elsewhere, &path).expect("the sandbox is ours");
    nothing("a link");
    fs::remove_file(&path).expect("the sandbox is ours");
    fs::rename(&elsewhere, &path).expect("the sandbox is ours");
    // The control: this one is taken.
    says(&portal.import(["--dry-run"]).run(), "will be signed in");
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(&path, Some(65534), Some(65534)).expect("root may");
        nothing("somebody else's");
        std::os::unix::fs::chown(&path, Some(0), Some(0)).expect("root may");
    }
    says(&portal.import(["--dry-run"]).run(), "will be signed in");
    // Its name says nothing of a port, nor of an API elsewhere.
    config(sandbox, &format!("duplo-jit aws --tenant dev01 --host {} --interactive", sandbox.url()));
    duplo_jit_kept(sandbox, "127.0.0.1", &token);
    nothing("another port");
    config(
        sandbox,
        &format!(
            "duplo-jit aws --tenant dev01 --host https://{host} --api-host {} --interactive",
            sandbox.url()
        ),
    );
    nothing("another API");
}

#[test]
fn several_at_once_end_alike() {
    let sandbox = Sandbox::with("new");
    config(
        &sandbox,
        &format!("duplo-jit aws --tenant dev01 --host {} --token {}", sandbox.url(), sandbox.token("admin")),
    );
    let all: Vec<_> = (0..8).map(|_| import(&sandbox, ["--yes"]).start()).collect();
    for one in all {
        one.finish().success();
    }
    assert_eq!(line(&sandbox), "[SANDBOX]/bin/jitpass aws --host [PORTAL] --tenant dev01");
    assert_eq!(person(&sandbox).as_deref(), Some("ada@example.com"));
    sandbox.credential_process("mine").run().success();
}

#[test]
fn one_token_on_many_lines_is_one_to_replace() {
    let sandbox = Sandbox::with("new");
    let line = format!("duplo-jit aws --admin --host {} --token {}", sandbox.url(), sandbox.token("admin"));
    let profile = |name: &str| format!("[profile {name}]\ncredential_process = {line}\n");
    sandbox.write(".aws/config", ["a", "b", "c"].map(profile).concat());
    let run = import(&sandbox, ["--yes"]).run().success();
    says(&run, "lay open until now in ~/.aws/config, lines 2, 4 and 6: replace it in the portal");
    // Whose it is, and what it opens.
    assert_eq!((run.stderr.matches("lay open").count(), sandbox.requests()), (1, 2));
}

#[test]
fn a_context_of_one_name_in_two_files_is_two_contexts() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let context = |file: &str, user: &str, scope: &str| {
        let token = sandbox.token(user);
        let text = format!("contexts:\n- name: work\n  host: {url}\n  token: {token}\n  {scope}\n");
        sandbox.write(file, text).display().to_string()
    };
    let ada = context("ada", "admin", "admin: true");
    let pat = context("pat", "tenant", "tenant: dev01");
    let line = |file: &str| format!("duploctl --ctx work jit aws --config-file {file}");
    sandbox.write(
        ".aws/config",
        format!(
            "[profile a]\ncredential_process = {}\n[profile p]\ncredential_process = {}\n",
            line(&ada),
            line(&pat)
        ),
    );
    import(&sandbox, ["--yes"]).run().success();
    let config = sandbox.read(".aws/config");
    assert!(!config.contains(&line(&ada)), "{config}");
    assert!(config.contains(&line(&pat)), "Pat's line asks with Ada's token: {config}");
}

#[test]
fn a_tenant_that_the_portal_does_not_offer() {
    let sandbox = Sandbox::with("new");
    let (url, token) = (sandbox.url(), sandbox.token("tenant"));
    let profile = |name: &str, scope: &str| {
        format!("[profile {name}]\ncredential_process = duplo-jit aws {scope} --host {url} --token {token}\n")
    };
    let profiles = [profile("a", "--tenant DEV01"), profile("b", "--tenant gone01"), profile("c", "--admin")];
    sandbox.write(".aws/config", profiles.concat());
    let run = import(&sandbox, ["--yes"]).run().success();
    let host = url.trim_start_matches("http://");
    says(&run, &format!("· b: {host} offers pat@example.com no tenant `gone01`\n"));
    assert_eq!(run.stderr.matches("no tenant").count(), 1, "{}", run.stderr);
}
