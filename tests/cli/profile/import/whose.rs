//! Nobody becomes somebody else: a token on one line does not sign in those whose lines have none.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::{OnDefaultPort, import};
use crate::cli::terminal::Terminal;
use crate::harness::Sandbox;

/// Two profiles without a token, and one with Pat's.
fn config(url: &str, token: &str) -> String {
    format!(
        "[profile acme-root]\ncredential_process = duplo-jit aws --admin --host {url} --interactive\n\
         [profile acme-prod01]\ncredential_process = jitpass aws --tenant prod01 --host {url} --interactive\n\
         [profile ci]\ncredential_process = duplo-jit aws --tenant dev01 --host {url} --token {token}\n"
    )
}

/// Who is signed in to the only portal.
fn person(sandbox: &Sandbox) -> Option<String> {
    let tokens = sandbox.home().join(".local/state/jitpass/tokens");
    let file =
        fs::read_dir(tokens).ok()?.flatten().find(|f| f.path().extension().is_some_and(|e| e == "json"))?;
    let wire: serde_json::Value = serde_json::from_slice(&fs::read(file.path()).ok()?).ok()?;
    wire["person"].as_str().map(str::to_owned)
}

fn of_jitpass(sandbox: &Sandbox) -> usize {
    sandbox.read(".aws/config").matches("/jitpass aws").count()
}

#[test]
fn unasked_the_token_stays_where_it_is() {
    let sandbox = Sandbox::with("new");
    sandbox.write(".aws/config", config(&sandbox.url(), &sandbox.token("tenant")));
    let run = import(&sandbox, ["--yes"]).run().success();
    let said = run.stderr.replace(&sandbox.url(), "[PORTAL]");
    for expected in [
        "! ci (~/.aws/config:6) stays with duplo-jit: nobody is signed in, and with its token `acme-root` and `acme-prod01` would ask as pat@example.com, too\n",
        "·   sign in first, then import again: jitpass login [PORTAL]\n",
        "·   with such a token on purpose: jitpass login [PORTAL] --token-stdin\n",
        "! a token of pat@example.com for 127.0.0.1:",
    ] {
        assert!(said.contains(expected), "no `{expected}` in\n{said}");
    }
    assert!(!said.contains("will be signed in") && !said.contains("✓ signed in"), "{said}");
    assert!(said.contains("yet: jitpass login acme\n"), "{said}");
    assert_eq!((person(&sandbox), of_jitpass(&sandbox)), (None, 1));
    // By its name it is no other: the others would become Pat's all the same.
    let run = import(&sandbox, ["ci", "--yes"]).run().success().changes_nothing();
    assert!(
        run.stderr.contains("`acme-root` and `acme-prod01` would ask as pat@example.com"),
        "{}",
        run.stderr
    );
    let json = import(&sandbox, ["--dry-run", "--json"]).run().json();
    assert_eq!(json["open_tokens"][0]["state"], "doubtful");
    // Who is signed in stays; then it is plain whose they are.
    let login = sandbox.jitpass(["login", &sandbox.url(), "--token-stdin"]);
    login.stdin(sandbox.token("admin") + "\n").run().success();
    let run = import(&sandbox, ["--yes"]).run().success().changes_nothing();
    assert!(run.stderr.contains("keeps one person for a portal, here ada@example.com"), "{}", run.stderr);
}

#[test]
fn at_a_terminal_it_is_asked_whose_they_are() {
    let sandbox = Sandbox::with("new");
    sandbox.write(".aws/config", config(&sandbox.url(), &sandbox.token("tenant")));
    let mut terminal = Terminal::start(&sandbox, &["profile", "import"], &[]);
    terminal.sees("Are these profiles theirs, too:").sees("(y/N)").types("");
    terminal.sees("stays with duplo-jit").sees("Write this?").types("n");
    terminal.ends();
    assert_eq!(person(&sandbox), None);
    let mut terminal = Terminal::start(&sandbox, &["profile", "import"], &[]);
    terminal.sees("Are these profiles theirs, too:").types("y");
    terminal.sees("pat@example.com will be signed in to").sees("ask as pat@example.com from then on, too");
    terminal.sees("Write this?").types("");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    for said in ["takes the lines back; to sign", "jitpass logout 127.0.0.1"] {
        assert!(shown.contains(said), "no `{said}` in\n{shown}");
    }
    assert_eq!((person(&sandbox).as_deref(), of_jitpass(&sandbox)), (Some("pat@example.com"), 2));
    // The lines come back; the sign-in was said to stay.
    sandbox.jitpass(["undo", "--yes"]).run().success();
    assert_eq!(of_jitpass(&sandbox), 0);
    assert_eq!(person(&sandbox).as_deref(), Some("pat@example.com"));
}

/// duplo-jit's last sign-in is what the profiles without a token asked with.
#[test]
fn the_last_sign_in_of_duplo_jit_tells() {
    let portal = OnDefaultPort::start();
    let sandbox = &portal.sandbox;
    sandbox.write(".aws/config", config("https://acme.duplocloud.net", &sandbox.token("tenant")));
    let kept = format!("{{\"Version\":1,\"DuploToken\":\"{}\",\"NeedOTP\":false}}", sandbox.token("admin"));
    let path = sandbox.write(".cache/duplo-jit/acme.duplocloud.net,duplo-creds.json", kept);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("the sandbox is ours");
    let run = portal.import(["--yes"]).run().success();
    assert!(run.stderr.contains("`acme-root` and `acme-prod01` ask as ada@example.com"), "{}", run.stderr);
    assert!(run.stderr.contains("keeps one person for a portal, here ada@example.com"), "{}", run.stderr);
    assert_eq!(person(sandbox).as_deref(), Some("ada@example.com"));
}
