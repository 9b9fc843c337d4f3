//! Files that other tools and people wrote keep all that is theirs: through setup, a tenant more, one less, a prune, and
//! the way back. `tests/data/peers` holds one as each tool writes it.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use super::set_up;
use crate::awsconfig::oracle::{Reading, botocore, rust_sdk};
use crate::harness::Sandbox;

/// How a file lies on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    AsWritten,
    Crlf,
    /// The last line has no end.
    Unended,
    /// At the other end of a link, with a mode of its own.
    Linked,
}

impl Form {
    fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::AsWritten | Self::Linked => bytes.to_owned(),
            Self::Crlf => String::from_utf8(bytes.to_owned()).unwrap().replace('\n', "\r\n").into_bytes(),
            Self::Unended => bytes.trim_ascii_end().to_owned(),
        }
    }
}

/// The file of one tool on its way: what it was and, after each step, what it is.
struct Way {
    sandbox: Sandbox,
    name: String,
    form: Form,
    /// What is not ours.
    theirs: Vec<u8>,
    /// What was done, what was theirs then, and the file.
    steps: Vec<(String, Vec<u8>, Vec<u8>)>,
}

impl Way {
    fn start(name: &str, bytes: &[u8], form: Form) -> Self {
        let sandbox = Sandbox::with("new,tenants=3");
        let theirs = form.of(bytes);
        if form == Form::Linked {
            let real = sandbox.write("dotfiles/aws", &theirs);
            fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
            fs::create_dir(sandbox.home().join(".aws")).unwrap();
            symlink("../dotfiles/aws", sandbox.aws_config()).unwrap();
        } else {
            sandbox.write(".aws/config", &theirs);
        }
        Self { sandbox, name: format!("{name} {form:?}"), form, theirs, steps: Vec::new() }
    }

    /// Checks that all that is theirs is there, to the byte, and these profiles of ours.
    fn keeps(&mut self, step: &str, ours: &[&str]) {
        let config = fs::read(self.sandbox.aws_config()).unwrap();
        let (theirs, names) = apart(&config);
        let what = format!("{}, {step}:\n{}", self.name, String::from_utf8_lossy(&config));
        assert_eq!(names, ours, "{what}");
        // A last line without an end gets one when something follows it; a blank last line is the one above ours.
        let is_same = theirs == self.theirs
            || theirs.strip_suffix(b"\n") == Some(&self.theirs)
            || [theirs, lines(&self.theirs).last().unwrap().to_vec()].concat() == self.theirs
                && lines(&self.theirs).last().unwrap().trim_ascii().is_empty();
        assert!(is_same, "{what}");
        if self.form == Form::Crlf {
            assert_eq!(lines(&config).filter(|line| !line.ends_with(b"\r\n")).count(), 0, "{what}");
        }
        if self.form == Form::Linked {
            let (link, real) = (self.sandbox.aws_config(), self.sandbox.home().join("dotfiles/aws"));
            assert!(link.is_symlink(), "{what}");
            assert_eq!(real.metadata().unwrap().permissions().mode() & 0o777, 0o640, "{what}");
        }
        self.steps.push((what, self.theirs.clone(), config));
    }

    fn sync(&self, args: &[&str]) {
        self.sandbox.jitpass(["sync", "--yes"]).args(args).run().success();
    }

    /// Another tool adds a section at the end, as it would if we were not there; gives its bytes.
    fn another_writes(&mut self) -> Vec<u8> {
        let line_end = if self.form == Form::Crlf { "\r\n" } else { "\n" };
        let mut config = fs::read(self.sandbox.aws_config()).unwrap();
        if !config.ends_with(b"\n") {
            config.extend_from_slice(line_end.as_bytes());
        }
        let section = format!("[profile later]{line_end}region = eu-north-1{line_end}").into_bytes();
        config.extend_from_slice(&section);
        fs::write(self.sandbox.aws_config(), &config).unwrap();
        self.theirs = apart(&config).0;
        section
    }

