//! A failure that was recorded for those who come at once, and given to those who knew better.

use jitpass::demo::portal::{Fault, TokenState, UserKind};

use super::login;
use crate::harness::{Call, Sandbox};

/// A call of somebody signed in, at one and the same moment: what is recorded is not yet old.
fn at_once(sandbox: &Sandbox) -> impl Fn(&[&str]) -> Call {
    login(sandbox, "admin").run().success();
    let now = jiff::Timestamp::now().as_second();
    let url = sandbox.url();
    move |args| {
        let call = sandbox.jitpass(["aws", "--host", &url, "--admin"]).args(args);
        call.env("JITPASS_TEST_HASTE", "10").at(now)
    }
}

#[test]
fn no_cache_is_given_it() {
    let sandbox = Sandbox::with("new");
    let aws = at_once(&sandbox);
    sandbox.portal().portal().fault("*", Fault::Gateway(503), None);
    aws(&[]).run().fails(1);
    sandbox.portal().portal().clear_faults();
    // The control: it is still given to others.
    let before = sandbox.requests();
    aws(&[]).run().fails(1);
    assert_eq!(sandbox.requests(), before);
    let key = aws(&["--no-cache"]).run().success().field("AccessKeyId");
    // And now it is forgotten.
    assert_eq!(aws(&[]).run().success().field("AccessKeyId"), key);
}

#[test]
fn it_is_given_after_signing_in() {
    let sandbox = Sandbox::with("new");
    let aws = at_once(&sandbox);
    sandbox.portal().portal().set_token_state(UserKind::Admin, TokenState::Expired);
    let said = "the portal does not accept the token; run: jitpass login ";
    assert!(aws(&[]).run().fails(1).stderr.contains(said));
    // Nobody asks with it again.
    let before = sandbox.requests();
    assert!(
        aws(&[])
            .run()
            .fails(1)
            .stderr
            .contains("the portal no longer accepts the token; run: jitpass login ")
    );
    assert_eq!(sandbox.requests(), before);
    sandbox.portal().portal().set_token_state(UserKind::Admin, TokenState::Live);
    login(&sandbox, "admin").run().success();
    aws(&[]).run().success();
}
