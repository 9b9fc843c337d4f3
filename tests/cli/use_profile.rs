//! `jitpass use`, which the shells' `jituse` asks.

use snapbox::{assert_data_eq, str};

use super::terminal::Terminal;
use crate::harness::{Call, Sandbox};

const CONFIG: &str = "\
[default]
region = eu-west-1
[profile acme-dev01]
region = us-west-2
credential_process = jitpass aws --host https://acme.example.com --tenant dev01
[profile acme-dev02]
credential_process = jitpass aws --host https://acme.example.com --tenant dev02
[profile acme-prod01]
region = us-east-1
credential_process = jitpass aws --host https://acme.example.com
[profile hostile\u{1b}[2J]
region = x
[profile with space]
region = us-west-2
[profile it's $(id) `id` !x 100% ü]
region = us-west-2
";

fn home() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(".aws/config", CONFIG);
    sandbox.write(".aws/credentials", "[only-keys]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n");
    sandbox
}

fn call(sandbox: &Sandbox, args: &[&str], variables: &[(&str, &str)]) -> Call {
    let call = sandbox.jitpass(["use"]).args(args);
    variables.iter().fold(call, |call, (name, value)| call.env(name, value))
}

/// Exit code, stdout and stderr.
fn said(sandbox: &Sandbox, args: &[&str], variables: &[(&str, &str)]) -> String {
    let run = call(sandbox, args, variables).run();
    let code = run.status.code().expect("it ends by itself");
    format!("exit {code}\n{}---\n{}", run.stdout, run.stderr)
}

#[test]
fn a_profile() {
    let sandbox = home();
    assert_data_eq!(
        said(&sandbox, &["acme-dev01"], &[]),
        str![[r#"
exit 0
AWS_PROFILE=acme-dev01
---
✓ acme-dev01 (us-west-2), signs in at first use

"#]]
    );
    assert_data_eq!(
        said(&sandbox, &["PROD"], &[("AWS_PROFILE", "acme-dev01")]),
        str![[r#"
exit 0
AWS_PROFILE=acme-prod01
JITUSE_PREVIOUS=acme-dev01
---
✓ acme-prod01 (us-east-1)
! `jitpass` does not understand the arguments of its command: this profile will give no credentials

"#]]
    );
    assert_data_eq!(
        said(&sandbox, &["only-keys"], &[]),
        str![[r#"
exit 0
AWS_PROFILE=only-keys
---
✓ only-keys

"#]]
    );
    assert_data_eq!(
        said(&sandbox, &["it's"], &[]),
        str![[r#"
exit 0
AWS_PROFILE=it's $(id) `id` !x 100% ü
---
✓ it's $(id) `id` !x 100% ü (us-west-2)

"#]]
    );
}

/// It may lead to production: nobody is there to be asked, so nothing is taken.
#[test]
fn a_slip_is_not_taken() {
    let sandbox = home();
    for typed in ["acme-dve02", "dve02", "acme-dve03"] {
        let said = said(&sandbox, &[typed], &[]);
        let meant = if typed.ends_with('2') { "`acme-dev02`" } else { "`acme-dev01` or `acme-dev02`" };
        let expected = format!("error: there is no profile like `{typed}`\nhint: did you mean {meant}?\n");
        assert_eq!(said, format!("exit 2\n---\n{expected}"));
    }
    let script = "jitpass use \"$@\" >answer";
    for (typed, key, answer) in [
        ("acme-dve02", "", "acme-dev02"),
        ("dve02", "y", "acme-dev02"),
        ("dve02", "n", ""),
        ("dve02", "\u{1b}", ""),
    ] {
        let mut terminal = Terminal::start_script(&sandbox, script, &[typed], &[]);
        terminal.sees(&format!("there is no profile like `{typed}`")).sees("Use acme-dev02?").presses(key);
        if key != "\u{1b}" {
            terminal.types("");
        }
        let (code, shown) = terminal.ends();
        assert_eq!(code == 0, !answer.is_empty(), "{shown}");
        assert!(code == 0 || shown.contains("nothing changed"), "{shown}");
        let answer = if answer.is_empty() { String::new() } else { format!("AWS_PROFILE={answer}\n") };
        assert_eq!(sandbox.read("answer"), answer, "{typed} {key:?}");
    }
    let mut terminal = Terminal::start_script(&sandbox, script, &["acme-dve03"], &[]);
    terminal
        .sees("no profile like")
        .sees("acme-dve03: which one?")
        .presses("dev01")
        .sees("> acme-dev01")
        .types("");
    assert_eq!(terminal.ends().0, 0);
    assert_eq!(sandbox.read("answer"), "AWS_PROFILE=acme-dev01\n");
}

#[test]
fn what_beats_it() {
    let sandbox = home();
    let variables = [
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "SIMSECRET-x"),
        ("AWS_DEFAULT_PROFILE", "default"),
        ("AWS_REGION", "eu-west-1"),
    ];
    assert_data_eq!(
        said(&sandbox, &["acme-dev01"], &variables),
        str![[r#"
exit 0
AWS_PROFILE=acme-dev01
JITUSE_PREVIOUS=default
AWS_DEFAULT_PROFILE
AWS_ACCESS_KEY_ID
AWS_SECRET_ACCESS_KEY
---
· cleared `AWS_DEFAULT_PROFILE`, `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` in this shell only, because they beat a profile
✓ acme-dev01 (us-west-2), signs in at first use
! AWS_REGION is eu-west-1, and beats the profile's region; jituse did not set it, and leaves it (--region replaces it)

"#]]
    );
    assert_data_eq!(
        said(&sandbox, &["acme-dev01", "--region", "us-east-2"], &variables[3..]),
        str![[r#"
exit 0
AWS_PROFILE=acme-dev01
JITUSE_REGION_BEFORE=eu-west-1
AWS_REGION=us-east-2
AWS_DEFAULT_REGION=us-east-2
JITUSE_REGION=us-east-2
---
✓ acme-dev01 (us-east-2), signs in at first use
· AWS_REGION was eu-west-1; the next jituse without --region puts that back, and so does --clear

"#]]
    );
    let kept = [
        ("AWS_PROFILE", "acme-dev01"),
        ("AWS_REGION", "us-east-2"),
        ("AWS_DEFAULT_REGION", "us-east-2"),
        ("JITUSE_REGION", "us-east-2"),
        ("JITUSE_REGION_BEFORE", "eu-west-1"),
    ];
    assert_data_eq!(
        said(&sandbox, &["--clear"], &kept),
        str![[r#"
exit 0
AWS_PROFILE
JITUSE_PREVIOUS=acme-dev01
JITUSE_REGION_BEFORE
AWS_REGION=eu-west-1
AWS_DEFAULT_REGION
JITUSE_REGION
---
✓ no profile is in use
· AWS_REGION is eu-west-1 again

"#]]
    );
    assert_data_eq!(
        said(&sandbox, &["acme-dev01"], &kept),
        str![[r#"
exit 0
AWS_PROFILE=acme-dev01
JITUSE_REGION_BEFORE
AWS_REGION=eu-west-1
AWS_DEFAULT_REGION
JITUSE_REGION
---
✓ acme-dev01 (us-west-2), signs in at first use
! AWS_REGION is eu-west-1 again, and beats the profile's region; jituse did not set it, and leaves it (--region replaces it)

"#]]
    );
    assert_data_eq!(
        said(&sandbox, &["acme-dev02"], &kept),
        str![[r#"
exit 0
AWS_PROFILE=acme-dev02
JITUSE_PREVIOUS=acme-dev01
JITUSE_REGION_BEFORE
AWS_REGION=eu-west-1
AWS_DEFAULT_REGION
JITUSE_REGION
---
✓ acme-dev02, signs in at first use
· AWS_REGION is eu-west-1 again

"#]]
    );
    let ours = [
        ("AWS_PROFILE", "acme-dev01"),
        ("AWS_REGION", "us-east-2"),
        ("AWS_DEFAULT_REGION", "us-east-2"),
        ("JITUSE_REGION", "us-east-2"),
    ];
    assert_data_eq!(
        said(&sandbox, &["acme-dev02"], &ours),
        str![[r#"
exit 0
AWS_PROFILE=acme-dev02
JITUSE_PREVIOUS=acme-dev01
AWS_REGION
AWS_DEFAULT_REGION
JITUSE_REGION
---
✓ acme-dev02, signs in at first use

"#]]
    );
    assert_data_eq!(
        said(&sandbox, &["--region", "us-west-1"], &ours),
        str![[r#"
exit 0
AWS_PROFILE=acme-dev01
AWS_REGION=us-west-1
AWS_DEFAULT_REGION=us-west-1
JITUSE_REGION=us-west-1
---
✓ acme-dev01 (us-west-1), signs in at first use

"#]]
    );
    assert_data_eq!(
        said(&sandbox, &["--clear"], &ours),
        str![[r#"
exit 0
AWS_PROFILE
JITUSE_PREVIOUS=acme-dev01
AWS_REGION
AWS_DEFAULT_REGION
JITUSE_REGION
---
✓ no profile is in use

"#]]
    );
}

#[test]
fn the_one_before() {
    let sandbox = home();
    let variables = [("AWS_PROFILE", "acme-dev01"), ("JITUSE_PREVIOUS", "acme-dev02")];
    assert_data_eq!(
        said(&sandbox, &["-"], &variables),
        str![[r#"
exit 0
AWS_PROFILE=acme-dev02
JITUSE_PREVIOUS=acme-dev01
---
✓ acme-dev02, signs in at first use

"#]]
    );
    assert_data_eq!(
        said(&sandbox, &["-"], &[]),
        str![[r#"
exit 2
---
error: no profile was in use before
hint: name one: jituse NAME

"#]]
    );
    // Between the one before and this one there was none.
    assert_data_eq!(
        said(&sandbox, &["-"], &[("AWS_PROFILE", "acme-dev01")]),
        str![[r#"
exit 2
---
error: before `acme-dev01` no profile was in use
hint: for none: jituse --clear; for another: jituse NAME

"#]]
    );
    // What was cleared is the one before.
    assert_data_eq!(
        said(&sandbox, &["-"], &[("JITUSE_PREVIOUS", "acme-dev02")]),
        str![[r#"
exit 0
AWS_PROFILE=acme-dev02
JITUSE_PREVIOUS
---
✓ acme-dev02, signs in at first use

"#]]
    );
    assert_data_eq!(
        said(&sandbox, &["-"], &[("JITUSE_PREVIOUS", "gone\u{7}")]),
        str![[r#"
exit 2
---
error: no profile was in use before
hint: name one: jituse NAME

"#]]
    );
    assert_data_eq!(
        said(&sandbox, &["-"], &[("JITUSE_PREVIOUS", "gone")]),
        str![[r#"
exit 1
---
error: there is no profile `gone` any more
hint: `jituse` lists them

"#]]
    );
}

#[test]
fn what_is_none() {
    let sandbox = home();
    for (args, expected) in [
        (
            vec!["dev"],
            str![[r#"
exit 2
---
error: several profiles may be meant, and there is no terminal to choose at
hint: name one of `acme-dev01` and `acme-dev02`

"#]],
        ),
        (
            vec!["nothing-of-the-kind"],
            str![[r#"
exit 2
---
error: there is no profile like `nothing-of-the-kind`
hint: `jituse` lists them

"#]],
        ),
        (
            vec!["hostile\u{1b}[2J"],
            str![[r#"
exit 2
---
error: there is no profile like `hostile/u{1b}[2J`
hint: `jituse` lists them

"#]],
        ),
        (
            vec![""],
            str![[r#"
exit 2
---
error: there is no profile like ``
hint: `jituse` lists them

"#]],
        ),
        (
            vec![],
            str![[r#"
exit 2
---
error: several profiles may be meant, and there is no terminal to choose at
hint: name one of `default`, `acme-dev01`, `acme-dev02`, `acme-prod01`, `with space`, `it's $(id) `id` !x 100% ü` and `only-keys`

"#]],
        ),
        (
            vec!["acme-dev01", "--region", "x"],
            str![[r#"
exit 2
---
error: `x` is not a region: a region looks like `us-west-2`

"#]],
        ),
    ] {
        assert_data_eq!(said(&sandbox, &args, &[]), expected);
    }
    assert_data_eq!(
        said(&Sandbox::new(), &[], &[]),
        str![[r#"
exit 2
---
error: there are no profiles yet
hint: set some up: jitpass setup

"#]]
    );
}

#[test]
fn in_the_words_of_tcsh() {
    let sandbox = home();
    let variables = [("AWS_ACCESS_KEY_ID", "x")];
    assert_data_eq!(
        said(&sandbox, &["it's", "--tcsh"], &variables),
        str![[r#"
exit 0
setenv AWS_PROFILE 'it'/''s $(id) `id` '/!'x 100% ü'; unsetenv AWS_ACCESS_KEY_ID;
---
· cleared `AWS_ACCESS_KEY_ID` in this shell only, because it beats a profile
✓ it's $(id) `id` !x 100% ü (us-west-2)

"#]]
    );
    assert_data_eq!(
        said(&sandbox, &["--clear", "--tcsh"], &[]),
        str![[r#"
exit 0

---
✓ no profile is in use

"#]]
    );
}

/// Even quoted, what a command prints is not safe there.
#[test]
fn what_tcsh_would_change() {
    let sandbox = Sandbox::new();
    sandbox.write(".aws/config", "[profile a*b]\nregion = us-west-2\n");
    assert_data_eq!(
        said(&sandbox, &["a*b", "--tcsh"], &[]),
        str![[r#"
exit 1
---
error: tcsh changes `a*b` when a command prints it
hint: type it yourself, in quotes: setenv AWS_PROFILE '...'

"#]]
    );
}

/// What is left of the credential, where there is one.
#[test]
fn minutes_left() {
    let mut sandbox = Sandbox::with("new,tenants=2");
    let url = sandbox.url();
    sandbox.jitpass(["login", &url, "--token-stdin"]).stdin(sandbox.token("admin")).run().success();
    sandbox.jitpass(["setup", "--host", &url, "--name", "acme", "--yes"]).run().success();
    let standing = |sandbox: &Sandbox| call(sandbox, &["acme-dev01"], &[]).run().success().stderr;
    sandbox.credential_process("acme-dev01").run().success();
    sandbox.pass(18 * 60);
    assert_eq!(standing(&sandbox), "✓ acme-dev01 (us-west-2), 42 min left\n");
    sandbox.pass(60 * 60);
    assert_eq!(standing(&sandbox), "✓ acme-dev01 (us-west-2)\n");
    sandbox.jitpass(["logout", "acme"]).run().success();
    assert_eq!(standing(&sandbox), "✓ acme-dev01 (us-west-2), signs in at first use\n");
}

#[test]
fn a_question_where_it_is_not_clear_and_the_most_used_first() {
    let sandbox = home();
    call(&sandbox, &["acme-prod01"], &[]).run().success();
    let script = "jitpass use \"$@\" >answer";
    let mut terminal = Terminal::start_script(&sandbox, script, &[], &[("AWS_PROFILE", "acme-dev02")]);
    terminal.sees("Use:").sees("acme-prod01").sees("acme-dev02").sees("(in use)").types("");
    let (code, shown) = terminal.ends();
    assert!(code == 0 && !shown.contains("hostile"), "{shown}");
    assert_eq!(sandbox.read("answer"), "AWS_PROFILE=acme-prod01\nJITUSE_PREVIOUS=acme-dev02\n");
    let mut terminal = Terminal::start_script(&sandbox, script, &["dev"], &[]);
    terminal.sees("dev: which one?").presses("dev02").sees("acme-dev02").types("");
    assert_eq!(terminal.ends().0, 0);
    assert_eq!(sandbox.read("answer"), "AWS_PROFILE=acme-dev02\n");
    let mut terminal = Terminal::start_script(&sandbox, script, &[], &[]);
    terminal.sees("Use:").presses("\u{1b}");
    let (code, shown) = terminal.ends();
    assert!(code == 1 && shown.contains("stopped; nothing changed"), "{shown}");
    assert_eq!(sandbox.read("answer"), "");
}

#[test]
fn by_hand_it_says_what_to_type() {
    let sandbox = home();
    let (code, shown) = Terminal::start(&sandbox, &["use", "acme-dev01"], &[]).ends();
    assert!(code == 2 && shown.contains("jituse") && !shown.contains("AWS_PROFILE="), "{shown}");
}

#[test]
fn a_second_name_is_one_too_many() {
    let sandbox = Sandbox::new();
    for (args, said) in [
        (
            &["use", "local", "dev01"][..],
            "error: it takes one name, and `dev01` is a second\nhint: parts of one name are joined: jituse local-dev01\n",
        ),
        (&["use", "local", "$(id)"], "error: it takes one name, and `$(id)` is a second\n"),
        (&["console", "--copy", "a", "b"], "error: it takes one name, and `b` is a second\n"),
    ] {
        assert_eq!(sandbox.jitpass(args.iter().copied()).run().fails(2).stderr, said);
    }
}
