//! What is chosen for a portal, in words: the same where portals are listed and where a file offers one.

use crate::base::TenantPattern;
use crate::plan::shown;
use crate::store::settings::{PortalSettings, TenantChoice};

/// A row for each thing that was chosen: its name and its value, which may come from anybody.
pub(super) fn rows(settings: &PortalSettings) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    if let Some(api_host) = &settings.address.api_host {
        rows.push(("API", api_host.to_string()));
    }
    rows.push(("tenants", tenants(settings)));
    if let Some(region) = &settings.region {
        rows.push(("region", region.to_string()));
    }
    if let Some(template) = &settings.profile_name {
        rows.push(("names", template.clone()));
    }
    if !settings.keys.is_empty() {
        let pairs = settings.keys.iter().map(|(key, value)| shown(&format!("{key}={}", value.as_str())));
        rows.push(("keys", pairs.collect::<Vec<_>>().join(" ")));
    }
    if let Some(browser) = &settings.browser {
        rows.push(("browser", browser.clone()));
    }
    rows
}

/// `all but not *-tmp, and as administrator`.
fn tenants(settings: &PortalSettings) -> String {
    let mut text = match &settings.tenants {
        TenantChoice::All => "all".to_owned(),
        TenantChoice::Named(names) if names.is_empty() => "none".to_owned(),
        TenantChoice::Named(names) => patterns(names),
    };
    if !settings.exclude.is_empty() {
        text.push_str(" but not ");
        text.push_str(&patterns(&settings.exclude));
    }
    match settings.admin {
        Some(true) => text + ", and as administrator",
        Some(false) => text + ", not as administrator",
        None => text,
    }
}

/// Patterns with blanks between.
pub(super) fn patterns(patterns: &[TenantPattern]) -> String {
    patterns.iter().map(TenantPattern::as_str).collect::<Vec<_>>().join(" ")
}
