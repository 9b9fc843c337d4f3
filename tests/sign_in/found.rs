//! What a review found. Each test says what must hold.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use jitpass::demo::portal::{Button, Fault, UserKind};
use jitpass::host::env::Env;
use jitpass::host::files;
use jitpass::store::keyring::Keyring;
use jitpass::store::tokens::TokenStore;
use rexpect::session::spawn_command;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::person::{Person, port_of, until};
use super::processes::Process;
use super::wire::{Waiting, get, post};
use crate::harness::{Call, Run, Sandbox, tool};

const TENANT: &[&str] = &["--tenant", "dev01"];
const WHO: &str = "admin/GetUserRoleInfo";
const NAVIGATION: &str =
    "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";

fn settings(sandbox: &Sandbox, text: &str) {
    sandbox.write(".config/jitpass/config.toml", text);
}

/// Programs wait this long for somebody to sign in.
fn waiting(sandbox: &Sandbox, seconds: u32) {
    settings(sandbox, &format!("[sign_in]\nwait = {seconds}\n"));
}

fn login(sandbox: &Sandbox, user: &str) -> Run {
    sandbox.jitpass(["login", &sandbox.url(), "--token-stdin"]).stdin(sandbox.token(user)).run()
}

fn logout(sandbox: &Sandbox) -> Call {
    sandbox.jitpass(["logout", &sandbox.url()])
}

/// The file of the portal's token.
fn token_file(sandbox: &Sandbox, person: &Person<'_>) -> PathBuf {
    let state = sandbox.home().join(".local/state/jitpass");
    TokenStore::below(&state, None, Keyring::of(&Env::of([]))).path(&person.address())
}

fn token(sandbox: &Sandbox, person: &Person<'_>) -> Value {
    let bytes = files::read_private(&token_file(sandbox, person), 65536).expect("a token file");
    serde_json::from_slice(&bytes).expect("it is JSON")
}

/// Says that somebody is signed in in this way.
fn signed_in(sandbox: &Sandbox, person: &Person<'_>, rest: &str) {
    let text = format!("{{\"host\":\"{}\",{rest}}}", person.url());
    files::write_private(&token_file(sandbox, person), text.as_bytes()).expect("the sandbox is ours");
}

/// One request on a connection of its own; `None` where nobody listens any more.
fn ask(port: u16, request: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.write_all(request.replace("@PORT", &port.to_string()).as_bytes()).ok();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok();
    Some(answer)
}

/// The path to which the portal sends the browser of a user who presses Authorize.
fn callback(sandbox: &Sandbox, tab: &str, user: UserKind) -> String {
    let portal = sandbox.portal().portal();
    let request = portal.press(user, tab, Button::Authorize, None).expect("a page with a port");
    format!("/{}", request.url.splitn(4, '/').nth(3).expect("an address of ours"))
}

fn script(path: &Path, text: &str) -> String {
    fs::write(path, text).expect("the sandbox is ours");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("the sandbox is ours");
    path.display().to_string()
}

// Tabs.

/// A listener dies with the job of its caller (Windows), with a container, of memory, at shutdown. The tab is still
/// there, so the next one listens where it points.
#[test]
fn listeners_that_are_killed_do_not_leave_a_tab_each() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    for _ in 0..4 {
        let program = person.program(&sandbox, TENANT).start();
        let listener = person.listener();
        until("the browser", || (!person.tabs().is_empty()).then_some(()));
        until("that it is opened", || {
            let wait = person.record().wait?;
            (wait.pid == listener.id && format!("{:?}", wait.browser) != "Opening").then_some(())
        });
        program.kill();
        listener.kill();
        person.nothing_is_left();
    }
    assert_eq!(person.tabs().len(), 1, "{:?}", person.tabs());
}

