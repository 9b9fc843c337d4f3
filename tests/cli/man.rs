//! The manual.

use std::collections::BTreeSet;

use snapbox::{IntoData as _, assert_data_eq, str};

use super::shown;
use crate::harness::Sandbox;

/// Every command that `--help` names, and those below it, as words.
fn commands(sandbox: &Sandbox, above: &[String]) -> Vec<Vec<String>> {
    let args = above.iter().cloned().chain(["--help".to_owned()]);
    let help = sandbox.jitpass(args).run().success().stdout;
    let listed =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // What goes on in the next line is indented further.
    let names =
        listed.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    let mut all = vec![above.to_vec()];
    for name in names.filter(|name| *name != "help") {
        all.extend(commands(sandbox, &[above, &[name.to_owned()]].concat()));
    }
    all
}

#[test]
fn every_command_has_a_page_that_tells_of_its_flags() {
    let sandbox = Sandbox::new();
    let run = sandbox.jitpass(["man", "--output", "share/man1"]).run().success();
    let pages: BTreeSet<String> = std::fs::read_dir(sandbox.home().join("share/man1"))
        .expect("it was made")
        .map(|entry| entry.expect("it is there").file_name().into_string().expect("a name of ours"))
        .collect();
    let commands = commands(&sandbox, &[]);
    assert!(commands.len() > 30, "{commands:?}");
    let mut expected = BTreeSet::new();
    for words in commands {
        let title =
            ["jitpass"].into_iter().chain(words.iter().map(String::as_str)).collect::<Vec<_>>().join("-");
        let page = sandbox.read(&format!("share/man1/{title}.1"));
        // The same is printed, whenever it is.
        let args = ["man".to_owned()].into_iter().chain(words.iter().cloned());
        assert_eq!(sandbox.jitpass(args).at(0).run().success().stdout, page, "{title}");
        check(&title, &page);
        let plain = page.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "").replace("\\fI", "");
        let help = sandbox.jitpass(words.iter().cloned().chain(["--help".to_owned()])).run().success().stdout;
        for flag in help.lines().map(str::trim_start).filter(|line| line.starts_with('-')) {
            let flag = flag.split([' ', ',']).find(|word| word.starts_with('-')).expect("it starts so");
            assert!(plain.contains(flag), "{title} says nothing of {flag}");
        }
        expected.insert(format!("{title}.1"));
    }
    assert_eq!(pages, expected);
    assert_eq!(run.stderr, format!("✓ {} manual pages in share/man1\n", pages.len()));
}

/// Whether a page is whole, and nothing in it is taken for a request of roff that none is.
#[track_caller]
fn check(title: &str, page: &str) {
    const REQUESTS: [&str; 11] = ["TH", "SH", "TP", "PP", "B", "BR", "RS", "RE", "br", "ie", "el"];
    for line in page.lines() {
        match line.strip_prefix('.') {
            Some(request) => {
                let name = request.split([' ', '\\']).next().unwrap_or_default();
                assert!(REQUESTS.contains(&name), "{title}: {line}");
            }
            None => assert!(!line.starts_with('\''), "{title}: {line}"),
        }
    }
    let heads: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix(".SH ")).collect();
    assert_eq!(heads[..3], ["NAME", "SYNOPSIS", "DESCRIPTION"], "{title}");
    assert!(heads.contains(&"\"EXIT STATUS\""), "{title}: {heads:?}");
    let head = page.lines().find(|line| line.starts_with(".TH ")).expect("a head");
    assert_eq!(head, format!(".TH {title} 1  \"jitpass {}\" \"jitpass manual\"", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_page() {
    let run = Sandbox::new().jitpass(["man", "portal", "export"]).run().success();
    assert_data_eq!(run.stdout, str![[r#"
.ie \n(.g .ds Aq \(aq
.el .ds Aq '
.TH jitpass-portal-export 1  "jitpass 0.1.0" "jitpass manual"
.SH NAME
jitpass\-portal\-export \- Print your choices as a file for a colleague\*(Aqs \(gasetup \-\-from\(ga
.SH SYNOPSIS
\fBjitpass portal export\fR [OPTIONS] [PORTAL]...
.SH DESCRIPTION
Print your choices as a file for a colleague\*(Aqs \(gasetup \-\-from\(ga
.PP
Addresses, names, patterns of tenants, templates, and the extra keys that are known to do no harm. Never a token, a person, or a command that would run on another machine; what is left out is said.
.SH OPTIONS
.TP
\fB\-\-debug\fR
Say on stderr what is being done
.TP
\fB\-o\fR, \fB\-\-output\fR \fI<FILE>\fR
Write it to this file; it must be new, unless you say \-\-yes
.TP
\fB\-y\fR, \fB\-\-yes\fR
Replace the file
.TP
\fB\-h\fR, \fB\-\-help\fR
Print help (see a summary with \*(Aq\-h\*(Aq)
.TP
[\fIPORTAL\fR]
Portals by name or address; all that are set up, without one
.SH "EXIT STATUS"
.TP
.B 0
It is done.
.TP
.B 1
It could not be done, or was stopped.
.TP
.B 2
The command line makes no sense.
.TP
.B 3
A dry run found something to write.
.SH "SEE ALSO"
.BR jitpass\-portal (1)

"#]].raw());
}

#[test]
fn what_is_no_command() {
    let sandbox = Sandbox::new();
    assert_data_eq!(
        shown(&sandbox.jitpass(["man", "profile", "shwo"]).run()),
        str![[r#"
$ jitpass man profile shwo
exit 2
--- stderr
error: there is no command `shwo`
hint: did you mean `show`?

"#]]
    );
    sandbox.write("file", "");
    assert_data_eq!(
        shown(&sandbox.jitpass(["man", "--output", "file/x"]).run()),
        str![[r#"
$ jitpass man --output file/x
exit 1
--- stderr
error: cannot write file/x/jitpass.1
  caused by: Not a directory (os error 20)

"#]]
    );
}

#[test]
fn a_shell_without_completions_says_so() {
    let sandbox = Sandbox::new();
    assert_data_eq!(
        shown(&sandbox.jitpass(["completions", "sh"]).run()),
        str![[r#"
$ jitpass completions sh
exit 2
--- stderr
error: sh completes nothing but files
hint: bash, zsh, fish, powershell, nushell, elvish, xonsh and tcsh do

"#]]
    );
}
