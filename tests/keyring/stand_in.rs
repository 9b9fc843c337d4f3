//! A stand-in on the bus that does what no real service does when asked to: wait, prompt, talk nonsense, end.

use std::pin::Pin;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread;

use futures_core::Stream;
use zbus::message::{Message, Type};
use zbus::{Connection, MessageStream};

use super::session::Session;

/// What a stand-in does with a call: the name of the method decides, or what was asked so far.
pub(super) type Manner = fn(&Asked<'_>) -> Answer;

/// A call that a stand-in received.
pub(super) struct Asked<'a> {
    pub(super) message: &'a Message,
    pub(super) method: String,
}

/// What it does about it.
pub(super) enum Answer {
    /// Says this.
    Says(Message),
    /// Says this, then that a prompt is done.
    SaysThen(Message, Message),
    /// Says nothing, now or ever.
    Nothing,
    /// Waits until the test lets it go on, then says this.
    Late(Message),
    /// Leaves the bus without a word.
    Leaves,
}

/// A service made up for a test.
pub(super) struct StandIn {
    asked: Arc<Mutex<Vec<String>>>,
    arrivals: Receiver<()>,
    release: Sender<()>,
}

impl StandIn {
    /// One that owns this name before anybody can ask for it.
    pub(super) fn start(session: &Session, name: &'static str, manner: Manner) -> Self {
        let connection = session.connect();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let (arrived, arrivals) = mpsc::channel();
        let (release, released) = mpsc::channel();
        let stream = zbus::block_on(async {
            let stream = MessageStream::from(&connection);
            connection.request_name(name).await.expect("the name is free");
            stream
        });
        let log = asked.clone();
        thread::spawn(move || serve(connection, stream, manner, &log, &arrived, &released));
        Self { asked, arrivals, release }
    }

    /// The methods called so far.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("nobody panics with it").clone()
    }

    /// How often this one was called.
    pub(super) fn count(&self, method: &str) -> usize {
        self.asked().iter().filter(|asked| *asked == method).count()
    }

    /// Waits for the next call.
    pub(super) fn wait_for_call(&self) {
        self.arrivals.recv().expect("it serves as long as the bus does");
    }

    /// Lets a late answer go out.
    pub(super) fn release(&self) {
        self.release.send(()).expect("it serves as long as the bus does");
    }
}

fn serve(
    connection: Connection,
    mut stream: MessageStream,
    manner: Manner,
    log: &Mutex<Vec<String>>,
    arrived: &Sender<()>,
    released: &Receiver<()>,
) {
    let next = |stream: &mut MessageStream| {
        zbus::block_on(std::future::poll_fn(|context| Pin::new(&mut *stream).poll_next(context)))
    };
    while let Some(Ok(message)) = next(&mut stream) {
        if message.message_type() != Type::MethodCall {
            continue;
        }
        let method = message.header().member().map(ToString::to_string).unwrap_or_default();
        log.lock().expect("nobody panics with it").push(method.clone());
        let answer = manner(&Asked { message: &message, method });
        // The test may no longer care.
        arrived.send(()).ok();
        let said = match answer {
            Answer::Says(answer) => vec![answer],
            Answer::SaysThen(answer, signal) => vec![answer, signal],
            Answer::Nothing => Vec::new(),
            Answer::Late(answer) => {
                if released.recv().is_err() {
                    return;
                }
                vec![answer]
            }
            Answer::Leaves => {
                zbus::block_on(connection.close()).ok();
                return;
            }
        };
        for message in &said {
            zbus::block_on(connection.send(message)).ok();
        }
    }
}

impl Asked<'_> {
    /// An answer with these values.
    pub(super) fn with<B: serde::Serialize + zbus::DynamicType>(&self, body: &B) -> Message {
        Message::method_return(&self.message.header()).build(body).expect("an answer")
    }

    /// An answer that says no.
    pub(super) fn error(&self, name: &'static str) -> Message {
        Message::error(&self.message.header(), name).build(&("no",)).expect("an answer")
    }

    /// What a prompt says when it is done.
    pub(super) fn completed(&self, dismissed: bool) -> Message {
        let header = self.message.header();
        let path = header.path().expect("a call has one").to_owned();
        let result = zbus::Variant::from(path.clone());
        Message::signal(path, "org.freedesktop.Secret.Prompt", "Completed")
            .build(&(dismissed, result))
            .expect("a signal")
    }
}
