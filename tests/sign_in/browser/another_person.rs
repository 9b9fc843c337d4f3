//! The first person, the same one again, and another.

use super::callbacks::LOOPBACK;
use super::steps::{ADA, PAT, arrive, confirm, is_done};
use super::{Chromium, Manner, Stage, World};

#[test]
fn only_another_one_is_asked_again() {
    let stage = Stage::new(World::Https("acme"), "");
    let Some(chromium) = Chromium::start(&[stage.site.as_ref().expect("it is https")]) else { return };
    let credential = || stage.jitpass(["aws", "--host", &stage.url, "--admin"]).run();

    let login = stage.login();
    let tab = chromium.tab("ada", "first");
    arrive(tab, &stage.opened(1), ADA);
    tab.press("Authorize");
    let page = confirm(tab, ADA);
    assert!(page.contains(stage.name()) && !page.contains("Until now"), "{page}");
    is_done(tab, ADA);
    login.finish().success();
    let key = credential().success().field("AccessKeyId");

    // Her browser knows her, so that the portal asks for no name.
    let login = stage.login();
    let tab = chromium.tab("ada", "again");
    tab.open(&stage.opened(2));
    tab.see("Local Access Requested");
    tab.press("Authorize");
    is_done(tab, ADA);
    let said = login.finish().success().stderr;
    assert!(!said.contains("before, it was"), "{said}");
    assert_eq!(credential().success().field("AccessKeyId"), key, "the same person keeps what was issued");

    let login = stage.login();
    let tab = chromium.tab("pat", "another");
    arrive(tab, &stage.opened(3), PAT);
    tab.press("Authorize");
    let page = tab.reads("Is this you?");
    let names = page.replace(['\n', '\t'], " ");
    assert!(names.contains("Until now ada@example.com"), "{page}");
    assert!(names.contains("Sign in as pat@example.com"), "{page}");
    assert_eq!(stage.kept(), Some((ADA.1.to_owned(), "admin".to_owned())), "nothing without the click");
    confirm(tab, PAT);
    is_done(tab, PAT);
    let said = login.finish().success().stderr;
    assert!(said.contains("before, it was ada@example.com; what was issued to them is forgotten"), "{said}");
    assert_eq!(stage.kept(), Some((PAT.1.to_owned(), "tenant".to_owned())));
    // Pat is no administrator.
    credential().fails(1);
}

/// The portal's script leads nobody to our page, so that jitpass says where it is.
#[test]
fn another_one_whose_portal_posts() {
    let stage = Stage::new(World::Https("acme"), "callback=post");
    let Some(chromium) = Chromium::start(&[stage.site.as_ref().expect("it is https")]) else { return };
    let stdin = stage.sandbox.token("admin");
    stage.jitpass(["login", &stage.url, "--token-stdin"]).stdin(stdin).run().success();
    let login = stage.login();
    chromium.person("pat", Manner { grants: &[(&stage.url, LOOPBACK)], ..Manner::default() });
    let portal = chromium.tab("pat", "portal");
    arrive(portal, &stage.opened(1), PAT);
    portal.press("Authorize");
    portal.see("Access granted");
    let page = stage.asks_at();
    assert_eq!(stage.kept(), Some((ADA.1.to_owned(), "admin".to_owned())), "nothing without the click");
    let tab = chromium.tab("pat", "ours");
    tab.open(&page);
    confirm(tab, PAT);
    assert!(tab.reads("You are signed in").contains(PAT.1));
    let said = login.finish().success().stderr;
    assert!(said.contains(&page), "{said}");
    assert_eq!(stage.kept(), Some((PAT.1.to_owned(), "tenant".to_owned())));
}

#[test]
fn the_button_needs_no_script() {
    let stage = Stage::new(World::Https("acme"), "");
    let Some(chromium) = Chromium::start(&[stage.site.as_ref().expect("it is https")]) else { return };
    let login = stage.login();
    let portal = chromium.tab("pat", "portal");
    arrive(portal, &stage.opened(1), PAT);
    portal.press("Authorize");
    portal.see("Is this you?");
    chromium.person("careful", Manner { scripts: false, ..Manner::default() });
    let tab = chromium.tab("careful", "ours");
    tab.open(&stage.asks_at());
    confirm(tab, PAT);
    assert!(tab.reads("You are signed in").contains(PAT.1));
    login.finish().success();
    assert_eq!(stage.kept(), Some((PAT.1.to_owned(), "tenant".to_owned())));
}
