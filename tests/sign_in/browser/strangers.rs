//! Other people's pages, which try to have jitpass work with a token of theirs. The token is a good one.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use super::callbacks::LOOPBACK;
use super::stage::Site;
use super::steps::{ADA, PAT, arrive, confirm, is_done};
use super::{Chromium, Manner, Stage, Tab, World};
use crate::cli::network::relay::Relay;

/// A site with one empty page, in clear on its port and with TLS under its name. It serves until the tests end.
fn strange_site(stage: &Stage) -> (String, Site) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let head = BufReader::new(&stream).lines();
                head.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
                let body = "<!doctype html><title>Cats</title><h1>Cats</h1>";
                let length = body.len();
                write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\
                     Connection: close\r\n\r\n{body}"
                )
                .ok();
            });
        }
    });
    let host = "cats.example.net".to_owned();
    let (relay, authority) = Relay::tls(address, &host);
    let authority = stage.sandbox.write("cats.pem", authority);
    (format!("http://{address}"), Site { host, port: relay.port, authority })
}

/// Where a stranger's page leads a browser to.
fn trap(stage: &Stage, opened: &str) -> String {
    format!("{}/?t={}", Stage::listener(opened), stage.sandbox.token("admin"))
}

/// Every way in which a page makes a browser ask for something without the person seeing what comes. Even with leave to
/// speak to this machine, none has any effect.
#[test]
fn behind_the_persons_back() {
    const QUIETLY: [(&str, &str); 12] = [
        ("image", "settled(Object.assign(new Image(), { src: trap }))"),
        ("script", "added('script', { src: trap })"),
        ("style", "added('link', { rel: 'stylesheet', href: trap })"),
        ("frame", "added('iframe', { src: trap })"),
        ("object", "added('object', { data: trap })"),
        ("fetch", "fetch(trap, { mode: 'no-cors', credentials: 'include' })"),
        ("fetch with cors", "fetch(trap)"),
        ("post", "fetch(home, { method: 'POST', body: token })"),
        ("post without cors", "fetch(home, { method: 'POST', mode: 'no-cors', body: token })"),
        (
            "post with a code",
            "fetch(home + 'v2/callbackWithOtp', { method: 'POST', mode: 'no-cors', body: JSON.stringify({ token }) })",
        ),
        ("cancel", "fetch(home + 'v2/callbackWithOtp', { method: 'POST', mode: 'no-cors', body: '' })"),
        ("preflight", "fetch(home, { method: 'POST', headers: { 'X-Requested-With': 'x' }, body: token })"),
    ];
    let stage = Stage::new(World::Https("acme"), "");
    let (_, site) = strange_site(&stage);
    let sites = [stage.site.as_ref().expect("it is https"), &site];
    let Some(chromium) = Chromium::start(&sites) else { return };
    let login = stage.login();
    let opened = stage.opened(1);
    let trap = trap(&stage, &opened);
    let (home, token) = trap.split_once("?t=").expect("made so");
    let cats = "https://cats.example.net";
    chromium.person("pat", Manner { grants: &[(cats, LOOPBACK)], ..Manner::default() });
    let tab = chromium.tab("pat", "cats");
    tab.open(cats);
    for (name, does) in QUIETLY {
        let script = format!(
            "(async () => {{
                const [home, token, trap] = ['{home}', '{token}', '{trap}'];
                const settled = (element) => new Promise((done) => {{ element.onload = element.onerror = done; }});
                const added = (name, what) => {{
                    const element = Object.assign(document.createElement(name), what);
                    const end = settled(element);
                    document.body.append(element);
                    return end;
                }};
                try {{ await ({does}); }} catch {{ /* As it should be. */ }}
            }})()"
        );
        tab.run(&script);
        assert_eq!(stage.kept(), None, "{name}");
    }
    // Each came as far as the listener: nothing was held back by the browser itself.
    assert_eq!(tab.sent(home).len(), QUIETLY.len());
    let refused = tab.refused().join("\n");
    assert!(!refused.contains("address space") && !refused.contains("Mixed Content"), "{refused}");

    // Pat's own is the first token that came: she is asked as the first person is, and not as one of two.
    let portal = chromium.tab("pat", "portal");
    arrive(portal, &opened, PAT);
    portal.press("Authorize");
    confirm(portal, PAT);
    is_done(portal, PAT);
    login.finish().success();
    assert_eq!(stage.kept(), Some((PAT.1.to_owned(), "tenant".to_owned())));
}

/// Ways in which a page leads the person to where the token is handed over.
const OPENLY: [(&str, &str); 4] = [
    ("location", "location.href = trap"),
    ("window", "open(trap, '_self')"),
    ("refresh", "document.head.insertAdjacentHTML('beforeend', `<meta http-equiv=refresh content='0;url=${trap}'>`)"),
    (
        "form",
        "(() => { const [to, t] = trap.split('?t=');
            document.body.insertAdjacentHTML('beforeend', `<form action='${to}'><input name=t value='${t}'></form>`);
            document.forms[0].submit(); })()",
    ),
];

/// Leads a person into the trap from an empty page; gives the page that they see.
#[track_caller]
fn lure(tab: Tab<'_>, from: &str, does: &str, trap: &str, heading: &str) -> String {
    tab.open(from);
    // The page may be gone before its script is done: later, then.
    tab.run(&format!("setTimeout(() => {{ const trap = '{trap}'; {does}; }}, 0)"));
    tab.reads(heading)
}

