//! What the environment says before any file is asked.

use std::collections::BTreeMap;

use crate::awsconfig::Readers;
use crate::host::env::names::{
    AWS_ACCESS_KEY_ID, AWS_DEFAULT_PROFILE, AWS_PROFILE, AWS_SECRET_ACCESS_KEY, AWS_WEB_IDENTITY_TOKEN_FILE,
};
use crate::plan::sources::{Place, Source, SourceKind};

/// The variables that are set, empty ones among them: to some readers an empty one says something.
pub type Variables = BTreeMap<String, String>;

/// The profile that a reader takes where none is named on its command line or in its code; `None` is the one called
/// `default`.
///
/// A program that names a profile itself (`aws --profile`) hears neither these variables nor those of
/// [`of_variables`].
pub fn chosen(reader: Readers, variables: &Variables) -> Option<&str> {
    let set = |name: &str| variables.get(name).map(String::as_str);
    let filled = |name: &str| set(name).filter(|value| !value.is_empty());
    match reader {
        Readers::BOTOCORE => set(AWS_DEFAULT_PROFILE).or_else(|| set(AWS_PROFILE)),
        Readers::GO => filled(AWS_PROFILE).or_else(|| filled(AWS_DEFAULT_PROFILE)),
        Readers::JS => filled(AWS_PROFILE),
        // An empty name is the name of a profile that there is not.
        _ => set(AWS_PROFILE),
    }
}

/// What a reader takes before it looks for a profile at all.
pub fn of_variables(reader: Readers, variables: &Variables) -> Option<Source> {
    let filled = |name: &str| variables.get(name).is_some_and(|value| !value.is_empty());
    let source = |kind, name| Some(Source { kind, place: Some(Place::Variable(name)) });
    // To the SDK for JavaScript, who names a profile means it.
    let is_deaf = reader == Readers::JS && filled(AWS_PROFILE);
    match (filled(AWS_ACCESS_KEY_ID), filled(AWS_SECRET_ACCESS_KEY)) {
        (true, true) if !is_deaf => return source(SourceKind::Environment, AWS_ACCESS_KEY_ID),
        (true, false) if reader == Readers::BOTOCORE => {
            return source(SourceKind::HalfKeys, AWS_ACCESS_KEY_ID);
        }
        _ => {}
    }
    let exchanges = Readers::BOTOCORE.and(Readers::GO).and(Readers::JAVA);
    if filled(AWS_WEB_IDENTITY_TOKEN_FILE) && exchanges.contains(reader) {
        return source(SourceKind::WebIdentity, AWS_WEB_IDENTITY_TOKEN_FILE);
    }
    None
}
