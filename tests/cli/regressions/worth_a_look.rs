//! What `setup` saw and did not say.

use super::setup;
use crate::cli::profiles;
use crate::harness::{Call, Sandbox, tool};

#[test]
fn profiles_left_behind_are_not_named() {
    let sandbox = Sandbox::with("new,tenants=3");
    setup(&sandbox, &[]).run().success();
    let before = sandbox.read(".aws/config");
    let run = setup(&sandbox, &["--tenant", "dev01", "--no-admin"]).run().success();
    let said = "! not wanted now, and left in ~/.aws/config from before: `acme-admin`, `acme-default` and `acme-qa01` (to remove: jitpass sync --prune)\n";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert_eq!(sandbox.read(".aws/config"), before);
    // Somebody else's, of whatever name, are nobody's business.
    sandbox.write(".aws/config", format!("{before}\n[profile acme-own]\nregion = eu-west-3\n"));
    let run = setup(&sandbox, &["--all-tenants", "--admin"]).run().success();
    assert!(!run.stderr.contains("left in") && !run.stderr.contains("acme-own"), "{}", run.stderr);
}

#[test]
fn profiles_that_the_credentials_file_beats_are_not_named() {
    let sandbox = Sandbox::with("new,tenants=3");
    let said = "! `acme-dev01` and `acme-qa01` also in ~/.aws/credentials: most AWS programs take what is there, not what jitpass gives\n";
    sandbox.write(
        ".aws/credentials",
        "[acme-dev01]\naws_access_key_id = AKIASIM\naws_secret_access_key = SIMSECRETold\n\n[acme-qa01]\ncredential_process = /bin/false\n\n[acme-default]\nregion = eu-west-3\n\n[other]\naws_access_key_id = AKIASIM\n",
    );
    for _ in 0..2 {
        let run = setup(&sandbox, &[]).run().success();
        assert!(run.stderr.contains(said), "{}", run.stderr);
    }
}

/// A file that botocore refuses as a whole: one section is there twice.
const TWICE: &str = "[profile mine]\nregion = us-east-1\n\n[profile other]\nregion = us-east-1\n\n[profile mine]\noutput = json\n";

#[test]
fn a_file_that_the_aws_cli_cannot_read_is_a_success() {
    let sandbox = Sandbox::with("new,tenants=2");
    sandbox.write(".aws/config", TWICE);
    for _ in 0..2 {
        let run = setup(&sandbox, &[]).run().success();
        for said in [
            "! the AWS CLI cannot read ~/.aws/config: line 7: the same profile is also on line 1; merge the two sections\n",
            "! until line 7 is mended, the AWS CLI reads no profile of that file\n",
        ] {
            assert!(run.stderr.contains(said), "{}", run.stderr);
        }
        assert!(!run.stderr.contains("Try it"), "{}", run.stderr);
    }
    assert!(sandbox.read(".aws/config").starts_with(TWICE));
    let Some(aws) = tool("aws") else { return };
    let run = whoami(&sandbox, &aws).run();
    assert!(
        !run.status.success() && run.stderr.contains("Unable to parse config file"),
        "{}",
        run.transcript()
    );
    // Mended, both of them are content.
    let config = sandbox.read(".aws/config");
    sandbox.write(".aws/config", config.replacen("[profile mine]\noutput = json\n", "", 1));
    let run = whoami(&sandbox, &aws).run().success();
    assert!(run.field("Arn").contains("/duploservices-dev01/ada@example.com"), "{}", run.transcript());
    let run = setup(&sandbox, &[]).run().success();
    assert!(
        run.stderr.ends_with("Try it:\n    aws sts get-caller-identity --profile acme-dev01\n"),
        "{}",
        run.stderr
    );
    assert_eq!(profiles(&sandbox)[..2], ["mine", "other"]);
}

/// What `setup` tells people to try.
fn whoami(sandbox: &Sandbox, aws: &std::path::Path) -> Call {
    let call = sandbox.command(aws).args(["sts", "get-caller-identity", "--profile", "acme-dev01"]);
    call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", sandbox.url())
}
