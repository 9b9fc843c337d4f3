//! Documents that nobody wrote: lines of every kind, in any order, with any line ends.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Runs `check` on so many values of a strategy, always the same ones.
pub(crate) fn for_each<S: Strategy>(
    cases: u32,
    strategy: &S,
    check: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    // `tests/soak` asks for more than a run that somebody waits for.
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    let cases = asked.map_or(cases, |asked: u32| cases.max(asked));
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    if let Err(error) = TestRunner::new_with_rng(config, rng).run(strategy, check) {
        panic!("{error}");
    }
}

/// Anything from a tidy file to noise.
pub(crate) fn soup() -> impl Strategy<Value = Vec<u8>> {
    let raw = vec(any::<u8>(), 0..24);
    let wild = prop_oneof![4 => tame_line(), 4 => odd_line(), 1 => raw];
    document(wild, select(vec!["\n", "\n", "\n", "\r\n", "\r\n", "\r", "\r\r\n", ""]))
}

/// Files that most readers can read, with the things that make editing hard: each header and each key mostly once.
pub(crate) fn tame() -> impl Strategy<Value = Vec<u8>> {
    let sections = (subsequence(HEADERS.to_vec(), 0..6), any::<prop::sample::Index>()).prop_map(
        |(mut headers, first)| {
            let at = first.index(headers.len().max(1));
            headers.rotate_left(at);
            headers
        },
    );
    let body = (subsequence(KEYS.to_vec(), 0..5), vec(line_below(), 5), vec(below(), 5));
    (vec(gap(), 0..3), sections, vec(body, 6), select(vec!["\n", "\n", "\r\n"]), any::<bool>()).prop_map(
        |(top, headers, bodies, eol, finished)| {
            let mut lines: Vec<String> = top;
            for (header, (keys, rests, gaps)) in headers.iter().zip(bodies) {
                lines.push((*header).to_owned());
                for ((key, rest), gap) in keys.iter().zip(rests).zip(gaps) {
                    lines.push(format!("{key}{rest}"));
                    lines.extend(gap);
                }
            }
            let text = lines.join(eol);
            if finished && !text.is_empty() { (text + eol).into_bytes() } else { text.into_bytes() }
        },
    )
}

const HEADERS: &[&str] = &[
    "[default]",
    "[profile a]",
    "[profile b]",
    "[profile c]",
    "[profile team/x] ; why",
    "[profile\td] # note",
    "[sso-session corp]",
    "[services local]",
    "[plugins]",
    "[e]",
];

const KEYS: &[&str] = &[
    "credential_process",
    "output",
    "s3",
    "x",
    "jitpass_portal",
    "source_profile",
    "a.b-c_1",
    "Region",
    "region",
];

fn document(
    line: impl Strategy<Value = Vec<u8>>,
    eol: impl Strategy<Value = &'static str>,
) -> impl Strategy<Value = Vec<u8>> {
    (vec((line, eol), 0..16), any::<bool>(), select(vec!["", "", "", "", "", "", "\u{feff}"])).prop_map(
        |(lines, finished, mark)| {
            let mut bytes = mark.as_bytes().to_vec();
            for (at, (line, eol)) in lines.iter().enumerate() {
                bytes.extend(line);
                if finished || at + 1 < lines.len() {
                    bytes.extend(eol.as_bytes());
                }
            }
            bytes
        },
    )
}

fn tame_line() -> impl Strategy<Value = Vec<u8>> {
    let property = (select(KEYS), line_below()).prop_map(|(key, rest)| format!("{key}{rest}"));
    let under =
        (select(vec!["  ", "\t"]), select(UNDER)).prop_map(|(indent, text)| format!("{indent}{text}"));
    prop_oneof![4 => select(HEADERS).prop_map(str::to_owned), 8 => property, 2 => under, 4 => gap()]
        .prop_map(String::into_bytes)
}

const UNDER: &[&str] = &["region = nested", "a = b", "--flag", "addressing_style = path", "x: y"];

/// What follows a key on its line.
fn line_below() -> impl Strategy<Value = String> {
    let separator = select(vec![" = ", " = ", "=", " =", "\t=\t", "      = "]);
    let value = select(vec![
        "us-east-1",
        "/opt/bin/tool --x",
        "\"/opt/My Tools/x\" y",
        "a = b",
        "x#y",
        "x # note",
        "",
        "C:\\x\\",
        "j\u{fc}rgen",
        "x ; note",
    ]);
    (separator, value, select(vec!["", "", "", " ", "\t"]))
        .prop_map(|(separator, value, tail)| format!("{separator}{value}{tail}"))
}

/// What stands between two properties.
fn below() -> impl Strategy<Value = Vec<String>> {
    let under = (select(vec!["  ", "\t"]), vec(select(UNDER), 1..3))
        .prop_map(|(indent, lines)| lines.iter().map(|line| format!("{indent}{line}")).collect::<Vec<_>>());
    let split =
        select(UNDER).prop_map(|line| vec!["  a = 1".to_owned(), "# note".to_owned(), format!("  {line}")]);
    let comment = Just(vec!["  # note".to_owned()]);
    prop_oneof![8 => Just(Vec::new()), 3 => vec(gap(), 1..3), 1 => under, 1 => split, 1 => comment]
}

fn gap() -> impl Strategy<Value = String> {
    select(vec!["", "", "", "  ", "\t", "# note", "; region = no", "#[profile a]", "#"])
        .prop_map(str::to_owned)
}

fn odd_line() -> impl Strategy<Value = Vec<u8>> {
    select(vec![
        &b"[profile \"a\"]"[..],
        b"[ profile a ]",
        b"[profile   a]",
        b"[profile a]; note",
        b"[profile a",
        b"[profile a][profile b]",
        b"  [profile a]",
        b"[profiles a]",
        b"[profile default]",
        b"[DEFAULT]",
        b"[Default]",
        b"[profile __proto__]",
        b"[profile b] # see [1]",
        b"[]",
        b"  # note",
        b"<<<<<<< HEAD",
        b"=======",
        b"region: us-east-1",
        b"credential_process: /x --y=z",
        b"\x0c",
        b"\xc2\xa0region = x",
        b"region =\xc2\xa0x",
        b"\0\0",
        b"name = \xe9t\xe9",
        b"  region = shadow",
    ])
    .prop_map(<[u8]>::to_vec)
}
