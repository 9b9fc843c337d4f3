//! What the completions of the shells are told.

use snapbox::{assert_data_eq, str};

use crate::harness::{Run, Sandbox, tool};

/// The answer for a line whose last word is the one at the cursor.
#[track_caller]
fn asked(sandbox: &Sandbox, words: &[&str]) -> Run {
    let index = (words.len() - 1).to_string();
    let args = ["complete", &index, "--"].into_iter().chain(words.iter().copied());
    let run = sandbox.jitpass(args).run().success().changes_nothing();
    assert_eq!(run.stderr, "", "{words:?}");
    run
}

/// The words that are offered.
#[track_caller]
fn offered(sandbox: &Sandbox, words: &[&str]) -> Vec<String> {
    let run = asked(sandbox, words);
    run.stdout.lines().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
}

const CONFIG: &str = "\
[default]
region = us-east-1
[profile acme-dev01]
region = us-west-2
credential_process = /usr/local/bin/jitpass aws --host https://acme.duplocloud.net --tenant dev01 --interactive
jitpass_portal = acme
[profile acme-Qa01]
credential_process = jitpass aws --host=https://acme.duplocloud.net --tenant=Qa01
[profile beta-dev02]
credential_process = jitpass aws --host https://beta.duplocloud.net --tenant dev02
[profile old]
credential_process = duplo-jit aws --host https://beta.duplocloud.net --admin
[profile a b]
region = eu-west-1
[sso-session acme]
";

const SETTINGS: &str = "\
[portal.acme]
host = \"https://acme.duplocloud.net\"
[portal.beta]
host = \"https://beta.duplocloud.net\"
";

fn known() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(".aws/config", CONFIG);
    sandbox.write(".aws/credentials", "[keyed]\naws_access_key_id = AKIA\n[acme-dev01]\n");
    sandbox.write(".config/jitpass/config.toml", SETTINGS);
    sandbox
}