/// Two programs, one portal that wants codes, nothing cached: the second was there before anybody pressed anything.
#[test]
fn a_portal_that_wants_codes_takes_one_tab() {
    let sandbox = Sandbox::with("mfa");
    let person = Person::at(&sandbox);
    waiting(&sandbox, 6);
    let first = person.program(&sandbox, TENANT).start();
    let tab = person.tab(1);
    person.listener();
    let second = person.program(&sandbox, &["--admin"]).start();
    until("the second", || {
        Process::all_of(&person.mark()).iter().any(|process| process.line.contains("--admin")).then_some(())
    });
    person.presses(&tab, UserKind::Admin, Button::Authorize, Some("123456"));
    let runs = [first, second].map(|program| program.finish());
    let tabs = person.tabs();
    logout(&sandbox).run();
    assert_eq!(tabs.len(), 1, "{tabs:?} {:?}", runs.map(|run| run.stderr));
}

/// In the morning: an editor made somebody listen where last night's tab pointed, and that tab is closed.
#[test]
fn who_types_a_command_gets_a_tab_although_somebody_listens() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    waiting(&sandbox, 4);
    person.sign_ins().change(&person.address(), |record| record.unanswered = 4).expect("the sandbox is ours");
    let editor = person.program(&sandbox, TENANT).start();
    person.listener();
    assert_eq!(person.tabs().len(), 0, "the control: no browser for the editor");
    let run = person.attended(&sandbox, &["--tenant", "qa01"]).run();
    editor.finish();
    let tabs = person.tabs();
    logout(&sandbox).run();
    assert_eq!(tabs.len(), 1, "{}", run.transcript());
}

/// `explorer.exe`, which many a WSL user has in BROWSER, opens the page and ends with 1, always.
#[test]
fn explorer_opens_the_page_although_it_ends_with_1() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    waiting(&sandbox, 3);
    let opened = format!("#!/bin/sh\n{} \"$1\"\nexit 1\n", person.browser);
    let explorer = script(&sandbox.root().join("explorer.exe"), &opened);
    let opener = format!("#!/bin/sh\nexec {} \"$1\"\n", person.browser);
    script(&sandbox.root().join("bin/wslview"), &opener);
    let call = person.program(&sandbox, TENANT).env("BROWSER", explorer).env("WSL_DISTRO_NAME", "Debian");
    let run = call.run();
    assert_eq!(person.tabs().len(), 1, "{}", run.transcript());
    assert!(run.stderr.contains("press Authorize"), "{}", run.transcript());
}

/// The pause is for programs on their own, however the link is followed.
#[test]
fn the_pause_holds_over_ssh_with_a_port_too() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let until = jitpass::host::clock::now().seconds() + 300;
    person
        .sign_ins()
        .change(&person.address(), |record| (record.unanswered, record.quiet_until) = (4, until))
        .expect("the sandbox is ours");
    let call = person.program(&sandbox, TENANT).args(["--port", "53682"]).without("BROWSER");
    let call = call.env("SSH_CONNECTION", "10.0.0.1 4000 10.0.0.2 22").env("JITPASS_TEST_HASTE", "100");
    let run = call.run().fails(1);
    assert_eq!(person.record().wait, None, "{}", run.transcript());
    assert!(run.stderr.contains("nobody answered"), "{}", run.transcript());
}

// Who signs in.

/// The listener remembers who it was when it began. Meanwhile somebody else signed in, on purpose.
#[test]
fn the_person_of_before_is_another_person_now() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    login(&sandbox, "tenant").success();
    logout(&sandbox).run().success();
    let program = person.program(&sandbox, TENANT).start();
    let tab = person.tab(1);
    person.listener();
    let port = port_of(&tab);
    // It has looked who was signed in: it answers.
    ask(port, &get("/?t=", NAVIGATION)).expect("it listens");
    login(&sandbox, "admin").success();
    let path = callback(&sandbox, &tab, UserKind::Tenant);
    ask(port, &get(&path, NAVIGATION));
    assert_eq!(token(&sandbox, &person)["person"], "ada@example.com", "no button was pressed");
    program.kill();
    logout(&sandbox).run();
}

