//! Which page of the console a link leads to.

use snapbox::{assert_data_eq, str};

use super::{console, home};
use crate::cli::shown;

#[test]
fn a_service_and_a_region() {
    let sandbox = home("new,tenants=2", "admin");
    let destination = |args: &[&str]| {
        let run = console(&sandbox, &["acme-dev01", "--print"]).args(args).run().success();
        let (start, destination) = run.stdout.split_once("&Destination=").unwrap();
        assert!(start.starts_with("https://signin.aws.amazon.com/federation?Action=login&SigninToken="));
        (destination.trim_end().to_owned(), run.stderr)
    };
    let console = "https%3a%2f%2fconsole.aws.amazon.com";
    for (args, page, said) in [
        (vec![], "%2fconsole%2fhome%3fregion%3dus-west-2", ""),
        (vec!["--service", "ec2"], "%2fec2%2fhome%3fregion%3dus-west-2", ""),
        (vec!["-s", "CW", "-r", "EU-west-1"], "%2fcloudwatch%2fhome%3fregion%3deu-west-1", ""),
        (vec!["--service", "sg"], "%2fec2%2fhome%3fregion%3dus-west-2%23SecurityGroups%3a", ""),
        (
            vec!["--region", "us-west-9"],
            "%2fconsole%2fhome%3fregion%3dus-west-9",
            "· us-west-9 is no region that jitpass knows; it may be new\n",
        ),
    ] {
        assert_eq!(destination(&args), (format!("{console}{page}"), said.to_owned()), "{args:?}");
    }
}

#[test]
fn what_is_none() {
    let sandbox = home("new,tenants=2", "admin");
    let before = sandbox.requests();
    let said = |args: &[&str]| {
        shown(&console(&sandbox, &["acme-dev01", "--print"]).args(args).run().changes_nothing())
    };
    assert_data_eq!(
        said(&["--service", "lamda"]),
        str![[r#"
$ jitpass console acme-dev01 --print --service lamda
exit 2
--- stderr
error: jitpass knows no service `lamda`
hint: did you mean `lambda`?

"#]]
    );
    assert_data_eq!(
        said(&["--region", "us-wst-2"]),
        str![[r#"
$ jitpass console acme-dev01 --print --region us-wst-2
exit 2
--- stderr
error: there is no region `us-wst-2`
hint: did you mean `us-west-2`?

"#]]
    );
    assert_data_eq!(
        said(&["--region", "../x"]),
        str![[r#"
$ jitpass console acme-dev01 --print --region ../x
exit 2
--- stderr
error: `../x` is not a region: a region looks like `us-west-2`

"#]]
    );
    assert_eq!(sandbox.requests(), before, "nobody was asked");
    assert_data_eq!(
        shown(&console(&sandbox, &["acme-dev01", "--print", "--region", "cn-north-1"]).run()),
        str![[r#"
$ jitpass console acme-dev01 --print --region cn-north-1
exit 2
--- stderr
error: cn-north-1 is not a region of console.aws.amazon.com

"#]]
    );
}

#[test]
fn of_another_partition() {
    let sandbox = home("new,tenants=2,partition=gov", "admin");
    let run = console(&sandbox, &["acme-dev01", "--print", "--service", "s3"]).run().success();
    assert!(
        run.stdout.trim_end().ends_with(
            "&Destination=https%3a%2f%2fconsole.amazonaws-us-gov.com%2fs3%2fhome%3fregion%3dus-gov-west-1"
        ),
        "{}",
        run.stdout
    );
}
