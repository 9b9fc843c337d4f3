//! Portals that want a one-time code before administrators' work.

use super::steps::{ADA, arrive, confirm, is_done};
use super::{Chromium, Stage, World};

/// The code is good for a minute and for one use: what it opens is fetched while the browser still waits.
#[test]
fn the_code_is_not_wasted() {
    let rows = [("process", false), ("login", true)];
    let stages: Vec<Stage> = rows.iter().map(|(name, _)| Stage::new(World::Https(name), "mfa")).collect();
    let sites: Vec<_> = stages.iter().filter_map(|stage| stage.site.as_ref()).collect();
    let Some(chromium) = Chromium::start(&sites) else { return };
    for (stage, (name, by_login)) in stages.iter().zip(rows) {
        let asker = if by_login {
            let settings = format!("[portal.acme]\nhost = \"{}\"\nadmin = true\n", stage.url);
            stage.sandbox.write(".config/jitpass/config.toml", settings);
            stage.login()
        } else {
            stage.admin().start()
        };
        let tab = chromium.tab(name, name);
        arrive(tab, &stage.opened(1), ADA);
        assert!(tab.text().contains("administrator access"), "{name}");
        tab.type_into("One-time password", "123456");
        tab.press("Authorize");
        confirm(tab, ADA);
        is_done(tab, ADA);
        let run = asker.finish().success();
        let later = stage.jitpass(["aws", "--host", &stage.url, "--admin"]).run().success();
        assert_eq!(stage.sandbox.portal().portal().issued().len(), 1, "{name}: answered from the cache");
        if !by_login {
            assert_eq!(run.field("AccessKeyId"), later.field("AccessKeyId"));
        }
        let code = "123456";
        assert!(!later.stderr.contains(code) && !run.stderr.contains(code), "{name}");
    }
}

/// A wrong code is no sign-in for somebody who needs what it opens: they may try again, in the same tab.
#[test]
fn a_wrong_code_is_asked_for_again() {
    let stage = Stage::new(World::Https("acme"), "mfa");
    let Some(chromium) = Chromium::start(&[stage.site.as_ref().expect("it is https")]) else { return };
    let asker = stage.admin().start();
    let tab = chromium.tab("ada", "one");
    arrive(tab, &stage.opened(1), ADA);
    tab.type_into("One-time password", "654321");
    tab.press("Authorize");
    confirm(tab, ADA);
    tab.see("The code was not accepted");
    tab.follow("Try again");
    tab.see("Local Access Requested");
    tab.type_into("One-time password", "123456");
    tab.press("Authorize");
    is_done(tab, ADA);
    asker.finish().success().field("AccessKeyId");
    assert_eq!((stage.openings(), stage.sandbox.portal().portal().issued().len()), (1, 1));
}