/// Somebody else on the same machine (a bastion) needs no browser, and says whatever a browser would say.
#[test]
fn another_user_of_the_machine_signs_nobody_in() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let Some(setpriv) = tool("setpriv") else { return };
    waiting(&sandbox, 3);
    let program = person.program(&sandbox, TENANT).start();
    let tab = person.tab(1);
    person.listener();
    let (port, stolen) = (port_of(&tab), sandbox.token("admin"));
    let talk = format!(
        "exec 3<>/dev/tcp/127.0.0.1/{port} && printf 'GET /?t={stolen} HTTP/1.1\\r\\nHost: 127.0.0.1:{port}\\r\\nReferer: {}/\\r\\n\\r\\n' >&3; cat <&3",
        person.url()
    );
    let mut other = Command::new(setpriv);
    other.args(["--reuid=65534", "--regid=65534", "--clear-groups", "/bin/bash", "-c", &talk]);
    assert!(other.output().expect("it runs").stdout.is_empty(), "it gets no answer");
    assert!(!token_file(&sandbox, &person).exists(), "{}", token(&sandbox, &person)["person"]);
    // The control: what this user says is heard.
    let own = Command::new("/bin/bash").args(["-c", &talk]).output().expect("it runs");
    assert!(String::from_utf8_lossy(&own.stdout).contains(" 303 "), "{own:?}");
    assert!(token_file(&sandbox, &person).exists());
    program.finish().success();
}

/// Signing out while the portal is asked whose token it is.
#[test]
fn who_signed_out_stays_signed_out() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    login(&sandbox, "tenant").success();
    logout(&sandbox).run().success();
    let program = person.program(&sandbox, TENANT).start();
    let tab = person.tab(1);
    person.listener();
    let (port, path) = (port_of(&tab), callback(&sandbox, &tab, UserKind::Tenant));
    let asked = sandbox.portal().counts().of(WHO);
    sandbox.portal().portal().fault(WHO, Fault::Slow(Duration::from_secs(4)), Some(1));
    let browser = std::thread::spawn(move || ask(port, &get(&path, NAVIGATION)));
    until("the portal is asked", || (sandbox.portal().counts().of(WHO) > asked).then_some(()));
    let run = logout(&sandbox).start().finish();
    browser.join().expect("no panic");
    program.kill();
    let has_token = token(&sandbox, &person).get("token").is_some();
    assert!(!has_token, "a token was kept after this: {}", run.transcript());
}

// Secrets that stay.

/// At the desktop the token went into the keyring; over SSH there is none.
#[test]
fn a_token_that_could_not_be_removed_is_not_forgotten() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    signed_in(&sandbox, &person, r#""generation":7,"person":"pat@example.com","in_keyring":true"#);
    logout(&sandbox).run().fails(1);
    let run = logout(&sandbox).run();
    assert!(!run.status.success(), "the token is still in the keyring: {}", run.transcript());
}

#[test]
fn a_token_command_does_not_hide_the_token_in_the_keyring() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    signed_in(&sandbox, &person, r#""generation":7,"person":"pat@example.com","in_keyring":true"#);
    let file = sandbox.write("token", sandbox.token("tenant"));
    settings(
        &sandbox,
        &format!("[portal.acme]\nhost = \"{}\"\ntoken_command = \"cat {}\"\n", person.url(), file.display()),
    );
    sandbox.jitpass(["aws", "--host", &person.url(), "--tenant", "dev01"]).run().success();
    let run = logout(&sandbox).run();
    assert!(!run.status.success(), "the token is still in the keyring: {}", run.transcript());
}

/// `keep_token_in = "keyring"` means the keyring or nowhere, also when the last line of the file is half written.
#[test]
fn a_mistake_in_the_settings_puts_no_token_into_a_file() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    settings(&sandbox, "[sign_in]\nkeep_token_in = \"keyring\"\nwait = 5\n\n[portal.acm\n");
    // Whoever mistyped it is told before anybody is bothered.
    let run = person.program(&sandbox, TENANT).run().fails(1);
    assert!(run.stderr.contains("config.toml is not valid TOML"), "{}", run.transcript());
    assert!(person.tabs().is_empty());
    login(&sandbox, "tenant").fails(1);
    let kept = fs::read_to_string(token_file(&sandbox, &person)).unwrap_or_default();
    assert!(!kept.contains("SIMTOKEN"), "{}", run.transcript());
}

