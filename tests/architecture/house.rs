//! The files as modules: which file is which module, which paths it names, and which file a path leads to.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::source::{self, Placed, Word};

/// A set of Rust files and the module tree they make.
#[derive(Debug, Default)]
pub(super) struct House {
    /// By path from the package's root, `/` between the parts.
    pub(super) files: BTreeMap<String, File>,
    /// The file of each module; the crate's root is the empty path.
    modules: BTreeMap<Vec<String>, String>,
}

/// One file, read.
#[derive(Debug)]
pub(super) struct File {
    /// Its module, as segments; empty for the crate's root and for `main.rs`.
    pub(super) module: Vec<String>,
    pub(super) words: Vec<Placed>,
    pub(super) lines_without_tests: usize,
    /// Whether it belongs to tests as a whole (`#[cfg(test)] mod x;`).
    pub(super) test: bool,
    /// Every path it names.
    pub(super) paths: Vec<Named>,
    /// `mod x;` lines: name, and whether it stands under `#[cfg(test)]`.
    pub(super) children: Vec<(String, bool)>,
    /// Names of types defined here.
    defines: BTreeSet<String>,
    /// Names of types that get an `impl` here.
    implements: BTreeSet<String>,
}

/// A path that a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// Absolute: starts with `crate` for our own, else with the name of a crate (or of something local).
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
    pub(super) test: bool,
    /// The name a `use` gives it here; none for a path inside code.
    binds: Option<String>,
    /// Ends in `*`.
    pub(super) glob: bool,
}

impl Named {
    /// As Rust writes it.
    pub(super) fn text(&self) -> String {
        self.segments.join("::") + if self.glob { "::*" } else { "" }
    }

    /// The top-level module of ours that it leads into.
    pub(super) fn top(&self) -> Option<&str> {
        match self.segments.as_slice() {
            [first, top, ..] if first == "crate" => Some(top),
            _ => None,
        }
    }
}

impl House {
    /// Every `.rs` file under `root/folder`.
    pub(super) fn read(root: &Path, folder: &str) -> Self {
        let mut texts = Vec::new();
        collect(root, folder, &mut texts);
        Self::of(texts.iter().map(|(path, text)| (path.as_str(), text.as_str())))
    }

    /// A house of files given as path and text.
    pub(super) fn of<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut house = Self::default();
        for (path, text) in texts {
            let file = File::read(path, text);
            if !path.ends_with("/main.rs") {
                house.modules.insert(file.module.clone(), path.to_owned());
            }
            house.files.insert(path.to_owned(), file);
        }
        house.spread_tests();
        house
    }

    /// The files that can run once `start` is entered: whatever they name, through re-exports to where it is
    /// defined, and every file that adds an `impl` to a type defined in one of them.
    pub(super) fn reach(&self, start: &str) -> BTreeMap<String, String> {
        let mut reached = BTreeMap::from([(start.to_owned(), String::new())]);
        let mut open = vec![start.to_owned()];
        while let Some(path) = open.pop() {
            let file = &self.files[&path];
            let named = file.paths.iter().filter(|named| !named.test);
            let mut next: Vec<(String, String)> = named
                .flat_map(|named| {
                    self.targets(&named.segments, named.glob, 0).into_iter().map(|to| (to, named.text()))
                })
                .collect();
            for (other, content) in &self.files {
                let same_top = content.module.first() == file.module.first();
                if let Some(name) = content.implements.intersection(&file.defines).next().filter(|_| same_top)
                {
                    next.push((other.clone(), format!("impl {name}")));
                }
            }
            for (to, through) in next {
                if !self.files[&to].test && !reached.contains_key(&to) {
                    reached.insert(to.clone(), format!("{path} → {through}"));
                    open.push(to);
                }
            }
        }
        reached
    }

    /// The files that a path of ours leads to; none for a path of another crate.
    fn targets(&self, segments: &[String], glob: bool, depth: usize) -> Vec<String> {
        if segments.first().is_none_or(|first| first != "crate") {
            return Vec::new();
        }
        let inside = &segments[1..];
        let known = (0..=inside.len()).rev().find(|&n| self.modules.contains_key(&inside[..n])).unwrap_or(0);
        let Some(path) = self.modules.get(&inside[..known]) else { return Vec::new() };
        let item = inside.get(known);
        let mut found = Vec::new();
        if let Some(item) = item {
            // A re-export stands for the place it points at; thirty in a row would be a ring.
            for named in self.files[path].paths.iter().filter(|named| !named.test && depth < 30) {
                if named.binds.as_ref() == Some(item) || named.glob {
                    let onward = [named.segments.as_slice(), &inside[known + 1..]].concat();
                    found.extend(self.targets(&onward, glob || named.glob, depth + 1));
                }
            }
        }
        if glob {
            let below = self.modules.iter().filter(|(module, _)| module.starts_with(&inside[..known]));
            found.extend(below.map(|(_, path)| path.clone()));
        }
        if found.is_empty() {
            found.push(path.clone());
        }
        found
    }

    /// A file declared under `#[cfg(test)]` is a test, and so is everything below it.
    fn spread_tests(&mut self) {
        let mut tests: Vec<Vec<String>> = Vec::new();
        for file in self.files.values() {
            for (child, test) in &file.children {
                if *test {
                    tests.push([file.module.as_slice(), std::slice::from_ref(child)].concat());
                }
            }
        }
        for file in self.files.values_mut() {
            if !file.module.is_empty() && tests.iter().any(|test| file.module.starts_with(test)) {
                file.test = true;
                file.words.iter_mut().for_each(|word| word.test = true);
                file.paths.iter_mut().for_each(|named| named.test = true);
            }
        }
    }
}

