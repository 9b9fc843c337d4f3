//! Which portal: where its pages are and where its API is.

use std::fmt;

use crate::base::PortalUrl;

/// A portal is the pair of its host and, for portal developers who split the two, the host of its API. A token
/// goes only to the pair it was checked with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortalAddress {
    /// Where people sign in; what profiles name with `--host`.
    pub host: PortalUrl,
    /// Where requests go, when that is elsewhere (`--api-host`).
    pub api_host: Option<PortalUrl>,
}

impl PortalAddress {
    /// An address whose API is where its pages are, unless `api_host` says otherwise.
    pub fn new(host: PortalUrl, api_host: Option<PortalUrl>) -> Self {
        let api_host = api_host.filter(|api| *api != host);
        Self { host, api_host }
    }

    /// Where requests go.
    pub fn api(&self) -> &PortalUrl {
        self.api_host.as_ref().unwrap_or(&self.host)
    }

    /// A name for this pair in file names.
    pub fn key(&self) -> String {
        match &self.api_host {
            None => self.host.key(),
            Some(api) => format!("{}+{}", self.host.key(), api.key()),
        }
    }
}

impl fmt::Display for PortalAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.host.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_host_makes_another_portal() {
        let url = |t: &str| t.parse::<PortalUrl>().unwrap();
        let plain = PortalAddress::new(url("https://a.net"), None);
        let same = PortalAddress::new(url("https://a.net"), Some(url("https://A.net:443")));
        let split = PortalAddress::new(url("http://localhost:4200"), Some(url("https://a.net")));
        assert_eq!(plain, same);
        assert_eq!(split.key(), "http~localhost~4200+a.net");
        assert_eq!((split.api().as_str(), plain.api().as_str()), ("https://a.net", "https://a.net"));
    }
}
