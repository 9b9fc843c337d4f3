//! More tabs than one, and what people do with them: back, reload, press again.

use serde_json::json;

use super::steps::{ADA, PAT, arrive, confirm, is_done, no_token_is_left};
use super::{Chromium, Stage, World};

const GONE: &str = "net::ERR_CONNECTION_REFUSED";

#[test]
fn two_tabs_of_one_person() {
    let stage = Stage::new(World::Https("acme"), "");
    let Some(chromium) = Chromium::start(&[stage.site.as_ref().expect("it is https")]) else { return };
    let login = stage.login();
    let opened = stage.opened(1);
    let (one, two) = (chromium.tab("pat", "one"), chromium.tab("pat", "two"));
    arrive(one, &opened, PAT);
    two.open(&opened);
    two.see("Local Access Requested");
    for tab in [one, two] {
        tab.press("Authorize");
        tab.see("Is this you?");
    }
    // Either has the button, and both mean the same.
    confirm(two, PAT);
    is_done(two, PAT);
    login.finish().success();
    assert_eq!(stage.kept(), Some((PAT.1.to_owned(), "tenant".to_owned())));
    no_token_is_left(one);
    assert_eq!(one.reload(), json!(GONE), "nobody listens any more");
    assert_eq!(two.back(), json!(GONE));
    assert_eq!(stage.kept(), Some((PAT.1.to_owned(), "tenant".to_owned())));
}

#[test]
fn two_tabs_of_two_people() {
    let stage = Stage::new(World::Https("acme"), "");
    let Some(chromium) = Chromium::start(&[stage.site.as_ref().expect("it is https")]) else { return };
    let stdin = stage.sandbox.token("admin");
    stage.jitpass(["login", &stage.url, "--token-stdin"]).stdin(stdin).run().success();
    let login = stage.login();
    let opened = stage.opened(1);
    let (pat, ada) = (chromium.tab("pat", "pat"), chromium.tab("ada", "ada"));
    arrive(pat, &opened, PAT);
    arrive(ada, &opened, ADA);
    pat.press("Authorize");
    pat.see("Is this you?");
    // She is the one who was signed in before; but two tokens came, and only she can say which is hers.
    ada.press("Authorize");
    let page = confirm(ada, ADA);
    assert!(!page.contains("Until now"), "{page}");
    is_done(ada, ADA);
    login.finish().success();
    assert_eq!(stage.kept(), Some((ADA.1.to_owned(), "admin".to_owned())));
    assert_eq!(pat.reload(), json!(GONE));
}

#[test]
fn back_and_again() {
    let stage = Stage::new(World::Https("acme"), "");
    let Some(chromium) = Chromium::start(&[stage.site.as_ref().expect("it is https")]) else { return };
    let tab = chromium.tab("pat", "pat");
    let login = stage.login();
    arrive(tab, &stage.opened(1), PAT);
    tab.press("Authorize");
    tab.see("Is this you?");
    assert_eq!(tab.reload(), json!(200));
    tab.see("Is this you?");
    // Back leads to the portal's page, not to the address with the token: from there everything goes once more.
    tab.back();
    tab.see("Local Access Requested");
    tab.reload();
    tab.press("Authorize");
    confirm(tab, PAT);
    is_done(tab, PAT);
    login.finish().success();
    assert_eq!(tab.back(), json!(GONE));
    assert_eq!(stage.kept(), Some((PAT.1.to_owned(), "tenant".to_owned())));
}
