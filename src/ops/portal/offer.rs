//! A file with portals that somebody else wrote. It may be a colleague's, and it may be anybody's.
//!
//! 1. [`read`] takes it for what it says: settings, of which only the plain choices for portals count.
//! 2. All else is an [`Ask`]: a person looks at it, one by one, or it is refused.
//! 3. [`place`] says what becomes of each portal beside those that are set up.

use crate::awsconfig::{Key, Value};
use crate::base::{PortalAddress, PortalName, PortalUrl, text};
use crate::ops::demand;
use crate::ops::failure::Failure;
use crate::plan::shown;
use crate::plan::{KeyStanding, standing};
use crate::store::settings::{Extra, PortalSettings, Settings, SettingsError};

/// The longest such file. One with a thousand tenants by name has 30,000 bytes.
pub const LONGEST: u64 = 256 * 1024;

/// The most portals in one: each means a sign-in.
const MOST_PORTALS: usize = 32;

/// What such a file says.
#[derive(Debug)]
pub struct Offer {
    /// The portals, with their plain choices only.
    pub portals: Vec<Offered>,
    /// All else.
    pub asks: Vec<Ask>,
}

/// A portal in it.
#[derive(Debug, Clone)]
pub struct Offered {
    /// The choices for it; what is not said is as usual.
    pub settings: PortalSettings,
    /// The keys of its table for which something is said.
    said: Vec<&'static str>,
}

/// Something in it that a person must look at.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The portal it is about; `None` for what is about all.
    pub portal: Option<PortalName>,
    /// Where it stands: `portal.acme.token_command`.
    pub place: String,
    /// Its value, harmless to show.
    pub value: String,
    /// What taking it over would mean.
    pub meaning: &'static str,
    /// Whether it can be taken over at all.
    pub can_be_taken: bool,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Template(String),
    Key(Key, Value),
    ApiHost(PortalUrl),
    Other(Extra),
}

