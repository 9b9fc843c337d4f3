//! The link that a portal gave, led to the page that is wanted.

use serde::Deserialize;

use crate::aws::{self, ConsoleLinkError, Service, regions, service, services};
use crate::base::{Region, Secret, text};
use crate::ops::closest::{closest, slips};
use crate::ops::failure::Failure;
use crate::ops::issue::Request;
use crate::ops::machine::Machine;
use crate::ops::status::cached;

/// The page of the console that is wanted; the home page of the portal's choice where nothing is said.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Of this service.
    pub service: Option<&'static Service>,
    /// In this region.
    pub region: Option<Region>,
    /// That region is none that jitpass knows, though it may be newer.
    pub is_new_region: bool,
}

impl Page {
    /// Reads what somebody typed.
    ///
    /// # Errors
    /// When there is no such service, or what was typed is no region.
    pub fn read(typed_service: Option<&str>, typed_region: Option<&str>) -> Result<Self, Failure> {
        let service = typed_service.map(read_service).transpose()?;
        let region = typed_region.map(read_region).transpose()?;
        let is_new_region = region.as_ref().is_some_and(|region| !is_known(region));
        Ok(Self { service, region, is_new_region })
    }
}

fn read_service(typed: &str) -> Result<&'static Service, Failure> {
    service(typed).ok_or_else(|| {
        let names: Vec<&str> = services().iter().map(|(name, _)| *name).collect();
        let failure = Failure::misuse(format!("jitpass knows no service `{}`", text::one_line(typed, 40)));
        match closest(&typed.to_ascii_lowercase(), &names) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint(format!("those it knows: {}", names.join(", "))),
        }
    })
}

/// A region that somebody typed.
///
/// # Errors
/// When it is none, or a slip away from one. One that looks like a region and is like none may be new.
pub fn read_region(typed: &str) -> Result<Region, Failure> {
    let codes: Vec<&str> = regions().iter().map(|(code, _)| *code).collect();
    let meant = |failure: Failure| match closest(&typed.to_ascii_lowercase(), &codes) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure,
    };
    let region: Region =
        typed.parse().map_err(|error: crate::base::NameError| meant(Failure::misuse(error.to_string())))?;
    if !is_known(&region) && !slips(region.as_str(), &codes).is_empty() {
        return Err(meant(Failure::misuse(format!("there is no region `{region}`"))));
    }
    Ok(region)
}

fn is_known(region: &Region) -> bool {
    regions().iter().any(|(code, _)| *code == region.as_str())
}

/// A link to the console, fresh from the portal.
#[derive(Debug)]
pub struct Link {
    /// The link: whoever has it is, for the next minutes, the person.
    pub address: Secret,
    /// The region it leads to, as far as anybody said.
    pub region: Option<String>,
    /// Whether it could not be led to the page that is wanted.
    pub is_as_it_came: bool,
    /// Seconds for which it works.
    pub seconds: i64,
}

/// How many seconds the link that is cached for a request still works, if there is one that does.
pub fn seconds_left(machine: &Machine, request: &Request) -> Option<i64> {
    let now = machine.now();
    let issued = cached(machine, request, now)?;
    let left = issued.lifetime.console_until().since(now);
    (left > 0 && issued.is_fresh).then_some(left)
}

/// What of a credential process's document is read here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    console_url: Option<String>,
    region: Option<String>,
}

impl Link {
    /// From a document whose link works for so many seconds.
    ///
    /// # Errors
    /// When the portal gave no link, or the region is not one that it can lead to.
    pub fn of(document: &Secret, page: &Page, seconds: i64) -> Result<Self, Failure> {
        let document: Document = serde_json::from_str(document.expose())
            .map_err(|_| Failure::new("the portal's answer cannot be read"))?;
        let link = document
            .console_url
            .map(Secret::new)
            .ok_or_else(|| Failure::new("the portal gave credentials, but no link to the console"))?;
        if !is_web_address(link.expose()) {
            return Err(Failure::new("what the portal gave is no link to the console"));
        }
        let region = document.region.filter(|region| !region.is_empty());
        match aws::lead(&link, page.service, page.region.as_ref()) {
            Ok(address) => {
                let region = page.region.as_ref().map(ToString::to_string).or(region);
                Ok(Self { address, region, is_as_it_came: false, seconds })
            }
            Err(ConsoleLinkError::Form) => Ok(Self { address: link, region, is_as_it_came: true, seconds }),
            Err(error @ ConsoleLinkError::Elsewhere { .. }) => Err(Failure::misuse(error.to_string())),
        }
    }
}

/// Whether it is an address of the web, which a person may paste wherever they like.
fn is_web_address(link: &str) -> bool {
    let rest = link.strip_prefix("https://");
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_and_regions_are_read_or_refused() {
        let page = Page::read(Some("CW"), Some("EU-west-1")).unwrap();
        assert_eq!((page.service.unwrap().name, page.region.unwrap().as_str()), ("cloudwatch", "eu-west-1"));
        assert!(Page::read(None, Some("us-west-9")).unwrap().is_new_region);
        assert!(!Page::read(None, Some("us-west-2")).unwrap().is_new_region);
        for (service, region, hint) in [
            (Some("lamda"), None, "did you mean `lambda`?"),
            (Some("\u{1b}[2J"), None, "those it knows: acm, "),
            (None, Some("us-wst-2"), "did you mean `us-west-2`?"),
            (None, Some("uswest2"), "did you mean `us-west-2`?"),
        ] {
            let failure = Page::read(service, region).unwrap_err();
            let said = failure.hint.as_deref().unwrap_or_default();
            // After a good guess the list of all is noise.
            assert!(if hint.ends_with('?') { said == hint } else { said.starts_with(hint) }, "{failure:?}");
            assert!(failure.exit_code() == 2 && !failure.message.contains('\u{1b}'));
        }
    }

    fn link(document: &str, page: &Page) -> Result<Link, Failure> {
        Link::of(&Secret::new(document), page, 600)
    }

    #[test]
    fn a_link_is_led_or_left_or_refused() {
        let ec2 = Page::read(Some("ec2"), None).unwrap();
        let given = r#"{"ConsoleUrl":"https://signin.aws.amazon.com/federation?Destination=https%3a%2f%2fconsole.aws.amazon.com%2f","Region":"us-west-2"}"#;
        let found = link(given, &ec2).unwrap();
        assert!(found.address.expose().ends_with("%2fec2%2fhome") && !found.is_as_it_came);
        assert_eq!(found.region.as_deref(), Some("us-west-2"));
        let strange = r#"{"ConsoleUrl":"https://example.com/console"}"#;
        let found = link(strange, &ec2).unwrap();
        assert!(found.address.expose() == "https://example.com/console" && found.is_as_it_came);
        assert!(!link(strange, &Page::default()).unwrap().is_as_it_came);
        for (document, message) in [
            ("", "the portal's answer cannot be read"),
            ("{}", "the portal gave credentials, but no link to the console"),
            (r#"{"ConsoleUrl":""}"#, "what the portal gave is no link to the console"),
            (r#"{"ConsoleUrl":"javascript:alert(1)"}"#, "what the portal gave is no link to the console"),
            (r#"{"ConsoleUrl":"https://a.net/\nid"}"#, "what the portal gave is no link to the console"),
            (r#"{"ConsoleUrl":"https://a.net/\u001b[2J"}"#, "what the portal gave is no link to the console"),
        ] {
            assert_eq!(link(document, &Page::default()).unwrap_err().message, message, "{document}");
        }
    }
}