/// From https nothing tells them from the portal: our page says whose token it is, and nothing happens without a click.
#[test]
fn with_the_person_looking_on() {
    let stage = Stage::new(World::Https("acme"), "");
    let (_, site) = strange_site(&stage);
    let sites = [stage.site.as_ref().expect("it is https"), &site];
    let Some(chromium) = Chromium::start(&sites) else { return };
    let stdin = stage.sandbox.token("tenant");
    stage.jitpass(["login", &stage.url, "--token-stdin"]).stdin(stdin).run().success();
    let login = stage.login();
    let opened = stage.opened(1);
    let trap = trap(&stage, &opened);
    for (name, does) in OPENLY {
        let tab = chromium.tab("pat", name);
        let page = lure(tab, "https://cats.example.net", does, &trap, "Is this you?");
        assert!(page.contains(ADA.1) && page.contains(PAT.1), "{name}: {page}");
        assert_eq!(stage.kept(), Some((PAT.1.to_owned(), "tenant".to_owned())), "{name}");
    }
    // A form that is posted names its page.
    for (path, field) in [("", "token"), ("v2/callbackWithOtp", "{\\x22token\\x22:\\x22made up\\x22}")] {
        let tab = chromium.tab("pat", field);
        tab.open("https://cats.example.net");
        let home = Stage::listener(&opened);
        tab.run(&format!(
            "setTimeout(() => {{
                document.body.innerHTML =
                    `<form method=post enctype=text/plain action='{home}/{path}'><input name='{field}'></form>`;
                document.forms[0].submit();
            }}, 0)"
        ));
        tab.says("this comes from another site than the portal");
    }
    // It is the same person as before; but one of two tokens is somebody's who lies.
    let portal = chromium.tab("pat", "portal");
    arrive(portal, &opened, PAT);
    portal.press("Authorize");
    confirm(portal, PAT);
    is_done(portal, PAT);
    login.finish().success();
    assert_eq!(stage.kept(), Some((PAT.1.to_owned(), "tenant".to_owned())));
}

/// From http the browser says who leads the person here: not even asked.
#[test]
fn who_give_themselves_away() {
    let stage = Stage::new(World::Localhost, "");
    let (cats, _) = strange_site(&stage);
    let Some(chromium) = Chromium::start(&[]) else { return };
    let login = stage.login();
    let opened = stage.opened(1);
    let trap = trap(&stage, &opened);
    for (name, does) in OPENLY {
        let tab = chromium.tab("pat", name);
        let page = lure(tab, &cats, does, &trap, "This answer is not from the right portal");
        assert!(page.contains(&cats) && page.contains(stage.name()), "{name}: {page}");
        assert_eq!(stage.kept(), None, "{name}");
        assert_eq!(tab.history().iter().filter(|line| line.contains("SIMTOKEN")).count(), 0, "{name}");
    }
    // One who has the browser keep it to itself is not told from the portal, and so the person is asked.
    let tab = chromium.tab("pat", "secretive");
    let does = "document.head.insertAdjacentHTML('beforeend', '<meta name=referrer content=no-referrer>'); \
                location.href = trap";
    assert!(lure(tab, &cats, does, &trap, "Is this you?").contains(ADA.1));
    assert_eq!(stage.kept(), None);
    // Hers is certainly the portal's; but it is the second that came.
    let portal = chromium.tab("pat", "portal");
    arrive(portal, &opened, PAT);
    portal.press("Authorize");
    confirm(portal, PAT);
    is_done(portal, PAT);
    login.finish().success();
    assert_eq!(stage.kept(), Some((PAT.1.to_owned(), "tenant".to_owned())));
}

/// A page of theirs cannot press our button: it neither shows our page in a frame of its own nor sends its form.
#[test]
fn who_want_the_button_pressed() {
    let stage = Stage::new(World::Https("acme"), "");
    let (_, site) = strange_site(&stage);
    let sites = [stage.site.as_ref().expect("it is https"), &site];
    let Some(chromium) = Chromium::start(&sites) else { return };
    let login = stage.login();
    let opened = stage.opened(1);
    let cats = "https://cats.example.net";
    chromium.person("pat", Manner { grants: &[(cats, LOOPBACK)], ..Manner::default() });
    let portal = chromium.tab("pat", "portal");
    arrive(portal, &opened, PAT);
    portal.press("Authorize");
    portal.see("Is this you?");
    // Not even with the name of the page and its value, which nobody can guess.
    let page = stage.asks_at();
    let value = portal.run("document.querySelector('input[name=value]').value");
    let tab = chromium.tab("pat", "cats");
    tab.open(cats);
    tab.run(&format!(
        "(async () => {{
            const frame = Object.assign(document.createElement('iframe'), {{ src: '{page}' }});
            const shown = new Promise((done) => {{ frame.onload = done; }});
            document.body.append(frame);
            await shown;
            await fetch('{listener}/press', {{
                method: 'POST', mode: 'no-cors', body: new URLSearchParams({{ value: {value} }}),
            }}).catch(() => 0);
        }})()",
        listener = Stage::listener(&opened),
    ));
    tab.run(&format!(
        "setTimeout(() => {{
            document.body.insertAdjacentHTML('beforeend',
                `<form method=post action='{}/press'><input name=value value='${{{value}}}'></form>`);
            document.forms[0].submit();
        }}, 0)",
        Stage::listener(&opened),
    ));
    tab.says("this comes from another site than the portal");
    assert_eq!(stage.kept(), None);
    confirm(portal, PAT);
    is_done(portal, PAT);
    login.finish().success();
}