/// Reads it. `shown` is its name for messages; of its content they say little, because it may be any file, a token's
/// too.
///
/// # Errors
/// When it is no such file, or a portal in it could not be set up by anybody.
pub fn read(shown: &str, bytes: &[u8]) -> Result<Offer, Failure> {
    let wrong = |reason: String| Failure::misuse(format!("{shown}: {reason}"));
    if bytes.len() as u64 > LONGEST {
        return Err(wrong("it is too long for a file with portals".to_owned()));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8 text".to_owned()))?;
    let settings = Settings::parse("".as_ref(), text).map_err(|error| match error {
        SettingsError::Syntax { line, .. } => wrong(format!("it is not valid TOML (line {line})")),
        other => wrong(plain(&other)),
    })?;
    let portals = settings.portals().map_err(|error| wrong(plain(&error)))?;
    settings.sign_in().and_then(|_| settings.command()).map_err(|error| wrong(plain(&error)))?;
    if portals.is_empty() {
        return Err(
            wrong("there is no portal in it".to_owned()).hint("jitpass portal export makes such a file")
        );
    }
    if portals.len() > MOST_PORTALS {
        return Err(wrong(format!("there are more than {MOST_PORTALS} portals in it")));
    }
    for (at, portal) in portals.iter().enumerate() {
        let is_twice =
            |other: &PortalSettings| other.name == portal.name || other.address.host == portal.address.host;
        if let Some(other) = portals[..at].iter().find(|other| is_twice(other)) {
            return Err(wrong(format!(
                "`{}` and `{}` are one portal, or have one name",
                other.name, portal.name
            )));
        }
    }
    let mut asks = Vec::new();
    let portals = portals.into_iter().map(|portal| plain_choices(&settings, portal, &mut asks)).collect();
    asks.extend(settings.extras().into_iter().filter(|extra| extra.name != "api_host").map(of_extra));
    Ok(Offer { portals, asks })
}

/// What is wrong, without the path of a settings file that it is not.
fn plain(error: &SettingsError) -> String {
    text::one_line(error.to_string().trim_start_matches(": "), 300)
}

fn plain_choices(settings: &Settings, mut portal: PortalSettings, asks: &mut Vec<Ask>) -> Offered {
    let name = portal.name.clone();
    let mut ask = |place: String, value: &str, meaning, can_be_taken, what| {
        let value = text::one_line(&shown(value), 300);
        asks.push(Ask { portal: Some(name.clone()), place, value, meaning, can_be_taken, what });
    };
    let at = |key: &str| format!("portal.{}.{key}", portal.name);
    if let Some(api_host) = portal.address.api_host.take() {
        let what = What::ApiHost(api_host.clone());
        ask(at("api_host"), api_host.as_str(), "your token for this portal would be sent there", true, what);
    }
    if let Some(template) = portal.profile_name.take_if(|template| !is_plain_template(template)) {
        let what = What::Template(template.clone());
        ask(at("profile_name"), &template, "it is more than fields and simple filters", true, what);
    }
    let (keys, others): (Vec<_>, Vec<_>) =
        portal.keys.drain(..).partition(|(key, value)| is_harmless(key, value));
    for (key, value) in others {
        let (meaning, can_be_taken) = match standing(&key) {
            KeyStanding::Ours => ("jitpass keeps that key itself", false),
            KeyStanding::BeatsUs => ("with it, AWS programs would take credentials from elsewhere", false),
            KeyStanding::Secret => ("it is named like a secret", false),
            KeyStanding::Harmless => ("AWS programs would run it as a command", true),
            KeyStanding::Unknown => ("what it makes AWS programs do is not known here", true),
        };
        let line = format!("{key} = {}", value.as_str());
        let shown = shown(&line);
        let shown = shown.split_once('=').map_or(shown.as_str(), |(_, value)| value.trim()).to_owned();
        ask(at(&format!("keys.{key}")), &shown, meaning, can_be_taken, What::Key(key, value));
    }
    (portal.keys, portal.token_command, portal.browser) = (keys, None, None);
    let known = ["tenants", "exclude", "admin", "region", "profile_name", "keys"];
    let said = known.into_iter().filter(|key| settings.says(&portal.name, key)).collect();
    Offered { settings: portal, said }
}

fn of_extra(extra: Extra) -> Ask {
    let (meaning, can_be_taken) = match (extra.portal.is_some(), extra.name.as_str()) {
        (true, "token_command") => ("jitpass would run it on this machine to get a token", true),
        (true, "helper") => ("jitpass would run it on this machine to get credentials", true),
        (true, "browser") => ("jitpass would run it on this machine to sign you in", true),
        (false, "command") => ("every profile would run it on this machine", true),
        (false, "sign_in") => ("it is for all portals, and may say where tokens are kept", true),
        _ => ("this jitpass does not know it", true),
    };
    let line = format!("{} = {}", extra.name, extra.value());
    let shown = shown(&line.split_whitespace().collect::<Vec<_>>().join(" "));
    let value = shown.split_once('=').map_or(shown.as_str(), |(_, value)| value.trim()).to_owned();
    Ask {
        portal: extra.portal.clone(),
        place: text::one_line(&extra.place(), 120),
        value: text::one_line(&value, 300),
        meaning,
        can_be_taken,
        what: What::Other(extra),
    }
}

/// Whether an extra key may come from somebody else without a look. A pager is a command that AWS's tools run.
pub fn is_harmless(key: &Key, value: &Value) -> bool {
    let is_known_pager = ["cat", "less", "more"].contains(&value.as_str());
    standing(key) == KeyStanding::Harmless && (key.as_str() != "cli_pager" || is_known_pager)
}

/// Whether a template only puts names together: no loop in it, and nothing that grows without end.
fn is_plain_template(template: &str) -> bool {
    if template.len() > 200 || template.matches("replace").count() > 2 {
        return false;
    }
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((inside, after)) = after.split_once("}}") else { return false };
        if before.contains(['{', '}']) || !inside.split('|').enumerate().all(is_plain_part) {
            return false;
        }
        rest = after;
    }
    !rest.contains(['{', '}'])
}

