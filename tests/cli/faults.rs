//! What goes wrong at the portal, and what a caller of the credential process gets then: whatever happens, a
//! credential that AWS still accepts is given, and otherwise one line names the trouble and what helps.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use jitpass::demo::portal::{Fault, TokenState, UserKind};
use snapbox::{assert_data_eq, str};

use super::shown;
use crate::harness::{Call, Run, Sandbox};

/// Works all the same.
const FINE: &str = "";

const BUSY: &str = "just now (status 4";
const DOWN: &str = "just now (status 5";
const LATE: &str = "did not answer in time; check the network";
const BROKEN: &str = "broke (";
const PAGE: &str = "answered with a web page where a portal answers with data; open ";
const MALFORMED: &str = "the portal's answer cannot be used: it is empty";

/// A fault at the endpoint that issues credentials; what is said of it when there is nothing to give, to an
/// administrator and to a user of a tenant; and the most requests that one call of either makes then.
const FAULTS: [(&str, &str, &str, (usize, usize)); 22] = [
    // The question who is signed in tells a refusal from a dead token; administrators' may be for want of a code.
    (
        "401",
        "refuses administrator credentials to ada@",
        "refuses credentials for this tenant to pat@",
        (3, 4),
    ),
    (
        "403",
        "You are not allowed to do this; an administrator",
        "not allowed to do this; `jitpass tenants",
        (3, 4),
    ),
    ("400", "permission set: Default Deny", "permission set: Default Deny", (3, 4)),
    // A portal that is too old for the question is asked the older one.
    ("404", FINE, "no such thing when asked for credentials for this tenant", (2, 3)),
    ("404-text", FINE, "no such thing when asked for credentials for this tenant: Not found", (2, 3)),
    ("500", FINE, DOWN, (2, 4)),
    ("rate-exceeded", BUSY, "(status 400: Rate exceeded); try again in a moment", (3, 4)),
    ("rate-exceeded-500", DOWN, "(status 500: Rate exceeded)", (3, 4)),
    ("429", BUSY, BUSY, (3, 4)),
    ("429=1", BUSY, BUSY, (3, 4)),
    // Longer than anybody waits.
    ("429=600", BUSY, BUSY, (1, 2)),
    ("502", DOWN, DOWN, (3, 4)),
    ("503", DOWN, DOWN, (3, 4)),
    ("504", DOWN, DOWN, (3, 4)),
    ("html-200", PAGE, PAGE, (1, 2)),
    ("html-503", DOWN, DOWN, (3, 4)),
    ("redirect", "answered with a redirect", "answered with a redirect", (1, 2)),
    ("slow=20000", LATE, LATE, (1, 2)),
    ("truncated", BROKEN, BROKEN, (3, 4)),
    ("reset", BROKEN, BROKEN, (3, 4)),
    ("wrong-type", FINE, FINE, (1, 2)),
    ("empty", MALFORMED, MALFORMED, (1, 2)),
];

const ADMIN: &str = "v3/admin/aws/jitAccess/admin";
const TENANT: &str = "subscriptions/{id}/GetAwsConsoleTokenUrl";

/// By how much deadlines are shortened. The longest, 15 seconds, is still long for a busy machine.
const HASTE: u32 = 5;

#[test]
fn at_the_credentials() {
    let lives: Vec<Life> = FAULTS
        .iter()
        .flat_map(|&(fault, admin, tenant, most)| {
            let of_admin = Life { fault, scope: &["--admin"], endpoint: ADMIN, said: admin, most: most.0 };
            let scope = &["--tenant", "dev01"];
            let of_tenant = Life { fault, scope, endpoint: TENANT, said: tenant, most: most.1 };
            [of_admin, of_tenant]
        })
        .collect();
    let next = AtomicUsize::new(0);
    // Most of the time they wait.
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some(life) = lives.get(next.fetch_add(1, Ordering::Relaxed)) {
                    life.live();
                }
            });
        }
    });
}

/// Nothing cached, fresh, no longer fresh, expired: each with the fault.
struct Life {
    fault: &'static str,
    scope: &'static [&'static str],
    endpoint: &'static str,
    said: &'static str,
    most: usize,
}

