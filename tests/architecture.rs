//! The rules of the house, checked file by file.
//!
//! 1. `source` turns a file into words, `house` into modules and the paths they name.
//! 2. Each rule here is a function from a house to what is wrong with it.
//! 3. One test runs each rule over the real files, another over a house that breaks it: a check that cannot fail
//!    checks nothing.

mod house;
mod source;

use std::path::Path;

use house::{File, House, Named};

/// The floors: imports point strictly down, modules on one floor never meet.
const FLOORS: [&[&str]; 5] = [
    &["base"],
    &["awsconfig", "credential", "host", "net", "shell"],
    &["aws", "plan", "portal", "store"],
    &["demo", "hit", "ops"],
    &["cli"],
];

/// What `main` may use.
const ABOVE_ALL: [&str; 2] = ["cli", "hit"];

/// Crates that belong to a place: crate, the places (prefixes of module paths).
const PLACES: [(&str, &[&str]); 11] = [
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("inquire", &["cli"]),
    ("indicatif", &["cli"]),
    ("reqwest", &["net"]),
    ("tokio", &["net", "portal", "aws", "demo", "ops::serve"]),
    ("axum", &["portal", "demo", "ops::serve"]),
    ("crossterm", &["cli"]),
    ("hyper", &["portal::sign_in"]),
    ("zbus", &["store::keyring"]),
];

/// Where the cached answer may lead (prefixes of module paths).
const HIT_REACHES: [&str; 10] = [
    "hit",
    "base",
    "credential",
    "store::cache",
    "host::clock",
    "host::dirs",
    "host::env",
    "host::files",
    "host::spawn",
    "host::terminal",
];

/// Crates that the cached answer must not touch.
const HIT_AVOIDS: [&str; 10] = [
    "clap",
    "tokio",
    "reqwest",
    "regex",
    "tracing",
    "tracing_subscriber",
    "axum",
    "crossterm",
    "hyper",
    "zbus",
];

/// The most lines of a file, its tests apart.
const MOST_LINES: usize = 400;

/// Files that are longer, each with its reason.
const LONGER: [(&str, &str); 0] = [];

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[track_caller]
fn holds(rule: fn(&House) -> Vec<String>, house: &House) {
    let wrong = rule(house);
    assert!(wrong.is_empty(), "{} against the rules of the house:\n  {}", wrong.len(), wrong.join("\n  "));
}

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

fn in_place(module: &[String], place: &str) -> bool {
    let place: Vec<&str> = place.split("::").collect();
    module.len() >= place.len() && place.iter().zip(module).all(|(a, b)| a == b)
}

/// Every path of every file, with the file it stands in.
fn every_path(house: &House) -> impl Iterator<Item = (&str, &File, &Named)> {
    house
        .files
        .iter()
        .flat_map(|(path, file)| file.paths.iter().map(move |named| (path.as_str(), file, named)))
}

/// Imports point strictly down, in tests too; `main` meets only what stands above all.
fn imports_point_down(house: &House) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, file, named) in every_path(house) {
        let at = format!("{path}:{}: `{}`", named.line, named.text());
        if path == "src/main.rs" {
            let ours = named.segments[0] == "jitpass";
            if ours && !named.segments.get(1).is_some_and(|top| ABOVE_ALL.contains(&top.as_str())) {
                wrong.push(format!("{at}: `main` uses only {}", ABOVE_ALL.join(" and ")));
            }
            continue;
        }
        let Some(to) = named.top() else { continue };
        // The root declares the modules and stands on no floor.
        let Some(from) = file.module.first() else { continue };
        if from == to {
            continue;
        }
        match (floor_of(from), floor_of(to)) {
            (Some(from_floor), Some(to_floor)) if to_floor < from_floor => {}
            (Some(from_floor), Some(to_floor)) if to_floor == from_floor => {
                wrong.push(format!("{at}: `{from}` and `{to}` stand on one floor"));
            }
            (Some(_), Some(_)) => wrong.push(format!("{at}: `{to}` stands above `{from}`")),
            _ => wrong.push(format!("{at}: not a module with a floor")),
        }
    }
    wrong
}

