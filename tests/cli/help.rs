//! What `--help` and `--version` say.

use snapbox::{assert_data_eq, str};

use super::shown;
use crate::harness::Sandbox;

fn said(args: &[&str]) -> String {
    shown(&Sandbox::new().jitpass(args).run())
}

#[test]
fn program() {
    assert_data_eq!(
        said(&["--help"]),
        str![[r#"
$ jitpass --help
exit 0
--- stdout
Just-in-time AWS access through DuploCloud portals

Usage: jitpass [OPTIONS] <COMMAND>

Commands:
  setup        Set up a portal: profiles for its tenants in ~/.aws/config
  sync         Make ~/.aws/config match what the portals offer today
  login        Sign in to a portal with your browser
  logout       Sign out: forget a portal's token and every credential that was issued with it
  status       Show who is signed in, and how long credentials still live
  portal       List, add, change, remove and share the portals that are set up
  tenants      List the tenants you may use
  profile      List, show and change the profiles in ~/.aws/config
  history      Show what jitpass wrote into your files, newest first
  undo         Take back what jitpass wrote into your files: its lines, and nothing else
  console      Open the AWS console with a fresh link, or copy or print the link
  shell        Add `jitnow`, `jituse` and completions to your shells
  prompt       Print the profile in use and the minutes its credential still lives, for a prompt
  completions  Print the completions of a shell, for packages
  aws          Print AWS credentials, as the `credential_process` of a profile
  duplo        Print a portal's token, for scripts that ask the portal themselves
  demo         Try jitpass against a portal on this machine, no account needed
  uninstall    Remove every trace of jitpass, shown first

Options:
      --debug    Say on stderr what is being done
  -h, --help     Print help
  -V, --version  Print version

Start with `jitpass setup`, or try it without an account: `jitpass demo`.

"#]]
    );
}

#[test]
fn nothing_said() {
    assert_data_eq!(
        said(&[]),
        str![[r#"
$ jitpass
exit 2
--- stderr
Just-in-time AWS access through DuploCloud portals

Usage: jitpass [OPTIONS] <COMMAND>

Commands:
  setup        Set up a portal: profiles for its tenants in ~/.aws/config
  sync         Make ~/.aws/config match what the portals offer today
  login        Sign in to a portal with your browser
  logout       Sign out: forget a portal's token and every credential that was issued with it
  status       Show who is signed in, and how long credentials still live
  portal       List, add, change, remove and share the portals that are set up
  tenants      List the tenants you may use
  profile      List, show and change the profiles in ~/.aws/config
  history      Show what jitpass wrote into your files, newest first
  undo         Take back what jitpass wrote into your files: its lines, and nothing else
  console      Open the AWS console with a fresh link, or copy or print the link
  shell        Add `jitnow`, `jituse` and completions to your shells
  prompt       Print the profile in use and the minutes its credential still lives, for a prompt
  completions  Print the completions of a shell, for packages
  aws          Print AWS credentials, as the `credential_process` of a profile
  duplo        Print a portal's token, for scripts that ask the portal themselves
  demo         Try jitpass against a portal on this machine, no account needed
  uninstall    Remove every trace of jitpass, shown first

Options:
      --debug    Say on stderr what is being done
  -h, --help     Print help
  -V, --version  Print version

Start with `jitpass setup`, or try it without an account: `jitpass demo`.

"#]]
    );
}

#[test]
fn version() {
    assert_data_eq!(
        said(&["--version"]),
        str![[r#"
$ jitpass --version
exit 0
--- stdout
jitpass 0.1.0

"#]]
    );
    assert_eq!(said(&["-V"]).lines().last(), said(&["--version"]).lines().last());
}

#[test]
fn aws() {
    assert_data_eq!(
        said(&["aws", "--help"]),
        str![[r#"
$ jitpass aws --help
exit 0
--- stdout
Print AWS credentials, as the `credential_process` of a profile

Prints one JSON document and nothing else, or one line on stderr that says what went wrong and what
helps. The answer comes from a private cache as long as it is fresh; of many processes that miss at
once, one asks the portal. When several scopes are given, --admin comes before --duplo-ops before
--tenant.

Usage: jitpass aws [OPTIONS]

Options:
      --debug
          Say on stderr what is being done

      --host <URL>
          Portal address, such as https://acme.duplocloud.net

      --admin
          Get administrator credentials

      --duplo-ops
          Get credentials of DuploCloud's operators

      --tenant <TENANT>
          Get credentials for a tenant, by name or id

      --interactive
          Open the browser where somebody must sign in, and wait for them

      --token <TOKEN>
          Use this portal token; a token on a command line can be seen by others, so prefer
          DUPLO_TOKEN

      --no-cache
          Ask the portal even if the cache has an answer

      --api-host <URL>
          Address of the portal's API, where it differs from --host

      --port <PORT>
          Port on this machine to which the browser brings the sign-in

      --region <REGION>
          Region to get the credentials for

  -h, --help
          Print help (see a summary with '-h')

"#]]
    );
}

#[test]
fn setup() {
    assert_data_eq!(
        said(&["setup", "--help"]),
        str![[r#"
$ jitpass setup --help
exit 0
--- stdout
Set up a portal: profiles for its tenants in ~/.aws/config

Asks for what the flags do not say (Enter takes what is offered), shows everything that will be
written, asks once, writes, and proves with one profile that it works. Profiles and keys that
jitpass did not write are never changed. Run it again at any time: what is as it should be stays.

Usage: jitpass setup [OPTIONS]

Options:
      --debug
          Say on stderr what is being done

      --host <URL>
          Portal address: https://acme.duplocloud.net, acme.duplocloud.net or acme

      --name <PORTAL>
          Short name of the portal, the first part of its profiles' names

      --tenant <TENANT>
          Write a profile for this tenant; may be repeated

      --all-tenants
          Write a profile for every tenant you may use

      --admin
          Write a profile with administrator rights

      --no-admin
          Write no profile with administrator rights

      --region <REGION>
          Region of all profiles; `own` goes back to each tenant's own

      --profile-name <TEMPLATE>
          Template of the profiles' names; fields: portal, tenant, plan, region, scope

      --default-profile <PROFILE>
          Make this profile the default one too

      --from <FILE>
          Take over the portals in this file, which `jitpass portal export` made; `-` is stdin
          
          What is in it is shown first. Only plain choices are taken: what would start a program on
          this machine, send a token elsewhere, or is not known is asked about, and refused where
          nobody can be asked.

      --shell [<SHELL>]
          Add `jitnow`, `jituse` and completions to this shell, or to all that you use; may be
          repeated

      --no-shell
          Leave the start-up files of your shells alone, and do not ask

      --token-stdin
          Read the portal token from stdin, and keep it

      --dry-run
          Show what would be written, and write nothing

  -y, --yes
          Write without asking

  -h, --help
          Print help (see a summary with '-h')

"#]]
    );
}

#[test]
fn login() {
    assert_data_eq!(
        said(&["login", "--help"]),
        str![[r#"
$ jitpass login --help
exit 0
--- stdout
Sign in to a portal with your browser

Opens the portal's page in the browser and waits until you press Authorize there; the token is then
kept in the system's keyring, or where there is none in a file that only you can read. Where no
browser opens (over SSH, in a container) the link is printed, and the address at which the browser
ended, or a token, can be pasted.

Usage: jitpass login [OPTIONS] [PORTAL]

Arguments:
  [PORTAL]
          Portal, by its name in your settings or its address; needed unless you have exactly one

Options:
      --debug
          Say on stderr what is being done

      --token-stdin
          Read a token from stdin instead

      --no-browser
          Print the link, and open no browser

      --port <PORT>
          Port on this machine to which the browser brings the sign-in; any free one where none is
          said

      --browser <BROWSER>
          Browser to open: a program, with arguments if need be

      --api-host <URL>
          Address of the portal's API, where it differs from the portal's

  -h, --help
          Print help (see a summary with '-h')

"#]]
    );
}

#[test]
fn tenants() {
    assert_data_eq!(
        said(&["tenants", "--help"]),
        str![[r#"
$ jitpass tenants --help
exit 0
--- stdout
List the tenants you may use

Usage: jitpass tenants [OPTIONS] [PORTAL]

Arguments:
  [PORTAL]  Portal, by its name in your settings or its address; all of your portals if left out

Options:
      --debug  Say on stderr what is being done
      --json   Print JSON
  -h, --help   Print help

"#]]
    );
}

#[test]
fn demo() {
    assert_data_eq!(
        said(&["demo", "--help"]),
        str![[r#"
$ jitpass demo --help
exit 0
--- stdout
Try jitpass against a portal on this machine, no account needed

Starts a stand-in for a DuploCloud portal on a free local port, runs the real `setup` against it in
a sandbox with a home of its own, and gets credentials as an AWS SDK would. Nothing of yours is read
or written.

Usage: jitpass demo [OPTIONS] [COMMAND]

Commands:
  portal  Serve the stand-in portal until interrupted

Options:
      --debug
          Say on stderr what is being done

      --shell
          Stay in a shell in the sandbox, with the portal running

  -h, --help
          Print help (see a summary with '-h')

"#]]
    );
    assert_data_eq!(
        said(&["demo", "portal", "--help"]),
        str![[r#"
$ jitpass demo portal --help
exit 0
--- stdout
Serve the stand-in portal until interrupted

Answers as a DuploCloud portal does, sign-in page and STS included. A scenario is a list of words,
separated by commas, such as `older,tenants=80,regions=us-west-2+eu-central-1,mfa`; a wrong word
lists them all. Faults are switched on while it runs: POST /demo/fault {"endpoint":
"admin/GetTenantsForUser", "fault": "500"}, and off with DELETE /demo/faults; GET /demo/counts tells
the requests it had.

Usage: jitpass demo portal [OPTIONS]

Options:
      --debug
          Say on stderr what is being done

      --port <PORT>
          Local port to listen on; 0 takes a free one
          
          [default: 0]

      --scenario <WORDS>
          What the portal is like
          
          [default: new]

  -h, --help
          Print help (see a summary with '-h')

"#]]
    );
}

#[test]
fn misuse() {
    assert_data_eq!(
        said(&["setpu"]),
        str![[r#"
$ jitpass setpu
exit 2
--- stderr
error: unrecognized subcommand 'setpu'

  tip: some similar subcommands exist: 'status', 'setup'

Usage: jitpass [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]]
    );
    assert_data_eq!(
        said(&["setup", "--tenant", "../x", "--host", "a"]),
        str![[r#"
$ jitpass setup --tenant ../x --host a
exit 2
--- stderr
error: invalid value '../x' for '--tenant <TENANT>': `../x` is not a tenant name: it must start with a letter or a digit

For more information, try '--help'.

"#]]
    );
    assert_data_eq!(
        said(&["setup", "--tenant", "a", "--all-tenants"]),
        str![[r#"
$ jitpass setup --tenant a --all-tenants
exit 2
--- stderr
error: the argument '--tenant <TENANT>' cannot be used with '--all-tenants'

Usage: jitpass setup --tenant <TENANT>

For more information, try '--help'.

"#]]
    );
    assert_data_eq!(
        said(&["setup", "--region", "mars"]),
        str![[r#"
$ jitpass setup --region mars
exit 2
--- stderr
error: invalid value 'mars' for '--region <REGION>': `mars` is not a region: a region looks like `us-west-2`

For more information, try '--help'.

"#]]
    );
}

#[test]
fn status() {
    assert_data_eq!(
        said(&["status", "--help"]),
        str![[r#"
$ jitpass status --help
exit 0
--- stdout
Show who is signed in, and how long credentials still live

Without --check it reads files only, asks nobody, and is done at once: a token that was logged out
of elsewhere still looks like one. Profiles without a credential are counted, unless they are few or
you name the portal.

Usage: jitpass status [OPTIONS] [PORTAL]

Arguments:
  [PORTAL]
          Portal, by its name in your settings or its address; all that anything is known of if left
          out

Options:
      --check
          Ask the portals: are they there, do they accept the token, whose is it; exit 1 unless they
          all do

      --debug
          Say on stderr what is being done

      --json
          Print JSON

  -h, --help
          Print help (see a summary with '-h')

"#]]
    );
}

#[test]
fn duplo() {
    assert_data_eq!(
        said(&["duplo", "--help"]),
        str![[r#"
$ jitpass duplo --help
exit 0
--- stdout
Print a portal's token, for scripts that ask the portal themselves

Prints one JSON document with Version, DuploToken and NeedOTP (whether this person needs a one-time
code for administrators' work), or one line on stderr that says what went wrong. The portal is asked
first whether it still accepts the token. In GitHub's actions, the runner is told on stderr to hide
the token.

Usage: jitpass duplo [OPTIONS]

Options:
      --debug
          Say on stderr what is being done

      --host <URL>
          Portal address, such as https://acme.duplocloud.net

      --interactive
          Open the browser where somebody must sign in, and wait for them

      --token <TOKEN>
          Check this portal token and print it; a token on a command line can be seen by others, so
          prefer DUPLO_TOKEN

      --no-cache
          Changes nothing, and is here for scripts written for duplo-jit: no token is printed
          unchecked

      --api-host <URL>
          Address of the portal's API, where it differs from --host

      --port <PORT>
          Port on this machine to which the browser brings the sign-in

  -h, --help
          Print help (see a summary with '-h')

"#]]
    );
}

#[test]
fn profile() {
    for command in ["", "list", "show", "add", "edit", "rename", "remove"] {
        let args: Vec<&str> =
            ["profile", command, "--help"].into_iter().filter(|arg| !arg.is_empty()).collect();
        let said = said(&args);
        assert!(said.contains("exit 0"), "{said}");
        assert!(!said.contains("--interactive  "), "{said}");
    }
    assert_data_eq!(
        said(&["profile", "--help"]),
        str![[r#"
$ jitpass profile --help
exit 0
--- stdout
List, show and change the profiles in ~/.aws/config

Usage: jitpass profile [OPTIONS] <COMMAND>

Commands:
  list    List the profiles in ~/.aws/config, jitpass's own and all others
  show    Show all of a profile: every line of it, who reads it how, what beats it
  add     Add a profile of your own choice
  edit    Change what a profile says
  rename  Give a profile another name, also where other profiles name it as their source
  remove  Take profiles out of ~/.aws/config
  import  Take over the profiles of duplo-jit, duplo-aws-credential-process and duploctl

Options:
      --debug  Say on stderr what is being done
  -h, --help   Print help

"#]]
    );
    assert_data_eq!(
        said(&["profile", "add", "--help"]),
        str![[r#"
$ jitpass profile add --help
exit 0
--- stdout
Add a profile of your own choice

Asks for what the flags do not say. Where you are signed in, the portal is asked whether there is
such a tenant and which region it has. `jitpass sync` keeps the profile, under the name you give it,
if the portal is in your settings and has no profile for the same tenant yet.

Usage: jitpass profile add [OPTIONS] [NAME]

Arguments:
  [NAME]
          Name of the profile

Options:
      --debug
          Say on stderr what is being done

      --host <URL>
          Portal, by its address or its name in your settings

      --api-host <URL>
          Address of the portal's API, where it differs from --host

      --admin
          With administrator rights

      --duplo-ops
          With the rights of DuploCloud's operators

      --tenant <TENANT>
          For this tenant, by name or id

      --region <REGION>
          Region; the tenant's own if left out, as far as the portal can be asked

      --no-interactive
          Where nobody is signed in, fail instead of opening the browser

      --set <KEY=VALUE>
          Give another key a value, such as `output=json`; may be repeated

      --dry-run
          Show what would be written, and write nothing; exits with 3 if that is something

  -y, --yes
          Write without asking

  -h, --help
          Print help (see a summary with '-h')

"#]]
    );
    assert_data_eq!(
        said(&["profile", "edit", "--help"]),
        str![[r#"
$ jitpass profile edit --help
exit 0
--- stdout
Change what a profile says

Without flags it asks. What you change in a profile that `jitpass sync` keeps is yours: it leaves
that as you want it.

Usage: jitpass profile edit [OPTIONS] <NAME>

Arguments:
  <NAME>
          Name of the profile

Options:
      --debug
          Say on stderr what is being done

      --region <REGION>
          Another region; `own` goes back to the tenant's own

      --tenant <TENANT>
          For another tenant, by name or id

      --admin
          With administrator rights

      --set <KEY=VALUE>
          Give a key a value, such as `output=json`; may be repeated

      --unset <KEY>
          Take a key away; may be repeated

      --editor
          Open all of its section in your editor (VISUAL, EDITOR)

      --dry-run
          Show what would be written, and write nothing; exits with 3 if that is something

  -y, --yes
          Write without asking

  -h, --help
          Print help (see a summary with '-h')

"#]]
    );
    assert_data_eq!(
        said(&["profile", "list", "--help"]),
        str![[r#"
$ jitpass profile list --help
exit 0
--- stdout
List the profiles in ~/.aws/config, jitpass's own and all others

Reads files only and asks nobody. `managed` are those that `jitpass sync` keeps, `yours` those that
ask jitpass and that you keep yourself, `foreign` all others.

Usage: jitpass profile list [OPTIONS] [GLOB]...

Arguments:
  [GLOB]...
          Names, or patterns such as `acme-*`; all if left out

Options:
      --debug
          Say on stderr what is being done

      --portal <PORTAL>
          Only those of this portal, by its name in your settings or its address

      --tenant <TENANT>
          Only those of this tenant, by name or id

      --json
          Print JSON

  -h, --help
          Print help (see a summary with '-h')

"#]]
    );
    assert_data_eq!(
        said(&["profile", "remove", "--help"]),
        str![[r#"
$ jitpass profile remove --help
exit 0
--- stdout
Take profiles out of ~/.aws/config

Of those that fit a pattern, the ones that `jitpass sync` keeps; others are taken when they are
named as they are called. `jitpass undo` brings back what was taken.

Usage: jitpass profile remove [OPTIONS] <NAME>...

Arguments:
  <NAME>...
          Names, or patterns such as `acme-*`

Options:
      --debug
          Say on stderr what is being done

      --foreign
          Patterns stand for every profile, whoever wrote it

      --dry-run
          Show what would be written, and write nothing; exits with 3 if that is something

  -y, --yes
          Write without asking

  -h, --help
          Print help (see a summary with '-h')

"#]]
    );
}