    /// All of it, with another tool that writes in between.
    fn go(&mut self) {
        let original = self.theirs.clone();
        set_up(&self.sandbox);
        let four = ["acme-admin", "acme-default", "acme-dev01", "acme-qa01"];
        let five = [&four[..], &["acme-new01"]].concat();
        self.keeps("setup", &four);
        let section = self.another_writes();
        self.sandbox.portal().portal().add_tenant("new01", "default");
        self.sync(&[]);
        self.keeps("a tenant more", &five);
        self.sandbox.portal().portal().remove_tenant("dev01");
        self.sync(&[]);
        self.keeps("a tenant less", &five);
        self.sync(&["--prune"]);
        self.keeps("a prune", &["acme-admin", "acme-default", "acme-qa01", "acme-new01"]);
        self.undo();
        self.keeps("the prune undone", &five);
        self.undo();
        self.keeps("the sync undone", &four);
        self.undo();
        let left = fs::read(self.sandbox.aws_config()).unwrap();
        let line_end: &[u8] = if original.ends_with(b"\n") { b"" } else { b"\n" };
        let expected = [&original, line_end, &section].concat();
        assert!(left == expected, "{}, all undone:\n{}", self.name, String::from_utf8_lossy(&left));
        self.theirs = expected;
        self.keeps("all undone", &[]);
    }

    fn undo(&self) {
        self.sandbox.jitpass(["undo", "--yes"]).run().success();
    }
}

fn lines(config: &[u8]) -> impl Iterator<Item = &[u8]> {
    config.split_inclusive(|byte| *byte == b'\n')
}

/// The bytes of others, and the names of our profiles. Ours is a section with our name and its one blank line above.
fn apart(config: &[u8]) -> (Vec<u8>, Vec<String>) {
    let (mut theirs, mut names): (Vec<&[u8]>, Vec<String>) = (Vec::new(), Vec::new());
    let mut is_ours = false;
    for line in lines(config) {
        let was_ours = is_ours;
        if line.trim_ascii_start().starts_with(b"[") {
            let name = line.strip_prefix(b"[profile acme-").map(<[u8]>::trim_ascii_end);
            is_ours = name.is_some();
            if let Some(name) = name {
                names.push(format!("acme-{}", String::from_utf8_lossy(name).trim_end_matches(']')));
                if theirs.last().is_some_and(|line| line.trim_ascii().is_empty()) && !was_ours {
                    theirs.pop();
                }
            }
        }
        if !is_ours {
            theirs.push(line);
        }
    }
    (theirs.concat(), names)
}

/// What a reader reads of the profiles that are not ours.
fn foreign(reading: &Reading) -> Reading {
    let mut profiles = reading.clone()?;
    profiles.retain(|name, _| !name.starts_with("acme-"));
    Some(profiles)
}

/// Every file of `tests/data/peers` in this form.
fn all_keep_what_is_theirs(form: Form) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/peers");
    let mut files: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 9, "{files:?}");
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let mut way = Way::start(&name, &fs::read(&file).unwrap(), form);
        way.go();
        for (step, theirs, config) in way.steps {
            let rust = foreign(&rust_sdk(&theirs));
            if rust.is_some() {
                assert_eq!(foreign(&rust_sdk(&config)), rust, "to the SDK for Rust: {step}");
            }
            before.push(theirs);
            after.push((step, config));
        }
    }
    let configs: Vec<Vec<u8>> = after.iter().map(|(_, config)| config.clone()).collect();
    let (Some(before), Some(read)) = (botocore(&before), botocore(&configs)) else { return };
    for ((before, read), (step, _)) in before.iter().zip(&read).zip(&after) {
        assert!(before.is_some(), "botocore cannot read the file as it was: {step}");
        assert_eq!(&foreign(read), before, "to botocore: {step}");
    }
}

#[test]
fn as_written() {
    all_keep_what_is_theirs(Form::AsWritten);
}

#[test]
fn with_carriage_returns() {
    all_keep_what_is_theirs(Form::Crlf);
}

#[test]
fn without_a_final_line_end() {
    all_keep_what_is_theirs(Form::Unended);
}

#[test]
fn through_a_link() {
    all_keep_what_is_theirs(Form::Linked);
}
