//! What goes wrong at the portal while `setup` gets to know it.

use super::setup;
use crate::harness::Sandbox;

const PAGE: &str = "answered with a web page where a portal answers with data\nhint: open http://";
const ALLOW: &str = "\nhint: an administrator of the portal can allow it";
/// It does without.
const FINE: &str = "";

#[test]
fn at_every_question() {
    let (features, person) = ("v3/features/system", "admin/GetUserRoleInfo");
    let (tenants, regions) = ("admin/GetTenantsForUser", "v3/features/tenant");
    for (endpoint, fault, said) in [
        (
            features,
            "403",
            "the portal refuses its features to ada@example.com: You are not allowed to do this",
        ),
        (features, "404", "the portal found no such thing when asked for its features: No HTTP resource"),
        (features, "503", "the portal could not give its features just now (status 503)\nhint: try again"),
        (features, "html-200", PAGE),
        (person, "401", "the portal does not accept the token\nhint: set DUPLO_TOKEN to another token"),
        (person, "403", "the portal refuses your user data: You are not allowed to do this"),
        (
            person,
            "500",
            "the portal could not give your user data just now (status 500: An error has occurred)",
        ),
        (person, "truncated", "the connection to `127.0.0.1:"),
        (tenants, "401", ALLOW),
        (
            tenants,
            "403",
            "the portal refuses the list of tenants to ada@example.com: You are not allowed to do this",
        ),
        (tenants, "400", ALLOW),
        (tenants, "empty", "the portal's answer cannot be used: it is empty"),
        (tenants, "wrong-type", FINE),
        (tenants, "redirect", "answered with a redirect where a portal answers with data"),
        (tenants, "reset", "the connection to `127.0.0.1:"),
        // Older portals do not know the question, and some people may not ask it.
        (regions, "404", FINE),
        (regions, "403", FINE),
        (regions, "400", FINE),
        (regions, "503", FINE),
        (regions, "html-200", FINE),
    ] {
        let sandbox = Sandbox::with("new,tenants=2");
        sandbox.portal().portal().fault(endpoint, fault.parse().unwrap(), None);
        let run = setup(&sandbox, "admin", &["--yes"]).env("JITPASS_TEST_HASTE", "10").run();
        if said == FINE {
            run.success();
        } else {
            let run = run.fails(1);
            assert!(run.stderr.contains(said), "{endpoint} {fault}\n{}", run.transcript());
            assert!(!sandbox.aws_config().exists(), "{endpoint} {fault}");
        }
    }
}
