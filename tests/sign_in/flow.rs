//! What a browser and a portal's script get, from the first request to the last page.

use std::io::Write;
use std::net::{Ipv6Addr, TcpListener, TcpStream};
use std::time::Instant;

use jitpass::portal::sign_in::{Answer, Visit};

use super::wire::{PORTAL, Waiting, get, post, read, soon};

fn signed_in() -> Answer {
    Answer::SignedIn { person: "pat@example.com".to_owned() }
}

#[track_caller]
fn delivered(visit: Visit, answer: Answer) -> Option<String> {
    match visit {
        Visit::Delivery { reply, .. } => reply.give(answer),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_navigation_is_led_to_a_page_that_can_be_loaded_again() {
    let waiting = Waiting::start();
    assert!(waiting.desk.wait_until_shown(Instant::now()));
    let (answer, page) = waiting.visit(&get("/?t=SIMTOKEN-a", ""), |visit| delivered(visit, signed_in()));
    let location = answer.header("location");
    assert_eq!((answer.status, answer.body.as_str()), (Some(303), ""));
    assert!(location.starts_with("/page/"), "{location}");
    assert_eq!(page, Some(format!("http://127.0.0.1:{}{location}", waiting.port)));
    assert!(!waiting.desk.wait_until_shown(Instant::now()));
    for _ in 0..2 {
        let shown = waiting.get(location, "");
        assert_eq!(shown.status, Some(200));
        assert!(shown.text().contains("pat@example.com"), "{}", shown.body);
        assert!(waiting.desk.wait_until_shown(soon()));
    }
    let port = waiting.port;
    waiting.desk.close();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn answers_keep_themselves_to_themselves() {
    let waiting = Waiting::start();
    let page = waiting.get("/", "");
    for (name, expected) in [
        ("cache-control", "no-store"),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("connection", "close"),
        ("content-type", "text/html; charset=utf-8"),
        ("access-control-allow-origin", ""),
    ] {
        assert_eq!(page.header(name), expected, "{name}");
    }
    let policy = page.header("content-security-policy");
    let (start, rest) = policy.split_once("'nonce-").expect("the style has a nonce");
    let (nonce, rest) = rest.split_once('\'').expect("the nonce ends");
    assert_eq!(start, "default-src 'none'; style-src ");
    assert_eq!(rest, "; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    assert!(page.body.contains(&format!("<style nonce=\"{nonce}\">")));
    assert_ne!(waiting.get("/", "").header("content-security-policy"), policy);
}

#[test]
fn the_portals_script_gets_a_word_it_may_read() {
    let waiting = Waiting::start();
    let origin = format!("Origin: {PORTAL}\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n");
    let request = post("/", &origin, "SIMTOKEN-a");
    let confirm = || Answer::Confirm { person: "p".to_owned(), before: None, value: "1".to_owned() };
    for (answer, status, word, has_page) in [
        (confirm(), 200, "done\n", true),
        (Answer::TokenRefused { reason: "no".to_owned() }, 500, "failed\n", false),
        (Answer::Unable { reason: "no".to_owned() }, 500, "failed\n", false),
        (Answer::Over { person: None }, 500, "failed\n", false),
        (signed_in(), 200, "done\n", false),
    ] {
        let (got, page) = waiting.visit(&request, |visit| delivered(visit, answer));
        assert_eq!((got.status, got.body.as_str(), page.is_some()), (Some(status), word, has_page));
        assert_eq!(got.header("access-control-allow-origin"), PORTAL);
        assert_eq!(got.header("vary"), "Origin");
        assert_eq!(got.header("cross-origin-resource-policy"), "cross-origin");
    }
    assert!(waiting.desk.wait_until_shown(soon()));
}

#[test]
fn a_code_and_a_cancel_arrive_in_every_way() {
    let waiting = Waiting::start();
    let origin = format!("Origin: {PORTAL}\r\n");
    let bundle = r#"{"token":"SIMTOKEN-a","otp":"012345"}"#;
    let escaped = "%7B%22token%22%3A%22SIMTOKEN-a%22%2C%22otp%22%3A%22012345%22%7D";
    for (request, proven) in [
        (post("/v2/callbackWithOtp", &origin, bundle), true),
        (get(&format!("/v2/callbackWithOtp?t={escaped}"), ""), false),
        (get(&format!("/v2/callbackWithOtp?t={escaped}"), &format!("Referer: {PORTAL}/app\r\n")), true),
    ] {
        waiting.visit(&request, |visit| match visit {
            Visit::Delivery { token, otp: Some(otp), is_proven, reply } => {
                assert_eq!((token.expose(), otp.expose(), is_proven), ("SIMTOKEN-a", "012345", proven));
                reply.give(signed_in());
            }
            other => panic!("{other:?}"),
        });
    }
    for (request, proven, status) in [
        (post("/v2/callbackWithOtp", &origin, ""), true, 200),
        (get("/?t=", ""), false, 303),
        (get("/v2/callbackWithOtp?t=", ""), false, 303),
        (get("/?t=", &format!("Referer: {PORTAL}/\r\n")), true, 303),
    ] {
        let (answer, ()) = waiting.visit(&request, |visit| match visit {
            Visit::Cancel { is_proven, reply } => {
                assert_eq!(is_proven, proven);
                reply.give(Answer::Stopped);
            }
            other => panic!("{other:?}"),
        });
        assert_eq!(answer.status, Some(status));
    }
}

#[test]
fn the_button_comes_back_with_its_value() {
    let waiting = Waiting::start();
    let value = "0a1b2c".to_owned();
    let confirm =
        Answer::Confirm { person: "pat".to_owned(), before: Some("sam".to_owned()), value: value.clone() };
    let (answer, _) = waiting.visit(&get("/?t=SIMTOKEN-a", ""), |visit| delivered(visit, confirm));
    let page = waiting.get(answer.header("location"), "");
    assert!(page.text().contains("Sign in as pat") && page.text().contains("sam"), "{}", page.body);
    assert!(page.body.contains("value=\"0a1b2c\""), "{}", page.body);
    // A question is not the end.
    assert!(waiting.desk.wait_until_shown(Instant::now()));
    let own = "Origin: http://127.0.0.1:@PORT\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n";
    let (answer, ()) = waiting.visit(&post("/press", own, &format!("value={value}")), |visit| match visit {
        Visit::Press { value: pressed, reply } => {
            assert_eq!(pressed, value);
            reply.give(signed_in());
        }
        other => panic!("{other:?}"),
    });
    assert_eq!(answer.status, Some(303));
    assert!(waiting.get(answer.header("location"), "").text().contains("You are signed in"));
}

#[test]
fn a_preflight_of_the_portal_is_granted() {
    let waiting = Waiting::start();
    let request = format!(
        "OPTIONS /v2/callbackWithOtp HTTP/1.1\r\nHost: localhost:@PORT\r\nOrigin: {PORTAL}\r\n\
         Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type,x-portal\r\n\
         Access-Control-Request-Private-Network: true\r\nSec-Fetch-Mode: cors\r\n\r\n"
    );
    let answer = waiting.send(request.as_bytes());
    assert_eq!((answer.status, answer.body.as_str()), (Some(204), ""));
    for (name, expected) in [
        ("access-control-allow-origin", PORTAL),
        ("access-control-allow-methods", "GET, POST, OPTIONS"),
        ("access-control-allow-headers", "content-type,x-portal"),
        ("access-control-allow-private-network", "true"),
    ] {
        assert_eq!(answer.header(name), expected, "{name}");
    }
    waiting.assert_nothing_came("a preflight");
}

#[test]
fn strangers_are_named_and_the_token_leaves_the_address() {
    let waiting = Waiting::start();
    assert_eq!(waiting.get("/page/wrong-portal", "").status, Some(404));
    let answer = waiting.get("/?t=SIMTOKEN-a", "Referer: https://other.duplocloud.net/app\r\n");
    assert_eq!((answer.status, answer.header("location")), (Some(303), "/page/wrong-portal"));
    let page = waiting.get("/page/wrong-portal", "Referer: https://other.duplocloud.net/app\r\n");
    for site in ["https://other.duplocloud.net", "acme.duplocloud.net"] {
        assert!(page.text().contains(site), "{}", page.body);
    }
    let answer = waiting.get("/?t=SIMTOKEN%00", "");
    assert_eq!((answer.status, answer.header("location")), (Some(303), "/page/unreadable"));
    assert_eq!(waiting.get("/page/unreadable", "").status, Some(200));
    waiting.assert_nothing_came("a stranger");
}

#[test]
fn old_clients_half_closed_ones_and_the_other_loopback_are_served() {
    let waiting = Waiting::start();
    let old = "GET / HTTP/1.0\r\nHost: 127.0.0.1:@PORT\r\n\r\n";
    assert_eq!(waiting.send(old.as_bytes()).status, Some(200));
    assert_eq!(waiting.send_and_end(get("/", "").as_bytes()).status, Some(200));
    assert_eq!(waiting.send(get("/", "Upgrade: h2c\r\n").as_bytes()).status, Some(200));
    // Without IPv6 there is no other loopback.
    if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok() {
        let mut stream =
            TcpStream::connect((Ipv6Addr::LOCALHOST, waiting.port)).expect("it listens there too");
        let request = waiting.filled(b"GET / HTTP/1.1\r\nHost: [::1]:@PORT\r\n\r\n");
        stream.write_all(&request).expect("it reads");
        assert_eq!(read(stream).status, Some(200));
    }
}

#[test]
fn a_reply_that_is_dropped_is_a_failure() {
    let waiting = Waiting::start();
    let (answer, ()) = waiting.visit(&get("/?t=SIMTOKEN-a", ""), drop);
    assert_eq!(answer.status, Some(500));
    let origin = format!("Origin: {PORTAL}\r\n");
    let (answer, ()) = waiting.visit(&post("/", &origin, "SIMTOKEN-a"), drop);
    assert_eq!((answer.status, answer.body.as_str()), (Some(500), "failed\n"));
    assert!(waiting.desk.wait_until_shown(Instant::now()));
}

#[test]
fn a_browser_that_went_away_is_not_waited_for() {
    let waiting = Waiting::start();
    let mut stream = waiting.connect();
    stream.write_all(&waiting.filled(get("/?t=SIMTOKEN-a", "").as_bytes())).expect("it reads");
    let visit = waiting.desk.next(soon()).expect("the token arrives");
    drop(stream);
    waiting.desk.close();
    assert!(delivered(visit, signed_in()).is_some());
}

#[test]
fn two_at_once_are_decided_one_after_the_other() {
    let waiting = Waiting::start();
    std::thread::scope(|scope| {
        let clients = ["a", "b"].map(|name| {
            let request = get(&format!("/?t=SIMTOKEN-{name}"), "");
            let client = waiting.client;
            scope.spawn(move || client.send(request.as_bytes()).status)
        });
        let visits = [(); 2].map(|()| waiting.desk.next(soon()).expect("both arrive"));
        for visit in visits {
            delivered(visit, signed_in());
        }
        assert_eq!(clients.map(|client| client.join().expect("no panic")), [Some(303); 2]);
    });
}
