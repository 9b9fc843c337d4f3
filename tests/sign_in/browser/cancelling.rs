//! Cancel on the portal's page, in each form that portals send.

use super::callbacks::LOOPBACK;
use super::steps::{PAT, arrive, confirm, is_done};
use super::{Chromium, Manner, Stage, World};

const CANCELLED: &str = "jitpass no longer waits for";

/// A request that certainly is the portal's ends the wait at once.
#[test]
fn by_the_portal() {
    let rows = [
        // A script's request names its page, wherever that is.
        ("posted", World::Https("posted"), "cancel=post"),
        ("posted-older", World::Https("posted-older"), "older,loopback=localhost"),
        // From http to http a navigation names the page it comes from, too.
        ("redirect", World::Localhost, "cancel=redirect"),
        ("redirect-otp", World::Address, "cancel=redirect-otp,loopback=localhost"),
    ];
    let stages: Vec<Stage> = rows.iter().map(|(_, world, words)| Stage::new(*world, words)).collect();
    let sites: Vec<_> = stages.iter().filter_map(|stage| stage.site.as_ref()).collect();
    let Some(chromium) = Chromium::start(&sites) else { return };
    for (stage, (name, ..)) in stages.iter().zip(rows) {
        chromium.person(name, Manner { grants: &[(&stage.url, LOOPBACK)], ..Manner::default() });
        let tab = chromium.tab(name, name);
        let login = stage.login();
        arrive(tab, &stage.opened(1), PAT);
        tab.press("Cancel");
        if stage.site.is_some() {
            tab.see("Access denied");
        } else {
            assert!(tab.reads("Sign-in cancelled").contains(CANCELLED), "{name}");
        }
        let said = format!("error: signing in to {} was cancelled\n", stage.name());
        assert_eq!(login.finish().fails(1).stderr.lines().last(), said.lines().last(), "{name}");
        assert_eq!(stage.kept(), None, "{name}");
    }
}

/// A navigation from an https page does not say where it comes from: our page asks, and only its button ends the wait.
#[test]
fn by_somebody_who_does_not_say() {
    let rows = [("redirect", "cancel=redirect"), ("redirect-otp", "cancel=redirect-otp,loopback=localhost")];
    let stages: Vec<Stage> = rows.iter().map(|(name, words)| Stage::new(World::Https(name), words)).collect();
    let sites: Vec<_> = stages.iter().filter_map(|stage| stage.site.as_ref()).collect();
    let Some(chromium) = Chromium::start(&sites) else { return };
    for (stage, (name, _)) in stages.iter().zip(rows) {
        let tab = chromium.tab(name, name);
        let login = stage.login();
        arrive(tab, &stage.opened(1), PAT);
        tab.press("Cancel");
        let page = tab.reads("Stop waiting for the sign-in?");
        assert!(page.contains(&format!("not clearly by {}", stage.name())), "{page}");
        tab.press("Stop waiting");
        assert!(tab.reads("Sign-in cancelled").contains(CANCELLED), "{name}");
        login.finish().fails(1);
        assert_eq!(stage.kept(), None, "{name}");
    }
}

#[test]
fn and_then_signing_in_after_all() {
    let stage = Stage::new(World::Https("acme"), "");
    let Some(chromium) = Chromium::start(&[stage.site.as_ref().expect("it is https")]) else { return };
    let tab = chromium.tab("pat", "pat");
    let login = stage.login();
    arrive(tab, &stage.opened(1), PAT);
    tab.press("Cancel");
    tab.see("Stop waiting for the sign-in?");
    tab.follow("go back to acme.example.com");
    tab.see("Local Access Requested");
    tab.press("Authorize");
    confirm(tab, PAT);
    is_done(tab, PAT);
    login.finish().success();
}
