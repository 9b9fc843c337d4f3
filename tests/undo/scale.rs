//! Thousands of profiles.

use super::{taken_back, written};

fn profiles(count: usize, region: &str) -> String {
    let one = |n: usize| {
        format!(
            "[profile p{n}]\nregion = {region}\ncredential_process = /x aws --tenant p{n}\njitpass_portal = acme\n\n"
        )
    };
    (0..count).map(one).collect()
}

#[test]
fn five_thousand_places_in_a_file_that_others_changed() {
    let (old, new) = (profiles(5000, "us-west-2"), profiles(5000, "eu-central-1"));
    let written = written(old.as_bytes(), new.as_bytes());
    assert_eq!(written.len(), 5000);
    let theirs =
        |text: &str| text.replace("[profile p2500]", "[profile theirs]\nregion = x\n\n[profile p2500]");
    let back = taken_back(theirs(&new).as_bytes(), &written, b"").unwrap();
    assert!(back == theirs(&old).as_bytes());
}
