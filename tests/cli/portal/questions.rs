//! `portal edit` and `portal remove` with a person at a terminal.

use super::{SETTINGS, portal, set_up, settings, settled};
use crate::cli::profiles;
use crate::cli::terminal::Terminal;

const DOWN: &str = "\u{1b}[B";
const ESCAPE: &str = "\u{1b}";

#[test]
fn one_thing_after_the_other() {
    let sandbox = settled();
    let mut terminal = Terminal::start(&sandbox, &["portal", "edit", "acme"], &[]);
    terminal.sees("Change what of acme?").sees("tenants").sees("that is all").types("");
    terminal.sees("Tenants: (dev*)").types("dev* prod$").sees("is not a tenant name or pattern");
    // It is asked again, with nothing in the field.
    terminal.sees("Tenants: (dev*)").types("dev* prod");
    // Enter goes on now; down is to the tenants, and to the exclusions.
    terminal.sees("Change what of acme?").sees("dev* prod").presses(DOWN).presses(DOWN).types("");
    terminal.sees("But not: (none)").types("*-tmp");
    terminal.sees("Change what of acme?").sees("*-tmp").types("");
    terminal.sees("Write this?").types("");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    let settings = settings(&sandbox);
    assert!(settings.contains("  \"dev*\", # ours\n  \"prod\",\n]"), "{settings}");
    assert!(settings.contains("exclude = [\"*-tmp\"]\n"), "{settings}");
}

#[test]
fn stopped_or_declined() {
    let sandbox = settled();
    let mut terminal = Terminal::start(&sandbox, &["portal", "edit", "acme"], &[]);
    terminal.sees("Change what of acme?").presses(ESCAPE);
    assert_eq!(terminal.ends().0, 1);
    let mut terminal = Terminal::start(&sandbox, &["portal", "edit", "acme", "--admin"], &[]);
    terminal.sees("Write this?").types("n");
    let (code, shown) = terminal.ends();
    assert!(code == 0 && shown.contains("nothing was written"), "{shown}");
    assert_eq!(settings(&sandbox), SETTINGS);
    // Nothing said is nothing changed.
    let mut terminal = Terminal::start(&sandbox, &["portal", "edit", "acme"], &[]);
    terminal.sees("Change what of acme?").presses("\u{1b}[A").types("");
    let (code, shown) = terminal.ends();
    assert!(code == 0 && shown.contains("nothing to change"), "{shown}");
}

#[test]
fn what_becomes_of_profiles_and_sign_in_is_asked() {
    let sandbox = set_up("new,tenants=1");
    let mut terminal = Terminal::start(&sandbox, &["portal", "remove", "acme"], &[]);
    terminal.sees("Remove its 2 profiles too?").sees("(y/N)").types("y");
    terminal.sees("Sign out of 127.0.0.1").sees("(y/N)").types("");
    terminal.sees("stays so").sees("[profile acme-admin]").sees("Write this?").types("");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert!(profiles(&sandbox).is_empty());
    let listed = portal(&sandbox, &["list", "--json"]).run();
    assert_eq!(listed.json(), serde_json::json!([]));
    sandbox.jitpass(["duplo", "--host", &sandbox.url()]).run().success();
}
