//! What somebody may have meant.

/// The name that is most like what was typed, if one is like it at all.
pub fn closest<'a>(typed: &str, names: &[&'a str]) -> Option<&'a str> {
    similar::get_close_matches(typed, names, 1, 0.6).first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant_and_nothing_far_from_it() {
        assert_eq!(closest("dve01", &["prod01", "dev01"]), Some("dev01"));
        assert_eq!(closest("us-wst-2", &["us-east-1", "us-west-2"]), Some("us-west-2"));
        assert_eq!(closest("xyz", &["dev01"]), None);
    }
}