/// A file that others may read holds no token for us; signing out takes it away all the same.
#[test]
fn signing_out_leaves_no_token_in_a_file_that_is_not_used() {
    for damage in ["others may read it", "it is cut off"] {
        let sandbox = Sandbox::with("new");
        let person = Person::at(&sandbox);
        login(&sandbox, "tenant").success();
        sandbox.jitpass(["aws", "--host", &person.url(), "--tenant", "dev01"]).run().success();
        let path = token_file(&sandbox, &person);
        if damage == "it is cut off" {
            let text = fs::read_to_string(&path).expect("it is there");
            fs::write(&path, &text[..text.len() - 2]).expect("the sandbox is ours");
        } else {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("the sandbox is ours");
        }
        let run = logout(&sandbox).run().success();
        assert!(run.stderr.contains("signed out of"), "{damage}: {}", run.transcript());
        assert!(!fs::read_to_string(&path).expect("it is there").contains("SIMTOKEN"), "{damage}");
        sandbox.jitpass(["aws", "--host", &person.url(), "--tenant", "dev01"]).run().fails(1);
    }
}

// Races.

/// What signing out knows of the token is older than the lock it waited for.
#[test]
fn signing_out_looks_again_once_it_is_its_turn() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    signed_in(&sandbox, &person, r#""generation":7,"person":"pat@example.com","token":"SIMTOKEN-1""#);
    let path = token_file(&sandbox, &person);
    let lock = path.with_file_name(format!("{}~lock", path.file_name().unwrap().to_str().unwrap()));
    let held = File::create(&lock).expect("the sandbox is ours");
    held.lock().expect("nobody holds it");
    let started = logout(&sandbox).start();
    until("it waits", || {
        let mut all = Process::all_of(&person.mark()).into_iter();
        all.any(|process| process.open_files().contains(&lock)).then_some(())
    });
    // Another person signs in.
    signed_in(
        &sandbox,
        &person,
        r#""generation":9999999999,"person":"ada@example.com","token":"SIMTOKEN-2""#,
    );
    drop(held);
    started.finish();
    let kept = token(&sandbox, &person);
    assert!(kept["generation"].as_u64() > Some(9_999_999_999), "{kept}");
    assert_eq!(kept["person"], "ada@example.com");
}

// Those who wait.

/// Who did not look for a moment finds another wait, for a code, in the place of the one that ended well.
#[test]
fn who_has_what_it_needs_does_not_wait_for_somebody_elses_code() {
    let sandbox = Sandbox::with("mfa");
    let person = Person::at(&sandbox);
    waiting(&sandbox, 6);
    let first = person.program(&sandbox, TENANT).start();
    let tab = person.tab(1);
    person.listener();
    let find = |mark: &str| {
        let mut all = Process::all_of(&person.mark()).into_iter();
        all.find(|process| !process.is_listener() && process.line.contains(mark))
    };
    // It has started the listener and waits, with nothing that others need.
    let asleep = until("the first", || {
        let held = |file: &PathBuf| file.display().to_string().contains(".starting");
        find("dev01").filter(|process| !process.open_files().iter().any(held))
    });
    let asleep = Pid::from_raw(i32::try_from(asleep.id).unwrap()).unwrap();
    let second = person.program(&sandbox, &["--admin"]).start();
    until("the second", || find("--admin"));
    kill_process(asleep, Signal::STOP).expect("it lives");
    person.presses(&tab, UserKind::Admin, Button::Authorize, Some("123456"));
    // The second needs another wait. (Where it gets what it wants at once there is none.)
    until("another tab, or the end", || (person.tabs().len() > 1 || find("--admin").is_none()).then_some(()));
    kill_process(asleep, Signal::CONT).expect("it lives");
    let run = first.finish();
    second.kill();
    logout(&sandbox).run();
    run.success();
}

#[test]
fn a_token_from_elsewhere_is_as_good() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    waiting(&sandbox, 10);
    let program = person.program(&sandbox, TENANT).start();
    person.tab(1);
    person.listener();
    login(&sandbox, "tenant").success();
    let run = program.finish();
    logout(&sandbox).run();
    run.success();
}

