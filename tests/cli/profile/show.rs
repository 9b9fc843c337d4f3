//! `jitpass profile show`.

use snapbox::{assert_data_eq, str};

use super::{CREDENTIALS, profile, set_up};
use crate::cli::shown;
use crate::harness::Sandbox;

#[test]
fn a_profile_that_sync_keeps() {
    let mut sandbox = set_up("new,tenants=2");
    sandbox.credential_process("acme-dev01").run().success();
    assert_data_eq!(
        shown(&profile(&sandbox, &["show", "acme-dev01"]).run().success().changes_nothing()),
        str![[r#"
$ jitpass profile show acme-dev01
exit 0
--- stdout
acme-dev01
  · managed: `jitpass sync` keeps it, for portal acme
  · tenant dev01 at [PORTAL]
  · runs [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive (it lies at [PROGRAM])
  ✓ a credential is cached for [DURATION] more, until [TIME]
  ✓ every AWS SDK asks jitpass

~/.aws/config
  11  [profile acme-dev01]
  12  region = us-west-2
  13  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  14  jitpass_portal = acme

"#]]
    );
    sandbox.pass(4000);
    let run = profile(&sandbox, &["show", "acme-dev01"]).run().success();
    assert!(run.stdout.contains("  · the cached credential has expired\n"), "{}", run.stdout);
}

#[test]
fn every_line_of_both_files_and_who_reads_it_how() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".aws/config",
        "# mine\n[default]\nregion = us-east-1\n\n[profile a] # work\r\n# why\r\nregion = us-west-2 # west\r\n\
         credential_process = /opt/none/jitpass aws --host https://acme.duplocloud.net --tenant dev01 --token SIMTOKEN-x --region us-east-1\r\n\
         sso_session = corp\r\n  aws_secret_access_key = SIMSECRET-1\r\nclient_secret =\r\n  SIMSECRET-2\r\n\r\n# next\n[profile b]\n",
    );
    sandbox
        .write(CREDENTIALS, "[b]\n[a]\naws_access_key_id = AKIAEXAMPLE\naws_session_token: SIMSESSION-3\n");
    assert_data_eq!(
        shown(&profile(&sandbox, &["show", "a"]).run().success().changes_nothing()),
        str![[r#"
$ jitpass profile show a
exit 0
--- stdout
a
  · yours: it asks jitpass, and `jitpass sync` leaves it alone
  · tenant dev01 in us-east-1 at https://acme.duplocloud.net
  · runs /opt/none/jitpass aws --host https://acme.duplocloud.net --tenant dev01 --token ‹redacted› --region us-east-1 (there is no such program)
  · no credential is cached for it yet
  ! ~/.aws/config:12 keeps the AWS CLI and boto3, the SDK for Rust and the SDK for Java from reading any profile
  ! `aws_access_key_id` (~/.aws/credentials:3) without its other half: no credentials for the SDK for Go
  ! `aws_access_key_id` (~/.aws/credentials:3) is taken instead by the SDK for JavaScript
  ! ~/.aws/config:7: the comment after the value is part of the value for some readers; the AWS CLI and boto3 read it differently
  ! ~/.aws/config:10: the value goes over several lines; the SDK for Go and the SDK for JavaScript read it differently
  ! ~/.aws/config:12: the line of a nested block has no `=`; the AWS CLI and boto3, the SDK for Rust and the SDK for Java read nothing of the file
  ! ~/.aws/credentials:4: there is a `:` between key and value; write `=`; the SDK for Rust and the SDK for Java read nothing of the file, the SDK for JavaScript read it differently

~/.aws/config
   5  [profile a] # work
   6  # why
   7  region = us-west-2 # west
   8  credential_process = /opt/none/jitpass aws --host https://acme.duplocloud.net --tenant dev01 --token ‹redacted› --region us-east-1
   9  sso_session = corp
  10    aws_secret_access_key = ‹redacted›
  11  client_secret =
  12    ‹redacted›

~/.aws/credentials
  2  [a]
  3  aws_access_key_id = AKIAEXAMPLE
  4  aws_session_token: ‹redacted›

"#]]
    );
    let run = profile(&sandbox, &["show", "a", "--json"]).run().success();
    for text in [&run.stdout, &profile(&sandbox, &["show", "a"]).run().stdout] {
        for secret in ["SIMTOKEN", "SIMSECRET", "SIMSESSION"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    assert_data_eq!(
        shown(&run),
        str![[r##"
$ jitpass profile show a --json
exit 0
--- stdout
{
  "api_host": null,
  "beaten_by": [
    {
      "file": "config",
      "gives_credentials": false,
      "key": null,
      "line": 12,
      "readers": [
        "botocore",
        "rust",
        "java"
      ],
      "source": "unreadable"
    },
    {
      "file": "credentials",
      "gives_credentials": false,
      "key": "aws_access_key_id",
      "line": 3,
      "readers": [
        "go"
      ],
      "source": "half_keys"
    },
    {
      "file": "credentials",
      "gives_credentials": true,
      "key": "aws_access_key_id",
      "line": 3,
      "readers": [
        "js"
      ],
      "source": "keys"
    }
  ],
  "command": [
    "/opt/none/jitpass",
    "aws",
    "--host",
    "https://acme.duplocloud.net",
    "--tenant",
    "dev01",
    "--token",
    "‹redacted›",
    "--region",
    "us-east-1"
  ],
  "command_error": null,
  "credential": null,
  "disagreements": [
    {
      "file": "config",
      "line": 7,
      "read_differently_by": [
        "botocore"
      ],
      "rejected_by": [],
      "what": "the comment after the value is part of the value for some readers"
    },
    {
      "file": "config",
      "line": 10,
      "read_differently_by": [
        "go",
        "js"
      ],
      "rejected_by": [],
      "what": "the value goes over several lines"
    },
    {
      "file": "config",
      "line": 12,
      "read_differently_by": [],
      "rejected_by": [
        "botocore",
        "rust",
        "java"
      ],
      "what": "the line of a nested block has no `=`"
    },
    {
      "file": "credentials",
      "line": 4,
      "read_differently_by": [
        "js"
      ],
      "rejected_by": [
        "rust",
        "java"
      ],
      "what": "there is a `:` between key and value; write `=`"
    }
  ],
  "host": "https://acme.duplocloud.net",
  "lines": [
    {
      "file": "config",
      "line": 5,
      "text": "[profile a] # work"
    },
    {
      "file": "config",
      "line": 6,
      "text": "# why"
    },
    {
      "file": "config",
      "line": 7,
      "text": "region = us-west-2 # west"
    },
    {
      "file": "config",
      "line": 8,
      "text": "credential_process = /opt/none/jitpass aws --host https://acme.duplocloud.net --tenant dev01 --token ‹redacted› --region us-east-1"
    },
    {
      "file": "config",
      "line": 9,
      "text": "sso_session = corp"
    },
    {
      "file": "config",
      "line": 10,
      "text": "  aws_secret_access_key = ‹redacted›"
    },
    {
      "file": "config",
      "line": 11,
      "text": "client_secret ="
    },
    {
      "file": "config",
      "line": 12,
      "text": "  ‹redacted›"
    },
    {
      "file": "credentials",
      "line": 2,
      "text": "[a]"
    },
    {
      "file": "credentials",
      "line": 3,
      "text": "aws_access_key_id = AKIAEXAMPLE"
    },
    {
      "file": "credentials",
      "line": 4,
      "text": "aws_session_token: ‹redacted›"
    }
  ],
  "managed": false,
  "name": "a",
  "own": [],
  "portal": null,
  "scope": "tenant",
  "source": "jitpass",
  "tenant": "dev01"
}

"##]]
    );
}

#[test]
fn profiles_of_others() {
    let sandbox = set_up("new,tenants=1");
    sandbox.write(
        CREDENTIALS,
        "[stale]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = SIMSECRET-x\n",
    );
    assert_data_eq!(
        shown(&profile(&sandbox, &["show", "old"]).run().success()),
        str![[r#"
$ jitpass profile show old
exit 0
--- stdout
old
  · foreign: its credentials come from another program
  · runs duplo-jit aws --host https://acme.duplocloud.net --token ‹redacted d0a8› --tenant a (there is no such program)

~/.aws/config
  20  [profile old]
  21  credential_process = duplo-jit aws --host https://acme.duplocloud.net --token ‹redacted d0a8› --tenant a

"#]]
    );
    assert_data_eq!(
        shown(&profile(&sandbox, &["show", "stale"]).run().success()),
        str![[r#"
$ jitpass profile show stale
exit 0
--- stdout
stale
  · foreign: its credentials come from keys in the file

~/.aws/credentials
  1  [stale]
  2  aws_access_key_id = AKIAEXAMPLE
  3  aws_secret_access_key = ‹redacted›

"#]]
    );
    assert_data_eq!(
        shown(&profile(&sandbox, &["show", "acme-dev02"]).run()),
        str![[r#"
$ jitpass profile show acme-dev02
exit 2
--- stderr
error: there is no profile `acme-dev02` in ~/.aws/config
hint: did you mean `acme-default`?

"#]]
    );
}

#[test]
fn a_command_that_not_every_sdk_runs_alike() {
    let sandbox = Sandbox::new();
    sandbox.write(".aws/config", "[profile a]\ncredential_process = sh -c 'x' | jq .\n");
    assert_data_eq!(
        shown(&profile(&sandbox, &["show", "a"]).run().success()),
        str![[r#"
$ jitpass profile show a
exit 0
--- stdout
a
  · foreign: its credentials come from another program
  ! not every AWS SDK runs the same command: `|` means something to the shell that most SDKs use, and nothing to the AWS CLI

~/.aws/config
  1  [profile a]
  2  credential_process = sh -c 'x' | jq .

"#]]
    );
}
