//! Install, install again, upgrade, uninstall: what a file holds after each.

use proptest::prelude::*;

use super::*;

const LINE: &str = r#"[ ! -r "$HOME/s/jitpass.zsh" ] || . "$HOME/s/jitpass.zsh""#;
const OLD: &str = r#". "/old/share/jitpass.zsh""#;

/// In the tables below: `B` and `E` are the marks, `L` the line, `O` one of an earlier version.
fn text(short: &str) -> String {
    let mut made = String::new();
    for line in short.split_inclusive('\n') {
        let (text, eol) = match line.strip_suffix('\n') {
            Some(text) => text.strip_suffix('\r').map_or((text, "\n"), |text| (text, "\r\n")),
            None => (line, ""),
        };
        let inner = text.trim_start_matches([' ', '\u{feff}']);
        made.push_str(&text[..text.len() - inner.len()]);
        let meant = match inner {
            "B" => BEGIN.to_owned(),
            "M" => BEGIN_OF_MADE.to_owned(),
            "E" => END.to_owned(),
            "L" => LINE.to_owned(),
            "O" => OLD.to_owned(),
            "L #" => format!("{LINE} #"),
            "#B" | "# B" => inner.replace('B', BEGIN),
            "#E" | "# E" => inner.replace('E', END),
            "#L" | "# L" => inner.replace('L', LINE),
            _ => inner.strip_prefix("E+").map_or_else(|| inner.to_owned(), |rest| format!("{END}{rest}")),
        };
        made.push_str(&meant);
        made.push_str(eol);
    }
    made
}

