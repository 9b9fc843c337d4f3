//! Opening, copying and printing.

use snapbox::{assert_data_eq, str};

use super::{console, home, program};
use crate::cli::shown;
use crate::harness::{Run, Sandbox};

const NOTES: &str = r#"printf '%s\n' "$@" >"$HOME/opened""#;

fn stdout_is_a_link(run: &Run) {
    let link = run.stdout.strip_suffix('\n').expect("a line");
    assert!(link.starts_with("https://signin.aws.amazon.com/federation?") && !link.contains('\n'));
}

#[test]
fn opens_the_browser() {
    let sandbox = home("new,tenants=2", "admin");
    program(&sandbox, "its-browser", NOTES);
    let run = console(&sandbox, &["acme-dev01", "-s", "ec2"]).env("BROWSER", "its-browser").run();
    let opened = sandbox.read("opened");
    assert!(opened.contains("%2fec2%2fhome") && opened.lines().count() == 1, "{}", opened.len());
    assert!(run.stdout.is_empty());
    assert_data_eq!(
        run.stderr,
        str![[r#"
✓ the console of acme-dev01 (us-west-2, ec2) opens in the browser

"#]]
    );
}

#[test]
fn opens_the_browser_of_the_settings_and_the_one_that_is_named() {
    let sandbox = home("new,tenants=2", "admin");
    for name in ["one", "other"] {
        program(&sandbox, name, &format!("{NOTES}; echo {name} >>\"$HOME/opened\""));
    }
    sandbox.jitpass(["portal", "edit", "acme", "--browser", "one", "--yes"]).run().success();
    console(&sandbox, &["acme-dev01"]).run().success();
    assert!(sandbox.read("opened").ends_with("\none\n"));
    console(&sandbox, &["acme-dev01", "--browser", "other"]).run().success();
    assert!(sandbox.read("opened").ends_with("\nother\n"));
}

#[test]
fn without_a_browser_copies_and_without_a_clipboard_prints() {
    let sandbox = home("new,tenants=2", "admin");
    // Whatever this runs on, this is the reason that is said first.
    let run = console(&sandbox, &["acme-dev01"]).env("CI", "true").run().success();
    stdout_is_a_link(&run);
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass console acme-dev01
exit 0
--- stdout
https://signin.aws.amazon.com/federation?Action=login&SigninToken=[SECRET]&Destination=https%3a%2f%2fconsole.aws.amazon.com%2fconsole%2fhome%3fregion%3dus-west-2
--- stderr
· no browser opens here: this runs in CI
· not copied: there is no clipboard here
· the link to acme-dev01 (us-west-2); it works for [DURATION]:
--- files
created [HOME]/.local/state/jitpass/usage.json mode 0600

"#]]
    );
    program(&sandbox, "xclip", r#"{ echo "$*"; cat; } >"$HOME/copied""#);
    let far = |args: &[&str]| {
        let call = console(&sandbox, args).env("DISPLAY", "localhost:10.0").env("CI", "true");
        call.env("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.9 22").run()
    };
    assert_data_eq!(
        far(&["acme-dev01"]).success().stderr,
        str![[r#"
· no browser opens here: this runs in CI
✓ the link to acme-dev01 (us-west-2) is on the clipboard; it works for 10 min

"#]]
    );
    let copied = sandbox.read("copied");
    assert!(
        copied.starts_with("-selection clipboard -in\nhttps://signin.aws.amazon.com/")
            && !copied.ends_with('\n')
    );
    program(&sandbox, "xclip", "exit 1");
    let run = far(&["acme-dev01"]).success();
    stdout_is_a_link(&run);
    assert_data_eq!(
        run.stderr,
        str![[r#"
· no browser opens here: this runs in CI
· not copied: `xclip` ended with exit status: 1
· the link to acme-dev01 (us-west-2); it works for 10 min:

"#]]
    );
}

#[test]
fn copies() {
    let sandbox = home("new,tenants=2", "admin");
    program(&sandbox, "wl-copy", r#"{ echo "$*"; cat; } >"$HOME/copied"; env >"$HOME/env""#);
    let copy = |args: &[&str]| {
        let call = console(&sandbox, args).env("WAYLAND_DISPLAY", "wayland-9").env("DISPLAY", ":77");
        call.env("AWS_SECRET_ACCESS_KEY", "SIMSECRET-x").env("BROWSER", "its-browser").run().success()
    };
    let run = copy(&["acme-dev01", "--copy"]);
    assert!(run.stdout.is_empty());
    assert_data_eq!(
        run.stderr,
        str![[r#"
✓ the link to acme-dev01 (us-west-2) is on the clipboard; it works for 10 min

"#]]
    );
    assert!(sandbox.read("copied").starts_with("--type text/plain\nhttps://signin.aws.amazon.com/"));
    assert!(!sandbox.read("env").contains("SIMSECRET"));
    let copied = copy(&["acme", "--copy"]).stderr;
    assert!(
        copied.contains("✓ the link to acme as administrator (us-west-2) is on the clipboard"),
        "{copied}"
    );
    // The last word counts: `jitnow` says --copy, and the person after it what they want.
    let run = copy(&["--copy", "acme-dev01", "--print"]);
    stdout_is_a_link(&run);
    assert_data_eq!(run.stderr, str![[r#""#]]);
    program(&sandbox, "its-browser", NOTES);
    assert!(copy(&["--copy", "acme-dev01", "--open"]).stderr.contains("in the browser"));
    assert!(sandbox.read("opened").starts_with("https://"));
    assert!(copy(&["--open", "acme-dev01", "--copy"]).stderr.contains("is on the clipboard"));
}

/// What is used most comes first; nothing else of a link is kept.
#[test]
fn uses_are_counted() {
    let sandbox = home("new,tenants=2", "admin");
    let before = Sandbox::home(&sandbox).join(".local/state/jitpass/usage.json");
    assert!(!before.exists());
    console(&sandbox, &["acme-dev01", "--print"]).run().success();
    console(&sandbox, &["acme-dev01", "--print"]).run().success();
    console(&sandbox, &["acme", "--print"]).run().success();
    let usage = sandbox.read(".local/state/jitpass/usage.json");
    assert!(usage.starts_with(r#"{"profiles":{"acme-dev01":{"score":"#) && usage.len() < 90, "{usage}");
}
