//! Each way in which a portal hands over the token, from each kind of portal.

use super::steps::{ADA, PAT, arrive, confirm, is_done, no_token_is_left};
use super::{Chromium, Manner, Stage, World};

/// What the person sees of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// Our page.
    Ours,
    /// The portal's own word that all is well: its script posts.
    Theirs,
}

/// A name that can be part of a host's, the scenario, whether an administrator's credential is wanted and a code is
/// typed, and what is seen.
const WAYS: [(&str, &str, bool, Seen); 9] = [
    ("redirect", "callback=redirect", false, Seen::Ours),
    ("twice", "callback=redirect-twice,loopback=localhost", false, Seen::Ours),
    ("bundle", "callback=redirect-otp", false, Seen::Ours),
    ("code", "mfa", true, Seen::Ours),
    ("favicon", "favicon,loopback=localhost", false, Seen::Ours),
    ("post", "callback=post", false, Seen::Theirs),
    ("older", "older,loopback=localhost", false, Seen::Theirs),
    ("v2", "callback=post-v2", false, Seen::Theirs),
    ("posted-code", "older,mfa", true, Seen::Theirs),
];

/// Leave to speak to this machine, which Chromium asks the person for when a site's script wants to.
pub(super) const LOOPBACK: &[&str] = &["local-network-access"];

fn hand_over(ways: &[(&'static str, &'static str, bool, Seen)], world: fn(&'static str) -> World) {
    let stages: Vec<Stage> = ways.iter().map(|(name, words, ..)| Stage::new(world(name), words)).collect();
    let sites: Vec<_> = stages.iter().filter_map(|stage| stage.site.as_ref()).collect();
    let Some(chromium) = Chromium::start(&sites) else { return };
    for (stage, &(name, _, with_code, seen)) in stages.iter().zip(ways) {
        chromium.person(name, Manner { grants: &[(&stage.url, LOOPBACK)], ..Manner::default() });
        let tab = chromium.tab(name, name);
        let asker = if with_code { stage.admin().start() } else { stage.login() };
        let who = if with_code { ADA } else { PAT };
        arrive(tab, &stage.opened(1), who);
        if with_code {
            tab.type_into("One-time password", "123456");
        }
        tab.press("Authorize");
        match seen {
            Seen::Ours => {
                // A navigation from an https page says nothing of where it comes from, and this is the first person.
                if stage.site.is_some() {
                    confirm(tab, who);
                }
                is_done(tab, who);
            }
            Seen::Theirs => {
                tab.see("Access granted");
                no_token_is_left(tab);
            }
        }
        let run = asker.finish().success();
        let kind = if with_code { "admin" } else { "tenant" };
        assert_eq!(stage.kept(), Some((who.1.to_owned(), kind.to_owned())), "{name}");
        assert_eq!(stage.openings(), 1, "{name}");
        if with_code {
            run.field("AccessKeyId");
        } else {
            let said = format!("✓ signed in to {} as {}\n", stage.name(), who.1);
            assert!(run.stderr.contains(&said), "{name}: {}", run.stderr);
        }
    }
}

#[test]
fn over_https() {
    hand_over(&WAYS, World::Https);
}

// Between them each way once more.
#[test]
fn over_http_at_localhost() {
    hand_over(&[WAYS[1], WAYS[2], WAYS[4], WAYS[6], WAYS[8]], |_| World::Localhost);
}

#[test]
fn over_http_at_the_address() {
    hand_over(&[WAYS[0], WAYS[3], WAYS[5], WAYS[7]], |_| World::Address);
}
