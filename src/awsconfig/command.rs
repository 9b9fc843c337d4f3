//! The value of `credential_process`: built so that every reader starts the same program, and split with the
//! rules of all of them.
//!
//! botocore splits the value as Python's `shlex` does and starts the program itself; every other reader hands it
//! to `sh -c`, on Windows to `cmd.exe`. Go strips a pair of quotes round the whole value, and most readers cut it
//! at ` #` and ` ;`. What survives all of that is little: an absolute path, plain arguments.

use crate::awsconfig::value::{Value, ValueError};
use crate::base::text;

/// Why no value can be built that works everywhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// The path depends on the directory of the caller, or on PATH.
    #[error("`{0}` is not an absolute path")]
    Relative(String),
    /// A character of the path means something to a shell or a reader.
    #[error(
        "the path `{path}` has `{found}`, which not every AWS SDK passes on; \
         install to a path of letters, digits and `_ . / -`"
    )]
    Path {
        /// The path.
        path: String,
        /// The first such character.
        found: String,
    },
    /// A space in the path on Windows, where quoted paths fail in several SDKs.
    #[error(
        "the path `{0}` has a space, and several AWS SDKs cannot start a quoted path on Windows; \
         install to a path without spaces, or use its short form, such as `C:\\PROGRA~1`"
    )]
    Space(String),
    /// A path with a space needs quotes, and the value must not end with one.
    #[error("the path `{0}` has a space, so it needs at least one argument after it")]
    Alone(String),
    /// A character of an argument means something to a shell or a reader. Arguments may be secrets: only the
    /// 1-based place is told.
    #[error(
        "argument {place} is empty or has characters that not every AWS SDK passes on; use letters, digits and `_ . / @ % + : = , -`"
    )]
    Argument {
        /// Which argument.
        place: usize,
    },
    /// The whole is no value, by length for example.
    #[error(transparent)]
    Value(#[from] ValueError),
}

/// Why the readers would not start the same program with the same arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// Nothing to start.
    #[error("the command is empty")]
    Empty,
    /// Continuation lines, which some readers drop.
    #[error("the command goes over several lines, and some readers see only the first")]
    Lines,
    /// ` #` or ` ;`, at the 0-based byte given.
    #[error("most readers cut the command at the `#` or `;` in byte {0}")]
    Cut(usize),
    /// One quote at both ends of the value.
    #[error("the SDK for Go strips the quotes at both ends of the command")]
    OuterQuotes,
    /// A quote without its partner.
    #[error("a quote is not closed")]
    OpenQuote,
    /// A backslash at the end.
    #[error("the command ends with a backslash, which the AWS CLI refuses")]
    TrailingBackslash,
    /// A character that a shell acts on and the AWS CLI passes on.
    #[error("`{0}` means something to the shell that most SDKs use, and nothing to the AWS CLI")]
    Shell(char),
    /// Both rules split it, but not alike.
    #[error("the AWS CLI and a shell split the command differently")]
    Differ,
}

/// The value that starts `path` with `args` on Linux and macOS.
///
/// The path must be absolute; with spaces in it, it is put in double quotes and needs an argument after it.
pub fn posix(path: &str, args: &[&str]) -> Result<Value, CommandError> {
    if !path.starts_with('/') {
        return Err(CommandError::Relative(shown(path)));
    }
    check_path(path, |c| is_plain(c) || c == ' ')?;
    let quoted = path.contains(' ');
    if quoted && args.is_empty() {
        return Err(CommandError::Alone(shown(path)));
    }
    let program = if quoted { format!("\"{path}\"") } else { path.to_owned() };
    join(program, args, is_plain)
}

/// The value that starts `path` with `args` on Windows.
///
/// The path must be absolute, with a drive letter, and free of spaces: neither `cmd.exe` nor the SDKs' own
/// escaping can be trusted with a quoted one.
pub fn windows(path: &str, args: &[&str]) -> Result<Value, CommandError> {
    let absolute =
        matches!(path.as_bytes(), [drive, b':', b'\\' | b'/', _, ..] if drive.is_ascii_alphabetic());
    if !absolute {
        return Err(CommandError::Relative(shown(path)));
    }
    if path.contains(' ') {
        return Err(CommandError::Space(shown(path)));
    }
    check_path(path, |c| c.is_ascii_alphanumeric() || r"_./\:-~".contains(c))?;
    // cmd.exe expands %NAME% even between quotes.
    join(path.to_owned(), args, |c| is_plain(c) && c != '%')
}

/// The value that starts `path` with `args` on the system this runs on.
pub fn build(path: &str, args: &[&str]) -> Result<Value, CommandError> {
    if cfg!(windows) { windows(path, args) } else { posix(path, args) }
}

