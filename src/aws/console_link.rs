//! The link that signs a browser in to the AWS console, and where in the console it leads.
//!
//! A portal gives `https://signin.aws.amazon.com/federation?Action=login&SigninToken=…&Destination=…`, the destination
//! escaped: `https%3a%2f%2fconsole.aws.amazon.com%2fconsole%2fhome%3fregion%3dus-west-2` (.NET's lower-case escapes;
//! AWS takes either case). A destination may name its region in its host as well: `us-west-2.console.aws.amazon.com`.
//!
//! 1. The destination is found and unescaped, each byte with the place it came from. ([`Unescaped`])
//! 2. It is taken apart: host, path, query. ([`Destination`])
//! 3. Only what changes is written anew, at its place; all else stays byte for byte.

use std::fmt::Write as _;
use std::ops::Range;

use crate::aws::Service;
use crate::base::{Region, Secret};

/// Why a link leads where it led.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsoleLinkError {
    /// It is not of the form that is known.
    #[error("the link is of another form than AWS's")]
    Form,
    /// The region belongs to another partition than the link.
    #[error("{region} is not a region of {host}")]
    Elsewhere {
        /// The region.
        region: Region,
        /// The host of the console.
        host: String,
    },
}

/// The same link to the page of a service, in a region; with neither, as it is.
///
/// # Errors
/// When it is not a link that can be led elsewhere for sure.
pub fn lead(
    link: &Secret,
    service: Option<&Service>,
    region: Option<&Region>,
) -> Result<Secret, ConsoleLinkError> {
    if service.is_none() && region.is_none() {
        return Ok(link.clone());
    }
    let text = link.expose();
    let place = destination(text).ok_or(ConsoleLinkError::Form)?;
    let unescaped = Unescaped::of(text, place).ok_or(ConsoleLinkError::Form)?;
    let destination = Destination::read(&unescaped.text).ok_or(ConsoleLinkError::Form)?;
    if let Some(region) = region
        && !is_of_partition(region.as_str(), destination.console)
    {
        let (region, host) = (region.clone(), destination.console.to_owned());
        return Err(ConsoleLinkError::Elsewhere { region, host });
    }
    // From the last to the first, so that the places of those before stay true.
    let mut edits = destination.edits(service, region);
    edits.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
    let mut led = text.to_owned();
    for (place, new) in edits {
        led.replace_range(unescaped.origin(place), &escaped(&new, unescaped.has_upper_case));
    }
    Ok(Secret::new(led))
}

/// The place of the one destination's value in a sign-in link.
fn destination(link: &str) -> Option<Range<usize>> {
    const NAME: &str = "Destination=";
    let rest = link.strip_prefix("https://")?;
    let (host, _) = rest.split_once('/')?;
    let query_at = link.find('?')? + 1;
    if host.is_empty() || host.contains(['?', '#', '@']) || link.contains('#') {
        return None;
    }
    let mut at = query_at;
    let mut found = None;
    for parameter in link[query_at..].split('&') {
        if parameter.starts_with(NAME) && found.replace(at + NAME.len()..at + parameter.len()).is_some() {
            return None;
        }
        at += parameter.len() + 1;
    }
    found
}

/// A text without its escapes, each byte with the place it came from.
struct Unescaped {
    text: String,
    /// For each byte where it begins in the link; one more, for the end.
    begins: Vec<usize>,
    /// Whether the escapes are written `%3A`, and not `%3a`.
    has_upper_case: bool,
}

impl Unescaped {
    /// `None` for escapes that are none, and for bytes that need no escape in a link and yet are no letters of one.
    fn of(link: &str, place: Range<usize>) -> Option<Self> {
        let escaped = &link.as_bytes()[place.clone()];
        let (mut bytes, mut begins, mut has_upper_case) = (Vec::new(), Vec::new(), false);
        let mut at = 0;
        while at < escaped.len() {
            begins.push(place.start + at);
            if escaped[at] != b'%' {
                bytes.push(escaped[at]);
                at += 1;
                continue;
            }
            let digits = escaped.get(at + 1..at + 3)?;
            has_upper_case |= digits.iter().any(u8::is_ascii_uppercase);
            let digit = |b: u8| char::from(b).to_digit(16);
            bytes.push(u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()?);
            at += 3;
        }
        begins.push(place.end);
        let text = String::from_utf8(bytes).ok()?;
        let is_plain = text.bytes().all(|b| b.is_ascii_graphic() && !b"\"'<>\\^`{|}@".contains(&b));
        is_plain.then_some(Self { text, begins, has_upper_case })
    }

    /// Where in the link a stretch of the text came from.
    fn origin(&self, place: Range<usize>) -> Range<usize> {
        self.begins[place.start]..self.begins[place.end]
    }
}

/// A page of the console.
struct Destination<'a> {
    text: &'a str,
    /// The host without the region in front of it: `console.aws.amazon.com`.
    console: &'a str,
    /// Where the region stands in the host.
    region_in_host: Option<Range<usize>>,
    /// Where the path begins.
    path: usize,
    /// Where the regions of the query stand.
    regions: Vec<Range<usize>>,
    /// Where the query ends.
    query_end: usize,
    has_query: bool,
}