#[test]
fn commands_with_what_they_do() {
    assert_data_eq!(
        asked(&known(), &["jitpass", "profile", ""]).stdout,
        str![[r#"
list	List the profiles in ~/.aws/config, jitpass's own and all others
show	Show all of a profile: every line of it, who reads it how, what beats it
add	Add a profile of your own choice
edit	Change what a profile says
rename	Give a profile another name, also where other profiles name it as their source
remove	Take profiles out of ~/.aws/config
import	Take over the profiles of duplo-jit, duplo-aws-credential-process and duploctl

"#]]
    );
}

#[test]
fn profiles_with_what_they_are() {
    assert_data_eq!(
        asked(&known(), &["jituse", ""]).stdout,
        str![[r#"
default	us-east-1
acme-dev01	acme, us-west-2
acme-Qa01	acme.duplocloud.net
beta-dev02	beta.duplocloud.net
old
a b	eu-west-1
keyed	a stored key

"#]]
    );
}

#[test]
fn the_profiles_used_most_come_first() {
    let sandbox = known();
    for name in ["old", "keyed", "old"] {
        sandbox.jitpass(["use", name]).run().success();
    }
    let names = ["old", "keyed", "default", "acme-dev01", "acme-Qa01", "beta-dev02", "a b"];
    assert_eq!(offered(&sandbox, &["jituse", ""]), names);
    assert_eq!(offered(&sandbox, &["aws", "--profile", ""]), names);
    sandbox.jitpass(["use", "beta-dev02"]).run().success();
    assert_eq!(offered(&sandbox, &["jitnow", ""])[..2], ["beta-dev02", "acme-dev01"]);
}

/// What is for shells, or for whoever mends jitpass, is not in a person's way.
#[test]
fn what_jituse_takes() {
    let sandbox = known();
    assert_eq!(offered(&sandbox, &["jituse", "--"]), ["--clear", "--region", "--help"]);
    assert_eq!(offered(&sandbox, &["jituse", "old", "--region", "us-w"]), ["us-west-1", "us-west-2"]);
    assert_eq!(offered(&sandbox, &["jituse", "-r", "us-west-2", "ol"]), ["old"]);
}

#[test]
fn words_by_their_place() {
    let sandbox = known();
    for (words, expected) in [
        // Commands: neither hidden ones nor other names.
        (&["jitpass", "pro"][..], &["profile", "prompt"][..]),
        (&["/usr/bin/jitpass", "por"], &["portal"]),
        (&["jitpass", "profiles", "s"], &["show"]),
        (&["jitpass", "complet"], &["completions"]),
        (&["jitpass", "use"], &[]),
        (&["jitpass", "ma"], &[]),
        (&["jitpass", "--debug", "setu"], &["setup"]),
        (&["jitpass", "nonsense", ""], &[]),
        (&["jitpass"], &[]),
        // Profiles.
        (&["jitpass", "profile", "show", "a"], &["acme-dev01", "acme-Qa01", "a b"]),
        (&["jitpass", "profile", "remove", "acme-dev01", "acme"], &["acme-Qa01"]),
        (&["jitpass", "profile", "rename", "old", ""], &[]),
        (&["jitpass", "profile", "import", ""], &["old"]),
        (&["jitpass", "setup", "--default-profile", "beta"], &["beta-dev02"]),
        (&["jitpass", "console", ""], &["acme-dev01", "acme-Qa01", "beta-dev02", "acme", "beta"]),
        (&["jitnow", "b"], &["beta-dev02", "beta"]),
        (&["jitnow", "beta", "b"], &[]),
        (&["jituse", "o"], &["old"]),
        // By a part, where nothing begins so.
        (&["jituse", "qa"], &["acme-Qa01"]),
        (&["jituse", "dev"], &["acme-dev01", "beta-dev02"]),
        (&["jituse", "b-d"], &["beta-dev02"]),
        (&["jituse", "nothing-like-it"], &[]),
        (&["jitnow", "dev02"], &["beta-dev02"]),
        (&["jitpass", "console", "--open", "dev02"], &["beta-dev02"]),
        (&["jitpass", "profile", "remove", "acme-dev01", "dev"], &["beta-dev02"]),
        (&["jitpass", "setup", "--default-profile", "dev02"], &["beta-dev02"]),
        (&["jitpass", "profile", "rename", "old", "dev02"], &[]),
        (&["jituse", "--dev02"], &[]),
        (&["jitpass", "use", "o"], &["old"]),
        // Portals, by name and by address.
        (&["jitpass", "login", ""], &["acme", "beta"]),
        (&["jitpass", "logout", "--all", "a"], &[]),
        (&["jitpass", "sync", "acme", ""], &["beta"]),
        (&["jitpass", "profile", "list", "--portal", "a"], &["acme"]),
        (&["jitpass", "profile", "list", "--portal=a"], &["--portal=acme"]),
        (&["jitpass", "aws", "--host", "https://b"], &["https://beta.duplocloud.net"]),
        (&["jitpass", "setup", "--name", ""], &[]),
        // Tenants, of the portal that is named.
        (&["jitpass", "setup", "--tenant", ""], &["dev01", "dev02", "Qa01"]),
        (&["jitpass", "setup", "--tenant", "dev01", "--tenant", "d"], &["dev02"]),
        (&["jitpass", "aws", "--host", "https://acme.duplocloud.net", "--tenant", ""], &["dev01", "Qa01"]),
        (&["jitpass", "profile", "add", "x", "--host", "beta", "--tenant="], &["--tenant=dev02"]),
        (&["jitpass", "profile", "edit", "beta-dev02", "--tenant", ""], &["dev02"]),
        (&["jitpass", "portal", "edit", "acme", "--tenants", ""], &["all", "dev01", "Qa01"]),
        (&["jitpass", "portal", "edit", "acme", "--tenants", "dev01,Q"], &["dev01,Qa01"]),
        (&["jitpass", "portal", "edit", "acme", "--tenants=dev01,Q"], &["--tenants=dev01,Qa01"]),
        // Regions, services, shells.
        (&["jitnow", "acme", "-r", "us-gov"], &["us-gov-east-1", "us-gov-west-1"]),
        (&["jitnow", "--service", "ec2"], &["ec2"]),
        (&["jitpass", "portal", "edit", "acme", "--region", "o"], &["own"]),
        (&["jitpass", "shell", "install", "zsh", "x"], &["xonsh"]),
        (&["jitpass", "completions", "s"], &[]),
        (&["jitpass", "shell", "init", "s"], &["sh"]),
        // Files are the shell's, new names the person's.
        (&["jitpass", "setup", "--from", ""], &[]),
        (&["jitpass", "portal", "export", "--output", ""], &[]),
        (&["jitpass", "profile", "add", ""], &[]),
        (&["jitpass", "man", "profile", "ad"], &["add"]),
        // What follows `--` is no flag.
        (&["jitpass", "profile", "show", "--", "--"], &[]),
        (&["jitpass", "profile", "show", "--", "ol"], &["old"]),
    ] {
        assert_eq!(offered(&sandbox, words), expected, "{words:?}");
    }
}

#[test]
fn flags_that_may_still_be_given() {
    let sandbox = known();
    for (words, expected) in [
        (&["jitpass", "-"][..], &["--debug", "--help", "--version"][..]),
        (&["jitpass", "status", "acme", ""], &["--check", "--json", "--debug", "--help"]),
        (&["jitpass", "status", "--check", "--"], &["--json", "--debug", "--help"]),
        (&["jitpass", "profile", "add", "x", "--a"], &["--api-host", "--admin"]),
        // One scope is all: a group of which one can be given.
        (&["jitpass", "profile", "add", "x", "--tenant", "t", "--a"], &["--api-host"]),
        (&["jitpass", "profile", "add", "x", "--set", "a=b", "--s"], &["--set"]),
        (&["jitpass", "profile", "edit", "x", "--admin", "--te"], &[]),
        (&["jitpass", "profile", "edit", "x", "--tenant=y", "--ad"], &[]),
        (&["jitpass", "setup", "--all-tenants", "--t"], &["--token-stdin"]),
        (&["jitpass", "shell", "install", "-y", "--p"], &[]),
        // Hidden ones are not offered.
        (&["jitpass", "profile", "add", "x", "--int"], &[]),
        // A letter is a whole flag.
        (&["jitpass", "sync", "-y"], &["-y"]),
        (&["jitpass", "sync", "--yes", "-y"], &[]),
        (&["jitnow", "--c"], &["--copy"]),
        (&["jitpass", "status", "--nonsense="], &[]),
    ] {
        assert_eq!(offered(&sandbox, words), expected, "{words:?}");
    }
}

#[test]
fn the_aws_cli_gets_profiles_and_nothing_else() {
    let sandbox = known();
    for (words, expected) in [
        (&["aws", "s3", "ls", "--profile", "acme-d"][..], &["acme-dev01"][..]),
        (&["aws", "--profile=acme-d"], &["--profile=acme-dev01"]),
        (&["aws", "--profile", "dev01"], &["acme-dev01"]),
        (&["aws", "--profile=dev01"], &["--profile=acme-dev01"]),
        (&["aws", "--profile", "key"], &["keyed"]),
        (&["aws", ""], &[]),
        (&["aws", "--pro"], &[]),
        (&["aws", "--profile", "old", ""], &[]),
        (&["aws"], &[]),
    ] {
        assert_eq!(offered(&sandbox, words), expected, "{words:?}");
    }
}

#[test]
fn changes_by_number_with_what_they_were() {
    let sandbox = known();
    let add = |name: &str, tenant: &str| {
        let args =
            ["profile", "add", name, "--host", "acme", "--tenant", tenant, "--region", "us-east-1", "--yes"];
        sandbox.jitpass(args).run().success();
    };
    add("one", "dev01");
    add("two", "dev02");
    let said = asked(&sandbox, &["jitpass", "undo", ""]).stdout;
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 2, "{said}");
    for (line, number) in lines.iter().zip(["2\t", "1\t"]) {
        assert!(
            line.starts_with(&format!("{number}profile add, ")) && line.ends_with(": ~/.aws/config"),
            "{line}"
        );
    }
    assert_eq!(offered(&sandbox, &["jitpass", "undo", "--to", ""]), ["2", "1"]);
}

#[test]
fn tenants_that_a_portal_told_of() {
    let sandbox = Sandbox::with("new,tenants=3");
    let url = sandbox.url();
    sandbox.jitpass(["login", &url, "--token-stdin"]).stdin(sandbox.token("admin")).run().success();
    sandbox.jitpass(["tenants", &url]).run().success();
    let before = sandbox.requests();
    assert_eq!(
        offered(&sandbox, &["jitpass", "profile", "add", "--host", &url, "--tenant", "d"]),
        ["default", "dev01"]
    );
    assert_eq!(sandbox.requests(), before);
}

#[test]
fn what_could_harm_a_shell_or_a_terminal() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".aws/config",
        "[profile $(touch x)]\n[profile a\tb]\n[profile e\u{1b}[2J]\n[profile r\u{202e}l]\n[profile -rf]\n[profile `id`]\nregion = \u{1b}]0;x\u{7}\n",
    );
    // Names that a line cannot hold are left out; the rest are plain text, which the shells quote.
    assert_eq!(asked(&sandbox, &["jituse", ""]).stdout, "$(touch x)\n-rf\n`id`\t\\u{1b}]0;x\\u{7}\n");
}

#[test]
fn what_cannot_be_read_gives_nothing() {
    let lines: [&[&str]; 5] = [
        &["jituse", ""],
        &["jitpass", "login", ""],
        &["jitpass", "setup", "--tenant", ""],
        &["jitpass", "undo", ""],
        &["jitpass", "aws", "--host", ""],
    ];
    let nothing = |sandbox: &Sandbox| {
        for words in lines {
            assert_eq!(offered(sandbox, words), [""; 0], "{words:?}");
        }
    };
    nothing(&Sandbox::new());
    let sandbox = Sandbox::new();
    sandbox.write(".aws/config/x", "a directory");
    sandbox.write(".config/jitpass/config.toml", "[portals\n\0");
    sandbox.write(".local/state/jitpass/journal/00000001.json", "{");
    nothing(&sandbox);
    let sandbox = Sandbox::new();
    sandbox.write(".aws/config", b"[profile \xff\xfe\n\0\0]\r\r[[[\n=\n[profile");
    sandbox.write(".config/jitpass/config.toml/x", "");
    nothing(&sandbox);
    // A pipe would keep the person waiting.
    let sandbox = Sandbox::new();
    sandbox.write(".aws/x", "");
    let pipe = sandbox.home().join(".aws/config");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).expect("a pipe");
    nothing(&sandbox);
}