/// Name, the file before, after installing (`=`: nothing to do), after uninstalling that (`=`: as before).
const FILES: &[(&str, &str, &str, &str)] = &[
    ("empty", "", "B\nL\nE\n", "="),
    ("one line", "a\n", "a\n\nB\nL\nE\n", "="),
    ("no final newline", "a", "a\n\nB\nL\nE", "="),
    ("lines and no final newline", "a\nb", "a\nb\n\nB\nL\nE", "="),
    ("crlf", "a\r\nb\r\n", "a\r\nb\r\n\r\nB\r\nL #\r\nE\r\n", "="),
    ("crlf and no final newline", "a\r\nb", "a\r\nb\r\n\r\nB\r\nL #\r\nE", "="),
    ("mixed, the last with lf", "a\r\nb\n", "a\r\nb\n\nB\nL\nE\n", "="),
    ("mixed, the last with crlf", "a\nb\r\n", "a\nb\r\n\r\nB\r\nL #\r\nE\r\n", "="),
    ("one empty line", "\n", "B\nL\nE\n\n", "="),
    ("empty crlf lines", "\r\n\r\n", "B\r\nL #\r\nE\r\n\r\n\r\n", "="),
    ("empty lines at the end", "a\n\n\n", "a\n\nB\nL\nE\n\n\n", "="),
    ("blanks at the end", "a\n  \n", "a\n  \n\nB\nL\nE\n", "="),
    ("blanks only", "  ", "  \n\nB\nL\nE", "="),
    ("a CR and no newline", "a\r", "a\r\n\nB\nL\nE", "="),
    ("a continued last line", "a \\\n", "a \\\n\nB\nL\nE\n", "="),
    ("a byte order mark", "\u{feff}a\r\n", "\u{feff}a\r\n\r\nB\r\nL #\r\nE\r\n", "="),
    ("a byte order mark alone", "\u{feff}", "\u{feff}B\nL\nE\n", "="),
    (
        "another tool's block",
        "# >>> conda initialize >>>\nx\n# <<< conda initialize <<<\n",
        "# >>> conda initialize >>>\nx\n# <<< conda initialize <<<\n\nB\nL\nE\n",
        "=",
    ),
    (
        "words about jitpass",
        "# jitpass is nice\njitpass status\n",
        "# jitpass is nice\njitpass status\n\nB\nL\nE\n",
        "=",
    ),
    ("the documented function", "jitnow() { duplo-jit; }\n", "jitnow() { duplo-jit; }\n\nB\nL\nE\n", "="),
    ("our script commented out by itself", "# . /s/jitpass.zsh\n", "# . /s/jitpass.zsh\n\nB\nL\nE\n", "="),
    ("a file of a like name", ". /s/jitpass.zsh.bak\n", ". /s/jitpass.zsh.bak\n\nB\nL\nE\n", "="),
    ("installed", "a\n\nB\nL\nE\n", "=", "a\n"),
    ("installed in a file made for it", "M\nL\nE\n", "=", "gone"),
    ("a made file that was added to", "M\nL\nE\nb\n", "=", "b\n"),
    ("something was added below", "a\n\nB\nL\nE\nb\n", "=", "a\nb\n"),
    ("something was added without an end", "a\n\nB\nL\nE\nb", "=", "a\nb"),
    ("an earlier version", "a\n\nB\nO\nE\n", "a\n\nB\nL\nE\n", "a\n"),
    ("an earlier version, crlf", "a\r\n\r\nB\r\nO\r\nE\r\n", "a\r\n\r\nB\r\nL #\r\nE\r\n", "a\r\n"),
    ("edited line", "a\n\nB\ntrue && . ~/x/jitpass.zsh # mine\nE\n", "a\n\nB\nL\nE\n", "a\n"),
    ("moved to the start", "B\nL\nE\na\n", "=", "a\n"),
    (
        "moved to the start behind a byte order mark",
        "\u{feff}B\nO\nE\na\n",
        "\u{feff}B\nL\nE\na\n",
        "\u{feff}a\n",
    ),
    ("moved to the middle", "a\nB\nL\nE\nb\n", "=", "a\nb\n"),
    ("moved to the middle, with empty lines", "a\n\nB\nL\nE\n\nb\n", "=", "a\n\nb\n"),
    ("indented", "if x\n  B\n  O\n  E\nfi\n", "if x\n  B\n  L\n  E\nfi\n", "if x\nfi\n"),
    ("twice", "a\n\nB\nL\nE\n\nB\nL\nE\n", "a\n\nB\nL\nE\n", "a\n"),
    ("twice, the older first", "B\nO\nE\nx\nB\nL\nE\n", "B\nL\nE\nx\n", "x\n"),
    ("the line twice in one block", "B\nL\nL\nE\n", "B\nL\nE\n", ""),
    ("the person's line in the block", "a\n\nB\nL\nx=1\nE\nb\n", "=", "a\nx=1\nb\n"),
    ("the line is gone", "a\n\nB\nE\n", "a\n\nB\nL\nE\n", "a\n"),
    ("the person's line in its place", "B\nx=1\nE\n", "B\nL\nx=1\nE\n", "x=1\n"),
    ("the end is gone", "a\n\nB\nL\nb\nc\n", "a\n\nB\nL\nE\nb\nc\n", "a\nb\nc\n"),
    ("the end is gone, last in the file", "a\n\nB\nL\n", "a\n\nB\nL\nE\n", "a\n"),
    ("the end is gone, no final newline", "a\n\nB\nL", "a\n\nB\nL\nE", "a"),
    ("line and end are gone", "a\n\nB\nb\n", "a\n\nB\nL\nE\nb\n", "a\nb\n"),
    ("line and end are gone, no final newline", "a\n\nB", "a\n\nB\nL\nE", "a"),
    ("the begin is gone", "a\n\nL\nE\nb\n", "a\n\nB\nL\nE\nb\n", "a\nb\n"),
    ("begin and line are gone", "a\nE\nb\n", "a\nB\nL\nE\nb\n", "a\nb\n"),
    ("begin and line are gone, at the start", "E\n", "B\nL\nE\n", ""),
    ("nested", "B\nL\nB\nL\nE\nE\n", "B\nL\nE\n", ""),
    ("nested, with the person's lines", "a\nB\nx\nB\nL\nE\ny\nE\n", "a\nx\nB\nL\nE\ny\n", "a\nx\ny\n"),
    ("end before begin", "E\nx\nB\nL\n", "B\nL\nE\nx\n", "x\n"),
    (
        "a tool appended to the end mark",
        "a\n\nB\nL\nE+export X=1\n",
        "a\n\nB\nL\nE\nexport X=1\n",
        "a\nexport X=1\n",
    ),
    ("appended to the end mark, then a begin", "a\nE+b\nB", "a\nB\nL\nE\nb", "a\nb"),
    ("one on, one off", "B\nL\nE\n\nB\n# L\nE\n", "=", ""),
];

/// Name, the file, why it is left alone and in which line, and what uninstalling leaves.
const LEFT_ALONE: &[(&str, &str, Reason, usize, &str)] = &[
    ("line commented out", "a\n\nB\n# L\nE\n", Reason::SwitchedOff, 3, "a\n"),
    ("line commented out without a blank", "B\n#L\nE\n", Reason::SwitchedOff, 1, ""),
    ("all commented out", "a\n\n# B\n# L\n# E\nb\n", Reason::SwitchedOff, 3, "a\nb\n"),
    ("all commented out without a blank", "#B\n#L\n#E\n", Reason::SwitchedOff, 1, ""),
    ("begin commented out", "# B\nL\nE\n", Reason::SwitchedOff, 1, ""),
    ("off, indented, twice", "  # B\n  # L\n  # E\nx\nB\n#L\nE\n", Reason::SwitchedOff, 1, "x\n"),
    ("a line of the person's own", "x\n. ~/dotfiles/jitpass.zsh\n", Reason::LoadedOtherwise, 2, "="),
    ("the marks are gone", "a\n\nL\n", Reason::LoadedOtherwise, 3, "="),
    ("eval", "eval \"$(jitpass shell init zsh)\"\n", Reason::LoadedOtherwise, 1, "="),
    ("signed", "a\n# SIG # Begin signature block\n", Reason::Signed, 2, "="),
];

