//! Who makes a request: the portal's page, a page of ours, somebody else's, or nobody who can be named.

use hyper::header::{HOST, HeaderMap, HeaderName, ORIGIN, REFERER};

use crate::base::PortalUrl;

/// What the listener compares requests with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Door<'a> {
    /// The portal that is waited for.
    pub(super) portal: &'a PortalUrl,
    /// Our own port.
    pub(super) port: u16,
}

/// Whose page made the browser send a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Caller {
    /// The portal's.
    Portal,
    /// One of ours.
    Ourselves,
    /// The browser does not say: so it is with a navigation from an https portal.
    Unnamed,
    /// Another's: its origin, or what stood there instead.
    Stranger(String),
}

/// A header that must not come twice came twice, or is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ambiguous;

/// The value of a header that comes at most once.
pub(super) fn single(headers: &HeaderMap, name: HeaderName) -> Result<Option<&str>, Ambiguous> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Ambiguous),
        (Some(_), Some(_)) => Err(Ambiguous),
    }
}

impl Door<'_> {
    /// The `Host` of a request, where it is one of our own names with our own port. Any other name that leads here is
    /// a name that somebody made lead here (DNS rebinding).
    pub(super) fn own_host<'h>(&self, headers: &'h HeaderMap) -> Result<Option<&'h str>, Ambiguous> {
        Ok(single(headers, HOST)?.filter(|host| {
            let (name, port) = match host.rfind(':').filter(|&at| !host[at..].contains(']')) {
                Some(at) => (&host[..at], &host[at + 1..]),
                // Browsers leave the default port out.
                None => (*host, "80"),
            };
            is_loopback(name) && port == self.port.to_string()
        }))
    }

    /// Who makes the request. The origin says it, where there is one, else the referrer; a stranger in either is a
    /// stranger.
    pub(super) fn caller(&self, headers: &HeaderMap) -> Result<Caller, Ambiguous> {
        let origin = single(headers, ORIGIN)?.map(|text| self.whose(text));
        let referrer = single(headers, REFERER)?.filter(|text| !text.is_empty());
        let referrer = referrer.map(|text| self.whose(origin_of(text)));
        Ok(match (origin, referrer) {
            (Some(stranger @ Caller::Stranger(_)), _) | (_, Some(stranger @ Caller::Stranger(_))) => stranger,
            (Some(known), _) | (None, Some(known)) => known,
            (None, None) => Caller::Unnamed,
        })
    }

    fn whose(&self, origin: &str) -> Caller {
        match origin.parse::<PortalUrl>() {
            Ok(url) if url == *self.portal => Caller::Portal,
            Ok(url) if self.is_ours(&url) => Caller::Ourselves,
            Ok(url) => Caller::Stranger(url.as_str().to_owned()),
            Err(_) => Caller::Stranger(origin.to_owned()),
        }
    }

    fn is_ours(&self, url: &PortalUrl) -> bool {
        let spelled = |name: &str| format!("http://{name}:{}", self.port).parse().as_ref() == Ok(url);
        OWN_NAMES.into_iter().any(spelled)
    }
}

const OWN_NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

fn is_loopback(name: &str) -> bool {
    OWN_NAMES.into_iter().any(|own| name.eq_ignore_ascii_case(own))
}

