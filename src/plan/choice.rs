//! Which of a portal's tenants get a profile.

use wildmatch::WildMatch;

use crate::base::{TenantName, TenantPattern};

/// A choice by names and patterns.
#[derive(Debug)]
pub struct TenantFilter {
    /// `None` for all.
    include: Option<Vec<WildMatch>>,
    exclude: Vec<WildMatch>,
}

impl TenantFilter {
    /// Those that fit `include` (all, where it is `None`), less those that fit `exclude`. Case does not matter: portals
    /// show capitals that their own tools ignore.
    pub fn new(include: Option<&[TenantPattern]>, exclude: &[TenantPattern]) -> Self {
        let compile = |patterns: &[TenantPattern]| patterns.iter().map(compiled).collect();
        Self { include: include.map(compile), exclude: compile(exclude) }
    }

    /// Whether a tenant gets a profile.
    pub fn admits(&self, tenant: &TenantName) -> bool {
        let key = tenant.key();
        let fits = |patterns: &[WildMatch]| patterns.iter().any(|pattern| pattern.matches(&key));
        self.include.as_deref().is_none_or(fits) && !fits(&self.exclude)
    }
}

/// Whether a tenant fits one pattern.
pub fn fits(pattern: &TenantPattern, tenant: &TenantName) -> bool {
    compiled(pattern).matches(&tenant.key())
}

fn compiled(pattern: &TenantPattern) -> WildMatch {
    WildMatch::new(&pattern.key())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(text: &str) -> Vec<TenantPattern> {
        text.split_whitespace().map(|word| word.parse().unwrap()).collect()
    }

    #[test]
    fn admits() {
        for (include, exclude, admitted) in [
            (None, "", "dev01 dev02 prod01 prod01-tmp"),
            (Some("dev*"), "", "dev01 dev02"),
            (Some("DEV0? prod01"), "dev02", "dev01 prod01"),
            (None, "*-tmp dev*", "prod01"),
            (Some(""), "", ""),
            (Some("dev"), "", ""),
        ] {
            let filter = TenantFilter::new(include.map(patterns).as_deref(), &patterns(exclude));
            let all = ["dev01", "Dev02", "prod01", "prod01-tmp"];
            let found = all.iter().filter(|name| filter.admits(&name.parse().unwrap()));
            let found: Vec<String> = found.map(|name| name.to_ascii_lowercase()).collect();
            assert_eq!(found.join(" "), admitted, "{include:?} less {exclude:?}");
        }
    }
}
