//! Two roads read the same arguments: what the short one accepts, the long one must read the same.

use std::ffi::OsString;

use jitpass::base::Secret;
use jitpass::hit::Request;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

/// What both roads make of arguments: `None` from the short one is a decline, from the long one a refusal.
fn agree(args: &[&str]) -> Result<(), String> {
    let args = || ["jitpass", "aws"].into_iter().chain(args.iter().copied()).map(OsString::from);
    let Some(short) = Request::read(args()) else { return Ok(()) };
    let long = jitpass::cli::aws_request(args());
    match long {
        Some(long) if long.no_cache => Err("the short road overlooked --no-cache".to_owned()),
        Some(long) => {
            let same = (&short.portal, &short.scope, &short.region)
                == (&long.portal, &long.scope, &long.region)
                && short.token.as_ref().map(Secret::expose) == long.token.as_ref().map(Secret::expose);
            if same { Ok(()) } else { Err(format!("{short:?}\nis not\n{long:?}")) }
        }
        None => Err(format!("the long road refuses {short:?}")),
    }
}

/// That they agree and that the short one accepts.
fn accepted(args: &[&str]) {
    agree(args).unwrap_or_else(|error| panic!("{args:?}: {error}"));
    let args = ["jitpass", "aws"].into_iter().chain(args.iter().copied()).map(OsString::from);
    assert!(Request::read(args).is_some(), "the short road declines");
}

#[test]
fn on_what_profiles_hold() {
    let host = "https://acme.duplocloud.net";
    for args in [
        &["--host", host, "--admin"] as &[&str],
        &["--host", host, "--admin", "--interactive"],
        &["--host", host, "--tenant", "dev01", "--interactive"],
        &["--host", host, "--tenant=Dev01"],
        &["--tenant", "3B6EA1D2-7C4F-4A0E-9A55-0D1E2F3A4B5C", "--host=HTTPS://Acme.DuploCloud.net:443/"],
        &["--host", host, "--duplo-ops", "--admin", "--tenant", "dev01"],
        &["--host", host, "--duplo-ops", "--tenant", "dev01"],
        &["--host", host, "--admin", "--region", "us-gov-west-1", "--port", "4242"],
        &["--host", host, "--admin", "--api-host", "https://api.example.com", "--token=a=b"],
        &["--host", "http://127.0.0.1:4200", "--admin", "--token", "x"],
        &["--host", "http://[::1]:4200", "--admin"],
    ] {
        accepted(args);
    }
}

#[test]
fn on_what_is_odd() {
    let host = "--host=https://acme.duplocloud.net";
    for args in [
        &[host, "--admin", "--admin"] as &[&str],
        &[host, "--admin", "--tenant", "a", "--tenant", "b"],
        &[host, "--admin", "--token", "--interactive"],
        &[host, "--admin", "--token="],
        &[host, "--admin", "--token", ""],
        &[host, "--tenant", ""],
        &[host, "--admin", "--region="],
        &[host, "--admin", "--api-host="],
        &[host, "--admin", "--port", "0"],
        &[host, "--admin", "--port", "+1"],
        &[host, "--admin", "--port", "65536"],
        &[host, "--admin", "--port", "00042"],
        &[host, "--admin", "--no-cache"],
        &[host, "--admin", "--debug"],
        &[host, "--admin", "--"],
        &[host, "--", "--admin"],
        &[host, "--admin", "-h"],
        &[host, "--admin", "--help"],
        &[host, "--admin", "--version"],
        &[host, "--adm"],
        &[host, "--tenant", "-x"],
        &[host, "--tenant", "=x"],
        &[host, "--admin", "--token==x"],
        &[host, "--admin", "--token", "=x"],
        &[host, "--admin", "--token", "a b\n"],
        &[host, "--admin", "--token", "é"],
        &[host, "--admin", "--token", "-"],
        &[host, "--admin", "x"],
        &[host, "--admin="],
        &[host, "--interactive=true", "--admin"],
        &[" --admin", host],
        &["--host", " https://acme.duplocloud.net", "--admin"],
        &["--host", "https://acme.duplocloud.net/", "--admin"],
        &["--host", "https://acme.duplocloud.net/app", "--admin"],
    ] {
        agree(args).unwrap_or_else(|error| panic!("{args:?}: {error}"));
    }
}

fn argument() -> impl Strategy<Value = Vec<String>> {
    let switch =
        prop::sample::select(vec!["--admin", "--duplo-ops", "--interactive", "--no-cache", "--debug"]);
    let flag = prop::sample::select(vec![
        "--host",
        "--api-host",
        "--tenant",
        "--region",
        "--token",
        "--port",
        "--admin",
    ]);
    let value = prop_oneof![
        6 => prop::sample::select(vec![
            "https://acme.duplocloud.net", "https://acme.duplocloud.net/", "HTTPS://ACME.example.com:8443",
            "http://localhost:4200", "dev01", "DEV01", "us-west-2", "eu-central-1", "4242", "x", "admin",
            "3b6ea1d2-7c4f-4a0e-9a55-0d1e2f3a4b5c",
        ])
        .prop_map(str::to_owned),
        1 => prop::sample::select(vec!["", "-", "--", "-x", "=", "a=b", "http://acme.duplocloud.net", "../x", "-1", "+1"])
            .prop_map(str::to_owned),
        1 => "\\PC{0,8}",
    ];
    prop_oneof![
        3 => switch.prop_map(|switch| vec![switch.to_owned()]),
        4 => (flag.clone(), value.clone()).prop_map(|(flag, value)| vec![flag.to_owned(), value]),
        3 => (flag, value.clone()).prop_map(|(flag, value)| vec![format!("{flag}={value}")]),
        1 => value.prop_map(|value| vec![value]),
    ]
}

/// Arguments that usually hold a host and a scope, among others in any order.
fn arguments() -> impl Strategy<Value = Vec<String>> {
    let likely = prop_oneof![
        4 => Just(vec![vec!["--host=https://acme.duplocloud.net".to_owned()], vec!["--tenant".to_owned(), "dev01".to_owned()]]),
        1 => Just(Vec::new()),
    ];
    let all =
        (likely, prop::collection::vec(argument(), 0..5)).prop_map(|(likely, more)| [likely, more].concat());
    all.prop_shuffle().prop_map(|all| all.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn on_anything(args in arguments()) {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        prop_assert_eq!(agree(&args), Ok(()));
    }
}

/// The control: the arguments made up here are not all declined.
#[test]
fn many_of_those_are_accepted() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let accepted = (0..1000).filter(|_| {
        let args = arguments().new_tree(&mut runner).expect("arguments can be made").current();
        let args = ["jitpass", "aws"].map(str::to_owned).into_iter().chain(args).map(OsString::from);
        Request::read(args).is_some()
    });
    let accepted = accepted.count();
    assert!(accepted > 100, "{accepted} of 1000");
}
