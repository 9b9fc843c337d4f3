//! Bytes of the file that are not touched, and those that cannot be edited safely.

use std::fs;

use snapbox::{assert_data_eq, str};

use super::setup;
use crate::harness::Sandbox;

/// The file that `setup` makes of `old`, without the places of the sandbox.
fn after(old: &[u8]) -> String {
    let sandbox = Sandbox::with("new,tenants=1");
    sandbox.write(".aws/config", old);
    setup(&sandbox).run().success();
    let new = sandbox.read(".aws/config");
    new.replace(&sandbox.root().display().to_string(), "").replace(&sandbox.url(), "URL")
}

const LF: &str = "[profile acme-default]\nregion = us-west-2\n\
    credential_process = /bin/jitpass aws --host URL --tenant default --interactive\njitpass_portal = acme";

#[test]
fn line_ends_and_the_lack_of_one() {
    let crlf = LF.replace('\n', "\r\n");
    for (old, expected) in [
        ("", format!("{LF}\n")),
        ("[a]\nb = c\n", format!("[a]\nb = c\n\n{LF}\n")),
        ("[a]\nb = c", format!("[a]\nb = c\n\n{LF}")),
        ("[a]\r\nb = c\r\n", format!("[a]\r\nb = c\r\n\r\n{crlf}\r\n")),
        ("[a]\r\nb = c", format!("[a]\r\nb = c\r\n\r\n{crlf}")),
        ("# only a comment\n", format!("# only a comment\n\n{LF}\n")),
        ("[a]\nb = c\n\n\n", format!("[a]\nb = c\n\n{LF}\n\n\n")),
    ] {
        assert_eq!(after(old.as_bytes()), expected, "{old:?}");
    }
}

#[test]
fn what_cannot_be_edited_safely() {
    let said = |old: &[u8]| {
        let sandbox = Sandbox::with("new,tenants=1");
        sandbox.write(".aws/config", old);
        let run = setup(&sandbox).run().fails(1);
        assert_eq!(fs::read(sandbox.aws_config()).unwrap(), old, "{}", run.transcript());
        assert!(!sandbox.home().join(".config/jitpass/config.toml").exists(), "{}", run.transcript());
        run.stderr.split_once("error: ").unwrap_or_default().1.to_owned()
    };
    let utf16: Vec<u8> = "\u{feff}[a]\nb = c\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_data_eq!(
        said(&utf16),
        str![[r#"
~/.aws/config cannot be edited safely: line 1: the file is UTF-16; save it as UTF-8
hint: mend that place by hand, then run this again; no profile was written

"#]]
    );
    assert_data_eq!(
        said(b"[a]\nb = \0c\n"),
        str![[r#"
~/.aws/config cannot be edited safely: line 2: there is a NUL byte; the file may be damaged
hint: mend that place by hand, then run this again; no profile was written

"#]]
    );
    assert_data_eq!(
        said(b"\xef\xbb\xbf[a]\nb = c\n"),
        str![[r#"
~/.aws/config cannot be edited safely: line 1: the file starts with a byte order mark; save it as UTF-8 without one
hint: mend that place by hand, then run this again; no profile was written

"#]]
    );
}

#[test]
fn what_no_reader_understands_stays() {
    for old in
        [b"[a]\nb = \xff\xfe\n" as &[u8], b"[a]\nb = c\n[profile broken\nx = y\n", b"garbage\n[a]\nb = c\n"]
    {
        let sandbox = Sandbox::with("new,tenants=1");
        sandbox.write(".aws/config", old);
        let run = setup(&sandbox).run();
        let new = fs::read(sandbox.aws_config()).unwrap();
        // Written behind it or not at all.
        assert!(new.starts_with(old) && run.status.success() == (new != old), "{}", run.transcript());
        assert!(run.status.success() || run.stderr.contains("line "), "{}", run.transcript());
    }
}
