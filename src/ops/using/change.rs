//! Which variables of a shell change when it uses another profile.

use crate::base::Region;
use crate::host::env::names::{
    AWS_DEFAULT_PROFILE, AWS_DEFAULT_REGION, AWS_PROFILE, AWS_REGION, AWS_WEB_IDENTITY_TOKEN_FILE,
    JITUSE_DEFAULT_REGION_BEFORE, JITUSE_PREVIOUS, JITUSE_REGION, JITUSE_REGION_BEFORE,
};
use crate::plan::Variables;

/// What somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish<'a> {
    /// The profile to use; `None` for none.
    pub profile: Option<&'a str>,
    /// The region to use in place of the profile's own.
    pub region: Option<&'a Region>,
}

/// A line of the answer to the shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Set and export it.
    Set(&'static str, String),
    /// Take it away.
    Unset(&'static str),
}

/// What changes, and what a person should know of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// For the shell.
    pub lines: Vec<Line>,
    /// The variables that would have beaten the profile, and held something.
    pub cleared: Vec<&'static str>,
    /// The region variables that somebody else set, which stay, and what they hold.
    pub foreign_regions: Vec<(&'static str, String)>,
    /// The region variables that somebody else had set, which hold another region now, and what they held.
    pub replaced_regions: Vec<(&'static str, String)>,
    /// The region variables that hold again what they held before, which is among the foreign ones too.
    pub restored_regions: Vec<&'static str>,
}

/// Keys, and what goes with them: to most programs they come before any profile. Expiry alone would end credentials
/// that have another; the older name of the session token is still read by botocore.
const KEYS: [&str; 5] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
];

/// A token in a file, and the role it is exchanged for: to botocore, Go and Java they come before a profile that runs a
/// command. The role alone says nothing, and without the file is left alone.
const WEB_IDENTITY: [&str; 3] = [AWS_WEB_IDENTITY_TOKEN_FILE, "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME"];

/// The variables that name a region, each with where its own value is kept while another stands in it.
const REGIONS: [(&str, &str); 2] =
    [(AWS_REGION, JITUSE_REGION_BEFORE), (AWS_DEFAULT_REGION, JITUSE_DEFAULT_REGION_BEFORE)];

/// The profile in use.
pub fn current(variables: &Variables) -> Option<&str> {
    usable(variables, AWS_PROFILE).or_else(|| usable(variables, AWS_DEFAULT_PROFILE))
}

/// The one before.
pub fn previous(variables: &Variables) -> Option<&str> {
    usable(variables, JITUSE_PREVIOUS)
}

/// The value of a variable, if it can be given back to a shell.
fn usable<'a>(variables: &'a Variables, name: &str) -> Option<&'a str> {
    let value = variables.get(name).map(String::as_str);
    value.filter(|value| !value.is_empty() && !value.contains(char::is_control))
}

impl Change {
    /// Works it out. `variables` are those of the shell, also those that are set to nothing.
    pub fn new(variables: &Variables, wish: Wish<'_>) -> Self {
        let mut change = Self::default();
        let before = current(variables);
        match wish.profile {
            Some(profile) => change.set(AWS_PROFILE, profile),
            None => change.unset(variables, AWS_PROFILE),
        }
        // Using the same again leaves the way back.
        if before != wish.profile {
            match before {
                Some(before) => change.set(JITUSE_PREVIOUS, before),
                None => change.unset(variables, JITUSE_PREVIOUS),
            }
        }
        change.clear(variables, AWS_DEFAULT_PROFILE, wish.profile.is_some());
        if wish.profile.is_some() {
            for name in KEYS {
                change.clear(variables, name, true);
            }
            if variables.contains_key(AWS_WEB_IDENTITY_TOKEN_FILE) {
                for name in WEB_IDENTITY {
                    change.clear(variables, name, true);
                }
            }
        }
        change.regions(variables, wish.region);
        change
    }

    fn regions(&mut self, variables: &Variables, region: Option<&Region>) {
        let ours = usable(variables, JITUSE_REGION);
        for (name, memory) in REGIONS {
            let held = variables.get(name).map(String::as_str).filter(|held| !held.is_empty());
            let is_ours = held.is_some() && held == ours;
            let foreign = held.filter(|_| !is_ours);
            // What is kept is of no use any more where somebody set the variable since.
            let before = usable(variables, memory).filter(|_| is_ours);
            match (region, foreign) {
                (Some(region), Some(foreign)) => {
                    match usable(variables, name) {
                        Some(before) => self.set(memory, before),
                        None => self.unset(variables, memory),
                    }
                    if foreign != region.as_str() {
                        self.replaced_regions.push((name, foreign.to_owned()));
                    }
                }
                (Some(_), None) if before.is_some() => {}
                _ => self.unset(variables, memory),
            }
            match (region, foreign.or(before)) {
                (Some(region), _) => self.set(name, region.as_str()),
                (None, Some(theirs)) => {
                    if foreign.is_none() {
                        self.set(name, theirs);
                        self.restored_regions.push(name);
                    }
                    self.foreign_regions.push((name, theirs.to_owned()));
                }
                (None, None) if held.is_some() => self.lines.push(Line::Unset(name)),
                (None, None) => {}
            }
        }
        match region {
            Some(region) => self.set(JITUSE_REGION, region.as_str()),
            None => self.unset(variables, JITUSE_REGION),
        }
    }