/// Over SSH: a program waits, the person pastes.
#[test]
fn a_pasted_token_is_no_cancel() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    waiting(&sandbox, 20);
    let environment = sandbox.command("/usr/bin/env").args(["-0"]).run().success().stdout;
    let mut command = Command::new("/bin/sh");
    command.env_clear().current_dir(sandbox.home());
    command.envs(environment.split('\0').filter_map(|pair| pair.split_once('=')));
    command.args(["-c", &format!("exec jitpass login {} --no-browser", person.url())]);
    let mut terminal = spawn_command(command, Some(30_000)).expect("a terminal");
    terminal.exp_string("It is not shown").expect("it asks");
    let id = person.record().wait.expect("it listens").id;
    let program = person.program(&sandbox, TENANT).start();
    // It joined: it has found that nobody is signed in, and is past the lock under which a wait is begun.
    until("that it joined", || {
        let mut all = Process::all_of(&person.mark()).into_iter();
        let asker = all.find(|process| process.line.contains("--interactive"))?;
        let issued = sandbox.home().join(".cache/jitpass/credentials");
        let has_asked =
            files::list(&issued).iter().any(|portal| portal.join("self/tenant-dev01~lock").exists());
        let held = |file: &PathBuf| file.display().to_string().ends_with("~lock");
        (has_asked && !asker.open_files().iter().any(held)).then_some(())
    });
    assert_eq!(person.record().wait.map(|wait| wait.id), Some(id));
    terminal.send(&format!("{}\r", sandbox.token("tenant"))).expect("it is open");
    terminal.flush().expect("it is open");
    terminal.exp_string("signed in to").expect("it is kept");
    terminal.exp_eof().ok();
    let run = program.finish();
    person.nothing_is_left();
    let record = person.record();
    assert!(
        record.unanswered == 0 && record.quiet_until == 0,
        "a person has acted: {}\n{record:?}",
        run.stderr
    );
    run.success();
}

/// A page that navigates all the time keeps a listener from nothing.
#[test]
fn a_listener_that_is_called_off_goes_whoever_knocks() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let program = person.program(&sandbox, TENANT).start();
    let port = port_of(&person.tab(1));
    let listener = person.listener();
    logout(&sandbox).start().finish();
    let stays = (0..5000).all(|_| ask(port, &get("/?t=", NAVIGATION)).is_some());
    if stays {
        listener.kill();
    }
    program.kill();
    assert!(!stays, "it answered 5000 times after it was called off");
}

/// Many programs, one credential, a keyring that never answers, nobody there.
#[test]
fn a_silent_keyring_leaves_everybody_with_the_remedy() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let bus = sandbox.root().join("silent");
    let _silent = UnixListener::bind(&bus).expect("the sandbox is ours");
    signed_in(&sandbox, &person, r#""generation":7,"person":"pat@example.com","in_keyring":true"#);
    let until = jitpass::host::clock::now().seconds() + 300;
    person
        .sign_ins()
        .change(&person.address(), |record| (record.unanswered, record.quiet_until) = (4, until))
        .expect("the sandbox is ours");
    let call = || {
        let call = person.program(&sandbox, TENANT).env("JITPASS_TEST_HASTE", "5");
        call.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", bus.display()))
    };
    let started: Vec<_> = (0..16).map(|_| call().start()).collect();
    let runs: Vec<Run> = started.into_iter().map(|program| program.finish().fails(1)).collect();
    let without: Vec<_> = runs.iter().filter(|run| !run.stderr.contains("jitpass login")).collect();
    assert!(without.is_empty(), "{} of 16: {}", without.len(), without[0].stderr);
}

/// A program that gives tokens may ask for a fingerprint each time it is run.
#[test]
fn a_rejected_token_command_is_run_twice_at_most() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let ran = sandbox.root().join("ran");
    let command = format!("#!/bin/sh\necho >> '{}'\necho SIMTOKEN-dead\n", ran.display());
    let command = script(&sandbox.root().join("give"), &command);
    settings(
        &sandbox,
        &format!("[portal.acme]\nhost = \"{}\"\ntoken_command = \"{command}\"\n", person.url()),
    );
    let run = person.program(&sandbox, TENANT).run().fails(1);
    let times = fs::read_to_string(&ran).unwrap_or_default().lines().count();
    assert!(times <= 2, "{times} times: {}", run.transcript());
}