#[test]
fn a_call_that_is_none() {
    let sandbox = known();
    assert_eq!(sandbox.jitpass(["complete", "x", "--", "jitpass"]).run().fails(2).stdout, "");
    assert_eq!(sandbox.jitpass(["complete"]).run().fails(2).stdout, "");
    assert_eq!(sandbox.jitpass(["complete", "3", "--"]).run().success().stdout, "");
    // Beyond the words it is an empty one; without `--` clap reads the same.
    let known = sandbox.jitpass(["complete", "9", "--", "jitpass", "profile"]).run().success().stdout;
    assert_eq!(sandbox.jitpass(["complete", "2", "jitpass", "profile"]).run().success().stdout, known);
    assert!(known.starts_with("list\t"), "{known}");
}

#[test]
fn files_are_read_and_nothing_else_is_done() {
    let Some(strace) = tool("strace") else { return };
    let sandbox = known();
    let home = sandbox.home();
    let path = |name: &str| home.join(name).display().to_string();
    for (words, opened) in [
        (&["jitpass", "sy"][..], &[][..]),
        (&["jituse", "ac"], &[".aws/config", ".aws/credentials"]),
        (&["aws", "--profile", "ac"], &[".aws/config", ".aws/credentials"]),
        (&["jitnow", "ac"], &[".aws/config", ".config/jitpass/config.toml"]),
        (&["jitpass", "setup", "--tenant", ""], &[".aws/config", ".config/jitpass/config.toml"]),
    ] {
        let index = (words.len() - 1).to_string();
        let args = ["complete", &index, "--"].into_iter().chain(words.iter().copied());
        let (run, trace) = sandbox.jitpass(args).traced(&strace);
        assert!(!run.success().stdout.is_empty());
        let expected: Vec<String> = opened.iter().map(|name| path(name)).collect();
        assert_eq!(trace.opened, expected, "{words:?}");
        assert_eq!((trace.changed.len(), trace.sockets.len()), (0, 0), "{trace:?}");
        assert_eq!((trace.threads, trace.processes, trace.programs.len()), (0, 0, 0), "{trace:?}");
    }
}
