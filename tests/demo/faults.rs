//! Each fault, as a client meets it on the wire.

use std::thread;
use std::time::{Duration, Instant};

use jitpass::base::Timestamp;
use jitpass::demo::portal::{Running, UserKind};

use crate::demo::raw::{Answer, get, start};

const ENDPOINT: &str = "v3/features/system";

fn ask(portal: &Running) -> Answer {
    get(&format!("/{ENDPOINT}")).token(portal.token(UserKind::Admin).expose()).to(&portal.url())
}

fn spoiled(portal: &Running, fault: &str) -> Answer {
    portal.portal().fault(ENDPOINT, fault.parse().expect("a fault of the list"), Some(1));
    ask(portal)
}

#[test]
fn answers_in_place_of_the_right_one() {
    let portal = start("");
    for (fault, status, content_type, body) in [
        ("401", 401, "application/json", "Authorization has been denied"),
        ("403", 403, "text/plain", "not allowed"),
        ("400", 400, "text/plain", "Default Deny"),
        ("404", 404, "application/json", "No HTTP resource"),
        ("404-text", 404, "text/plain", "Not found"),
        ("500", 500, "application/json", "An error has occurred."),
        ("rate-exceeded", 400, "application/json", r#"{"Message":"Rate exceeded"}"#),
        ("rate-exceeded-500", 500, "application/json", r#"{"Message":"Rate exceeded"}"#),
        ("429", 429, "text/plain", "Too many"),
        ("502", 502, "text/html", "Bad Gateway"),
        ("503", 503, "text/html", "Unavailable"),
        ("504", 504, "text/html", "Time-out"),
        ("html-200", 200, "text/html", "<!doctype html>"),
        ("html-503", 503, "text/html", "upgraded"),
        ("redirect", 302, "", ""),
        ("empty", 200, "", ""),
        ("wrong-type", 200, "text/plain", "IsOtpNeeded"),
    ] {
        let answer = spoiled(&portal, fault);
        assert_eq!(answer.status, status, "{fault}");
        assert!(answer.header("content-type").starts_with(content_type), "{fault}: {}", answer.head);
        assert_eq!(answer.header("content-type").is_empty(), content_type.is_empty(), "{fault}");
        assert!(answer.body.contains(body) && !answer.body.contains("@@"), "{fault}: {}", answer.body);
        assert_eq!(ask(&portal).status, 200, "{fault} was to last for one request");
    }
    assert_eq!(spoiled(&portal, "429=7").header("retry-after"), "7");
    assert_eq!(spoiled(&portal, "429").header("retry-after"), "");
    assert_eq!(spoiled(&portal, "redirect").header("location"), "/app/sso?next=api");
}

#[test]
fn a_truncated_answer_ends_in_the_middle_of_its_body() {
    let portal = start("large");
    let whole = ask(&portal);
    let half = spoiled(&portal, "truncated");
    assert!(half.end.is_ok(), "the connection ends in peace: {:?}", half.end);
    assert_eq!((half.status, half.header("content-length")), (200, whole.header("content-length")));
    assert_eq!(half.body.len(), whole.body.len() / 2);

    // An answer that does not fit into one write.
    portal.portal().fault("admin/*", "truncated".parse().unwrap(), None);
    let list =
        get("/admin/GetTenantsForUser").token(portal.token(UserKind::Admin).expose()).to(&portal.url());
    assert_eq!(list.body.len(), list.header("content-length").parse::<usize>().unwrap() / 2);
}

#[test]
fn a_reset_connection_brings_no_byte() {
    let portal = start("");
    let answer = spoiled(&portal, "reset");
    assert_eq!((answer.status, answer.head.as_str()), (0, ""));
    assert_eq!(answer.end.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(ask(&portal).status, 200);
}

#[test]
fn the_clock_of_the_answer_can_be_wrong() {
    let portal = start("");
    assert_eq!(skew(&ask(&portal)), 0);
    assert_eq!(skew(&spoiled(&portal, "skew=-86400")), -86_400);
    portal.portal().advance_clock(172_800);
    assert_eq!(skew(&ask(&portal)), 172_800);
}

/// How far `Date` is from now, to the minute.
fn skew(answer: &Answer) -> i64 {
    let date =
        jiff::fmt::rfc2822::parse(answer.header("date")).expect("Date is a date").timestamp().as_second();
    let now = Timestamp::from_system(std::time::SystemTime::now()).seconds();
    (date - now + 30).div_euclid(60) * 60
}

#[test]
fn slow_answers_overlap_and_are_counted_at_once() {
    let portal = start("");
    portal.portal().fault("v3/*", "slow=400".parse().unwrap(), None);
    let began = Instant::now();
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| assert_eq!(ask(&portal).status, 200));
        }
    });
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(400) && took < Duration::from_secs(5), "{took:?}");
    let counts = portal.counts();
    let (_, count) = counts.iter().find(|(endpoint, _)| *endpoint == "GET v3/features/system").unwrap();
    assert_eq!((count.total, count.max_concurrent), (20, 20));

    portal.portal().clear_faults();
    portal.portal().reset_counts();
    ask(&portal);
    assert_eq!((portal.counts().of(ENDPOINT), portal.counts().portal()), (1, 1));
}

#[test]
fn a_portal_stops_when_dropped() {
    let portal = start("");
    let address = portal.address();
    portal.portal().fault("*", "slow=60000".parse().unwrap(), None);
    thread::scope(|scope| {
        let url = portal.url();
        let waiting = scope.spawn(move || get("/v3/features/system").to(&url));
        while portal.counts().portal() == 0 {
            thread::yield_now();
        }
        drop(portal);
        assert_eq!(waiting.join().unwrap().status, 0);
    });
    assert!(std::net::TcpStream::connect(address).is_err());
}
