//! The address of a portal.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// The origin of a portal, normalised: `https://acme.duplocloud.net`, `http://localhost:4200`.
///
/// Scheme and host in lower case, default port left out, no path. https only, except for exactly `localhost`,
/// 127.0.0.0/8 and `[::1]`: a token must not cross a network in clear.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortalUrl {
    text: String,
    /// Where the host (with port) starts in `text`.
    host_at: usize,
}

/// Why a text is not the address of a portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortalUrlError {
    /// Nothing was given.
    Empty,
    /// It does not start with `https://` (or `http://`).
    NoScheme,
    /// http to a host that is not this machine.
    NotSecure,
    /// A blank, where most likely two words were typed or a sentence was pasted.
    Blank,
    /// The host is not a DNS name or an IP address.
    BadHost,
    /// The port is not a number from 1 to 65535.
    BadPort,
    /// User name or password in the address.
    UserInfo,
    /// A path, query or fragment.
    Path,
}

impl fmt::Display for PortalUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the portal's address is empty",
            Self::NoScheme => "the portal's address must start with `https://`",
            Self::NotSecure => "the portal's address must start with `https://` (http is for localhost only)",
            Self::Blank => {
                "the portal's address must have no blanks in it, as in `https://acme.duplocloud.net`"
            }
            Self::BadHost => "the portal's address has no valid host name",
            Self::BadPort => "the portal's address has a port that is not a number from 1 to 65535",
            Self::UserInfo => "the portal's address must not hold a user name or password",
            Self::Path => {
                "the portal's address must end after the host name, as in `https://acme.duplocloud.net`"
            }
        })
    }
}

impl std::error::Error for PortalUrlError {}

impl PortalUrl {
    /// The normalised address, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Host and, unless it is the default one, port.
    pub fn authority(&self) -> &str {
        &self.text[self.host_at..]
    }

    /// The host without its port; an IPv6 address without brackets.
    pub fn host(&self) -> &str {
        let authority = self.authority();
        if let Some(rest) = authority.strip_prefix('[') {
            return rest.split_once(']').map_or(rest, |(host, _)| host);
        }
        authority.split_once(':').map_or(authority, |(host, _)| host)
    }

    /// Whether requests go encrypted.
    pub fn is_https(&self) -> bool {
        self.text.starts_with("https")
    }

    /// A name for this portal in file names: the host, the port where it is not the default, a mark for http. What
    /// stands for `:` and brackets is in no host name, so no two portals share a name.
    pub fn key(&self) -> String {
        let scheme = if self.is_https() { "" } else { "http~" };
        let spelled = self.authority().chars().filter(|c| *c != '[').map(|c| match c {
            ':' => '~',
            ']' => '!',
            other => other,
        });
        format!("{scheme}{}", spelled.collect::<String>())
    }

    /// Reads what a person types where a portal is asked for: a URL, a host name, or the bare name of a hosted
    /// portal (`acme` is `https://acme.duplocloud.net`). A path copied from the browser's address bar is dropped.
    ///
    /// # Errors
    /// As for [`PortalUrl::from_str`], path aside.
    pub fn from_typed(text: &str) -> Result<Self, PortalUrlError> {
        let text = text.trim();
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => ("https".to_owned(), text),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let bare = !text.contains("://")
            && !authority.contains(['.', ':', '['])
            && !authority.eq_ignore_ascii_case("localhost");
        let domain = if bare && !authority.is_empty() { ".duplocloud.net" } else { "" };
        format!("{scheme}://{authority}{domain}").parse()
    }
}

impl FromStr for PortalUrl {
    type Err = PortalUrlError;

    fn from_str(text: &str) -> Result<Self, PortalUrlError> {
        if text.is_empty() {
            return Err(PortalUrlError::Empty);
        }
        let (scheme, rest) = text.split_once("://").ok_or(PortalUrlError::NoScheme)?;
        let https = scheme.eq_ignore_ascii_case("https");
        if !https && !scheme.eq_ignore_ascii_case("http") {
            return Err(PortalUrlError::NoScheme);
        }
        // One slash at the end is common: the portal's own kubeconfigs have it.
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains('@') {
            return Err(PortalUrlError::UserInfo);
        }
        if rest.contains(['/', '?', '#']) {
            return Err(PortalUrlError::Path);
        }
        if rest.contains(char::is_whitespace) {
            return Err(PortalUrlError::Blank);
        }
        let (host, port) = split_port(rest)?;
        let host = normal_host(host)?;
        if !https && !is_loopback(&host) {
            return Err(PortalUrlError::NotSecure);
        }
        let scheme = if https { "https://" } else { "http://" };
        let default_port = if https { 443 } else { 80 };
        let port = port.filter(|&p| p != default_port).map(|p| format!(":{p}")).unwrap_or_default();
        Ok(Self { text: format!("{scheme}{host}{port}"), host_at: scheme.len() })
    }
}