/// Every top-level module has a floor, and every file belongs to the tree.
fn every_file_has_a_place(house: &House) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, file) in &house.files {
        if path == "src/main.rs" {
            wrong.extend(
                file.children.iter().map(|(name, _)| format!("{path}: `mod {name}` belongs to the library")),
            );
            continue;
        }
        let Some((name, parents)) = file.module.split_last() else { continue };
        if floor_of(&file.module[0]).is_none() {
            wrong.push(format!("{path}: `{}` has no floor", file.module[0]));
        }
        let parent =
            house.files.iter().find(|(other, file)| file.module == parents && *other != "src/main.rs");
        if !parent.is_some_and(|(_, parent)| parent.children.iter().any(|(child, _)| child == name)) {
            wrong.push(format!("{path}: nobody says `mod {name};`"));
        }
    }
    wrong
}

/// Crates stay where they belong, and `base` needs none.
fn crates_stay_in_place(house: &House) -> Vec<String> {
    let crates = dependencies();
    let mut wrong = Vec::new();
    for (path, file, named) in every_path(house).filter(|(_, _, named)| !named.test) {
        let name = named.segments[0].as_str();
        let at = format!("{path}:{}: `{}`", named.line, named.text());
        let place = PLACES.iter().find(|(restricted, _)| *restricted == name);
        if file.module.first().is_none_or(|top| top == "base") && crates.iter().any(|known| known == name) {
            wrong.push(format!("{at}: only the standard library here"));
        } else if let Some((_, places)) = place
            && !places.iter().any(|place| in_place(&file.module, place))
        {
            wrong.push(format!("{at}: `{name}` belongs to {}", places.join(", ")));
        }
    }
    wrong
}

/// The cached answer reaches nothing that costs time.
fn a_hit_is_light(house: &House) -> Vec<String> {
    let Some(start) =
        ["src/hit.rs", "src/hit/mod.rs"].into_iter().find(|path| house.files.contains_key(*path))
    else {
        return vec!["`hit` is missing".to_owned()];
    };
    let mut wrong = Vec::new();
    for (path, through) in house.reach(start) {
        let file = &house.files[&path];
        if !HIT_REACHES.iter().any(|place| in_place(&file.module, place)) {
            wrong.push(format!("{path}: reached from `hit` by {through}"));
        }
        for named in file.paths.iter().filter(|named| !named.test) {
            if HIT_AVOIDS.contains(&named.segments[0].as_str()) {
                wrong.push(format!(
                    "{path}:{}: `{}` on the way of a hit ({through})",
                    named.line,
                    named.text()
                ));
            }
        }
    }
    wrong
}

/// Files stay short.
fn files_are_short(house: &House) -> Vec<String> {
    let long = house.files.iter().filter(|(path, file)| {
        !file.test
            && file.lines_without_tests > MOST_LINES
            && !LONGER.iter().any(|(listed, _)| listed == path)
    });
    long.map(|(path, file)| format!("{path}: {} lines without tests", file.lines_without_tests)).collect()
}

/// Outside tests there is no `unwrap()`, no `use …::*` of our own, no `#[path]`.
fn no_short_cuts(house: &House) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, file) in &house.files {
        for three in file.words.windows(3).filter(|three| !three[0].test) {
            if three[0].is('.') && three[1].names("unwrap") && three[2].is('(') {
                wrong.push(format!("{path}:{}: `unwrap()` outside tests", three[1].line));
            }
            if three[0].is('#') && three[1].is('[') && three[2].names("path") {
                wrong.push(format!("{path}:{}: `#[path]` hides a file from these rules", three[1].line));
            }
        }
        for named in
            file.paths.iter().filter(|named| named.glob && !named.test && named.segments[0] == "crate")
        {
            wrong.push(format!("{path}:{}: `use {}` outside tests", named.line, named.text()));
        }
    }
    wrong
}

/// Every test file hangs on `tests/all.rs`, so that none is forgotten.
fn every_test_is_registered(house: &House) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, file) in house.files.iter().filter(|(path, _)| *path != "tests/all.rs") {
        let registered = file.module.split_last().is_some_and(|(name, parents)| {
            let mut parent = house.files.values().filter(|other| other.module == parents);
            parent.any(|parent| parent.children.iter().any(|(child, _)| child == name))
        });
        if !registered {
            wrong.push(format!("{path}: not registered from tests/all.rs"));
        }
    }
    wrong
}

