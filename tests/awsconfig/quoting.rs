//! Splitting a `credential_process` value, against what four SDKs made of 28 spellings.

use jitpass::awsconfig::command;

use super::corpus;

#[test]
fn a_value_splits_exactly_when_every_sdk_ran_the_same_command() {
    let measured = corpus::json("credential-process-quoting.json");
    let measured = measured.as_array().unwrap();
    assert_eq!(measured.len(), 28);
    let mut agreed = 0;
    for case in measured {
        let value = case["value"].as_str().unwrap();
        let answers: Vec<&str> =
            ["botocore", "rust", "go", "js"].map(|reader| case[reader].as_str().unwrap()).into();
        let alike = answers.iter().all(|answer| *answer == answers[0] && answer.starts_with("OK"));
        match command::split(value) {
            Ok(words) => {
                let args = words[1..].iter().fold(String::new(), |all, arg| all + "<" + arg + ">");
                assert!(alike, "{value}: split to {words:?}, measured {answers:?}");
                assert_eq!(format!("OK {args}"), answers[0], "{value}");
                agreed += 1;
            }
            Err(error) => assert!(!alike, "{value}: {error}, though all ran it: {answers:?}"),
        }
    }
    assert!(agreed >= 12, "only {agreed} spellings were accepted");
}