impl Life {
    fn live(&self) {
        let mut sandbox = Sandbox::with("new");
        self.has_nothing_to_give(&self.call(&sandbox, true));
        // Somebody else's failure is not waited for twice.
        sandbox.pass(60);
        let key = self.call(&sandbox, false).0.success().field("AccessKeyId");
        let (fresh, requests) = self.call(&sandbox, true);
        assert_eq!((fresh.success().field("AccessKeyId"), requests), (key.clone(), 0), "{self:?}, fresh");
        sandbox.pass(50 * 60);
        let start = Instant::now();
        let (stale, requests) = self.call(&sandbox, true);
        let got = stale.success().field("AccessKeyId");
        assert_eq!(got == key, self.said != FINE, "{self:?}, no longer fresh");
        assert!(requests <= self.most, "{self:?}: {requests} requests while there is something to give");
        assert!(start.elapsed() < Duration::from_secs(15) / HASTE, "{self:?}: {:?}", start.elapsed());
        if self.said != FINE {
            // The one after it does not try again for a while.
            let (calm, requests) = self.call(&sandbox, true);
            assert_eq!((calm.success().field("AccessKeyId"), requests), (key, 0), "{self:?}, calm");
        }
        sandbox.pass(61 * 60);
        self.has_nothing_to_give(&self.call(&sandbox, true));
    }

    fn has_nothing_to_give(&self, (run, requests): &(Run, usize)) {
        assert!(*requests <= self.most, "{self:?}: {requests} requests\n{}", run.transcript());
        if self.said == FINE {
            run.clone().success();
            return;
        }
        let run = run.clone().fails(1);
        assert!(run.stderr.contains(self.said), "{self:?}\n{}", run.transcript());
        assert!(run.stderr.lines().count() == 1 && run.stderr.len() < 4096, "{}", run.stderr);
        assert!(run.stdout.is_empty(), "{}", run.transcript());
    }

    fn call(&self, sandbox: &Sandbox, faulty: bool) -> (Run, usize) {
        if faulty {
            let fault: Fault = self.fault.parse().expect("a fault of the table");
            sandbox.portal().portal().fault(self.endpoint, fault, None);
        }
        let before = sandbox.requests();
        let run = aws(sandbox, self.scope).run();
        sandbox.portal().portal().clear_faults();
        (run, sandbox.requests() - before)
    }
}

impl std::fmt::Debug for Life {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}", self.fault, self.endpoint)
    }
}

fn aws(sandbox: &Sandbox, scope: &[&str]) -> Call {
    let (url, user) = (sandbox.url(), if scope == ["--tenant", "dev01"] { "tenant" } else { "admin" });
    let call = sandbox.jitpass(["aws", "--host", &url]).args(scope);
    let call = call.env("JITPASS_TEST_HASTE", HASTE.to_string());
    call.env("DUPLO_TOKEN", sandbox.token(user)).env("DUPLO_HOST", url)
}

#[test]
fn a_slow_portal_is_waited_for_as_long_as_said() {
    let mut sandbox = Sandbox::with("new");
    let slow = |sandbox: &Sandbox| {
        sandbox.portal().portal().fault("*", Fault::Slow(Duration::from_mins(1)), None);
        let start = Instant::now();
        let run = aws(sandbox, &["--admin"]).run();
        sandbox.portal().portal().clear_faults();
        (run, start.elapsed() * HASTE)
    };
    let (run, waited) = slow(&sandbox);
    run.fails(1);
    assert!((15..40).contains(&waited.as_secs()), "{waited:?} with nothing to give");
    sandbox.pass(60);
    aws(&sandbox, &["--admin"]).run().success();
    sandbox.pass(50 * 60);
    let (run, waited) = slow(&sandbox);
    run.success();
    assert!((3..15).contains(&waited.as_secs()), "{waited:?} with something to give");
}

#[test]
fn a_passing_one_is_not_noticed() {
    for fault in ["429=1", "503", "reset", "truncated", "rate-exceeded"] {
        let sandbox = Sandbox::with("new");
        sandbox.portal().portal().fault("*", fault.parse().unwrap(), Some(2));
        assert_eq!(aws(&sandbox, &["--admin"]).run().success().stderr, "", "{fault}");
        assert_eq!(sandbox.requests(), 3, "{fault}");
    }
}

#[test]
fn a_dead_token() {
    for state in [TokenState::Expired, TokenState::LoggedOut] {
        let sandbox = Sandbox::with("new");
        sandbox.portal().portal().set_token_state(UserKind::Tenant, state);
        let run = aws(&sandbox, &["--tenant", "dev01"]).run().fails(1);
        let said = "the portal does not accept the token; set DUPLO_TOKEN to another token";
        assert!(run.stderr.contains(said), "{state:?}: {}", run.stderr);
    }
}

#[test]
fn a_dead_token_in_the_store() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    sandbox.jitpass(["login", &url, "--token-stdin"]).stdin(sandbox.token("admin")).run().success();
    sandbox.portal().portal().set_token_state(UserKind::Admin, TokenState::Expired);
    let run = sandbox.jitpass(["aws", "--host", &url, "--admin"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass aws --host [PORTAL] --admin
exit 1
--- stderr
jitpass: 127.0.0.1:[PORT]: the portal does not accept the token; run: jitpass login [PORTAL]
--- files
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/self/admin~lock mode 0600
changed [HOME]/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json

"#]]
    );
}