impl<'a> Destination<'a> {
    fn read(text: &'a str) -> Option<Self> {
        const SCHEME: &str = "https://";
        let rest = text.strip_prefix(SCHEME)?;
        let path = SCHEME.len() + rest.find('/')?;
        let host = &text[SCHEME.len()..path];
        let (region_in_host, console) = match host.split_once('.')? {
            ("console", _) => (None, host),
            (region, console) => {
                region.parse::<Region>().ok()?;
                (Some(SCHEME.len()..SCHEME.len() + region.len()), console)
            }
        };
        let is_domain = |domain: &str| {
            domain.contains('.')
                && domain.split('.').all(|label| {
                    !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                })
        };
        if !console.strip_prefix("console.").is_some_and(is_domain) {
            return None;
        }
        let query_end = text.find('#').unwrap_or(text.len());
        let mut regions = Vec::new();
        let query = text[..query_end].find('?').map(|at| at + 1);
        if let Some(mut at) = query {
            for parameter in text[at..query_end].split('&') {
                if let Some(value) = parameter.strip_prefix("region=") {
                    regions.push(at + parameter.len() - value.len()..at + parameter.len());
                }
                at += parameter.len() + 1;
            }
        }
        let has_query = query.is_some();
        Some(Self { text, console, region_in_host, path, regions, query_end, has_query })
    }

    /// What is to stand where.
    fn edits(&self, service: Option<&Service>, region: Option<&Region>) -> Vec<(Range<usize>, String)> {
        let mut edits = Vec::new();
        if let (Some(place), Some(region)) = (&self.region_in_host, region) {
            edits.push((place.clone(), region.to_string()));
        }
        match (service, region) {
            (Some(service), _) => {
                let own = self.regions.first().or(self.region_in_host.as_ref());
                let region =
                    region.map(Region::as_str).or_else(|| own.map(|place| &self.text[place.clone()]));
                let mut page = format!("/{}", service.path);
                if let Some(region) = region {
                    let _ = write!(page, "?region={region}");
                }
                if !service.fragment.is_empty() {
                    let _ = write!(page, "#{}", service.fragment);
                }
                edits.push((self.path..self.text.len(), page));
            }
            (None, Some(region)) if self.regions.is_empty() => {
                let mark = if self.has_query { '&' } else { '?' };
                edits.push((self.query_end..self.query_end, format!("{mark}region={region}")));
            }
            (None, Some(region)) => {
                edits.extend(self.regions.iter().map(|place| (place.clone(), region.to_string())));
            }
            (None, None) => {}
        }
        edits
    }
}

/// Whether a region may be one of that console's. Of a console that is not known, nobody can tell.
fn is_of_partition(region: &str, console: &str) -> bool {
    let apart = [
        ("us-gov-", "console.amazonaws-us-gov.com"),
        ("cn-", "console.amazonaws.cn"),
        ("eusc-", "console.amazonaws-eusc.eu"),
    ];
    let own = apart.iter().find(|(start, _)| region.starts_with(start)).map(|(_, console)| *console);
    let is_known = console == "console.aws.amazon.com" || apart.iter().any(|(_, host)| *host == console);
    !is_known || own.unwrap_or("console.aws.amazon.com") == console
}

