//! What the README says of the commands is true.

use std::collections::BTreeSet;

use crate::harness::Sandbox;

/// The flags in a text: `--host`, `--no-admin`.
fn flags(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_lowercase() || c == '-'));
    words
        .filter(|word| word.len() > 2 && word.starts_with("--") && !word.ends_with('-'))
        .map(str::to_owned)
        .collect()
}

/// The first column of the table of commands, a command line each.
fn commands() -> Vec<String> {
    let readme = include_str!("../../README.md");
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `jitpass "));
    let cells = rows.map(|row| row.split_once("` | ").expect("a row has two columns").0);
    cells.flat_map(|cell| cell.split("`, `jitpass ")).map(|line| line.replace("\\|", "|")).collect()
}

#[test]
fn every_command_is_listed_with_its_flags_and_no_other() {
    let sandbox = Sandbox::new();
    let help =
        |args: &[&str]| sandbox.jitpass(args.iter().chain(&["--help"]).copied()).run().success().stdout;
    let mut listed = BTreeSet::new();
    for line in commands() {
        let names: Vec<&str> =
            line.split(' ').take_while(|w| w.chars().all(|c| c.is_ascii_lowercase())).collect();
        listed.insert(names[0].to_owned());
        let mut known = flags(&help(&names));
        for everywhere in ["--help", "--debug"] {
            known.remove(everywhere);
        }
        // Help texts name flags of their own and of other commands; what the table names must be there.
        let said = flags(&line);
        assert!(said.is_subset(&known), "{line}: no such flag {:?}", said.difference(&known));
        let options = help(&names);
        let missing: Vec<_> = known
            .iter()
            .filter(|flag| {
                options.lines().any(|l| l.trim_start().trim_start_matches("-y, ").starts_with(flag.as_str()))
            })
            .filter(|flag| !said.contains(*flag))
            .collect();
        assert!(missing.is_empty(), "{line}: the README does not say {missing:?}");
    }
    let known = help(&[]);
    let known = known.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.is_empty());
    let known: BTreeSet<String> =
        known.filter_map(|l| l.split_whitespace().next()).map(str::to_owned).collect();
    assert_eq!(listed, known);
}