/// A field's name, or the name of a filter, with short texts in brackets at most.
fn is_plain_part((at, part): (usize, &str)) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let part = part.trim();
    match part.split_once('(') {
        None if at == 0 => is_word(part),
        None => ["lower", "upper", "trim", "first", "last", "title", "capitalize"].contains(&part),
        Some(("replace", arguments)) if at > 0 => {
            let text = arguments.strip_suffix(')').unwrap_or("(");
            text.bytes().all(|b| b.is_ascii_alphanumeric() || b"\"' ,-_.@+/".contains(&b))
        }
        Some(_) => false,
    }
}

impl Offer {
    /// What of it stands in the way where nobody can be asked.
    pub fn refuse_asks(&self) -> Result<(), Failure> {
        let places: Vec<&str> = self.asks.iter().map(|ask| ask.place.as_str()).collect();
        if places.is_empty() {
            return Ok(());
        }
        Err(Failure::misuse(format!(
            "the file says what is not taken over unseen: {}",
            text::list(&places, 40)
        ))
        .hint(
            "take it out of the file, or run this at a terminal and without --yes, where each is asked about",
        ))
    }
}

impl Ask {
    /// Puts what was agreed to into the choices for the portal it is about; gives back what belongs in the settings
    /// beside these.
    pub fn take(self, portals: &mut [Offered]) -> Result<Option<Extra>, Failure> {
        let portal = portals.iter_mut().find(|offered| Some(&offered.settings.name) == self.portal.as_ref());
        match (self.what, portal) {
            (What::Other(extra), _) => Ok(Some(extra)),
            (What::Template(template), Some(portal)) => {
                demand::template(Some(&template))?;
                portal.settings.profile_name = Some(template);
                Ok(None)
            }
            (What::Key(key, value), Some(portal)) => {
                portal.settings.keys.push((key, value));
                Ok(None)
            }
            (What::ApiHost(api_host), Some(portal)) => {
                let host = portal.settings.address.host.clone();
                portal.settings.address = PortalAddress::new(host, Some(api_host));
                Ok(None)
            }
            (_, None) => Ok(None),
        }
    }
}

/// What an offered portal meets among those that are set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Nothing: it is new.
    Free,
    /// It is set up, perhaps under another name, which it keeps.
    Here(Box<PortalSettings>),
    /// Its name is that of another portal.
    NameTaken(Box<PortalSettings>),
}

/// Finds out what an offered portal meets.
pub fn place(settings: &PortalSettings, known: &[PortalSettings]) -> Place {
    if let Some(here) = known.iter().find(|known| known.address.host == settings.address.host) {
        return Place::Here(Box::new(here.clone()));
    }
    match known.iter().find(|known| known.name == settings.name) {
        Some(other) => Place::NameTaken(Box::new(other.clone())),
        None => Place::Free,
    }
}