/// With every byte escaped that may mean something in a link, the digits in the case of the rest.
fn escaped(text: &str, in_upper_case: bool) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let written = match (is_plain, in_upper_case) {
            (true, _) => write!(out, "{}", char::from(byte)),
            (false, true) => write!(out, "%{byte:02X}"),
            (false, false) => write!(out, "%{byte:02x}"),
        };
        written.expect("a text grows");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::service;

    const START: &str =
        "https://signin.aws.amazon.com/federation?Action=login&SigninToken=SIM%2b%2B&Destination=";

    /// What becomes of a destination behind the usual start.
    fn led(destination: &str, to: &str, region: &str) -> Result<String, ConsoleLinkError> {
        let region = (!region.is_empty()).then(|| region.parse().unwrap());
        let link = lead(&Secret::new(format!("{START}{destination}")), service(to), region.as_ref())?;
        Ok(link.expose().strip_prefix(START).expect("what is before it stays").to_owned())
    }

    const HOME: &str = "https%3a%2f%2fconsole.aws.amazon.com%2fconsole%2fhome%3fregion%3dus-west-2";

    #[test]
    fn leads_to_a_service_and_a_region() {
        let ec2 = "https%3a%2f%2fconsole.aws.amazon.com%2fec2%2fhome%3fregion%3d";
        for (name, destination, service, region, expected) in [
            ("nowhere else", HOME, "", "", HOME.to_owned()),
            ("a region", HOME, "", "eu-west-1", HOME.replace("us-west-2", "eu-west-1")),
            ("a service", HOME, "ec2", "", format!("{ec2}us-west-2")),
            ("both", HOME, "ec2", "eu-west-1", format!("{ec2}eu-west-1")),
            (
                "a place in a page",
                HOME,
                "logs",
                "",
                "https%3a%2f%2fconsole.aws.amazon.com%2fcloudwatch%2fhome%3fregion%3dus-west-2%23logsV2%3alog-groups"
                    .to_owned(),
            ),
            (
                "a region in the host",
                "https%3a%2f%2fus-west-2.console.aws.amazon.com%2fconsole%2fhome",
                "s3",
                "eu-west-1",
                "https%3a%2f%2feu-west-1.console.aws.amazon.com%2fs3%2fhome%3fregion%3deu-west-1".to_owned(),
            ),
            (
                "a region in the host, kept",
                "https%3a%2f%2fus-west-2.console.aws.amazon.com%2fconsole%2fhome",
                "s3",
                "",
                "https%3a%2f%2fus-west-2.console.aws.amazon.com%2fs3%2fhome%3fregion%3dus-west-2".to_owned(),
            ),
            (
                "upper case, and what needs no escape",
                "https%3A%2F%2Fconsole.aws.amazon.com/console/home%3Fregion%3Dus-east-1%26a%3D%7E#".trim_end_matches('#'),
                "",
                "us-west-2",
                "https%3A%2F%2Fconsole.aws.amazon.com/console/home%3Fregion%3Dus-west-2%26a%3D%7E".to_owned(),
            ),
            (
                "no region before",
                "https%3a%2f%2fconsole.aws.amazon.com%2fconsole%2fhome%23x",
                "",
                "us-west-2",
                "https%3a%2f%2fconsole.aws.amazon.com%2fconsole%2fhome%3fregion%3dus-west-2%23x".to_owned(),
            ),
            (
                "another query before",
                "https%3a%2f%2fconsole.aws.amazon.com%2f%3fnc2%3dh_m",
                "",
                "us-west-2",
                "https%3a%2f%2fconsole.aws.amazon.com%2f%3fnc2%3dh_m%26region%3dus-west-2".to_owned(),
            ),
            ("what comes after", &format!("{HOME}&Issuer=x%2F"), "", "eu-west-1", format!("{}&Issuer=x%2F", HOME.replace("us-west-2", "eu-west-1"))),
            (
                "another partition",
                "https%3a%2f%2fconsole.amazonaws-us-gov.com%2fconsole%2fhome%3fregion%3dus-gov-west-1",
                "sqs",
                "us-gov-east-1",
                "https%3a%2f%2fconsole.amazonaws-us-gov.com%2fsqs%2fv3%2fhome%3fregion%3dus-gov-east-1".to_owned(),
            ),
        ] {
            assert_eq!(led(destination, service, region), Ok(expected), "{name}");
        }
    }

    #[test]
    fn a_region_of_another_partition_is_refused() {
        for region in ["cn-north-1", "us-gov-west-1", "eusc-de-east-1"] {
            assert!(matches!(led(HOME, "", region), Err(ConsoleLinkError::Elsewhere { .. })), "{region}");
        }
        let china = "https%3a%2f%2fconsole.amazonaws.cn%2fconsole%2fhome";
        assert_eq!(
            led(china, "", "us-west-2").unwrap_err().to_string(),
            "us-west-2 is not a region of console.amazonaws.cn"
        );
        assert!(led(china, "ec2", "cn-northwest-1").is_ok());
    }

    #[test]
    fn a_link_of_another_form_is_left_alone() {
        for destination in [
            "",
            "%",
            "%3",
            "%zz",
            "%ff",
            "https%3a%2f%2fconsole.aws.amazon.com",
            "http%3a%2f%2fconsole.aws.amazon.com%2f",
            "https%3a%2f%2fevil.example.com%2fconsole%2fhome",
            "https%3a%2f%2fconsole%2fhome",
            "https%3a%2f%2fconsole.%2fhome",
            "https%3a%2f%2fconsole..com%2fhome",
            "https%3a%2f%2f1-2.us-west-2.console.aws.amazon.com%2fhome",
            "https%3a%2f%2fu%40console.aws.amazon.com%2fhome",
            "https%3a%2f%2fconsole.aws.amazon.com%2fa%0ab",
            &format!("{HOME}&Destination={HOME}"),
            &format!("{HOME}#x"),
        ] {
            assert_eq!(led(destination, "ec2", "us-west-2"), Err(ConsoleLinkError::Form), "{destination}");
        }
        for link in [
            "",
            "https://a.net",
            "https://a.net/?x=y",
            "http://a.net/?Destination=x",
            "https://u@a.net/?Destination=x",
        ] {
            let led = lead(&Secret::new(link), service("ec2"), None);
            assert_eq!(led, Err(ConsoleLinkError::Form), "{link}");
            assert_eq!(lead(&Secret::new(link), None, None), Ok(Secret::new(link)));
        }
    }
}