fn out(file: &str) -> String {
    match take_out(file.as_bytes()).bytes {
        Some(bytes) => String::from_utf8(bytes).unwrap(),
        None => "gone".to_owned(),
    }
}

/// With the line of a newer version in the place of ours, but where it is commented out.
fn upgraded(file: &str) -> String {
    let upgraded = |line: &str| match line.trim_start_matches(['\u{feff}', ' ']) {
        inner if inner.starts_with(LINE) => line.replace(LINE, ". /new/jitpass.zsh"),
        _ => line.to_owned(),
    };
    file.split_inclusive('\n').map(upgraded).collect()
}

#[test]
fn files_before_and_after() {
    for (name, before, installed, after) in FILES {
        let before = text(before);
        let wanted = if *installed == "=" { before.clone() } else { text(installed) };
        let made = match plan(Some(before.as_bytes()), LINE) {
            Plan::Add(bytes) | Plan::Replace(bytes) => String::from_utf8(bytes).unwrap(),
            Plan::Nothing => before.clone(),
            Plan::Refuse { reason, line } => panic!("{name}: {reason} in line {line}"),
        };
        assert_eq!(made, wanted, "{name}: install");
        assert_eq!(plan(Some(made.as_bytes()), LINE), Plan::Nothing, "{name}: install again");
        let Plan::Replace(newer) = plan(Some(made.as_bytes()), ". /new/jitpass.zsh") else {
            panic!("{name}: an upgrade must change something")
        };
        assert_eq!(String::from_utf8(newer.clone()).unwrap(), upgraded(&made), "{name}: upgrade");
        let left = if *after == "=" { before.clone() } else { text(after) };
        assert_eq!(out(&made), left, "{name}: uninstall");
        assert_eq!(take_out(&newer), take_out(made.as_bytes()), "{name}: uninstall after an upgrade");
        assert_eq!(take_out(left.as_bytes()).blocks, 0, "{name}: uninstall again");
    }
}

#[test]
fn what_is_left_alone() {
    for (name, before, reason, line, after) in LEFT_ALONE {
        let before = text(before);
        let expected = Plan::Refuse { reason: *reason, line: *line };
        assert_eq!(plan(Some(before.as_bytes()), LINE), expected, "{name}");
        let left = if *after == "=" { before.clone() } else { text(after) };
        assert_eq!(out(&before), left, "{name}: uninstall");
    }
    let utf16 = b"\xff\xfea\0\n\0";
    assert_eq!(plan(Some(utf16), LINE), Plan::Refuse { reason: Reason::Utf16, line: 1 });
    assert_eq!(take_out(utf16).bytes.as_deref(), Some(&utf16[..]));
}

#[test]
fn no_file_and_back() {
    let Plan::Add(made) = plan(None, LINE) else { panic!("there is something to add") };
    assert_eq!(String::from_utf8(made.clone()).unwrap(), text("M\nL\nE\n"));
    assert_eq!(plan(Some(&made), LINE), Plan::Nothing);
    assert_eq!(take_out(&made), TakenOut { bytes: None, blocks: 1, left: Vec::new() });
}

#[test]
fn what_stays_is_said() {
    let file = text("a\n\nB\nL\nx=1\n\nE\n. ~/x/jitpass.zsh\neval \"$(jitpass shell init zsh)\"\n");
    let taken = take_out(file.as_bytes());
    assert_eq!(taken.blocks, 1);
    assert_eq!(taken.left, [(2, Left::InBlock), (4, Left::Loads), (5, Left::Loads)]);
    let rest = String::from_utf8(taken.bytes.unwrap()).unwrap();
    assert_eq!(rest, "a\nx=1\n\n. ~/x/jitpass.zsh\neval \"$(jitpass shell init zsh)\"\n");
}

