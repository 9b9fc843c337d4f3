//! What `--help` says.

use snapbox::{assert_data_eq, str};

use crate::cli::shown;
use crate::harness::Sandbox;

fn said(args: &[&str]) -> String {
    shown(&Sandbox::new().jitpass(["portal"]).args(args).args(["--help"]).run())
}

#[test]
fn portal() {
    assert_data_eq!(
        said(&[]),
        str![[r#"
$ jitpass portal --help
exit 0
--- stdout
List, add, change, remove and share the portals that are set up

Usage: jitpass portal [OPTIONS] <COMMAND>

Commands:
  list    List the portals that are set up, and what is chosen for them
  add     Add a portal to the settings, without asking it anything
  edit    Change what is chosen for a portal
  remove  Take a portal out of the settings
  export  Print your choices as a file for a colleague's `setup --from`

Options:
      --debug  Say on stderr what is being done
  -h, --help   Print help

"#]]
    );
}

#[test]
fn edit() {
    assert_data_eq!(
        said(&["edit"]),
        str![[r#"
$ jitpass portal edit --help
exit 0
--- stdout
Change what is chosen for a portal

Without flags it asks. Comments, order and spelling of the settings stay. A portal that gets another
address is signed in to anew: a token goes only to the address it was checked with.

Usage: jitpass portal edit [OPTIONS] [PORTAL]

Arguments:
  [PORTAL]
          Portal, by its name or its address; needed unless you have exactly one

Options:
      --debug
          Say on stderr what is being done

      --name <NEW>
          Give it another short name; its profiles follow with the next sync

      --host <URL>
          Give it another address

      --include <PATTERN>
          Give these tenants a profile besides; may be repeated

      --no-exclude <PATTERN>
          Lift an exclusion; may be repeated

      --unset <KEY>
          Let profiles not say this any more; may be repeated

      --api-host <URL>
          Address of the portal's API, where it differs from the portal's; `none` takes it back

      --tenants <all|PATTERN>
          Tenants that get a profile: `all`, or names and patterns such as `dev*`; may be repeated,
          or parted by commas

      --exclude <PATTERN>
          Give these tenants no profile; may be repeated

      --admin
          Write a profile with administrator rights, for those who have them

      --no-admin
          Write no profile with administrator rights

      --region <REGION|own>
          Region of all profiles; `own` is each tenant's own

      --profile-name <TEMPLATE|usual>
          Template of the profiles' names, such as `{{ tenant }}.{{ short_region }}`; `usual` is `{{
          portal }}-{{ tenant }}`

      --set <KEY=VALUE>
          Let every profile say this as well, such as `output=json`; may be repeated

      --token-command <COMMAND|none>
          Program that prints the portal's token, with its arguments; `none` takes it back

      --browser <BROWSER|none>
          Browser to sign in with; `none` is the system's own

      --editor
          Open the file of settings in your editor, and check what you made of it

      --sync
          Then bring its profiles up to date

      --dry-run
          Show what would be written, and write nothing; exits with 3 if that is something

  -y, --yes
          Write without asking

  -h, --help
          Print help (see a summary with '-h')

"#]]
    );
}

#[test]
fn remove_and_export() {
    assert_data_eq!(
        said(&["remove"]),
        str![[r#"
$ jitpass portal remove --help
exit 0
--- stdout
Take a portal out of the settings

Its profiles stay and go on working, because each says itself what it asks; --profiles removes them
as well. Whoever is signed in stays so, unless --logout is given.

Usage: jitpass portal remove [OPTIONS] <PORTAL>

Arguments:
  <PORTAL>
          Portal, by its name or its address

Options:
      --debug
          Say on stderr what is being done

      --profiles
          Remove the profiles that jitpass keeps for it, too

      --logout
          Sign out of it as well: forget the token and every credential issued with it

      --dry-run
          Show what would be written, and write nothing; exits with 3 if that is something

  -y, --yes
          Write without asking

  -h, --help
          Print help (see a summary with '-h')

"#]]
    );
    assert_data_eq!(
        said(&["export"]),
        str![[r#"
$ jitpass portal export --help
exit 0
--- stdout
Print your choices as a file for a colleague's `setup --from`

Addresses, names, patterns of tenants, templates, and the extra keys that are known to do no harm.
Never a token, a person, or a command that would run on another machine; what is left out is said.

Usage: jitpass portal export [OPTIONS] [PORTAL]...

Arguments:
  [PORTAL]...
          Portals by name or address; all that are set up, without one

Options:
      --debug
          Say on stderr what is being done

  -o, --output <FILE>
          Write it to this file; it must be new, unless you say --yes

  -y, --yes
          Replace the file

  -h, --help
          Print help (see a summary with '-h')

"#]]
    );
}