/// The arguments that every reader on this system gives to the program, the program first.
///
/// On Windows a value that works in every SDK has neither quotes nor blanks within a word, and backslashes are just
/// that.
pub fn arguments(value: &str) -> Result<Vec<String>, SplitError> {
    if !cfg!(windows) {
        return split(value);
    }
    let words: Vec<String> = value.split_whitespace().map(str::to_owned).collect();
    if words.is_empty() { Err(SplitError::Empty) } else { Ok(words) }
}

/// Whether a program of this name or path is jitpass, wherever it lies.
pub fn is_jitpass(program: &str) -> bool {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    let stem = name.get(..name.len().saturating_sub(4)).filter(|_| has_exe(name)).unwrap_or(name);
    stem.eq_ignore_ascii_case("jitpass")
}

fn has_exe(name: &str) -> bool {
    name.get(name.len().saturating_sub(4)..).is_some_and(|end| end.eq_ignore_ascii_case(".exe"))
}

/// The arguments that every reader on Linux and macOS gives to the program, the program first.
///
/// The value is taken as it stands in the file, inline comment included.
pub fn split(value: &str) -> Result<Vec<String>, SplitError> {
    if value.contains(['\n', '\r']) {
        return Err(SplitError::Lines);
    }
    let value = value.trim();
    if let Some(at) = [" #", " ;", "\t#", "\t;"].iter().filter_map(|cut| value.find(cut)).min() {
        return Err(SplitError::Cut(at + 1));
    }
    let ends = |quote| value.starts_with(quote) && value.ends_with(quote);
    if ends('"') || ends('\'') {
        return Err(SplitError::OuterQuotes);
    }
    let by_shell = sh(value)?;
    let by_botocore = shlex(value)?;
    match (by_shell == by_botocore, by_shell.is_empty()) {
        (_, true) => Err(SplitError::Empty),
        (true, false) => Ok(by_shell),
        (false, false) => Err(SplitError::Differ),
    }
}

/// Splits as Python's `shlex.split` does: quotes, and backslashes that inside double quotes escape only `"` and
/// themselves; nothing else means anything.
pub(super) fn shlex(value: &str) -> Result<Vec<String>, SplitError> {
    words(value, |c| c == '"' || c == '\\', |_, _| Ok(()))
}

/// Splits as a POSIX shell does, refusing everything that would make it do more than start a program.
fn sh(value: &str) -> Result<Vec<String>, SplitError> {
    let words = words(
        value,
        |c| "\"\\$`".contains(c),
        |c, place| {
            let acts = match place {
                Place::Start => "|&;<>()$`*?[]{}!~#=".contains(c),
                Place::Bare => "|&;<>()$`*?[]{}!".contains(c),
                Place::DoubleQuoted => "$`!".contains(c),
            };
            if acts { Err(SplitError::Shell(c)) } else { Ok(()) }
        },
    )?;
    let first = words.first().and_then(|word| word.split_once('='));
    let name = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    // `A=b program` sets a variable.
    if first.is_some_and(|(before, _)| name(before)) { Err(SplitError::Shell('=')) } else { Ok(words) }
}

/// Where an unescaped character stands.
#[derive(Clone, Copy)]
enum Place {
    /// First of an unquoted word.
    Start,
    /// Later in an unquoted word.
    Bare,
    DoubleQuoted,
}

fn words(
    value: &str,
    escapable: impl Fn(char) -> bool,
    check: impl Fn(char, Place) -> Result<(), SplitError>,
) -> Result<Vec<String>, SplitError> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = value.chars();
    while let Some(c) = rest.next() {
        match c {
            ' ' | '\t' => found.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next().ok_or(SplitError::OpenQuote)? {
                        '\'' => break,
                        c => word.push(c),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next().ok_or(SplitError::OpenQuote)? {
                        '"' => break,
                        '\\' => match rest.next().ok_or(SplitError::OpenQuote)? {
                            c if escapable(c) => word.push(c),
                            c => word.extend(['\\', c]),
                        },
                        c => {
                            check(c, Place::DoubleQuoted)?;
                            word.push(c);
                        }
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(rest.next().ok_or(SplitError::TrailingBackslash)?),
            c => {
                check(c, if word.is_none() { Place::Start } else { Place::Bare })?;
                word.get_or_insert_default().push(c);
            }
        }
    }
    found.extend(word);
    Ok(found)
}

fn join(program: String, args: &[&str], plain: impl Fn(char) -> bool) -> Result<Value, CommandError> {
    let mut value = program;
    for (at, arg) in args.iter().enumerate() {
        if arg.is_empty() || !arg.chars().all(&plain) {
            return Err(CommandError::Argument { place: at + 1 });
        }
        value.push(' ');
        value.push_str(arg);
    }
    Ok(value.parse()?)
}

fn check_path(path: &str, plain: impl Fn(char) -> bool) -> Result<(), CommandError> {
    match path.chars().find(|c| !plain(*c)) {
        None => Ok(()),
        Some(found) => Err(CommandError::Path { path: shown(path), found: shown(&found.to_string()) }),
    }
}

/// Characters that neither a shell nor a reader acts on.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_./@%+:=,-".contains(c)
}

