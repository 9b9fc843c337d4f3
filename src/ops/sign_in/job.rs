//! What a listener is told by who starts it. It holds nothing secret: it is the listener's one argument.

use serde::{Deserialize, Serialize};

use crate::base::{PortalAddress, Region, Scope};
use crate::ops::issue::Request;

/// What is done about a browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Browse {
    /// It is opened; which one, where it is not the system's own. Where that fails the wait is over, unless a person
    /// can follow the link.
    Open {
        /// Which one.
        with: Option<String>,
        /// Whether somebody sees the link.
        link_is_seen: bool,
    },
    /// It is not.
    Not,
}

/// One wait, to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its name.
    pub id: String,
    host: String,
    api_host: Option<String>,
    /// Whether the portal is asked for administrators' work.
    pub is_admin: bool,
    /// Whether it is duplo-ops credentials that a code is to open.
    pub duplo_ops: bool,
    region: Option<String>,
    /// The port to listen on; any where none is said.
    pub port: Option<u16>,
    /// What is done about a browser.
    pub browse: Browse,
    /// Whether a person waits for it, who may be asked to unlock a keyring.
    #[serde(default)]
    pub is_for_person: bool,
}

impl Job {
    /// A wait at a portal: for no administrator, on any port, without a browser.
    pub fn new(id: String, portal: &PortalAddress, region: Option<&Region>) -> Self {
        Self {
            id,
            host: portal.host.as_str().to_owned(),
            api_host: portal.api_host.as_ref().map(|host| host.as_str().to_owned()),
            is_admin: false,
            duplo_ops: false,
            region: region.map(|region| region.as_str().to_owned()),
            port: None,
            browse: Browse::Not,
            is_for_person: false,
        }
    }

    /// Where somebody is to sign in. `None` when whoever started this wrote nonsense.
    pub fn portal(&self) -> Option<PortalAddress> {
        let api_host = self.api_host.as_deref().map(str::parse).transpose().ok()?;
        Some(PortalAddress::new(self.host.parse().ok()?, api_host))
    }

    /// The credential to get with a one-time code, while it is good.
    pub fn request(&self) -> Option<Request> {
        let region = self.region.as_deref().map(str::parse).transpose().ok()?;
        let scope = if self.duplo_ops { Scope::DuploOps } else { Scope::Admin };
        Some(Request { portal: self.portal()?, scope, region, token: None, no_cache: true, sign_in: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_survives_the_way_through_argv() {
        let portal = PortalAddress::new("https://acme.duplocloud.net".parse().unwrap(), None);
        let region: Region = "us-west-2".parse().unwrap();
        let browse = Browse::Open { with: Some("firefox -P \"work\"".to_owned()), link_is_seen: true };
        let job = Job {
            duplo_ops: true,
            port: Some(9),
            browse,
            ..Job::new("a1".to_owned(), &portal, Some(&region))
        };
        let read: Job = serde_json::from_str(&serde_json::to_string(&job).unwrap()).unwrap();
        assert_eq!(read, job);
        assert_eq!(read.portal(), Some(portal));
        let request = read.request().unwrap();
        assert_eq!((request.scope, request.region), (Scope::DuploOps, Some(region)));
    }
}