/// The crates of `Cargo.toml`, as code spells them.
fn dependencies() -> Vec<String> {
    let manifest = std::fs::read_to_string(package().join("Cargo.toml")).expect("the manifest is readable");
    let lines = manifest.lines().skip_while(|line| *line != "[dependencies]").skip(1);
    let names = lines.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once(" ="));
    // One crate is known by another name than its package's.
    names
        .map(|(name, _)| if name == "rust-ini" { "ini".to_owned() } else { name.replace('-', "_") })
        .collect()
}

mod the_house {
    use super::*;

    fn sources() -> House {
        let house = House::read(package(), "src");
        assert!(
            house.files.len() > 5 && house.files.contains_key("src/lib.rs"),
            "found {}",
            house.files.len()
        );
        house
    }

    #[test]
    fn imports_point_down() {
        holds(super::imports_point_down, &sources());
    }

    #[test]
    fn every_file_has_a_place() {
        holds(super::every_file_has_a_place, &sources());
    }

    #[test]
    fn crates_stay_in_place() {
        assert!(dependencies().len() > 5, "{:?}", dependencies());
        holds(super::crates_stay_in_place, &sources());
    }

    #[test]
    fn a_hit_is_light() {
        holds(super::a_hit_is_light, &sources());
    }

    #[test]
    fn files_are_short() {
        holds(super::files_are_short, &sources());
    }

    #[test]
    fn no_short_cuts() {
        holds(super::no_short_cuts, &sources());
    }

    #[test]
    fn every_test_is_registered() {
        holds(super::every_test_is_registered, &House::read(package(), "tests"));
    }
}

/// Each rule, broken.
mod seeded {
    use super::*;

    #[track_caller]
    fn catches(rule: fn(&House) -> Vec<String>, files: &[(&str, &str)], expected: &str) {
        let wrong = rule(&House::of(files.iter().copied()));
        let [only] = wrong.as_slice() else { panic!("expected one complaint, got {wrong:#?}") };
        assert!(only.contains(expected), "expected {expected:?} in {only:?}");
    }

    #[test]
    fn an_upward_import() {
        let up = "stands above";
        catches(imports_point_down, &[("src/store/cache.rs", "use crate::ops::x;")], up);
        catches(imports_point_down, &[("src/store/cache.rs", "fn f() { crate::ops::x() }")], up);
        catches(imports_point_down, &[("src/store/a.rs", "use crate::{base, ops::{x}};")], up);
        catches(imports_point_down, &[("src/store/a.rs", "use super::super::cli::x;")], up);
        catches(imports_point_down, &[("src/store/a/b.rs", "type X = super::super::super::cli::Y;")], up);
        catches(
            imports_point_down,
            &[("src/base/a.rs", "#[cfg(test)] mod tests { use crate::net::x; }")],
            up,
        );
        catches(
            imports_point_down,
            &[("src/net/a.rs", "#[serde(with = \"crate::store::x\")] struct A;")],
            up,
        );
        catches(imports_point_down, &[("src/host/a.rs", "macro_rules! m { () => { $crate::plan::x } }")], up);
    }

    #[test]
    fn a_sideways_import() {
        let sideways = "on one floor";
        catches(imports_point_down, &[("src/store/a.rs", "use crate::portal::x;")], sideways);
        catches(imports_point_down, &[("src/hit.rs", "pub use crate::demo::x;")], sideways);
    }

    #[test]
    fn an_import_from_nowhere() {
        catches(
            imports_point_down,
            &[("src/cli/a.rs", "use crate::common::x;")],
            "not a module with a floor",
        );
        catches(imports_point_down, &[("src/main.rs", "use jitpass::ops::x;")], "`main` uses only");
    }

    #[test]
    fn what_is_allowed_is_not_complained_of() {
        holds(
            imports_point_down,
            &House::of([
                ("src/main.rs", "use jitpass::{cli, hit}; use std::process;"),
                ("src/cli/a.rs", "use crate::ops::x; use crate::cli::b; use super::c; use crate::base;"),
                ("src/ops/serve.rs", "use crate::portal; fn f() { tokio::spawn() }"),
                ("src/ops/a.rs", "// crate::cli::x\nconst A: &str = \"crate::cli::x\";"),
            ]),
        );
    }

    #[test]
    fn a_module_without_a_floor() {
        let root = ("src/lib.rs", "pub mod extra;");
        catches(every_file_has_a_place, &[root, ("src/extra.rs", "")], "`extra` has no floor");
    }

