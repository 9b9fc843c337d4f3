//! Clients that take their time, and a desk that nobody sits at.

use std::io::Write;
use std::time::{Duration, Instant};

use jitpass::portal::sign_in::{Answer, Limits, Visit};

use super::wire::{LONG, PORTAL, Waiting, get, post, read};

/// So long that only the limit under test ends anything.
const NEVER: Limits =
    Limits { head: LONG, request: LONG, queue: LONG, answer: LONG, linger: Duration::from_millis(50) };
const SHORT: Duration = Duration::from_millis(50);

#[test]
fn a_head_that_does_not_come_ends_the_connection() {
    let waiting = Waiting::within(Limits { head: SHORT, ..NEVER });
    for part in ["", "GET /?t=SIMTOKEN-slow HTTP/1.1\r\nHost: 127.0.0.1:@PORT\r\n"] {
        let mut stream = waiting.connect();
        stream.write_all(&waiting.filled(part.as_bytes())).expect("a few bytes can be sent");
        let answer = read(stream);
        assert!([None, Some(408)].contains(&answer.status), "{answer:?}");
    }
    waiting.assert_nothing_came("half a head");
}

#[test]
fn a_body_that_does_not_come_ends_the_connection() {
    let waiting = Waiting::within(Limits { request: SHORT, ..NEVER });
    let whole = post("/", &format!("Origin: {PORTAL}\r\n"), "SIMTOKEN-slow");
    let mut stream = waiting.connect();
    stream.write_all(&waiting.filled(&whole.as_bytes()[..whole.len() - 4])).expect("a few bytes can be sent");
    assert_eq!(read(stream).status, Some(408));
    waiting.assert_nothing_came("half a body");
}

#[test]
fn a_desk_nobody_sits_at_sends_the_browser_away() {
    let waiting = Waiting::within(Limits { queue: SHORT, ..NEVER });
    assert_eq!(waiting.get("/?t=SIMTOKEN-a", "").status, Some(503));
    let answer = waiting.send(post("/", &format!("Origin: {PORTAL}\r\n"), "SIMTOKEN-a").as_bytes());
    assert_eq!((answer.status, answer.body.as_str()), (Some(503), "failed\n"));
    // Who was told that it came to nothing is not signed in afterwards.
    waiting.assert_nothing_came("a browser that was sent away");
}

#[test]
fn a_decision_that_was_begun_may_take_longer() {
    let waiting = Waiting::within(Limits { queue: SHORT, ..NEVER });
    std::thread::scope(|scope| {
        let sender = waiting.client;
        let client = scope.spawn(move || sender.get("/?t=SIMTOKEN-a", ""));
        let visit = waiting.desk.next(Instant::now() + LONG);
        let Some(Visit::Delivery { reply, .. }) = visit else { panic!("{visit:?}") };
        // Another that came later has been sent away: so long is the first one in hand.
        assert_eq!(waiting.get("/?t=SIMTOKEN-b", "").status, Some(503));
        assert!(reply.give(Answer::Over { person: None }).is_some());
        assert_eq!(client.join().expect("the client does not panic").status, Some(303));
    });
}

#[test]
fn a_decision_that_never_comes_is_a_failure() {
    let waiting = Waiting::within(Limits { queue: SHORT, answer: SHORT, ..NEVER });
    let (answer, reply) = waiting.visit(&get("/?t=SIMTOKEN-a", ""), |visit| visit);
    assert_eq!(answer.status, Some(500));
    drop(reply);
}

#[test]
fn a_full_queue_says_so() {
    let waiting = Waiting::within(NEVER);
    let (request, sender) = (get("/?t=SIMTOKEN-a", ""), waiting.client);
    std::thread::scope(|scope| {
        // Sixteen wait at the desk, whichever they are; the one too many is told.
        let clients: Vec<_> =
            (0..17).map(|_| scope.spawn(|| sender.send(request.as_bytes()).status)).collect();
        let deadline = Instant::now() + LONG;
        while !clients.iter().any(std::thread::ScopedJoinHandle::is_finished) {
            assert!(Instant::now() < deadline, "nobody is told that the queue is full");
            std::thread::yield_now();
        }
        for _ in 0..16 {
            let Some(Visit::Delivery { reply, .. }) = waiting.desk.next(deadline) else {
                panic!("too few wait")
            };
            reply.give(Answer::Over { person: None });
        }
        let mut statuses: Vec<_> =
            clients.into_iter().map(|client| client.join().expect("no panic")).collect();
        statuses.sort_unstable();
        assert_eq!(statuses[15..], [Some(303), Some(503)]);
    });
}
