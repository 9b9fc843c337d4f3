//! Which source of credentials wins, against what four SDKs did in 33 set-ups.

use jitpass::awsconfig::{Document, Readers};
use jitpass::plan::{Place, Source, SourceKind, Sources, Variables};

use super::corpus;

const PROCESS: &str = "credential_process = /bin/proc\n";
const KEYS: &str = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = SIMSECRET\n";

/// A set-up of the matrix: its number, the config file below `[profile p]` unless it has a header, the credentials
/// file in the same way, the variables.
type SetUp = (&'static str, String, String, &'static [Variable]);

type Variable = (&'static str, &'static str);

/// `--profile p` is what a set-up without variables stands for.
const P: Variable = ("AWS_PROFILE", "p");
const KEY: Variable = ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
const SECRET: Variable = ("AWS_SECRET_ACCESS_KEY", "x");
const ENV: &[Variable] = &[KEY, SECRET];
const ENV_AND_P: &[Variable] = &[KEY, SECRET, P];
const ENV_TOKEN_AND_P: &[Variable] = &[KEY, SECRET, ("AWS_SESSION_TOKEN", "x"), P];

fn set_ups() -> Vec<SetUp> {
    let process = || PROCESS.to_owned();
    let with = |more: &str| format!("{PROCESS}{more}");
    let none = String::new;
    let default = || format!("[default]\n{PROCESS}");
    vec![
        ("1", process(), none(), &[P]),
        ("2", none(), process(), &[P]),
        ("3", process(), KEYS.into(), &[P]),
        ("4", with(KEYS), none(), &[P]),
        ("5", none(), with(KEYS), &[P]),
        ("6", process(), process(), &[P]),
        ("7", process(), none(), ENV_AND_P),
        ("8", default(), none(), ENV),
        ("9", default(), none(), &[("AWS_PROFILE", "")]),
        ("10", default(), none(), &[("AWS_PROFILE", "missing")]),
        ("11", with("role_arn = arn:aws:iam::1:role/r\nsource_profile = b\n"), format!("[b]\n{KEYS}"), &[P]),
        (
            "12",
            with(
                "sso_start_url = https://x.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r\n",
            ),
            none(),
            &[P],
        ),
        ("13", with("web_identity_token_file = /t\nrole_arn = arn:aws:iam::1:role/r\n"), none(), &[P]),
        ("14", with("source_profile = b\n"), format!("[b]\n{KEYS}"), &[P]),
        ("14b", with("credential_source = Environment\n"), none(), &[P]),
        ("15", format!("{}[profile p]\n{PROCESS}", default()), none(), &[("AWS_DEFAULT_PROFILE", "p")]),
        (
            "16",
            format!("[profile a]\n{PROCESS}[profile b]\n{PROCESS}"),
            none(),
            &[("AWS_DEFAULT_PROFILE", "a"), ("AWS_PROFILE", "b")],
        ),
        ("17", format!("[profile default]\n{PROCESS}"), none(), &[]),
        ("18", default(), none(), &[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")]),
        ("19", default(), none(), &[("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")]),
        ("20", default(), none(), &[("AWS_SESSION_TOKEN", "x")]),
        ("21", process(), "aws_access_key_id = AKIAEXAMPLE\n".into(), &[P]),
        ("22", process(), none(), &[("AWS_WEB_IDENTITY_TOKEN_FILE", "/t"), ("AWS_ROLE_ARN", "r"), P]),
        ("23", process(), none(), &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1"), P]),
        ("24", process(), none(), &[("AWS_PROFILE", "P")]),
        ("25", with("login_session = arn:aws:iam::1:user/u\n"), none(), &[P]),
        ("26", format!("[profile p]\n{PROCESS}[profile q]\nbroken\n"), none(), &[P]),
        ("27", "credential_process =\n".into(), KEYS.into(), &[P]),
        ("28", none(), format!("[profile p]\n{PROCESS}"), &[P]),
        ("29", format!("[p]\n{PROCESS}"), none(), &[P]),
        ("30", PROCESS.replace("credential_process", "Credential_Process"), none(), &[P]),
        ("31", format!("[profile p]\n{PROCESS}[profile p]\nregion = us-east-1\n"), none(), &[P]),
        ("32", process(), none(), ENV_TOKEN_AND_P),
    ]
}

/// What the source would have shown as in the matrix's measurement.
fn shown(number: &str, source: Source, config: &str) -> String {
    let in_credentials = matches!(source.place, Some(Place::Credentials { .. }));
    let said = match source.kind {
        SourceKind::Process if number == "6" => {
            if in_credentials {
                "PCRED"
            } else {
                "PCFG"
            }
        }
        SourceKind::Process => match (number, source.place) {
            // Which of two profiles.
            ("15", Some(Place::Config { line: 2, .. })) => "DEF",
            ("16", Some(Place::Config { line: 2, .. })) => "A",
            ("16", _) => "B",
            _ => "PROC",
        },
        SourceKind::Keys => {
            if in_credentials {
                "STATICCRED"
            } else {
                "STATICCFG"
            }
        }
        SourceKind::Environment => "ENV",
        // Where they led, nobody was: an error about the network or the file.
        kind => {
            assert!(kind.gives() || kind == SourceKind::Nothing || source.place.is_some(), "{config}");
            "ERR"
        }
    };
    said.to_owned()
}

/// What an error of the measurement tells of the source that failed.
fn clue(error: &str) -> Option<&'static [SourceKind]> {
    use SourceKind as K;
    let table: [(&str, &[K]); 12] = [
        ("Could not connect to the endpoint URL: \"https://sts", &[K::Role]),
        ("getaddrinfo ENOTFOUND sts", &[K::Role, K::WebIdentity]),
        ("only one credential type", &[K::Several]),
        ("SSO", &[K::Sso]),
        ("parameter WebIde", &[K::WebIdentity]),
        ("requires role_arn", &[K::NoRole]),
        ("could not be found", &[K::Nothing]),
        ("was not defined", &[K::Nothing]),
        ("failed to get shared config profile", &[K::Nothing]),
        ("Partial credentials", &[K::HalfKeys]),
        ("login credential provider", &[K::Login]),
        ("Unable to parse config file", &[K::Unreadable]),
    ];
    table.into_iter().find(|(said, _)| error.contains(said)).map(|(_, kinds)| kinds)
}

#[test]
fn the_source_that_wins_is_the_one_that_was_measured() {
    let measured = corpus::json("precedence-matrix.json");
    let measured = measured.as_array().unwrap();
    let set_ups = set_ups();
    assert_eq!((measured.len(), set_ups.len()), (33, 33));
    let mut wrong = Vec::new();
    let mut clues = 0;
    for (case, (number, config, credentials, variables)) in measured.iter().zip(&set_ups) {
        let name = case["scenario"].as_str().unwrap();
        assert_eq!(name.split(' ').next(), Some(*number), "{name}");
        let headed = |text: &str, header: &str| match text.starts_with('[') || text.is_empty() {
            true => text.to_owned(),
            false => format!("{header}\n{text}"),
        };
        let (config, credentials) = (headed(config, "[profile p]"), headed(credentials, "[p]"));
        let (config, credentials) =
            (Document::parse(config.as_bytes()), Document::parse_credentials(credentials.as_bytes()));
        let sources = Sources::new(&config, &credentials);
        let variables: Variables =
            variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let readers = [
            ("botocore", Readers::BOTOCORE),
            ("rust", Readers::RUST),
            ("go", Readers::GO),
            ("js", Readers::JS),
        ];
        for (key, reader) in readers {
            let expected = case[key]["result"].as_str().unwrap();
            let source = sources.in_force(reader, &variables);
            let said = shown(number, source, name);
            let is_error = expected.starts_with("ERR");
            // A role, a sign-in or a token that leads nowhere is an error there, and a source here.
            let fits = if is_error { said == "ERR" } else { said == expected };
            let kinds = clue(expected).filter(|_| is_error);
            clues += usize::from(kinds.is_some());
            if !fits || kinds.is_some_and(|kinds| !kinds.contains(&source.kind)) {
                wrong.push(format!("{name}, {key}: {source:?}, measured {expected}"));
            }
            let runs = case[key]["process_runs"].as_u64().unwrap();
            if (source.kind == SourceKind::Process) != (runs > 0) {
                wrong.push(format!("{name}, {key}: {source:?}, and the process ran {runs} times"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(clues > 20, "only {clues} errors told which source it was");
}

#[test]
fn java_by_its_source() {
    use SourceKind as K;
    let table: [(&str, &str, K); 9] = [
        ("", KEYS, K::Process),
        (KEYS, "", K::Process),
        ("role_arn = r\nsource_profile = b\n", "", K::Role),
        ("role_arn = r\nsource_profile = b\ncredential_source = x\n", "", K::Several),
        ("role_arn = r\n", "", K::Process),
        ("sso_session = x\n", "", K::Sso),
        ("web_identity_token_file = /t\nrole_arn = r\n", "", K::WebIdentity),
        ("source_profile = b\n", "", K::Process),
        ("broken\n", "", K::Unreadable),
    ];
    for (more, credentials, kind) in table {
        let config = format!("[profile p]\n{PROCESS}{more}");
        let credentials = format!("[p]\n{credentials}");
        let (config, credentials) =
            (Document::parse(config.as_bytes()), Document::parse_credentials(credentials.as_bytes()));
        let found = Sources::new(&config, &credentials).of(Readers::JAVA, "p");
        assert_eq!(found.kind, kind, "{more}");
    }
    let empty = Document::parse(b"");
    let sources = Sources::new(&empty, &empty);
    let variables: Variables = [("AWS_WEB_IDENTITY_TOKEN_FILE", "/t")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    assert_eq!(sources.in_force(Readers::JAVA, &variables).kind, K::WebIdentity);
}

#[test]
fn rivals_name_their_place_and_their_readers() {
    let config = format!("# x\n[profile p]\n{PROCESS}{KEYS}region = a\n  role_arn = r\n");
    let document = Document::parse(config.as_bytes());
    let credentials = Document::parse_credentials(format!("[p]\n{PROCESS}").as_bytes());
    let none = Document::parse_credentials(b"");
    let place = |line, key| Some(Place::Config { line, key: Some(key) });
    let rivals = Sources::new(&document, &none).rivals("p");
    let found: Vec<_> = rivals.iter().map(|r| (r.source.kind, r.source.place, r.readers)).collect();
    // The indented line is a key to Go and JavaScript; alone, JavaScript makes no role of it.
    assert_eq!(
        found,
        [
            (SourceKind::Role, place(7, "role_arn"), Readers::GO),
            (SourceKind::Keys, place(4, "aws_access_key_id"), Readers::JS),
        ]
    );
    let document = Document::parse(format!("[profile p]\n{PROCESS}").as_bytes());
    assert!(Sources::new(&document, &none).rivals("p").is_empty());
    let rivals = Sources::new(&document, &credentials).rivals("p");
    let beaten = Place::Credentials { line: 2, key: Some("credential_process") };
    assert_eq!((rivals.len(), rivals[0].source.place, rivals[0].readers), (1, Some(beaten), Readers::ALL));
}
