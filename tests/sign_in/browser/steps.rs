//! What a person does at the portal's pages.

use super::Tab;

/// The people of the portal, by the names of their buttons.
pub(super) const ADA: (&str, &str) = ("Ada", "ada@example.com");
pub(super) const PAT: (&str, &str) = ("Pat", "pat@example.com");

/// Opens the portal's page, and signs in there first.
#[track_caller]
pub(super) fn arrive(tab: Tab<'_>, address: &str, who: (&str, &str)) {
    tab.open(address);
    tab.see("Sign in");
    tab.press(who.0);
    let page = tab.reads("Local Access Requested");
    assert!(page.contains("The jitpass application") && page.contains(who.1), "{page}");
}

/// Says yes on our own page, which names who it is about.
#[track_caller]
pub(super) fn confirm(tab: Tab<'_>, who: (&str, &str)) -> String {
    let page = tab.reads("Is this you?");
    tab.press(&format!("Sign in as {}", who.1));
    page
}

/// Sees the last page.
#[track_caller]
pub(super) fn is_done(tab: Tab<'_>, who: (&str, &str)) {
    let page = tab.reads("You are signed in");
    assert!(page.contains(who.1), "{page}");
    no_token_is_left(tab);
}

/// The token stands neither in the address bar nor in what the tab goes back through.
#[track_caller]
pub(super) fn no_token_is_left(tab: Tab<'_>) {
    let history = tab.history();
    let is_token = |line: &&String| line.contains("SIMTOKEN") || line.contains("?t=");
    assert_eq!(history.iter().filter(is_token).count(), 0, "of {} lines of history", history.len());
    assert!(history.len() >= 3, "{history:?}");
}