impl fmt::Display for PortalUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), PortalUrlError> {
    let end = if authority.starts_with('[') {
        authority.find(']').ok_or(PortalUrlError::BadHost)? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, port) = authority.split_at(end);
    let Some(digits) = port.strip_prefix(':') else {
        return if port.is_empty() { Ok((host, None)) } else { Err(PortalUrlError::BadHost) };
    };
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(PortalUrlError::BadPort);
    }
    match digits.parse::<u16>() {
        Ok(port @ 1..) => Ok((host, Some(port))),
        _ => Err(PortalUrlError::BadPort),
    }
}

fn normal_host(host: &str) -> Result<String, PortalUrlError> {
    if let Some(v6) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        let address: Ipv6Addr = v6.parse().map_err(|_| PortalUrlError::BadHost)?;
        return Ok(format!("[{address}]"));
    }
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    // A last label of digits makes it an IPv4 address (or a malformed one that resolvers read in surprising ways).
    if host
        .rsplit('.')
        .next()
        .is_some_and(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()))
    {
        let address: Ipv4Addr = host.parse().map_err(|_| PortalUrlError::BadHost)?;
        return Ok(address.to_string());
    }
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if host.len() <= 253 && host.split('.').all(label) {
        Ok(host.to_owned())
    } else {
        Err(PortalUrlError::BadHost)
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host == "[::1]" || host.parse::<Ipv4Addr>().is_ok_and(|a| a.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<String, PortalUrlError> {
        text.parse::<PortalUrl>().map(|u| u.to_string())
    }

    #[test]
    fn one_portal_has_one_spelling() {
        for (typed, normal) in [
            ("https://acme.duplocloud.net", "https://acme.duplocloud.net"),
            ("HTTPS://ACME.DuploCloud.net:443/", "https://acme.duplocloud.net"),
            ("https://acme.duplocloud.net.", "https://acme.duplocloud.net"),
            ("https://duplo.x.com:8443", "https://duplo.x.com:8443"),
            ("http://localhost:4200/", "http://localhost:4200"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://[::1]:9/", "http://[::1]:9"),
            ("https://[0:0::1]", "https://[::1]"),
        ] {
            assert_eq!(parsed(typed).as_deref(), Ok(normal), "{typed}");
        }
    }

    #[test]
    fn what_would_leak_or_mislead_is_refused() {
        use PortalUrlError as E;
        for (typed, error) in [
            ("", E::Empty),
            ("acme.duplocloud.net", E::NoScheme),
            ("ftp://acme", E::NoScheme),
            ("http://acme.duplocloud.net", E::NotSecure),
            ("http://localhost.example.com", E::NotSecure),
            ("http://127.0.0.1.example.com", E::NotSecure),
            ("http://[::2]", E::NotSecure),
            ("https://user:pw@acme.net", E::UserInfo),
            ("https://acme.net/app", E::Path),
            ("https://acme.net//", E::Path),
            ("https://acme.net?x", E::Path),
            ("https://acme.net:0", E::BadPort),
            ("https://acme.net:99999", E::BadPort),
            ("https://acme.net:+1", E::BadPort),
            ("https://", E::BadHost),
            ("https://a b", E::Blank),
            ("https://-a.net", E::BadHost),
            ("https://a..net", E::BadHost),
            ("https://1.2.3", E::BadHost),
            ("https://été.net", E::BadHost),
            ("https://$(id).net", E::BadHost),
        ] {
            assert_eq!(parsed(typed), Err(error), "{typed}");
        }
    }

    #[test]
    fn people_type_less() {
        for (typed, normal) in [
            ("acme", "https://acme.duplocloud.net"),
            (" acme.duplocloud.net ", "https://acme.duplocloud.net"),
            ("https://acme.duplocloud.net/app/devops/overview?x=1", "https://acme.duplocloud.net"),
            ("duplo.x.com:8443", "https://duplo.x.com:8443"),
            ("localhost:4200", "https://localhost:4200"),
            ("http://localhost:4200", "http://localhost:4200"),
        ] {
            assert_eq!(PortalUrl::from_typed(typed).unwrap().as_str(), normal, "{typed}");
        }
        assert!(PortalUrl::from_typed("").is_err());
        assert!(PortalUrl::from_typed("a b").is_err());
    }

    #[test]
    fn keys_tell_ports_and_schemes_apart() {
        let key = |t: &str| t.parse::<PortalUrl>().unwrap().key();
        assert_eq!(key("https://acme.duplocloud.net"), "acme.duplocloud.net");
        assert_eq!(key("https://localhost:81"), "localhost~81");
        assert_eq!(key("http://localhost:81"), "http~localhost~81");
        assert_eq!(key("http://[::1]:81"), "http~~~1!~81");
        assert_ne!(key("https://[::1]:8443"), key("https://[::1:8443]"));
    }

    #[test]
    fn parts() {
        let url: PortalUrl = "http://[::1]:81".parse().unwrap();
        assert_eq!((url.host(), url.authority()), ("::1", "[::1]:81"));
        let url: PortalUrl = "https://a.b:81".parse().unwrap();
        assert_eq!((url.host(), url.authority()), ("a.b", "a.b:81"));
    }
}
