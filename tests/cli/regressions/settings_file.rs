//! Settings as people write them, after `setup` has been there.

use crate::harness::{Run, Sandbox};

const SETTINGS: &str = ".config/jitpass/config.toml";

/// `setup` of the portal that the settings call `acme`.
fn again(sandbox: &Sandbox, args: &[&str]) -> Run {
    let call = sandbox.jitpass(["setup", "--host", "acme", "--yes"]).args(args);
    call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", sandbox.url()).run().success()
}

/// Ways to write the same settings; `HOST` is the portal.
const SPELLINGS: [&str; 5] = [
    "# mine\n[portal.\"acme\"] # work\n'host' = 'HOST' # the new one\nadmin=true\ntenants = [ # who\n  'dev01', # the main one\n  # not yet: prod01\n  \"qa01\"  , # soon\n  # that is all\n]   # list\nlater = { x = 1 }\n\n# the other\n[portal.beta]\nhost = \"\"\"https://beta.example.com\"\"\"\n",
    "tenants_are = 'elsewhere'\nportal.acme.host = \"HOST\"\nportal.acme.tenants = [\"dev01\",'qa01']\nportal.acme.admin = true # a dotted one\n",
    "[portal]\nacme = { host = 'HOST', admin = true, tenants = [ 'dev01','qa01', ] } # in one line",
    "[portal.acme]\n\thost = \"HOST/\"\n\ttenants = [\n\t\t\"DEV01\" # first\n\t\t, \"qa01\" # second\n\t]\n\tadmin = true\n\n\n",
    "[portal.acme]\nadmin = true\ntenants = [\n    \"qa01\",\n    # then\n    \"dev01\" # last, no comma\n]\nhost = \"HOST\"",
];

fn spellings(sandbox: &Sandbox) -> Vec<String> {
    let unix = SPELLINGS.map(|text| text.replace("HOST", &sandbox.url()));
    let windows = unix.iter().map(|text| format!("\u{feff}{}", text.replace('\n', "\r\n")));
    unix.iter().cloned().chain(windows).collect()
}

#[test]
fn a_run_that_changes_nothing_rewrites_them() {
    let sandbox = Sandbox::with("new");
    for text in spellings(&sandbox) {
        sandbox.write(SETTINGS, &text);
        again(&sandbox, &[]);
        assert_eq!(sandbox.read(SETTINGS), text);
        // Saying what they say already is no change either.
        again(&sandbox, &["--admin", "--tenant", "dev01", "--tenant", "qa01"]);
        assert_eq!(sandbox.read(SETTINGS), text);
    }
}

#[test]
fn another_tenant_costs_the_comments() {
    let sandbox = Sandbox::with("new");
    for text in spellings(&sandbox) {
        sandbox.write(SETTINGS, &text);
        again(&sandbox, &["--tenant", "dev01", "--tenant", "qa01", "--tenant", "stage01"]);
        let after = sandbox.read(SETTINGS);
        // Nothing goes; the name comes, with a comma, white space and quotes around it.
        let added = similar::TextDiff::from_chars(text.as_str(), after.as_str());
        let changes: Vec<_> =
            added.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal).collect();
        let come: String = changes.iter().map(similar::Change::value).collect();
        assert!(changes.iter().all(|change| change.tag() == similar::ChangeTag::Insert), "{text}\n{after}");
        assert!(
            come.len() < 24 && come.replace([',', ' ', '\t', '\r', '\n', '"'], "") == "stage01",
            "{after}"
        );
        assert_eq!(
            after.matches('\n').count() == after.matches("\r\n").count(),
            after.starts_with('\u{feff}')
        );
        // And it is what they now say.
        again(&sandbox, &[]);
        assert_eq!(sandbox.read(SETTINGS), after);
        assert!(sandbox.read(".aws/config").contains("[profile acme-stage01]"));
        std::fs::remove_file(sandbox.aws_config()).unwrap();
    }
}