/// The part of an address that names the site: everything before the path.
fn origin_of(address: &str) -> &str {
    let start = address.find("://").map_or(0, |at| at + 3);
    let end = address[start..].find(['/', '?', '#']).map_or(address.len(), |at| start + at);
    &address[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_door<T>(f: impl FnOnce(&Door<'_>) -> T) -> T {
        let portal: PortalUrl = "https://acme.duplocloud.net".parse().unwrap();
        f(&Door { portal: &portal, port: 4100 })
    }

    fn headers(lines: &[(HeaderName, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_our_own_names_with_our_own_port_lead_here() {
        with_door(|door| {
            let ours = |host: &str| door.own_host(&headers(&[(HOST, host)])).unwrap().is_some();
            for host in ["localhost:4100", "LocalHost:4100", "127.0.0.1:4100", "[::1]:4100"] {
                assert!(ours(host), "{host}");
            }
            for host in [
                "",
                "localhost",
                "localhost:",
                "localhost:80",
                "localhost:04100",
                "localhost:4100:4100",
                "localhost.:4100",
                "127.0.0.2:4100",
                "127.1:4100",
                "2130706433:4100",
                "[::1]",
                "::1:4100",
                "[::ffff:127.0.0.1]:4100",
                "127.0.0.1.nip.io:4100",
                "user@127.0.0.1:4100",
                "acme.duplocloud.net",
            ] {
                assert!(!ours(host), "{host}");
            }
            let twice = headers(&[(HOST, "localhost:4100"), (HOST, "localhost:4100")]);
            assert_eq!(door.own_host(&twice), Err(Ambiguous));
            assert_eq!(door.own_host(&headers(&[])), Ok(None));
            let at_80 = Door { port: 80, ..*door };
            assert!(at_80.own_host(&headers(&[(HOST, "localhost")])).unwrap().is_some());
        });
    }

    #[test]
    fn the_origin_tells_or_else_the_referrer() {
        const PORTAL: &str = "https://acme.duplocloud.net";
        let stranger = |text: &str| Ok(Caller::Stranger(text.to_owned()));
        with_door(|door| {
            for (lines, expected) in [
                (vec![], Ok(Caller::Unnamed)),
                (vec![(REFERER, "")], Ok(Caller::Unnamed)),
                (vec![(ORIGIN, PORTAL)], Ok(Caller::Portal)),
                (vec![(ORIGIN, "https://ACME.duplocloud.net:443")], Ok(Caller::Portal)),
                (
                    vec![(REFERER, "https://acme.duplocloud.net/app/user/verify-token?x=1")],
                    Ok(Caller::Portal),
                ),
                (vec![(REFERER, PORTAL)], Ok(Caller::Portal)),
                (vec![(ORIGIN, "http://localhost:4100")], Ok(Caller::Ourselves)),
                (vec![(REFERER, "http://[::1]:4100/page/1")], Ok(Caller::Ourselves)),
                (vec![(ORIGIN, "http://localhost:4100"), (REFERER, PORTAL)], Ok(Caller::Ourselves)),
                (vec![(ORIGIN, "http://localhost:4101")], stranger("http://localhost:4101")),
                (vec![(ORIGIN, "https://localhost:4100")], stranger("https://localhost:4100")),
                (vec![(ORIGIN, "null")], stranger("null")),
                (vec![(ORIGIN, "")], stranger("")),
                (vec![(ORIGIN, "http://acme.duplocloud.net")], stranger("http://acme.duplocloud.net")),
                (
                    vec![(ORIGIN, "https://acme.duplocloud.net:444")],
                    stranger("https://acme.duplocloud.net:444"),
                ),
                (
                    vec![(ORIGIN, "https://acme.duplocloud.net.evil.com")],
                    stranger("https://acme.duplocloud.net.evil.com"),
                ),
                (vec![(ORIGIN, PORTAL), (REFERER, "https://evil.com/")], stranger("https://evil.com")),
                (vec![(ORIGIN, "https://evil.com"), (REFERER, PORTAL)], stranger("https://evil.com")),
                (
                    vec![(REFERER, "https://evil.com/https://acme.duplocloud.net/")],
                    stranger("https://evil.com"),
                ),
                (
                    vec![(REFERER, "https://acme.duplocloud.net@evil.com/")],
                    stranger("https://acme.duplocloud.net@evil.com"),
                ),
                (
                    vec![(REFERER, "https://x@acme.duplocloud.net/")],
                    stranger("https://x@acme.duplocloud.net"),
                ),
                (
                    vec![(REFERER, "https://acme.duplocloud.net\\@evil.com/")],
                    stranger("https://acme.duplocloud.net\\@evil.com"),
                ),
                (vec![(REFERER, "/app")], stranger("")),
                (vec![(ORIGIN, PORTAL), (ORIGIN, PORTAL)], Err(Ambiguous)),
                (vec![(REFERER, PORTAL), (REFERER, "https://evil.com")], Err(Ambiguous)),
            ] {
                assert_eq!(door.caller(&headers(&lines)), expected, "{lines:?}");
            }
        });
    }
}
