//! Every client reads what `setup` wrote and comes to the same key, the one that the portal issued.

use std::path::Path;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::provider::ProvideCredentials as _;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;

use crate::harness::{Moto, Sandbox, tool};

/// Set for the process that resolves a profile with the Rust SDK.
const PROFILE: &str = "JITPASS_TEST_PROFILE";

/// A sandbox whose config file `setup` wrote.
#[track_caller]
pub(super) fn set_up(scenario: &str) -> Sandbox {
    let sandbox = Sandbox::with(scenario);
    let url = sandbox.url();
    let setup =
        ["setup", "--host", &url, "--name", "acme", "--all-tenants", "--admin", "--yes", "--token-stdin"];
    sandbox.jitpass(setup).stdin(sandbox.token("admin") + "\n").run().success();
    sandbox
}

#[test]
fn all_clients_resolve_the_key_that_the_portal_issued() {
    let sandbox = set_up("new");
    let mut shown = None;
    let mut resolved =
        vec![("jitpass", sandbox.credential_process("acme-admin").run().success().field("AccessKeyId"))];
    if let Some(aws) = tool("aws") {
        let list =
            sandbox.command(&aws).args(["configure", "list", "--profile", "acme-admin"]).run().success();
        shown = list.stdout.lines().find(|line| line.contains("access_key")).map(str::to_owned);
        let identity =
            sandbox.command(&aws).args(["sts", "get-caller-identity", "--profile", "acme-admin"]).run();
        is_the_admin(&identity.success().field("Arn"));
    }
    if let Some(python) = tool("python") {
        let script = script("resolve.py");
        let run = sandbox.command(python).args([script.as_str(), "acme-admin"]).run().success();
        assert_eq!(run.field("Method"), "custom-process");
        assert_eq!(run.field("Region"), "us-west-2");
        is_the_admin(&run.field("Arn"));
        resolved.push(("boto3", run.field("AccessKeyId")));
    }
    if let (Some(node), Some(sdk)) = (tool("node"), tool("node-dir")) {
        let (script, sdk) = (script("resolve.cjs"), sdk.display().to_string());
        let run = sandbox.command(node).args([script.as_str(), &sdk, "acme-admin"]).run().success();
        assert_eq!(run.field("Region"), "us-west-2");
        is_the_admin(&run.field("Arn"));
        resolved.push(("JavaScript", run.field("AccessKeyId")));
    }
    resolved.push(("Rust", with_the_rust_sdk(&sandbox, "acme-admin")));

    let issued = sandbox.portal().portal().issued();
    let admin: Vec<&str> =
        issued.iter().filter(|i| i.role == "duplomaster").map(|i| i.key_id.as_str()).collect();
    let [key] = admin.as_slice() else { panic!("one request for all of them, not {admin:?}") };
    for (client, resolved) in resolved {
        assert_eq!(&resolved, key, "{client}");
    }
    // The AWS CLI shows no more than the last four characters of a key id, and where it has it from.
    if let Some(shown) = shown {
        assert!(
            shown.contains(&format!("****{}", &key[16..])) && shown.contains("custom-process"),
            "{shown}"
        );
    }
}

#[test]
fn a_tenants_profile_is_the_tenants_role() {
    let sandbox = set_up("new,tenants=4");
    let tenants = sandbox.portal().portal().tenants();
    assert_eq!(tenants.len(), 4);
    for tenant in tenants {
        let profile = format!("acme-{}", tenant.name.to_lowercase());
        let key = with_the_rust_sdk(&sandbox, &profile);
        let issued = sandbox.portal().portal().issued();
        let issued = issued.iter().find(|issued| issued.key_id == key).expect("the portal knows its key");
        assert_eq!(issued.role, format!("duploservices-{}", tenant.name), "{profile}");
    }
}

#[test]
fn the_aws_cli_works_with_ec2_and_s3() {
    let sandbox = set_up("new");
    let (Some(aws), Some(moto)) = (tool("aws"), Moto::start()) else { return };
    let run = |args: &[&str]| {
        let call = sandbox.command(&aws).args(args).args(["--profile", "acme-admin"]);
        call.env("AWS_ENDPOINT_URL", moto.url()).run().success()
    };
    assert_eq!(run(&["ec2", "describe-instances"]).json()["Reservations"].as_array().map(Vec::len), Some(0));
    run(&["s3", "mb", "s3://acme-logs"]);
    assert!(run(&["s3", "ls"]).stdout.ends_with(" acme-logs\n"));
}

/// The key that the AWS SDK for Rust resolves, in a process of its own: the SDK reads its environment.
#[track_caller]
fn with_the_rust_sdk(sandbox: &Sandbox, profile: &str) -> String {
    let child = ["--exact", "--nocapture", "clients::agreement::in_the_rust_sdks_process"];
    let program = std::env::current_exe().expect("a running test has a program");
    let run = sandbox.command(program).args(child).env(PROFILE, profile).run().success();
    let key = run.stdout.lines().find_map(|line| line.split_once("resolved ").map(|(_, key)| key.to_owned()));
    key.unwrap_or_else(|| panic!("nothing resolved\n{}", run.transcript()))
}

/// Not a test of its own: what [`with_the_rust_sdk`] starts. Without its variable it has nothing to do.
#[test]
fn in_the_rust_sdks_process() {
    let Ok(profile) = std::env::var(PROFILE) else { return };
    let config = ProviderConfig::default()
        .with_http_client(http_client_fn(|_, _| SharedHttpConnector::new(NoNetwork)));
    let provider = ProfileFileCredentialsProvider::builder().configure(&config).profile_name(profile).build();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let credentials = runtime.block_on(provider.provide_credentials()).expect("the profile resolves");
    answer(&format!("resolved {}", credentials.access_key_id()));
}

#[expect(clippy::print_stdout, reason = "the answer to the process that started this one")]
fn answer(line: &str) {
    println!("{line}");
}

/// The SDK wants to know how it could reach the instance metadata service. It could not.
#[derive(Debug)]
struct NoNetwork;

impl HttpConnector for NoNetwork {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(Err(ConnectorError::io("no network here".into())))
    }
}

fn script(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(name).display().to_string()
}

#[track_caller]
fn is_the_admin(arn: &str) {
    assert!(arn.contains(":assumed-role/duplomaster/ada@example.com"), "{arn}");
}
