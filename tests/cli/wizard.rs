//! `jitpass setup` with a person at a terminal.

use super::profiles;
use super::terminal::{INTERRUPTED, Terminal};
use crate::harness::Sandbox;

const ESCAPE: &str = "\u{1b}";
const CTRL_C: &str = "\u{3}";

/// The questions of a first run with a token at hand.
const QUESTIONS: [&str; 6] =
    ["Tenants:", "administrator rights", "Region:", "Short name", "your default profile", "Write this?"];

/// Answers every question of a first run from the tenants on with Enter.
fn enter_to_the_end(mut terminal: Terminal) -> String {
    terminal.sees("Tenants:").types("");
    terminal.sees("administrator rights as well? (Y/n)").types("");
    terminal.sees("Region: (").types("");
    terminal.sees("Short name of this portal: (").types("");
    terminal.sees("your default profile").sees("(y/N)").types("");
    terminal.sees("Write this? (Y/n)").types("");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    shown
}

#[test]
fn enter_all_the_way() {
    let sandbox = Sandbox::with("new,tenants=2");
    let mut terminal = Terminal::start(&sandbox, &["setup"], &[]);
    terminal.sees("Portal:").types(&sandbox.url());
    terminal.sees("It is not shown.").types(&sandbox.token("admin"));
    terminal.sees("signed in to ").sees(" as ada@example.com");
    let shown = enter_to_the_end(terminal);
    assert!(shown.contains("local-dev01 works: ada@example.com as duploservices-dev01"), "{shown}");
    assert!(shown.contains("aws sts get-caller-identity --profile local-dev01"), "{shown}");
    assert_eq!(profiles(&sandbox), ["local-admin", "local-default", "local-dev01"]);
    // The second time everything is as it should be.
    let mut terminal = Terminal::start(&sandbox, &["setup"], &[]);
    terminal.sees("Portal: (http://").types("");
    // Its name it has.
    terminal.sees("Tenants:").types("").sees("administrator rights as well?").types("");
    terminal.sees("Region: (").types("").sees("your default profile").types("");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("nothing to change: 3 profiles in ~/.aws/config as they should be"), "{shown}");
}

fn until_the_default_profile(mut terminal: Terminal) -> Terminal {
    terminal.sees("Tenants:").types("");
    terminal.sees("administrator rights as well?").types("");
    terminal.sees("Region:").types("");
    terminal.sees("Short name").types("");
    terminal.sees("your default profile").sees("(y/N)");
    terminal
}

#[test]
fn a_default_profile_where_there_is_none() {
    let sandbox = Sandbox::with("new,tenants=2");
    let (url, token) = (sandbox.url(), sandbox.token("admin"));
    let token = [("DUPLO_TOKEN", token.as_str()), ("DUPLO_HOST", url.as_str())];
    let terminal = Terminal::start(&sandbox, &["setup", "--host", &url], &token);
    let mut terminal = until_the_default_profile(terminal);
    terminal.types("y");
    terminal.sees("Write this?").types("");
    assert_eq!(terminal.ends().0, 0);
    assert_eq!(profiles(&sandbox).last().map(String::as_str), Some("default"));
}

#[test]
fn wrong_answers_are_asked_again() {
    let sandbox = Sandbox::with("new,tenants=1");
    let mut terminal = Terminal::start(&sandbox, &["setup"], &[]);
    // Not an address; nobody there; somebody else there.
    terminal.sees("Portal:").types("ftp://acme").sees("must start with `https://`");
    terminal.sees("Portal:").types("bad host name").sees("must have no blanks in it");
    // What was wrong is not in the way of the next answer.
    terminal.sees("Portal:").types("http://127.0.0.1:1");
    terminal.sees("cannot connect to `127.0.0.1:1`").sees("hint:").sees("Portal:").types(&sandbox.url());
    terminal.sees("It is not shown.").types("SIMTOKEN-wrong");
    terminal.sees("does not accept the token").sees("hint:").sees("still waiting").types("");
    terminal
        .types("no token \u{e9}")
        .sees("that is not a token")
        .sees("still waiting")
        .types(&sandbox.token("admin"));
    terminal.sees("signed in to ");
    enter_to_the_end(terminal);
}

#[test]
fn somebody_else_answers_there() {
    let sandbox = Sandbox::with("new,tenants=1");
    sandbox.portal().portal().fault("v3/features/system", "html-200".parse().unwrap(), Some(1));
    let mut terminal = Terminal::start(&sandbox, &["setup"], &[]);
    terminal.sees("Portal:").types(&sandbox.url());
    terminal
        .sees("answered with a web page where a portal answers with data")
        .sees("Portal:")
        .presses(ESCAPE);
    let (code, shown) = terminal.ends();
    assert_eq!(code, 1, "{shown}");
}

#[test]
fn escape_stops_and_writes_nothing() {
    let sandbox = Sandbox::with("new,tenants=1");
    let (url, token) = (sandbox.url(), sandbox.token("admin"));
    let token = [("DUPLO_TOKEN", token.as_str()), ("DUPLO_HOST", url.as_str())];
    for question in QUESTIONS {
        for key in [ESCAPE, CTRL_C] {
            let mut terminal = Terminal::start(&sandbox, &["setup", "--host", &url], &token);
            for asked in QUESTIONS {
                terminal.sees(asked);
                if asked == question {
                    terminal.presses(key);
                    break;
                }
                terminal.types("");
            }
            let (code, shown) = terminal.ends();
            // Between two questions, Ctrl-C is not a key yet.
            let killed = key == CTRL_C && code == INTERRUPTED;
            assert!(killed || code == 1 && shown.contains("stopped; no"), "{question}: {shown}");
        }
    }
    let mut terminal = Terminal::start(&sandbox, &["setup", "--host", &url], &token);
    for asked in &QUESTIONS[..5] {
        terminal.sees(asked).types("");
    }
    terminal.sees("Write this?").types("n");
    let (code, shown) = terminal.ends();
    assert!(code == 1 && shown.contains("was written"), "{shown}");
    for path in [".aws", ".config"] {
        assert!(!sandbox.home().join(path).exists(), "{path}");
    }
}

