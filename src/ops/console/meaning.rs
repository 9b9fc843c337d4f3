//! What somebody means by a name.

use crate::base::{PortalAddress, PortalUrl, text};
use crate::ops::closest::closest;
use crate::ops::failure::Failure;
use crate::ops::issue::Request;
use crate::ops::machine::Machine;
use crate::ops::profile::Profiles;
use crate::ops::token;
use crate::ops::using::{Found, find, like};
use crate::store::settings::PortalSettings;

/// What a name means.
#[derive(Debug)]
pub enum Meaning {
    /// A profile, and what it asks of jitpass.
    Profile(String, Box<Request>),
    /// A portal of the settings.
    Portal(Box<PortalSettings>),
    /// A portal that is in no settings, by its address or the first word of it.
    Address(PortalAddress),
    /// A part of these profiles' names, or a portal that nobody here has been to: who typed it must say.
    Part(Vec<String>, PortalAddress),
}

/// Finds out: a profile that asks jitpass comes first, then a portal of the settings, by its name or its address, then
/// any portal. `called` is the command that somebody typed, for a hint: `jitpass console`.
///
/// # Errors
/// When it is a profile of another kind, or a slip of the fingers away from what there is, or no name of anything.
pub fn meaning(
    machine: &Machine,
    profiles: &Profiles,
    typed: &str,
    called: &str,
) -> Result<Meaning, Failure> {
    let known = profiles.get(typed);
    if let Some(ours) = known.and_then(|known| known.ours.as_ref()) {
        return Ok(Meaning::Profile(typed.to_owned(), Box::new(ours.request.clone())));
    }
    let address = PortalUrl::from_typed(typed);
    let by_name = profiles.portals.iter().find(|portal| portal.name.as_str().eq_ignore_ascii_case(typed));
    let by_host = || profiles.portals.iter().find(|portal| address.as_ref() == Ok(&portal.address.host));
    if let Some(portal) = by_name.or_else(by_host) {
        return Ok(Meaning::Portal(Box::new(portal.clone())));
    }
    let shown = text::one_line(typed, 80);
    if let Some(wrong) = known.and_then(|known| known.wrong.as_ref()) {
        return Err(Failure::new(format!("the profile `{shown}` gives no credentials: {wrong}"))
            .hint(format!("`jitpass profile show {shown}` says more")));
    }
    if known.is_some() || profiles.credentials.profile(typed).is_some() {
        return Err(Failure::misuse(format!(
            "the profile `{shown}` does not ask jitpass, which gives no link for it"
        ))
        .hint("`jitpass profile list` says which do"));
    }
    let ours = profiles.all().iter().filter(|known| known.ours.is_some());
    let ours: Vec<&str> = ours.map(|known| known.profile.name.as_str()).collect();
    let portals = profiles.portals.iter().map(|portal| portal.name.as_str());
    let names: Vec<&str> = ours.iter().copied().chain(portals).collect();
    // People know a portal by its address, too, whatever it is called here.
    let hosts: Vec<&PortalUrl> = profiles
        .all()
        .iter()
        .filter_map(|known| Some(&known.ours.as_ref()?.request.portal.host))
        .chain(profiles.portals.iter().map(|portal| &portal.address.host))
        .collect();
    let Ok(host) = address else {
        let failure = Failure::misuse(format!("`{shown}` is no profile that asks jitpass, and no portal"));
        return Err(match closest(typed, &names) {
            Some(near) => failure.hint(format!("did you mean `{}`?", text::Visible(near))),
            None => failure.hint("`jitpass profile list` and `jitpass portal list` list them"),
        });
    };
    let address = PortalAddress::new(host, None);
    // Who says the whole address means it, and so does who has been there.
    let is_meant = typed.contains("://")
        || hosts.contains(&&address.host)
        || machine.tokens().is_some_and(|tokens| tokens.kept(&address).is_some())
        || token::explicit(machine, &address, None).0.is_some();
    if is_meant {
        return Ok(Meaning::Address(address));
    }
    // The portal of that name may be a stranger's, where somebody would sign in.
    let shown_ones: Vec<&str> = ours.into_iter().filter(|name| !name.contains(char::is_control)).collect();
    match find(typed, &shown_ones) {
        Found::One(name) => return Ok(Meaning::Part(vec![name.to_owned()], address)),
        Found::Several(names) => {
            return Ok(Meaning::Part(names.into_iter().map(str::to_owned).collect(), address));
        }
        Found::Like(_) | Found::Nothing => {}
    }
    let words = hosts.iter().filter_map(|host| host.authority().split('.').next());
    let known: Vec<&str> = names.iter().copied().chain(words).collect();
    match like(typed, &known).first() {
        Some(near) => {
            Err(Failure::misuse(format!("`{shown}` is none of your profiles, and none of your portals"))
                .hint(format!(
                    "did you mean `{}`? For the portal of that name: {called} {}",
                    text::Visible(near),
                    address.host
                )))
        }
        None => Ok(Meaning::Address(address)),
    }
}