impl Offered {
    /// The choices for a portal that is set up, with what the file says in the place of what was chosen before. What
    /// the file does not say stays, and so does where it is.
    pub fn over(&self, present: &PortalSettings) -> PortalSettings {
        let (theirs, mut merged) = (self.settings.clone(), present.clone());
        let says = |key: &str| self.said.contains(&key);
        if says("tenants") || says("exclude") {
            (merged.tenants, merged.exclude) = (theirs.tenants, theirs.exclude);
        }
        merged.admin = theirs.admin.or(merged.admin);
        merged.region = theirs.region.or(merged.region);
        merged.profile_name = theirs.profile_name.or(merged.profile_name);
        for (key, value) in theirs.keys {
            match merged.keys.iter_mut().find(|(present, _)| *present == key) {
                Some((_, present)) => *present = value,
                None => merged.keys.push((key, value)),
            }
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "host = 'https://a.net'\n";

    #[test]
    fn what_is_refused_as_a_whole() {
        let many: String = (0..33).map(|n| format!("[portal.p{n}]\nhost = 'https://p{n}.net'\n")).collect();
        for (text, expected) in [
            ("", "there is no portal in it"),
            ("SIMTOKEN-not-a-portal", "it is not valid TOML (line 1)"),
            ("\n[portal.a\n", "it is not valid TOML (line 2)"),
            ("[portal.a]\nhost = 'http://a.net'\n", "http is for localhost only"),
            ("[portal.a]\nhost = 'ftp://a.net'\n", "must start with `https://`"),
            ("[portal.a]\nhost = 'https://u:p@a.net'\n", "must not hold a user name"),
            ("[portal.a]\n", "`host` of portal `a`: it is missing"),
            ("[portal.\"../x\"]\nhost = 'https://a.net'\n", "is not a portal name"),
            ("[portal.a]\nhost = 'https://a.net'\n[portal.b]\nhost = 'https://A.net'\n", "are one portal"),
            ("portal = 1", "must be tables"),
            ("[portal.a]\nhost = 'https://a.net'\ntenants = ['$(id)']\n", "is not a tenant name or pattern"),
            ("[portal.a]\nhost = 'https://a.net'\nkeys = { output = \"a\\nb\" }\n", "only printable ASCII"),
            (&many, "more than 32 portals"),
            (&"[".repeat(200_000), "it is not valid TOML"),
            (&format!("x = {}1", "[".repeat(100_000)), "it is not valid TOML"),
            (&format!("{} = 1", vec!["a"; 100_000].join(".")), "it is not valid TOML"),
            (&"#".repeat(300_000), "it is too long"),
        ] {
            let failure = read("team.toml", text.as_bytes()).unwrap_err();
            let message = failure.message;
            assert!(message.starts_with("team.toml: ") && message.contains(expected), "{message}");
            assert!(!message.contains("SIMTOKEN") && failure.causes.is_empty(), "{message}");
        }
        assert!(read("x", b"\xff\xfe").unwrap_err().message.contains("not UTF-8"));
    }

    #[test]
    fn what_is_asked_about() {
        for (line, place, can_be_taken) in [
            ("api_host = 'https://evil.net'", Some("portal.a.api_host"), true),
            ("token_command = 'sh -c x'", Some("portal.a.token_command"), true),
            ("helper = 'duplo-jit'", Some("portal.a.helper"), true),
            ("browser = 'links'", Some("portal.a.browser"), true),
            ("later = { x = 1 }", Some("portal.a.later"), true),
            ("keys = { role_arn = 'x' }", Some("portal.a.keys.role_arn"), false),
            ("keys = { region = 'x' }", Some("portal.a.keys.region"), false),
            ("keys = { aws_session_token = 'x' }", Some("portal.a.keys.aws_session_token"), false),
            ("keys = { endpoint_url = 'https://evil.net' }", Some("portal.a.keys.endpoint_url"), true),
            ("keys = { cli_pager = '/tmp/x' }", Some("portal.a.keys.cli_pager"), true),
            ("keys = { cli_pager = 'less', output = 'json' }", None, true),
            ("profile_name = '{% for x in range(9) %}{% endfor %}a'", Some("portal.a.profile_name"), true),
            ("profile_name = '{{ tenant | lower }}.{{ short_region }}'", None, true),
            ("profile_name = '{{ tenant | replace(\"-\", \"_\") }}'", None, true),
            ("profile_name = '{{ \"a\" * 99999999 }}'", Some("portal.a.profile_name"), true),
            ("profile_name = '{{ range(99999) }}'", Some("portal.a.profile_name"), true),
            ("profile_name = '{{ tenant'", Some("portal.a.profile_name"), true),
            ("tenants = ['dev*']\nexclude = ['x']\nadmin = true\nregion = 'us-west-2'", None, true),
            ("[sign_in]\nkeep_token_in = 'file'", Some("sign_in"), true),
            ("[unknown]\npassword = 'x'", Some("unknown"), true),
        ] {
            let offer = read("x", format!("[portal.a]\n{HOST}{line}\n").as_bytes()).unwrap();
            let asks: Vec<_> = offer.asks.iter().map(|ask| (ask.place.as_str(), ask.can_be_taken)).collect();
            assert_eq!(
                asks,
                place.map(|place| (place, can_be_taken)).into_iter().collect::<Vec<_>>(),
                "{line}"
            );
            let plain = &offer.portals[0].settings;
            assert_eq!(
                (&plain.token_command, &plain.browser, &plain.address.api_host),
                (&None, &None, &None)
            );
            assert_eq!(offer.refuse_asks().is_err(), place.is_some());
        }
        let offer = read("x", format!("command = '/tmp/x'\n[portal.a]\n{HOST}").as_bytes()).unwrap();
        assert_eq!((offer.asks[0].place.as_str(), offer.asks[0].value.as_str()), ("command", "'/tmp/x'"));
    }

    #[test]
    fn what_was_agreed_to() {
        let text = format!(
            "[portal.a]\n{HOST}api_host = 'https://b.net'\nkeys = {{ services = 'x' }}\nbrowser = 'links'\nprofile_name = '{{{{ tenant ~ plan }}}}'\n[portal.b]\nhost = 'https://b.net'\nprofile_name = '{{% x'\n"
        );
        let mut offer = read("x", text.as_bytes()).unwrap();
        let (mut extras, mut failures) = (Vec::new(), Vec::new());
        for ask in std::mem::take(&mut offer.asks) {
            match ask.take(&mut offer.portals) {
                Ok(extra) => extras.extend(extra.map(|extra| extra.place())),
                Err(failure) => failures.push(failure.message),
            }
        }
        let portal = &offer.portals[0].settings;
        assert_eq!(portal.address.api_host.as_ref().unwrap().as_str(), "https://b.net");
        assert_eq!((portal.keys.len(), portal.profile_name.as_deref()), (1, Some("{{ tenant ~ plan }}")));
        assert_eq!((extras, portal.browser.as_deref()), (vec!["portal.a.browser".to_owned()], None));
        // A template that is none is found out before anything is asked of the network.
        assert_eq!((failures.len(), &offer.portals[1].settings.profile_name), (1, &None));
    }

    #[test]
    fn what_is_shown_is_harmless() {
        let text =
            format!("[portal.a]\n{HOST}my_token = 'SIMTOKEN-1'\nx = \"\\u001b[2J\"\n\"a\\u001b[2Jb\" = 1\n");
        for ask in read("x", text.as_bytes()).unwrap().asks {
            let shown = format!("{} {}", ask.place, ask.value);
            assert!(!shown.contains('\u{1b}') && !shown.contains("SIMTOKEN"), "{shown:?}");
        }
    }

    #[test]
    fn what_the_file_does_not_say_stays() {
        let offer = read(
            "x",
            format!("[portal.a]\n{HOST}region = 'eu-west-1'\nkeys = {{ output = 'text' }}\n").as_bytes(),
        );
        let offered = offer.unwrap().portals.remove(0);
        let mine = "[portal.work]\nhost = 'https://a.net'\ntenants = ['x']\nadmin = false\nbrowser = 'links'\nregion = 'us-west-2'\nkeys = { cli_pager = 'less' }\n";
        let mine = Settings::parse("".as_ref(), mine).unwrap().portals().unwrap().remove(0);
        let merged = offered.over(&mine);
        assert_eq!(
            (merged.name.as_str(), merged.admin, merged.browser.as_deref()),
            ("work", Some(false), Some("links"))
        );
        assert_eq!((merged.region.unwrap().as_str(), merged.keys.len()), ("eu-west-1", 2));
        assert_eq!(merged.tenants, mine.tenants);
        assert_eq!(
            place(&offered.settings, std::slice::from_ref(&mine)),
            Place::Here(Box::new(mine.clone()))
        );
        let other = PortalSettings {
            name: "a".parse().unwrap(),
            address: PortalAddress::new("https://b.net".parse().unwrap(), None),
            ..mine
        };
        assert_eq!(place(&offered.settings, std::slice::from_ref(&other)), Place::NameTaken(Box::new(other)));
        assert_eq!(place(&offered.settings, &[]), Place::Free);
    }
}