#[test]
fn a_tenant_is_found_by_typing() {
    let sandbox = Sandbox::with("new,tenants=80");
    let (url, token) = (sandbox.url(), sandbox.token("admin"));
    let token = [("DUPLO_TOKEN", token.as_str()), ("DUPLO_HOST", url.as_str())];
    let args = ["setup", "--host", &url, "--name", "acme", "--region", "us-west-2", "--no-admin"];
    let mut terminal = Terminal::start(&sandbox, &args, &token);
    // ← none, then the one that is searched.
    terminal.sees("Tenants:").presses("\u{1b}[D").presses("dev03").sees("dev03 ").presses(" ").types("");
    terminal.sees("your default profile").types("");
    terminal.sees("1 new profile").sees("Write this?").types("");
    assert_eq!(terminal.ends().0, 0);
    assert_eq!(profiles(&sandbox), ["acme-dev03"]);
}

#[test]
fn colour_only_where_it_is_wanted() {
    let sandbox = Sandbox::with("new,tenants=1");
    let (url, token) = (sandbox.url(), sandbox.token("admin"));
    let shown = |colour: (&str, &str)| {
        let variables = [("DUPLO_TOKEN", token.as_str()), ("DUPLO_HOST", url.as_str()), colour];
        let mut terminal = Terminal::start(&sandbox, &["setup", "--host", &url], &variables);
        for asked in &QUESTIONS[..5] {
            terminal.sees(asked).types("");
        }
        terminal.sees("Write this?").types("n");
        terminal.ends().1
    };
    // `ESC [ … m` is the one that colours.
    let colours = |shown: &str| {
        let codes = shown.split("\u{1b}[").skip(1);
        codes
            .filter(|code| code.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('m'))
            .count()
    };
    assert_eq!(colours(&shown(("NO_COLOR", "1"))), 0);
    assert!(colours(&shown(("NO_COLOR", ""))) > 20);
    assert_eq!(colours(&shown(("CLICOLOR", "0"))), 0);
}

#[test]
fn login_asks_for_the_token() {
    let sandbox = Sandbox::with("new");
    let mut terminal = Terminal::start(&sandbox, &["login", &sandbox.url()], &[]);
    terminal.sees("It is not shown.").types(&sandbox.token("tenant"));
    terminal.sees("signed in to ").sees(" as pat@example.com");
    assert_eq!(terminal.ends().0, 0);
}

#[test]
fn a_person_who_pipes_the_console_link_gets_one_that_works() {
    let mut sandbox = Sandbox::with("new");
    let (url, token) = (sandbox.url(), sandbox.token("admin"));
    let call = |sandbox: &Sandbox| {
        let call = sandbox.jitpass(["aws", "--host", &url, "--admin"]);
        call.env("DUPLO_TOKEN", token.as_str()).env("DUPLO_HOST", url.as_str()).run().success()
    };
    assert!(call(&sandbox).json().get("ConsoleUrl").is_some());
    sandbox.pass(700);
    // A program is given what is there.
    assert!(call(&sandbox).json().get("ConsoleUrl").is_none());
    assert_eq!(sandbox.requests(), 1);
    let now = jiff::Timestamp::now().as_second() + 700;
    let variables = [
        ("DUPLO_TOKEN", token.as_str()),
        ("DUPLO_HOST", url.as_str()),
        ("JITPASS_TEST_NOW", &now.to_string()),
    ];
    let terminal = Terminal::start_script(
        &sandbox,
        "jitpass \"$@\" > answer",
        &["aws", "--host", &url, "--admin"],
        &variables,
    );
    assert_eq!(terminal.ends().0, 0);
    assert!(sandbox.read("answer").contains("ConsoleUrl"));
    assert_eq!(sandbox.requests(), 2);
}

/// Whose profiles came from an older tool under names of their own chose no tenant: these are on at first.
#[test]
fn tenants_that_have_a_profile_are_on_where_none_was_chosen() {
    let sandbox = Sandbox::with("new,tenants=4");
    let (url, token) = (sandbox.url(), sandbox.token("admin"));
    let token = [("DUPLO_TOKEN", token.as_str()), ("DUPLO_HOST", url.as_str())];
    let wanted = |config: String, expected: &str| {
        sandbox
            .write(".config/jitpass/config.toml", format!("[portal.acme]\nhost = \"{url}\"\ntenants = []\n"));
        sandbox.write(".aws/config", config);
        let mut terminal = Terminal::start(&sandbox, &["setup", "--host", "acme"], &token);
        terminal.sees("Tenants:").types("").sees("administrator rights as well?").types("n");
        terminal.sees("Region: (").types("").sees("your default profile").types("");
        terminal.sees("Write this?").types("");
        let (code, shown) = terminal.ends();
        assert_eq!(code, 0, "{shown}");
        let settings = sandbox.read(".config/jitpass/config.toml");
        assert!(settings.contains(expected), "{settings}");
    };
    let line = |name: &str, call: &str| {
        format!("[profile {name}]\ncredential_process = {call} --host {url} --interactive\n")
    };
    let mine = line("mine", "jitpass aws --tenant dev01") + &line("old", "duplo-jit aws --tenant QA01");
    wanted(mine + &line("root", "duplo-jit aws --admin"), "tenants = [\"dev01\", \"qa01\"]");
    wanted(String::new(), "tenants = \"all\"");
}
