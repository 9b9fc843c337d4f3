//! What Chromium says to the listener, on which the rule of proven and unproven callbacks rests.

use snapbox::{assert_data_eq, str};

use super::callbacks::LOOPBACK;
use super::steps::{PAT, arrive, confirm, is_done};
use super::{Chromium, Manner, Stage, Tab, World};

/// What a tab sent to the listener, without what differs from run to run.
fn sent(tab: Tab<'_>, stage: &Stage, opened: &str) -> String {
    let listener = Stage::listener(opened);
    let port = listener.rsplit(':').next().expect("an address has a port");
    let lines = tab.sent(&listener).into_iter().chain(tab.sent(&format!("http://localhost:{port}")));
    let plain = |line: String| {
        let mut parts = line.split("/page/");
        let first = parts.next().unwrap_or_default().to_owned();
        let line = parts.fold(first, |text, part| text + "/page/NAME" + &part[32..]);
        line.replace(port, "PORT").replace(stage.name(), "PORTAL") + "\n"
    };
    lines.map(plain).collect()
}

/// Not a word of the portal, and none on the way from there to the page we lead to: nothing but `cross-site`.
#[test]
fn from_https_by_a_navigation() {
    let stage = Stage::new(World::Https("acme"), "");
    let Some(chromium) = Chromium::start(&[stage.site.as_ref().expect("it is https")]) else { return };
    let tab = chromium.tab("pat", "pat");
    let login = stage.login();
    let opened = stage.opened(1);
    arrive(tab, &opened, PAT);
    tab.press("Authorize");
    confirm(tab, PAT);
    is_done(tab, PAT);
    login.finish().success();
    assert_data_eq!(
        sent(tab, &stage, &opened),
        str![[r#"
GET /; sec-fetch-site: cross-site; sec-fetch-mode: navigate; sec-fetch-dest: document; sec-fetch-user: ?1
GET /page/NAME; sec-fetch-site: cross-site; sec-fetch-mode: navigate; sec-fetch-dest: document; sec-fetch-user: ?1
POST /press; origin: http://127.0.0.1:PORT; referer: http://127.0.0.1:PORT/page/NAME; sec-fetch-site: same-origin; sec-fetch-mode: navigate; sec-fetch-dest: document; sec-fetch-user: ?1
GET /page/NAME; referer: http://127.0.0.1:PORT/page/NAME; sec-fetch-site: same-origin; sec-fetch-mode: navigate; sec-fetch-dest: document; sec-fetch-user: ?1

"#]]
    );
}

/// From http to http the browser names the site.
#[test]
fn from_http_by_a_navigation() {
    let stage = Stage::new(World::Localhost, "loopback=localhost");
    let Some(chromium) = Chromium::start(&[]) else { return };
    let tab = chromium.tab("pat", "pat");
    let login = stage.login();
    let opened = stage.opened(1);
    arrive(tab, &opened, PAT);
    tab.press("Authorize");
    is_done(tab, PAT);
    login.finish().success();
    assert_data_eq!(
        sent(tab, &stage, &opened),
        str![[r#"
GET /; referer: http://PORTAL/; sec-fetch-site: same-site; sec-fetch-mode: navigate; sec-fetch-dest: document; sec-fetch-user: ?1
GET /page/NAME; sec-fetch-site: same-site; sec-fetch-mode: navigate; sec-fetch-dest: document; sec-fetch-user: ?1

"#]]
    );
}

/// A script's request names the site. Before a site on the internet may send one to this machine, Chromium asks the
/// person; without an answer, as here, it sends none, and the wait goes on until there is one.
#[test]
fn from_https_by_a_script() {
    let stage = Stage::new(World::Https("acme"), "callback=post");
    let Some(chromium) = Chromium::start(&[stage.site.as_ref().expect("it is https")]) else { return };
    chromium.person("pat", Manner::default());
    let tab = chromium.tab("pat", "pat");
    let login = stage.login();
    let opened = stage.opened(1);
    arrive(tab, &opened, PAT);
    tab.press("Authorize");
    tab.see("The application did not answer");
    let refused = tab.refused().join("\n");
    let why = "Permission was denied for this request to access the `loopback` address space";
    assert!(refused.contains(why), "{refused}");
    assert_eq!(stage.kept(), None);

    chromium.grant("pat", &stage.url, LOOPBACK);
    tab.reload();
    tab.see("Local Access Requested");
    tab.press("Authorize");
    tab.see("Access granted");
    login.finish().success();
    assert_data_eq!(
        sent(tab, &stage, &opened),
        str![[r#"
POST / (net::ERR_FAILED); referer: 
POST /; origin: https://PORTAL; sec-fetch-site: cross-site; sec-fetch-mode: cors; sec-fetch-dest: empty

"#]]
    );
}