fn shown(path: &str) -> String {
    text::one_line(path, 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_values_split_back() {
        let args = ["aws", "--host", "https://acme.duplocloud.net:8443", "--tenant=dev01", "--interactive"];
        for path in ["/usr/local/bin/jitpass", "/opt/My Tools/jit pass", "/a=b/c", "/x@y/z%1"] {
            let value = posix(path, &args).unwrap();
            let words = split(value.as_str()).unwrap();
            assert_eq!(words[0], path);
            assert_eq!(words[1..], args);
        }
        assert_eq!(posix("/a b/c", &["d"]).unwrap().as_str(), "\"/a b/c\" d");
        assert_eq!(posix("/a", &[]).unwrap().as_str(), "/a");
    }

    #[test]
    fn posix_refusals() {
        for path in ["", "jitpass", "./jitpass", "~/jitpass", "C:\\x"] {
            assert!(matches!(posix(path, &["aws"]), Err(CommandError::Relative(_))), "{path}");
        }
        for path in ["/a'b", "/a\"b", "/a$b", "/a\\b", "/é", "/a\nb", "/a~", "/a #b", "/a;b", "/a&b", "/a*"]
        {
            assert!(matches!(posix(path, &["aws"]), Err(CommandError::Path { .. })), "{path}");
        }
        assert!(matches!(posix("/a b", &[]), Err(CommandError::Alone(_))));
        for arg in ["", "a b", "a;b", "$x", "a?b", "a&b", "~", "é", "\"", "#x"] {
            let refused = posix("/a", &["aws", arg]);
            assert_eq!(refused, Err(CommandError::Argument { place: 2 }), "{arg}");
        }
    }

    #[test]
    fn windows_paths() {
        let value = windows(r"C:\PROGRA~1\jitpass\jitpass.exe", &["aws", "--admin"]).unwrap();
        assert_eq!(value.as_str(), r"C:\PROGRA~1\jitpass\jitpass.exe aws --admin");
        assert!(windows("c:/tools/jitpass.exe", &["aws"]).is_ok());
        let error = windows(r"C:\Program Files\jitpass.exe", &["aws"]).unwrap_err();
        assert!(error.to_string().contains("install to a path without spaces"), "{error}");
        for path in ["", "jitpass.exe", r"\\server\share\j.exe", "/usr/bin/j", r"C:j.exe", r"C:\"] {
            assert!(matches!(windows(path, &[]), Err(CommandError::Relative(_))), "{path}");
        }
        assert!(matches!(windows(r"C:\a%b\j.exe", &[]), Err(CommandError::Path { .. })));
        assert_eq!(windows(r"C:\j.exe", &["100%"]), Err(CommandError::Argument { place: 1 }));
    }

    #[test]
    fn whose_program_it_is() {
        for (program, expected) in [
            ("/usr/bin/jitpass", true),
            ("jitpass", true),
            (r"C:\tools\JITPASS.EXE", true),
            ("/x/duplo-jit", false),
            ("/x/jitpass2", false),
            (".exe", false),
            ("\u{e9}xe", false),
        ] {
            assert_eq!(is_jitpass(program), expected, "{program}");
        }
    }

    #[test]
    fn values_that_readers_split_differently() {
        let table = [
            ("", SplitError::Empty),
            ("  ", SplitError::Empty),
            ("/a\n--b", SplitError::Lines),
            ("/a # b", SplitError::Cut(3)),
            ("/a 'b ;c' d", SplitError::Cut(6)),
            ("\"/a b\" \"c\"", SplitError::OuterQuotes),
            ("/a it's", SplitError::OpenQuote),
            ("/a \\", SplitError::TrailingBackslash),
            ("/a | b", SplitError::Shell('|')),
            ("~/a", SplitError::Shell('~')),
            ("/a $(id)", SplitError::Shell('$')),
            ("/a \"$x\" b", SplitError::Shell('$')),
            ("A=1 /a", SplitError::Shell('=')),
            ("A=/x /a", SplitError::Shell('=')),
            ("/a b?c", SplitError::Shell('?')),
            ("/a \"\\$x\" b", SplitError::Differ),
        ];
        for (value, error) in table {
            assert_eq!(split(value), Err(error), "{value}");
        }
        assert_eq!(split("/a 'x y'\"z\"\\ w \"\" b").unwrap(), ["/a", "x yz w", "", "b"]);
    }
}
