//! The harness tried on programs whose behaviour is known: a check that cannot fail checks nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use snapbox::{assert_data_eq, str};

use super::{Moto, Sandbox, tool};

fn shell(sandbox: &Sandbox, script: &str) -> super::Call {
    sandbox.command("/bin/sh").args(["-c", script])
}

#[test]
fn a_transcript_shows_all_that_happened() {
    let sandbox = Sandbox::new();
    sandbox.write(".aws/config", "[default]\nregion = us-west-2\n");
    sandbox.write("gone", "");
    let script = "umask 077; cat; echo oops $HOME >&2; sed -i s/us-west-2/eu-west-1/ .aws/config; rm gone; \
                  printf 'SIM''TOKEN-1' > token; chmod 600 token; ln -s token link; exit 3";
    let run = shell(&sandbox, script).stdin("in").run();
    let shown = run.transcript();
    let after_command = shown.split_once("exit 3'\n").map_or("", |(_, rest)| rest);
    assert_data_eq!(
        after_command,
        str![[r#"
exit 3
--- stdout
in⏎ no newline
--- stderr
oops [HOME]
--- files
changed [HOME]/.aws/config
   [default]
  -region = us-west-2
  +region = eu-west-1
removed [HOME]/gone
created [HOME]/link mode 0777
created [HOME]/token mode 0600

"#]]
    );
    run.fails(3);
}

#[test]
fn nothing_of_this_machine_shows_through() {
    let sandbox = Sandbox::new();
    let run =
        shell(&sandbox, "env | cut -d= -f1 | sort | tr '\\n' ' '; test -z \"$CARGO_MANIFEST_DIR$USER\"")
            .run()
            .success();
    assert!(
        run.stdout.contains("AWS_ENDPOINT_URL AWS_ENDPOINT_URL_STS COLUMNS DBUS_SESSION_BUS_ADDRESS HOME"),
        "{}",
        run.stdout
    );
    run.changes_nothing();
    let elsewhere = shell(&sandbox, "pwd; echo ${LC_ALL-unset}").cwd("/").without("LC_ALL").run();
    assert_eq!(elsewhere.success().stdout, "/\nunset\n");
}

#[test]
fn a_secret_where_none_belongs_fails_the_test() {
    let sandbox = Sandbox::new();
    let leaks = |script: &str| {
        let call = shell(&sandbox, script);
        let caught = catch_unwind(AssertUnwindSafe(|| call.unrecorded().run()));
        caught.err().and_then(|panic| panic.downcast_ref::<String>().cloned())
    };
    // Put together by the shell, so that this test is not the leak that it looks for.
    let said = leaks("echo SIM''SECRETabc").expect("a secret on stdout is found");
    assert!(said.contains("a secret on stdout") && said.contains("[SECRET]"), "{said}");
    assert!(leaks("echo SIM''SESSIONabc >&2").is_some_and(|said| said.contains("a secret on stderr")));
    assert!(leaks("echo fine").is_none());
    let answer = sandbox.command("/bin/sh").args(["-c", "echo SIM''SECRETabc"]).prints_credentials().run();
    assert!(answer.success().stdout.starts_with("SIMSECRET"));
}

#[test]
fn what_hangs_is_ended() {
    let sandbox = Sandbox::new();
    let call = shell(&sandbox, "echo before; sleep 1000").within(std::time::Duration::from_millis(300));
    let said = *catch_unwind(AssertUnwindSafe(|| call.run())).unwrap_err().downcast::<String>().unwrap();
    assert!(said.contains("still running after 300ms") && said.contains("before"), "{said}");
    // Its own end does not hide a child that holds the pipe.
    let call = shell(&sandbox, "sleep 1000 &").within(std::time::Duration::from_millis(300));
    let said = *catch_unwind(AssertUnwindSafe(|| call.run())).unwrap_err().downcast::<String>().unwrap();
    assert!(said.contains("holds its output"), "{said}");
}

#[test]
fn a_kill_is_seen_as_one() {
    let sandbox = Sandbox::new();
    let run = shell(&sandbox, "sleep 1000").start().kill();
    assert!(run.transcript().contains("signal: 9"), "{}", run.transcript());
}

#[test]
fn system_calls_are_counted() {
    let Some(strace) = tool("strace") else { return };
    let sandbox = Sandbox::new();
    sandbox.write("a", "x");
    let (run, trace) = sandbox.command("/bin/cat").args(["a"]).traced(&strace);
    assert_eq!(run.success().stdout, "x");
    assert_eq!((trace.opened.as_slice(), trace.sockets.len()), (["a".to_owned()].as_slice(), 0));
    assert_eq!((trace.threads, trace.processes, trace.programs.len()), (0, 0, 0));
    let (_, trace) = shell(&sandbox, "/bin/cat a | /bin/cat").traced(&strace);
    assert_eq!((trace.processes, trace.programs.len()), (2, 2), "{trace:?}");
}

#[test]
fn permissions_bite_another_user() {
    let sandbox = Sandbox::new();
    let file = sandbox.write("sealed", "x");
    let Some(nobody) = sandbox.hand_over() else { return };
    assert_eq!(nobody.command("/bin/cat").args(["sealed"]).run().success().stdout, "x");
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o400)).unwrap();
    nobody.cannot_write(&file);
    assert!(catch_unwind(AssertUnwindSafe(|| nobody.cannot_read(&file))).is_err());
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    nobody.cannot_read(&file);
    nobody.jitpass(["--version"]).run().success();
}

#[test]
fn moto_answers() {
    let (Some(moto), Some(aws)) = (Moto::start(), tool("aws")) else { return };
    let sandbox = Sandbox::new();
    let call = sandbox.command(aws).args(["ec2", "describe-instances", "--region", "us-west-2"]);
    let call = call
        .env("AWS_ACCESS_KEY_ID", "x")
        .env("AWS_SECRET_ACCESS_KEY", "y")
        .env("AWS_ENDPOINT_URL", moto.url());
    assert_eq!(call.run().success().json()["Reservations"].as_array().map(Vec::len), Some(0));
}
