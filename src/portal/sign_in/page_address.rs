//! The portal's page on which a person signs in.

use crate::base::PortalAddress;

/// The address to open in a browser so that the portal hands a token to the listener on `port`.
///
/// The portal shows `localAppName` to the person, `isAdmin` makes it ask for a one-time code where it wants one, and
/// `redirect` asks for the token by a navigation; portals that know nothing of it post the token instead. Names and
/// order are duplo-jit's (`internal/interactive.go`).
pub fn page_address(portal: &PortalAddress, port: u16, is_admin: bool) -> String {
    let admin = if is_admin { "&isAdmin=true" } else { "" };
    format!(
        "{}/app/user/verify-token?localAppName=jitpass&localPort={port}{admin}&redirect=true",
        portal.host
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_on_the_host_and_not_the_api_host() {
        let url = |text: &str| text.parse().unwrap();
        let portal =
            PortalAddress::new(url("https://acme.duplocloud.net"), Some(url("http://localhost:60020")));
        assert_eq!(
            page_address(&portal, 4100, false),
            "https://acme.duplocloud.net/app/user/verify-token?localAppName=jitpass&localPort=4100&redirect=true"
        );
        assert_eq!(
            page_address(&portal, 4100, true),
            "https://acme.duplocloud.net/app/user/verify-token?localAppName=jitpass&localPort=4100&isAdmin=true\
             &redirect=true"
        );
    }
}