impl File {
    fn read(path: &str, text: &str) -> Self {
        let module = module_of(path);
        let words = source::words(text);
        let children = children(&words);
        let paths = paths(&words, &module, &children);
        let mut defines = BTreeSet::new();
        let mut implements = BTreeSet::new();
        for (at, word) in words.iter().enumerate().filter(|(_, word)| !word.test) {
            match word.name() {
                Some("struct" | "enum" | "trait" | "union") => {
                    defines.extend(words.get(at + 1).and_then(Placed::name).map(str::to_owned));
                }
                Some("impl") => implements.extend(self_type(&words[at + 1..])),
                _ => {}
            }
        }
        Self {
            module,
            lines_without_tests: source::lines_without_tests(text, &words),
            words,
            test: false,
            paths,
            children,
            defines,
            implements,
        }
    }
}

fn collect(root: &Path, folder: &str, texts: &mut Vec<(String, String)>) {
    let entries = fs::read_dir(root.join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    for entry in entries.map(Result::unwrap) {
        let name = entry.file_name().into_string().expect("file names here are plain");
        let path = format!("{folder}/{name}");
        if root.join(&path).is_dir() {
            collect(root, &path, texts);
        } else if Path::new(&name).extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(root.join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
            texts.push((path, text));
        }
    }
}

/// `src/a/b.rs` and `src/a/b/mod.rs` are `a::b`; `src/lib.rs`, `src/main.rs` and `tests/all.rs` are roots.
fn module_of(path: &str) -> Vec<String> {
    let inside = path.split_once('/').map_or(path, |(_, inside)| inside).trim_end_matches(".rs");
    let mut module: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    if module.len() == 1 && ["lib", "main", "all"].contains(&module[0].as_str()) {
        module.clear();
    }
    module
}

/// The `mod x;` lines.
fn children(words: &[Placed]) -> Vec<(String, bool)> {
    let lines = words.windows(3).filter(|w| w[0].names("mod") && w[2].is(';'));
    lines.filter_map(|w| Some((w[1].name()?.to_owned(), w[0].test))).collect()
}

/// The name of the type that an `impl` block is for; the words start after `impl`.
fn self_type(words: &[Placed]) -> Option<String> {
    let head = &words[..words.iter().position(|w| w.is('{') || w.is(';'))?];
    let start = head.iter().rposition(|w| w.names("for")).map_or_else(|| after_generics(head), |at| at + 1);
    let (mut name, mut at) = (None, start);
    while let Some(word) = head.get(at) {
        match &word.word {
            Word::Name(text) if text != "dyn" && text != "mut" => name = Some(text.clone()),
            Word::Colons | Word::Name(_) | Word::Sign('&') => {}
            _ => break,
        }
        at += 1;
    }
    name
}

fn after_generics(head: &[Placed]) -> usize {
    if !head.first().is_some_and(|w| w.is('<')) {
        return 0;
    }
    let mut depth = 0;
    for (at, word) in head.iter().enumerate() {
        depth += i32::from(word.is('<')) - i32::from(word.is('>'));
        if depth == 0 {
            return at + 1;
        }
    }
    head.len()
}

/// Every path the words name, absolute as far as the file itself tells.
fn paths(words: &[Placed], module: &[String], children: &[(String, bool)]) -> Vec<Named> {
    let mut found = Vec::new();
    // Inline modules, as the place where each ends.
    let mut inside: Vec<(usize, String)> = Vec::new();
    let mut attribute_until = 0;
    let mut at = 0;
    while at < words.len() {
        inside.retain(|(end, _)| at < *end);
        let here: Vec<String> =
            module.iter().cloned().chain(inside.iter().map(|(_, name)| name.clone())).collect();
        if words[at].is('#') {
            attribute_until = attribute_until.max(source::closing(words, at));
        }
        match &words[at].word {
            Word::Name(word) if word == "mod" && words.get(at + 2).is_some_and(|w| w.is('{')) => {
                let name = words[at + 1].name().unwrap_or_default().to_owned();
                inside.push((source::closing(words, at + 2), name));
                at += 3;
            }
            // `use<…>` bounds captures and names no path.
            Word::Name(word) if word == "use" && !words.get(at + 1).is_some_and(|w| w.is('<')) => {
                at = use_tree(words, at + 1, &[], &here, &mut found);
            }
            Word::Name(_) => {
                let end = inline_end(words, at);
                // A lone word is no path: not even the `super` of `pub(super)`.
                if end > at + 1 {
                    let segments =
                        words[at..end].iter().filter_map(Placed::name).map(str::to_owned).collect();
                    push(&mut found, &words[at], absolute(segments, &here), None, false);
                }
                at = end;
            }
            // `#[serde(with = "crate::x")]` names a path in a string.
            Word::Text(text) if at < attribute_until && text.contains("::") => {
                let segments = text.split("::").map(|part| part.trim().to_owned()).collect();
                push(&mut found, &words[at], absolute(segments, &here), None, false);
                at += 1;
            }
            _ => at += 1,
        }
    }
    through_bindings(&mut found, module, children);
    found
}

/// The end of the path in code that starts at `at`.
fn inline_end(words: &[Placed], at: usize) -> usize {
    let mut end = at + 1;
    while words.get(end).is_some_and(|w| w.word == Word::Colons)
        && words.get(end + 1).is_some_and(|w| w.name().is_some())
    {
        end += 2;
    }
    end
}

/// Reads one branch of a `use` tree; the place after it.
fn use_tree(
    words: &[Placed],
    mut at: usize,
    prefix: &[String],
    here: &[String],
    found: &mut Vec<Named>,
) -> usize {
    let mut segments = prefix.to_vec();
    let start = at;
    while let Some(word) = words.get(at) {
        match &word.word {
            Word::Name(name) if name == "as" => {
                let binds = words.get(at + 1).and_then(Placed::name).unwrap_or("_").to_owned();
                push(found, &words[start], absolute(segments, here), Some(binds), false);
                return at + 2;
            }
            // `{self}` means the path so far.
            Word::Name(name) if name == "self" && !segments.is_empty() => at += 1,
            Word::Name(name) => {
                segments.push(name.clone());
                at += 1;
            }
            Word::Colons => at += 1,
            Word::Sign('*') => {
                push(found, word, absolute(segments, here), None, true);
                return at + 1;
            }
            Word::Sign('{') => {
                let end = source::closing(words, at);
                at += 1;
                while at + 1 < end {
                    at = if words[at].is(',') {
                        at + 1
                    } else {
                        use_tree(words, at, &segments, here, found).max(at + 1)
                    };
                }
                return end;
            }
            _ => break,
        }
    }
    let binds = segments.last().cloned();
    push(found, &words[start.min(words.len() - 1)], absolute(segments, here), binds, false);
    at
}

fn push(found: &mut Vec<Named>, word: &Placed, segments: Vec<String>, binds: Option<String>, glob: bool) {
    if segments.len() > 1 || binds.is_some() || glob {
        found.push(Named { segments, line: word.line, test: word.test, binds, glob });
    }
}

/// Makes `self::` and `super::` absolute.
fn absolute(segments: Vec<String>, here: &[String]) -> Vec<String> {
    let mut base = here.to_vec();
    let mut rest = segments.as_slice();
    match rest.first().map(String::as_str) {
        Some("self") => rest = &rest[1..],
        Some("super") => {
            while let [first, more @ ..] = rest
                && first == "super"
            {
                base.pop();
                rest = more;
            }
        }
        _ => return segments,
    }
    std::iter::once("crate".to_owned()).chain(base).chain(rest.iter().cloned()).collect()
}

/// Makes paths absolute that start with a name which a `use` or a `mod x;` of this file gave.
fn through_bindings(found: &mut [Named], module: &[String], children: &[(String, bool)]) {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (child, _) in children {
        let path = std::iter::once("crate".to_owned()).chain(module.iter().cloned()).chain([child.clone()]);
        names.insert(child.clone(), path.collect());
    }
    // Twice: a `use` may start at the name another one gave.
    for _ in 0..2 {
        for named in found.iter_mut() {
            if let Some(target) = names.get(&named.segments[0])
                && target[0] != named.segments[0]
            {
                named.segments = target.iter().chain(&named.segments[1..]).cloned().collect();
            }
            if let Some(binds) = &named.binds {
                names.insert(binds.clone(), named.segments.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(path: &str, text: &str) -> Vec<String> {
        File::read(path, text).paths.iter().map(Named::text).collect()
    }

    #[test]
    fn paths_are_found_wherever_they_hide() {
        for (text, expected) in [
            (
                "use crate::a::{b, c::{self, d as e}, f::*};",
                "crate::a::b crate::a::c crate::a::c::d crate::a::f::*",
            ),
            ("fn f() { crate::a::b::<X>(1) }", "crate::a::b"),
            ("#[serde(with = \"crate::a::b\")] x: Y", "crate::a::b"),
            ("let x = \"crate::a::b\";", ""),
            ("// crate::a::b", ""),
            ("use super::x; use self::y; use super::super::z;", "crate::m::x crate::m::n::y crate::z"),
            (
                "mod inner { use super::x; use super::super::y; } use super::z;",
                "crate::m::n::x crate::m::y crate::m::z",
            ),
            ("use crate::host; fn f() { host::env::x() }", "crate::host crate::host::env::x"),
            (
                "use crate::host as h; use h::env; env::y()",
                "crate::host crate::host::env crate::host::env::y",
            ),
            ("mod child; fn f() { child::x() }", "crate::m::n::child::x"),
            ("println!(\"{}\", clap::crate_name!())", "clap::crate_name"),
            ("let x: ::clap::Arg = y;", "clap::Arg"),
            ("fn f() -> impl Sized + use<'a> {}", ""),
            ("pub(in crate::a) fn f() {} pub(super) fn g(self) {}", "crate::a"),
        ] {
            assert_eq!(texts("src/m/n.rs", text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn files_are_modules() {
        for (path, module) in [
            ("src/lib.rs", ""),
            ("src/main.rs", ""),
            ("src/hit.rs", "hit"),
            ("src/a/mod.rs", "a"),
            ("src/a/b.rs", "a::b"),
            ("src/a/b/mod.rs", "a::b"),
            ("tests/all.rs", ""),
        ] {
            assert_eq!(module_of(path).join("::"), module, "{path}");
        }
    }

    #[test]
    fn reach_follows_reexports_to_the_file_and_no_further() {
        let house = House::of([
            ("src/lib.rs", "pub mod hit; pub mod host;"),
            ("src/hit.rs", "use crate::host::Dirs; fn f() { crate::host::env::x() }"),
            (
                "src/host/mod.rs",
                "mod dirs; pub mod env; mod browser; pub use dirs::Dirs; pub use browser::Browser;",
            ),
            ("src/host/dirs.rs", "pub struct Dirs;"),
            ("src/host/more.rs", "use crate::host::Dirs; impl<T: X> Y<T> for Dirs { }"),
            ("src/host/env.rs", "#[cfg(test)] mod tests { use crate::host::Browser; }"),
            ("src/host/browser.rs", "pub struct Browser;"),
        ]);
        let reached: Vec<String> = house.reach("src/hit.rs").into_keys().collect();
        assert_eq!(reached, ["src/hit.rs", "src/host/dirs.rs", "src/host/env.rs", "src/host/more.rs"]);
    }

    #[test]
    fn a_glob_reaches_all_below() {
        let house = House::of([
            ("src/hit.rs", "use crate::host::*;"),
            ("src/host/mod.rs", "pub mod env;"),
            ("src/host/env.rs", ""),
        ]);
        assert_eq!(house.reach("src/hit.rs").len(), 3);
    }

    #[test]
    fn whole_files_can_be_tests() {
        let house = House::of([
            ("src/a/mod.rs", "#[cfg(test)] mod tests; mod b;"),
            ("src/a/tests.rs", "use crate::x::y;"),
            ("src/a/b.rs", ""),
        ]);
        assert!(house.files["src/a/tests.rs"].test && house.files["src/a/tests.rs"].paths[0].test);
        assert!(!house.files["src/a/b.rs"].test);
    }

    #[test]
    fn impl_heads_name_their_type() {
        for (text, expected) in [
            ("Dirs { }", "Dirs"),
            ("<T: A<B>> Dirs<T> { }", "Dirs"),
            ("<'a> fmt::Display for crate::host::Dirs<'a> where X: Y { }", "Dirs"),
            ("From<&Dirs> for &mut Other { }", "Other"),
        ] {
            assert_eq!(self_type(&source::words(text)).as_deref(), Some(expected), "{text}");
        }
    }
}
