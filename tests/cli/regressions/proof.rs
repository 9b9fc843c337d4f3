//! A success that was none: the credential came, and AWS did not take it.

use super::setup;
use crate::harness::Sandbox;

const REJECTED: &str = "aws=InvalidClientTokenId";

#[test]
fn a_credential_that_aws_rejects_works() {
    let sandbox = Sandbox::with("new,tenants=2");
    sandbox.portal().portal().fault("sts", REJECTED.parse().unwrap(), None);
    let run = setup(&sandbox, &[]).run().fails(1);
    let said = "error: AWS does not accept the credential of profile `acme-dev01`: InvalidClientTokenId\nhint: check this machine's clock, and AWS_ENDPOINT_URL_STS if it is set\n";
    assert!(run.stderr.ends_with(said), "{}", run.stderr);
    assert!(!run.stderr.contains("acme-dev01 works") && !run.stderr.contains("Try it"), "{}", run.stderr);
    // Once from the cache or the portal, once from the portal.
    assert_eq!(sandbox.portal().portal().issued().len(), 2);
    assert_eq!(sandbox.portal().counts().of("POST sts"), 2);
}

#[test]
fn a_revoked_credential_in_the_cache_is_the_end() {
    let sandbox = Sandbox::with("new,tenants=2");
    setup(&sandbox, &[]).run().success();
    sandbox.portal().portal().revoke_issued();
    let run = setup(&sandbox, &[]).run().success();
    assert!(run.stderr.contains("acme-dev01 works: ada@example.com"), "{}", run.stderr);
    assert_eq!(sandbox.portal().portal().issued().len(), 2);
    // From now on the cache has the good one.
    let call = sandbox.credential_process("acme-dev01").env("DUPLO_TOKEN", sandbox.token("admin"));
    let key = call.env("DUPLO_HOST", sandbox.url()).run().success().field("AccessKeyId");
    assert_eq!(key, sandbox.portal().portal().issued()[1].key_id);
}

/// The control: where AWS says nothing of the credential, it is good enough.
#[test]
fn aws_that_is_out_of_order_is_a_note() {
    for fault in ["503", "reset", "html-200"] {
        let sandbox = Sandbox::with("new,tenants=2");
        sandbox.portal().portal().fault("sts", fault.parse().unwrap(), None);
        let run = setup(&sandbox, &[]).run().success();
        let said = ["✓ acme-dev01 gets credentials, good for ", "· AWS could not be asked whose they are"];
        assert!(said.iter().all(|said| run.stderr.contains(said)), "{fault}: {}", run.stderr);
        assert_eq!(sandbox.portal().portal().issued().len(), 1, "{fault}");
    }
}