/// Where a command gives the token nobody signs in: the code would go with another person's token.
#[test]
fn where_a_command_gives_the_token_no_browser_opens_for_a_code() {
    let sandbox = Sandbox::with("mfa");
    let person = Person::at(&sandbox);
    let file = sandbox.write("token", sandbox.token("admin"));
    settings(
        &sandbox,
        &format!(
            "[sign_in]\nwait = 3\n[portal.acme]\nhost = \"{}\"\ntoken_command = \"cat {}\"\n",
            person.url(),
            file.display()
        ),
    );
    let run = person.program(&sandbox, &["--admin"]).run();
    let tabs = person.tabs();
    logout(&sandbox).run();
    assert!(tabs.is_empty(), "{}", run.transcript());
}

/// In the morning, without the VPN: a tab would show nothing, and nobody could press anything.
#[test]
fn no_browser_opens_where_no_portal_answers() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let args = ["aws", "--host", "http://127.0.0.1:1", "--tenant", "dev01", "--interactive"];
    let run = sandbox.jitpass(args).env("BROWSER", &person.browser).run().fails(1);
    assert!(run.stderr.contains("cannot connect to `127.0.0.1:1`"), "{}", run.transcript());
    assert!(person.tabs().is_empty());
}

/// The listener that was called off lives for a moment; the next sign-in is another.
#[test]
fn a_wait_that_was_called_off_is_not_joined() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let first = person.program(&sandbox, TENANT).start();
    person.tab(1);
    person.listener();
    logout(&sandbox).run().success();
    let second = person.program(&sandbox, TENANT).start();
    person.authorizes(&person.tab(2), UserKind::Tenant);
    second.finish().success();
    first.finish();
}

// Pages.

/// The portal was away for a moment when the button was pressed.
#[test]
fn a_button_can_be_pressed_again() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let program = person.program(&sandbox, TENANT).start();
    let tab = person.tab(1);
    person.listener();
    let port = port_of(&tab);
    let path = callback(&sandbox, &tab, UserKind::Tenant);
    let answer = ask(port, &get(&path, NAVIGATION)).expect("it listens");
    let location = answer.lines().find_map(|line| line.strip_prefix("location: ")).expect("a page");
    let page = ask(port, &get(location, NAVIGATION)).expect("it listens");
    let value = page.split_once("name=\"value\" value=\"").and_then(|(_, rest)| rest.split('"').next());
    let value = value.expect("a button");
    let own = "Origin: http://127.0.0.1:@PORT\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n";
    let press = || ask(port, &post("/press", own, &format!("value={value}"))).expect("it listens");
    sandbox.portal().portal().fault(WHO, Fault::Gateway(502), None);
    press();
    sandbox.portal().portal().clear_faults();
    press();
    let stored = token_file(&sandbox, &person).exists();
    program.kill();
    logout(&sandbox).run();
    assert!(stored, "the second press came to nothing");
}

/// Browsers send the cookies of everything that was ever developed on `localhost`.
#[test]
fn many_cookies_are_no_reason() {
    let waiting = Waiting::start();
    let cookies = format!("Cookie: session={}\r\n", "a".repeat(24 * 1024));
    assert_eq!(waiting.get("/", &cookies).status, Some(200));
}

// Words.

#[test]
fn where_nothing_can_be_kept_the_remedy_is_named() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let Some(user) = sandbox.hand_over() else { return };
    fs::set_permissions(sandbox.home(), fs::Permissions::from_mode(0o555)).expect("we are root");
    user.cannot_write(&sandbox.home());
    let args = ["aws", "--host", &person.url(), "--tenant", "dev01", "--interactive"];
    let call = user.jitpass(args).env("BROWSER", &person.browser).env("JITPASS_TEST_ATTENDED", "no");
    let run = call.run().fails(1);
    assert!(run.stderr.contains("DUPLO_TOKEN"), "{}", run.transcript());
}

/// The listener works elsewhere than its asker.
#[test]
fn paths_in_the_environment_mean_the_same_to_the_listener() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    waiting(&sandbox, 3);
    let own = format!("#!/bin/sh\nexec {} \"$1\"\n", person.browser);
    script(&sandbox.home().join("open-page"), &own);
    let run = person.program(&sandbox, TENANT).env("BROWSER", "./open-page").run().fails(1);
    assert_eq!(person.tabs().len(), 1, "{}", run.transcript());
    logout(&sandbox).run();
}
