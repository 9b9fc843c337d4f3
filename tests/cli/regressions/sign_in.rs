//! Signing in where it was a dead end.

use jitpass::demo::portal::{TokenState, UserKind};

use super::login;
use crate::cli::terminal::Terminal;
use crate::harness::Sandbox;

const REJECTED: &str = "the portal does not accept the token";

#[test]
fn a_token_is_asked_for_where_no_portal_is() {
    let sandbox = Sandbox::with("new");
    let somewhere = "http://127.0.0.1:1";
    for args in [["login", somewhere].as_slice(), &["setup", "--host", somewhere]] {
        let (code, shown) = Terminal::start(&sandbox, args, &[]).ends();
        assert_eq!(code, 1, "{shown}");
        assert!(shown.contains("cannot connect to `127.0.0.1:1`") && !shown.contains("Token"), "{shown}");
    }
    // Nor where somebody else answers.
    let url = sandbox.url();
    for args in [["login", url.as_str()].as_slice(), &["setup", "--host", &url]] {
        sandbox.portal().portal().fault("v3/features/system", "html-200".parse().unwrap(), Some(1));
        let (code, shown) = Terminal::start(&sandbox, args, &[]).ends();
        assert_eq!(code, 1, "{shown}");
        assert!(shown.contains("answered with a web page") && !shown.contains("Token"), "{shown}");
    }
}

#[test]
fn login_ends_with_the_first_wrong_token() {
    let sandbox = Sandbox::with("new");
    let mut terminal = Terminal::start(&sandbox, &["login", &sandbox.url()], &[]);
    terminal.sees("It is not shown.").types("SIMTOKEN-wrong").sees(REJECTED).sees("hint:");
    terminal.sees("still waiting").types("no token at \u{e9}ll").sees("that is not a token");
    terminal.sees("still waiting").types(&sandbox.token("tenant"));
    terminal.sees("signed in to ").sees(" as pat@example.com");
    assert_eq!(terminal.ends().0, 0);
}

#[test]
fn setup_ends_with_a_kept_token_that_has_expired() {
    let sandbox = Sandbox::with("new,tenants=2");
    login(&sandbox, "admin").run().success();
    sandbox.portal().portal().set_token_state(UserKind::Admin, TokenState::Expired);
    let mut terminal = Terminal::start(&sandbox, &["setup", "--host", &sandbox.url()], &[]);
    terminal.sees("the sign-in to ").sees(" is over").sees("It is not shown.").types("SIMTOKEN-wrong");
    terminal.sees(REJECTED).sees("still waiting").types(&sandbox.token("tenant"));
    terminal.sees("signed in to ").sees(" as pat@example.com").sees("Tenants:").presses("\u{1b}");
    let (code, shown) = terminal.ends();
    assert!(code == 1 && shown.contains("nothing was written"), "{shown}");
}

#[test]
fn an_empty_token_in_the_environment_is_one() {
    let sandbox = Sandbox::with("new,tenants=2");
    let url = sandbox.url();
    let commands: [&[&str]; 4] = [
        &["aws", "--host", &url, "--tenant", "dev01"],
        &["aws", "--host", &url, "--tenant", "dev01", "--token", " "],
        &["tenants", &url],
        &["setup", "--host", &url, "--name", "acme", "--yes"],
    ];
    let blanks = ["", " ", "\n", "\t \r\n"];
    let calls = || {
        let hosts = [Some(url.as_str()), None];
        let each = commands.iter().flat_map(|args| blanks.map(|blank| (args, blank)));
        each.flat_map(move |(args, blank)| hosts.map(|host| (args, blank, host))).map(
            |(args, blank, host)| {
                let call = sandbox.jitpass(args.iter().copied()).env("DUPLO_TOKEN", blank);
                host.map_or(call.clone(), |host| call.env("DUPLO_HOST", host))
            },
        )
    };
    for call in calls() {
        let run = call.run().fails(1);
        assert!(
            run.stderr.contains(&format!("not signed in to {}", sandbox.portal().address())),
            "{}",
            run.stderr
        );
        // There is no such token, neither a rejected one nor one for another portal.
        assert!(!run.stderr.contains("DUPLO_TOKEN is"), "{:?}", run.transcript());
    }
    assert_eq!(sandbox.requests(), 0);
    login(&sandbox, "admin").run().success();
    for call in calls() {
        call.run().success();
    }
    // One's own, under one's own name.
    let directory = sandbox
        .home()
        .join(".cache/jitpass/credentials")
        .join(format!("http~127.0.0.1~{}", sandbox.portal().address().port()));
    let names: Vec<_> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["self"]);
}