#[test]
fn what_holds_no_command_any_more_is_said() {
    for (file, line) in [
        ("if x; then\n  B\n  L\n  E\nfi\n", Some(1)),
        ("a\nif x\nthen\n\n# mine\nB\nL\nE\n\nelse\n  y\nfi\n", Some(3)),
        ("while x; do\nB\nL\nE\ndone < z\n", Some(1)),
        ("f() {\nB\nL\nE\n}\n", Some(1)),
        ("f(){\nB\nL\nE\n} # f\n", Some(1)),
        ("if x; then\n  y\n  B\n  L\n  E\nfi\n", None),
        ("if x; then\n  B\n  L\n  E\n  y\nfi\n", None),
        ("a\n\nB\nL\nE\n", None),
        ("B\nL\nE\nfi\n", None),
    ] {
        let expected: Vec<_> = line.map(|line| (line, Left::Hollow)).into_iter().collect();
        assert_eq!(take_out(text(file).as_bytes()).left, expected, "{file}");
    }
}

#[test]
fn bytes_that_are_no_text_stay() {
    let file = b"\xff\xfe\xfda\n\x80\n";
    let Plan::Refuse { reason: Reason::Utf16, .. } = plan(Some(file), LINE) else {
        panic!("it looks like UTF-16")
    };
    let file = b"a\xff\xfe\n\x80";
    let Plan::Add(made) = plan(Some(file), LINE) else { panic!("there is something to add") };
    assert_eq!(take_out(&made).bytes.as_deref(), Some(&file[..]));
}

/// Anything a file may hold, with a liking for what matters here.
fn any_file() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        6 => Just("\n".to_owned()),
        3 => Just("\r\n".to_owned()),
        1 => Just("\r".to_owned()),
        1 => Just("\u{feff}".to_owned()),
        4 => Just("foreign".to_owned()),
        1 => Just(" ".to_owned()),
        1 => Just("#".to_owned()),
        2 => Just(BEGIN.to_owned()),
        1 => Just(BEGIN_OF_MADE.to_owned()),
        2 => Just(END.to_owned()),
        2 => Just(LINE.to_owned()),
        1 => Just(OLD.to_owned()),
        1 => Just("eval \"$(jitpass shell init zsh)\"".to_owned()),
    ];
    let bytes = prop_oneof![9 => piece.prop_map(String::into_bytes), 1 => any::<Vec<u8>>()];
    proptest::collection::vec(bytes, 0..14).prop_map(|pieces| pieces.concat())
}

/// The lines that hold a word of the person's, in order.
fn foreign(file: &[u8]) -> Vec<Vec<u8>> {
    let of_theirs = |line: &Line<'_>| line.text.windows(7).filter(|word| word == b"foreign").count();
    lines::split(file)
        .iter()
        .map(|line| b"foreign".repeat(of_theirs(line)))
        .filter(|line| !line.is_empty())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn insertion_and_removal_are_inverse(file in any_file()) {
        if let Plan::Add(made) = plan(Some(&file), LINE) {
            prop_assert_eq!(plan(Some(&made), LINE), Plan::Nothing);
            let taken = take_out(&made);
            prop_assert_eq!(taken.bytes, Some(file));
            prop_assert_eq!(taken.blocks, 1);
        }
    }

    #[test]
    fn a_mended_file_needs_nothing(file in any_file()) {
        if let Plan::Replace(made) = plan(Some(&file), LINE) {
            // What was glued to a mark may look like a block that is switched off, once it stands alone: left alone, too.
            let again = plan(Some(&made), LINE);
            let is_left = matches!(again, Plan::Nothing | Plan::Refuse { reason: Reason::SwitchedOff, .. });
            prop_assert!(is_left, "{}\n=>\n{}: {again:?}", file.escape_ascii(), made.escape_ascii());
        }
    }

    #[test]
    fn nothing_of_theirs_is_lost(file in any_file()) {
        let taken = take_out(&file);
        let rest = taken.bytes.unwrap_or_default();
        // A line that names a script of ours between the marks is ours, whatever else it holds.
        if !foreign(&file).is_empty() && !lines::split(&file).iter().any(|l| is_both(l.text)) {
            prop_assert_eq!(foreign(&rest), foreign(&file), "{}\n=>\n{}", file.escape_ascii(), rest.escape_ascii());
            if let Plan::Replace(made) = plan(Some(&file), LINE) {
                prop_assert_eq!(foreign(&made), foreign(&file));
            }
        }
        prop_assert_eq!(take_out(&rest).blocks, 0, "{}\n=>\n{}", file.escape_ascii(), rest.escape_ascii());
        if taken.blocks == 0 {
            prop_assert_eq!(rest, file);
        }
    }
}

/// A line of theirs and ours at once.
fn is_both(text: &[u8]) -> bool {
    let has = |word: &[u8]| text.windows(word.len()).any(|part| part == word);
    has(b"foreign") && (has(b"jitpass.zsh") || has(BEGIN.as_bytes()))
}
