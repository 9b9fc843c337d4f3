//! What a call costs: requests to the portal, and on a hit hardly anything at all.

use super::agreement::set_up;
use crate::harness::{Call, Sandbox, tool};

const ADMIN: &str = "GET v3/admin/aws/jitAccess/admin";
/// A tenant that the user `tenant` may use.
const TENANT: &str = "dev01";
const HOUR: i64 = 3600;

/// `jitpass aws` with the token of a user of the portal in the environment.
fn aws(sandbox: &Sandbox, user: &str, scope: &[&str]) -> Call {
    let url = sandbox.url();
    let call = sandbox.jitpass(["aws", "--host", &url]).args(scope);
    call.env("DUPLO_TOKEN", sandbox.token(user)).env("DUPLO_HOST", url)
}

#[test]
fn the_first_admin_call_is_one_request() {
    let sandbox = Sandbox::with("new");
    let first = aws(&sandbox, "admin", &["--admin"]).run().success();
    assert_eq!(sandbox.requests(), 1, "{:?}", sandbox.portal().counts());
    let second = aws(&sandbox, "admin", &["--admin"]).run().success().changes_nothing();
    assert_eq!(second.stdout, first.stdout);
    assert_eq!(sandbox.requests(), 1, "a hit asks nobody");
}

#[test]
fn a_tenant_is_two_requests_at_first_and_one_later() {
    let mut sandbox = Sandbox::with("new");
    let first = aws(&sandbox, "tenant", &["--tenant", TENANT]).run().success().field("AccessKeyId");
    assert_eq!(sandbox.requests(), 2, "{:?}", sandbox.portal().counts());
    assert_eq!(aws(&sandbox, "tenant", &["--tenant", TENANT]).run().success().field("AccessKeyId"), first);
    assert_eq!(sandbox.requests(), 2, "a hit asks nobody");
    sandbox.pass(HOUR + 1);
    let later = aws(&sandbox, "tenant", &["--tenant", TENANT]).run().success().field("AccessKeyId");
    assert_ne!(later, first);
    assert_eq!(sandbox.requests(), 3, "{:?}", sandbox.portal().counts());
}

#[test]
fn a_tenant_by_its_id_is_one_request() {
    let sandbox = Sandbox::with("new");
    let tenants = sandbox.portal().portal().tenants();
    let dev = tenants.iter().find(|tenant| tenant.name == TENANT).expect("the portal has it");
    aws(&sandbox, "tenant", &["--tenant", dev.id.as_ref()]).run().success();
    assert_eq!(sandbox.requests(), 1, "{:?}", sandbox.portal().counts());
}

#[test]
fn a_hit_touches_one_small_file() {
    let Some(strace) = tool("strace") else { return };
    let sandbox = set_up("new");
    let first = sandbox.credential_process("acme-admin").run().success();
    let before = sandbox.portal().counts();
    let (hit, trace) = sandbox.credential_process("acme-admin").traced(&strace);
    assert_eq!(hit.success().stdout, first.stdout);
    assert_eq!(sandbox.portal().counts(), before, "a hit asks nobody");
    assert_eq!(trace.sockets, Vec::<String>::new());
    assert_eq!((trace.threads, trace.processes, trace.programs.len()), (0, 0, 0), "{trace:?}");
    assert!((1..=3).contains(&trace.opened.len()), "{:?}", trace.opened);
    assert!(trace.opened.iter().any(|path| path.contains("/.cache/jitpass/")), "{:?}", trace.opened);
}

/// The control of the test above: on a miss the same instrument sees files and sockets.
#[test]
fn a_miss_is_seen_to_cost_more() {
    let Some(strace) = tool("strace") else { return };
    let sandbox = Sandbox::with("new");
    let (miss, trace) = aws(&sandbox, "admin", &["--admin"]).traced(&strace);
    miss.success();
    assert!(!trace.sockets.is_empty() && !trace.opened.is_empty(), "{trace:?}");
}

#[test]
fn fifty_at_once_are_one_request() {
    let sandbox = Sandbox::with("new");
    let started: Vec<_> = (0..50).map(|_| aws(&sandbox, "admin", &["--admin"]).start()).collect();
    let keys: Vec<String> =
        started.into_iter().map(|run| run.finish().success().field("AccessKeyId")).collect();
    assert_eq!(sandbox.portal().counts().of(ADMIN), 1, "{:?}", sandbox.portal().counts());
    let issued = sandbox.portal().portal().issued();
    assert_eq!(keys, vec![issued[0].key_id.clone(); 50]);
}

#[test]
fn fifty_at_once_for_a_tenant_are_one_request_for_credentials() {
    let sandbox = Sandbox::with("new");
    let started: Vec<_> = (0..50).map(|_| aws(&sandbox, "tenant", &["--tenant", TENANT]).start()).collect();
    let keys: Vec<String> =
        started.into_iter().map(|run| run.finish().success().field("AccessKeyId")).collect();
    let issued = sandbox.portal().portal().issued();
    assert_eq!(issued.len(), 1, "{:?}", sandbox.portal().counts());
    assert_eq!(keys, vec![issued[0].key_id.clone(); 50]);
    assert_eq!(sandbox.requests(), 2, "{:?}", sandbox.portal().counts());
}
