//! After `uninstall` the home directory is what it was before `setup`.

mod homes;
mod interrupted;
mod transcripts;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::harness::Sandbox;

/// Everything below a directory: its directories, links, and files with their bytes, each with its mode.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Thing {
    Directory(u32),
    Link(PathBuf),
    File(u32, Vec<u8>),
}

/// The whole of a home directory, the directories too.
fn tree(root: &Path) -> BTreeMap<PathBuf, Thing> {
    let mut found = BTreeMap::new();
    collect(root, root, &mut found);
    found
}

fn collect(root: &Path, directory: &Path, found: &mut BTreeMap<PathBuf, Thing>) {
    for entry in fs::read_dir(directory).expect("the sandbox is ours") {
        let path = entry.expect("the sandbox is ours").path();
        let metadata = path.symlink_metadata().expect("the sandbox is ours");
        let mode = metadata.permissions().mode() & 0o7777;
        let thing = if metadata.is_symlink() {
            Thing::Link(fs::read_link(&path).expect("the sandbox is ours"))
        } else if metadata.is_dir() {
            collect(root, &path, found);
            Thing::Directory(mode)
        } else {
            Thing::File(mode, fs::read(&path).expect("the sandbox is ours"))
        };
        found.insert(path.strip_prefix(root).expect("it is below").to_owned(), thing);
    }
}

/// Says what differs, without the bytes: they may be long.
#[track_caller]
fn assert_same(before: &BTreeMap<PathBuf, Thing>, after: &BTreeMap<PathBuf, Thing>) {
    let text = |thing: Option<&Thing>| match thing {
        Some(Thing::File(mode, bytes)) => format!("file {mode:o}\n{}", String::from_utf8_lossy(bytes)),
        Some(other) => format!("{other:?}"),
        None => "nothing".to_owned(),
    };
    let paths: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let differs: Vec<String> = paths
        .into_iter()
        .filter(|path| before.get(*path) != after.get(*path))
        .map(|path| {
            format!(
                "{}\nbefore: {}\nafter: {}",
                path.display(),
                text(before.get(path)),
                text(after.get(path))
            )
        })
        .collect();
    assert!(differs.is_empty(), "{}", differs.join("\n\n"));
}

/// Sets the portal up as `acme`.
#[track_caller]
fn set_up(sandbox: &Sandbox) {
    let url = sandbox.url();
    let args = ["setup", "--host", &url, "--name", "acme", "--yes", "--token-stdin"];
    sandbox.jitpass(args).stdin(sandbox.token("admin") + "\n").run().success();
}