    #[test]
    fn a_file_that_nobody_declares() {
        let files =
            [("src/lib.rs", "pub mod host;"), ("src/host/mod.rs", "// mod env;"), ("src/host/env.rs", "")];
        catches(every_file_has_a_place, &files, "nobody says `mod env;`");
        catches(every_file_has_a_place, &[("src/main.rs", "mod cli;")], "belongs to the library");
    }

    #[test]
    fn a_crate_out_of_place() {
        catches(crates_stay_in_place, &[("src/ops/a.rs", "use clap::Parser;")], "`clap` belongs to cli");
        catches(
            crates_stay_in_place,
            &[("src/ops/a.rs", "#[derive(clap::Args)] struct A;")],
            "belongs to cli",
        );
        catches(
            crates_stay_in_place,
            &[("src/portal/a.rs", "fn f() { ::reqwest::get() }")],
            "belongs to net",
        );
        catches(crates_stay_in_place, &[("src/store/a.rs", "use tokio as t;")], "`tokio` belongs to net");
        catches(crates_stay_in_place, &[("src/ops/aws.rs", "tokio::spawn(x)")], "`tokio` belongs to net");
        catches(
            crates_stay_in_place,
            &[("src/base/a.rs", "use serde::Serialize;")],
            "only the standard library",
        );
        catches(crates_stay_in_place, &[("src/base/a.rs", "ini::Ini::new()")], "only the standard library");
        catches(crates_stay_in_place, &[("src/main.rs", "use clap::Parser;")], "only the standard library");
    }

    #[test]
    fn a_heavy_hit() {
        let root = ("src/lib.rs", "pub mod hit; pub mod host; pub mod store;");
        let hit = ("src/hit.rs", "use crate::store::Cache;");
        let store = (
            "src/store/mod.rs",
            "pub mod cache; mod journal; pub use cache::Cache; pub use journal::Journal;",
        );
        let cache = |text: &'static str| {
            [root, hit, store, ("src/store/cache.rs", text), ("src/store/journal.rs", "")]
        };
        holds(a_hit_is_light, &House::of(cache("pub struct Cache;")));
        catches(
            a_hit_is_light,
            &cache("pub struct Cache(tracing::Span);"),
            "`tracing::Span` on the way of a hit",
        );
        catches(
            a_hit_is_light,
            &cache("use crate::store::Journal;"),
            "src/store/journal.rs: reached from `hit`",
        );
        catches(
            a_hit_is_light,
            &cache("use super::journal as j; fn f() { j::x() }"),
            "src/store/journal.rs: reached",
        );
        catches(a_hit_is_light, &[root], "`hit` is missing");
    }

    #[test]
    fn a_long_file() {
        let long = "fn f() {}\n".repeat(MOST_LINES + 1);
        catches(files_are_short, &[("src/ops/a.rs", &long)], "401 lines");
        let tested = format!("{}#[cfg(test)]\nmod tests {{\n{long}}}\n", "fn f() {}\n".repeat(MOST_LINES));
        holds(files_are_short, &House::of([("src/ops/a.rs", tested.as_str())]));
    }

    #[test]
    fn a_short_cut() {
        catches(no_short_cuts, &[("src/ops/a.rs", "fn f() { x\n.unwrap() }")], "src/ops/a.rs:2: `unwrap()`");
        catches(no_short_cuts, &[("src/ops/a.rs", "use super::*;")], "`use crate::ops::*` outside tests");
        catches(no_short_cuts, &[("src/ops/a.rs", "#[path = \"b.rs\"] mod c;")], "`#[path]`");
        let fine = "// x.unwrap()\nfn f() { x.unwrap_or(1) }\n#[cfg(test)]\nmod tests { use super::*; fn g() { x.unwrap() } }";
        holds(no_short_cuts, &House::of([("src/ops/a.rs", fine)]));
    }

    #[test]
    fn a_test_that_nobody_registered() {
        let all = ("tests/all.rs", "mod cli;");
        catches(
            every_test_is_registered,
            &[all, ("tests/forgotten.rs", "")],
            "tests/forgotten.rs: not registered",
        );
        let group = ("tests/cli/mod.rs", "mod setup;");
        catches(
            every_test_is_registered,
            &[all, group, ("tests/cli/setup.rs", ""), ("tests/cli/aws.rs", "")],
            "cli/aws.rs",
        );
    }
}