#[test]
fn an_old_portal() {
    // A 404 says it for sure, a 500 may have had another reason: that is believed for some minutes only.
    for (generation, later) in [("older", 1), ("older-500", 2)] {
        let mut sandbox = Sandbox::with(generation);
        let mut asked = 0;
        let mut role = |sandbox: &Sandbox| {
            aws(sandbox, &["--admin", "--no-cache"]).run().success();
            let requests = sandbox.requests() - std::mem::replace(&mut asked, sandbox.requests());
            (sandbox.portal().portal().issued().last().expect("it was issued").role.clone(), requests)
        };
        let admin = |requests| ("duplomaster".to_owned(), requests);
        assert_eq!(role(&sandbox), admin(2), "{generation}");
        // It is remembered.
        sandbox.pass(300);
        assert_eq!(role(&sandbox), admin(1), "{generation}");
        sandbox.pass(3600);
        assert_eq!(role(&sandbox), admin(later), "{generation}");
        // The older question would hand out an administrator's rights for an operator's.
        let run = aws(&sandbox, &["--duplo-ops"]).run().fails(1);
        assert!(
            run.stderr.contains("too old to give duplo-ops credentials; use `--admin`"),
            "{}",
            run.stderr
        );
        assert_eq!(sandbox.portal().portal().issued().len(), 3, "{generation}");
    }
}

#[test]
fn an_old_portal_that_was_upgraded() {
    let mut sandbox = Sandbox::with("new");
    sandbox.portal().portal().fault(ADMIN, Fault::NotFound, Some(1));
    aws(&sandbox, &["--admin"]).run().success();
    sandbox.pass(3601);
    sandbox.portal().portal().fault("adminproxy/GetJITAwsConsoleAccessUrl", Fault::NotFound, None);
    aws(&sandbox, &["--admin"]).run().success();
    // That it can be asked the newer question is remembered, too.
    sandbox.pass(3601);
    let before = sandbox.requests();
    aws(&sandbox, &["--admin"]).run().success();
    assert_eq!(sandbox.requests() - before, 1);
}

#[test]
fn a_failure_is_shared_by_those_who_come_at_once() {
    let sandbox = Sandbox::with("new");
    sandbox.portal().portal().fault("*", Fault::Gateway(503), None);
    let started: Vec<_> = (0..10).map(|_| aws(&sandbox, &["--admin"]).start()).collect();
    for run in started {
        assert!(run.finish().fails(1).stderr.contains(DOWN));
    }
    // One of them asked, three times.
    assert_eq!(sandbox.requests(), 3);
    // Who wants to know it anew is not given the old answer.
    aws(&sandbox, &["--admin", "--no-cache"]).run().fails(1);
    assert_eq!(sandbox.requests(), 6);
}

#[test]
fn a_tenant_made_again_under_its_name() {
    let mut sandbox = Sandbox::with("new");
    aws(&sandbox, &["--tenant", "qa01"]).run().success();
    sandbox.portal().portal().remove_tenant("qa01");
    sandbox.portal().portal().add_tenant("qa01", "nonprod");
    sandbox.pass(3601);
    aws(&sandbox, &["--tenant", "qa01"]).run().success();
    assert_eq!(sandbox.portal().portal().issued().len(), 2);
}

#[test]
fn a_tenant_that_is_gone() {
    let mut sandbox = Sandbox::with("new");
    aws(&sandbox, &["--tenant", "qa01"]).run().success();
    sandbox.portal().portal().remove_tenant("qa01");
    sandbox.pass(3601);
    let run = aws(&sandbox, &["--tenant", "qa01"]).run().fails(1);
    assert!(run.stderr.contains("has no tenant `qa01` for you; "), "{}", run.stderr);
}

#[test]
fn odd_lifetimes() {
    let seconds_left = |scenario: &str| {
        let sandbox = Sandbox::with(scenario);
        let run = aws(&sandbox, &["--admin"]).run().success();
        let expires: jiff::Timestamp = run.field("Expiration").parse().expect("a moment");
        (expires.as_second() - jiff::Timestamp::now().as_second() + 30) / 60
    };
    for (scenario, minutes) in [
        ("new", 60),
        ("no-expiration", 60),
        ("no-expiration,validity=absent", 60),
        ("no-expiration,validity=900", 15),
        ("validity=7200", 120),
        ("validity=43200", 720),
    ] {
        assert_eq!(seconds_left(scenario), minutes, "{scenario}");
    }
}