    fn set(&mut self, name: &'static str, value: &str) {
        self.lines.push(Line::Set(name, value.to_owned()));
    }

    fn unset(&mut self, variables: &Variables, name: &'static str) {
        if variables.contains_key(name) {
            self.lines.push(Line::Unset(name));
        }
    }

    /// Takes away what would beat the profile, which is worth a word if it held anything.
    fn clear(&mut self, variables: &Variables, name: &'static str, is_told: bool) {
        if is_told && variables.get(name).is_some_and(|value| !value.is_empty()) {
            self.cleared.push(name);
        }
        self.unset(variables, name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(variables: &[(&str, &str)], profile: Option<&str>, region: &str) -> Change {
        let variables = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let region: Option<Region> = (!region.is_empty()).then(|| region.parse().unwrap());
        Change::new(&variables, Wish { profile, region: region.as_ref() })
    }

    fn lines(change: &Change) -> Vec<String> {
        let line = |line: &Line| match line {
            Line::Set(name, value) => format!("{name}={value}"),
            Line::Unset(name) => (*name).to_owned(),
        };
        change.lines.iter().map(line).collect()
    }

    #[test]
    fn what_the_shell_is_told() {
        let a = Some("a");
        for (name, variables, profile, region, expected) in [
            ("the first", vec![], a, "", vec!["AWS_PROFILE=a"]),
            (
                "another",
                vec![("AWS_PROFILE", "b"), ("JITUSE_PREVIOUS", "c")],
                a,
                "",
                vec!["AWS_PROFILE=a", "JITUSE_PREVIOUS=b"],
            ),
            ("the same", vec![("AWS_PROFILE", "a"), ("JITUSE_PREVIOUS", "c")], a, "", vec!["AWS_PROFILE=a"]),
            (
                "after none",
                vec![("AWS_PROFILE", ""), ("JITUSE_PREVIOUS", "c")],
                a,
                "",
                vec!["AWS_PROFILE=a", "JITUSE_PREVIOUS"],
            ),
            (
                "one that cannot be given back",
                vec![("AWS_PROFILE", "b\nexport X=1")],
                a,
                "",
                vec!["AWS_PROFILE=a"],
            ),
            (
                "by its older name",
                vec![("AWS_DEFAULT_PROFILE", "b")],
                a,
                "",
                vec!["AWS_PROFILE=a", "JITUSE_PREVIOUS=b", "AWS_DEFAULT_PROFILE"],
            ),
            (
                "none",
                vec![("AWS_PROFILE", "b"), ("AWS_DEFAULT_PROFILE", "x"), ("AWS_ACCESS_KEY_ID", "k")],
                None,
                "",
                vec!["AWS_PROFILE", "JITUSE_PREVIOUS=b", "AWS_DEFAULT_PROFILE"],
            ),
            ("none after none", vec![], None, "", vec![]),
            (
                "keys",
                vec![
                    ("AWS_ACCESS_KEY_ID", "k"),
                    ("AWS_SECRET_ACCESS_KEY", "s"),
                    ("AWS_SESSION_TOKEN", ""),
                    ("AWS_SECURITY_TOKEN", "t"),
                    ("AWS_CREDENTIAL_EXPIRATION", "e"),
                    ("AWS_ROLE_ARN", "arn"),
                    ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost"),
                ],
                a,
                "",
                vec![
                    "AWS_PROFILE=a",
                    "AWS_ACCESS_KEY_ID",
                    "AWS_SECRET_ACCESS_KEY",
                    "AWS_SESSION_TOKEN",
                    "AWS_SECURITY_TOKEN",
                    "AWS_CREDENTIAL_EXPIRATION",
                ],
            ),
            (
                "a web identity",
                vec![("AWS_WEB_IDENTITY_TOKEN_FILE", "/t"), ("AWS_ROLE_ARN", "arn")],
                a,
                "",
                vec!["AWS_PROFILE=a", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"],
            ),
            (
                "a region",
                vec![("AWS_PROFILE", "a"), ("AWS_REGION", "eu-west-1")],
                a,
                "us-west-2",
                vec![
                    "AWS_PROFILE=a",
                    "JITUSE_REGION_BEFORE=eu-west-1",
                    "AWS_REGION=us-west-2",
                    "AWS_DEFAULT_REGION=us-west-2",
                    "JITUSE_REGION=us-west-2",
                ],
            ),
            (
                "one that is there already is kept all the same",
                vec![("AWS_PROFILE", "a"), ("AWS_DEFAULT_REGION", "us-west-2")],
                a,
                "us-west-2",
                vec![
                    "AWS_PROFILE=a",
                    "AWS_REGION=us-west-2",
                    "JITUSE_DEFAULT_REGION_BEFORE=us-west-2",
                    "AWS_DEFAULT_REGION=us-west-2",
                    "JITUSE_REGION=us-west-2",
                ],
            ),
            (
                "a third one leaves what is kept",
                vec![
                    ("AWS_REGION", "us-west-2"),
                    ("JITUSE_REGION", "us-west-2"),
                    ("JITUSE_REGION_BEFORE", "eu-west-1"),
                    ("JITUSE_DEFAULT_REGION_BEFORE", "stale"),
                ],
                a,
                "us-east-1",
                vec![
                    "AWS_PROFILE=a",
                    "AWS_REGION=us-east-1",
                    "JITUSE_DEFAULT_REGION_BEFORE",
                    "AWS_DEFAULT_REGION=us-east-1",
                    "JITUSE_REGION=us-east-1",
                ],
            ),
            (
                "what was there comes back",
                vec![
                    ("AWS_REGION", "us-west-2"),
                    ("AWS_DEFAULT_REGION", "us-west-2"),
                    ("JITUSE_REGION", "us-west-2"),
                    ("JITUSE_REGION_BEFORE", "eu-west-1"),
                ],
                None,
                "",
                vec!["JITUSE_REGION_BEFORE", "AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION", "JITUSE_REGION"],
            ),
            (
                "one that was set since stays, and what was there before is forgotten",
                vec![
                    ("AWS_REGION", "ap-south-1"),
                    ("JITUSE_REGION", "us-west-2"),
                    ("JITUSE_REGION_BEFORE", "eu-west-1"),
                ],
                None,
                "",
                vec!["JITUSE_REGION_BEFORE", "JITUSE_REGION"],
            ),
            (
                "one that cannot be given back is not kept",
                vec![("AWS_PROFILE", "a"), ("AWS_REGION", "x\ny"), ("JITUSE_REGION_BEFORE", "old")],
                a,
                "us-west-2",
                vec![
                    "AWS_PROFILE=a",
                    "JITUSE_REGION_BEFORE",
                    "AWS_REGION=us-west-2",
                    "AWS_DEFAULT_REGION=us-west-2",
                    "JITUSE_REGION=us-west-2",
                ],
            ),
            (
                "a region of ours goes",
                vec![
                    ("AWS_REGION", "us-west-2"),
                    ("AWS_DEFAULT_REGION", "us-west-2"),
                    ("JITUSE_REGION", "us-west-2"),
                ],
                a,
                "",
                vec!["AWS_PROFILE=a", "AWS_REGION", "AWS_DEFAULT_REGION", "JITUSE_REGION"],
            ),
            (
                "one that was changed since stays",
                vec![
                    ("AWS_REGION", "eu-west-1"),
                    ("AWS_DEFAULT_REGION", "us-west-2"),
                    ("JITUSE_REGION", "us-west-2"),
                ],
                None,
                "",
                vec!["AWS_DEFAULT_REGION", "JITUSE_REGION"],
            ),
            ("a foreign one stays", vec![("AWS_REGION", "eu-west-1")], a, "", vec!["AWS_PROFILE=a"]),
        ] {
            assert_eq!(lines(&change(&variables, profile, region)), expected, "{name}");
        }
    }

    #[test]
    fn what_a_person_is_told() {
        let told = change(
            &[("AWS_ACCESS_KEY_ID", "k"), ("AWS_SESSION_TOKEN", ""), ("AWS_REGION", "eu-west-1")],
            Some("a"),
            "",
        );
        assert_eq!(told.cleared, ["AWS_ACCESS_KEY_ID"]);
        assert_eq!(told.foreign_regions, [("AWS_REGION", "eu-west-1".to_owned())]);
        let told = change(&[("AWS_REGION", "eu-west-1")], Some("a"), "us-west-2");
        assert_eq!(
            (told.replaced_regions.as_slice(), told.foreign_regions.len()),
            ([("AWS_REGION", "eu-west-1".to_owned())].as_slice(), 0)
        );
        let there = [
            ("AWS_REGION", "us-west-2"),
            ("JITUSE_REGION", "us-west-2"),
            ("JITUSE_REGION_BEFORE", "eu-west-1"),
        ];
        let told = change(&there, Some("a"), "");
        assert_eq!(told.restored_regions, ["AWS_REGION"]);
        assert_eq!(told.foreign_regions, [("AWS_REGION", "eu-west-1".to_owned())]);
        assert!(change(&[("AWS_PROFILE", "a"), ("AWS_DEFAULT_PROFILE", "b")], None, "").cleared.is_empty());
    }
}
