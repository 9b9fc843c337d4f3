//! One request, from its head to its answer.

use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Bytes};
use hyper::header::{self, HeaderMap};
use hyper::{Request, StatusCode};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::callback::{self, Callback, Filled, Form, Heard, Refusal};
use super::caller::{Caller, Door};
use super::desk::{Manner, Outcome, Reply, Turn, Visit};
use super::listener::Limits;
use super::page_address::page_address;
use super::pages::{Page, Place};
use super::response::{self, Wire};
use super::shelf::Shelf;
use crate::base::PortalAddress;
use crate::host::random;

/// What all connections share.
pub(super) struct House {
    pub(super) portal: PortalAddress,
    pub(super) port: u16,
    pub(super) is_admin: bool,
    pub(super) limits: Limits,
    pub(super) shelf: Arc<Shelf>,
    pub(super) visits: SyncSender<Visit>,
    /// Where the last answer from elsewhere came from. One place for all of them: strangers cannot fill the shelf.
    pub(super) stranger: Mutex<String>,
}

/// What the end of a connection means: the name of what has been shown then.
pub(super) type Shown = Arc<Mutex<Option<String>>>;

/// No token of any portal makes a body as long.
const LONGEST_BODY: usize = 64 * 1024;

/// The page that names the stranger, and the one for what is no token.
const WRONG_PORTAL: &str = "wrong-portal";
const UNREADABLE: &str = "unreadable";

/// Answers a request.
pub(super) async fn answer<B>(house: &House, request: Request<B>, shown: &Shown) -> Wire
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (head, body) = request.into_parts();
    let door = Door { portal: &house.portal.host, port: house.port };
    let mut wire = match callback::hear(&head, &door) {
        Heard::Callback(callback) => {
            house.decide(callback.into(), Manner::Navigation, &head.headers, shown).await
        }
        Heard::Form(form) => match read(body, house.limits.request).await {
            Ok(bytes) => house.receive(form, &bytes, &head.headers, shown).await,
            Err(refused) => refused,
        },
        Heard::Preflight => {
            let asked = head.headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS);
            return head.headers.get(header::ORIGIN).map_or_else(
                || response::word(StatusCode::FORBIDDEN, "refused\n"),
                |origin| response::preflight(origin, asked),
            );
        }
        Heard::Page(name) => house.fetch(&name, shown),
        Heard::Visitor => house.show(StatusCode::OK, &Page::Waiting),
        Heard::Refused(refusal) => house.refuse(refusal),
    };
    // The portal's script may read every answer it gets, refusals too: it tells the person.
    if let Some(origin) = head.headers.get(header::ORIGIN)
        && door.caller(&head.headers) == Ok(Caller::Portal)
    {
        response::let_read(&mut wire, origin);
    }
    wire
}

impl House {
    async fn receive(&self, form: Form, body: &[u8], headers: &HeaderMap, shown: &Shown) -> Wire {
        match form.read(body) {
            Ok(Filled::Callback(callback)) => {
                self.decide(callback.into(), Manner::Script, headers, shown).await
            }
            Ok(Filled::Press(value)) => {
                self.decide(Question::Press(value), Manner::Navigation, headers, shown).await
            }
            Err(_) => response::word(StatusCode::BAD_REQUEST, "failed\n"),
        }
    }

    /// Puts a question on the desk and waits for the answer.
    async fn decide(&self, question: Question, manner: Manner, headers: &HeaderMap, shown: &Shown) -> Wire {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let turn = Arc::new(Turn::default());
        let (way, back) = oneshot::channel();
        let reply = Reply {
            way,
            manner,
            shelf: Arc::clone(&self.shelf),
            turn: Arc::clone(&turn),
            base: format!("http://{host}"),
        };
        match self.visits.try_send(question.at_the_desk(reply)) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => return self.busy(manner),
        }
        let mut back = back;
        let outcome = match timeout(self.limits.queue, &mut back).await {
            Ok(outcome) => outcome.ok(),
            Err(_) if turn.give_up() => return self.busy(manner),
            Err(_) => timeout(self.limits.answer, back).await.ok().and_then(Result::ok),
        };
        match outcome {
            Some(Outcome::Page(name)) => response::lead_to(&format!("/page/{name}")),
            Some(Outcome::Word { is_good, end }) => {
                *shown.lock().unwrap_or_else(PoisonError::into_inner) = end;
                if is_good {
                    response::word(StatusCode::OK, "done\n")
                } else {
                    response::word(StatusCode::INTERNAL_SERVER_ERROR, "failed\n")
                }
            }
            None if manner == Manner::Script => response::word(StatusCode::INTERNAL_SERVER_ERROR, "failed\n"),
            None => self.show(StatusCode::INTERNAL_SERVER_ERROR, &Page::Broken),
        }
    }

    fn busy(&self, manner: Manner) -> Wire {
        match manner {
            Manner::Script => response::word(StatusCode::SERVICE_UNAVAILABLE, "failed\n"),
            Manner::Navigation => self.show(StatusCode::SERVICE_UNAVAILABLE, &Page::Busy),
        }
    }

    fn fetch(&self, name: &str, shown: &Shown) -> Wire {
        if name == UNREADABLE {
            return self.show(StatusCode::OK, &Page::Unreadable);
        }
        if name == WRONG_PORTAL {
            let origin = self.stranger.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if !origin.is_empty() {
                return self.show(StatusCode::OK, &Page::WrongPortal { origin });
            }
        }
        match self.shelf.find(name) {
            Some(page) => {
                *shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(name.to_owned());
                self.show(StatusCode::OK, &page)
            }
            None => self.show(StatusCode::NOT_FOUND, &Page::Gone),
        }
    }

    fn show(&self, status: StatusCode, page: &Page) -> Wire {
        let link = page_address(&self.portal, self.port, self.is_admin);
        let place = Place { portal: self.portal.host.authority(), link: &link };
        response::page(status, page.html(&place, random::name()))
    }

    fn refuse(&self, refusal: Refusal) -> Wire {
        let word = |status, why: &str| response::word(status, &format!("refused: {why}\n"));
        match refusal {
            Refusal::Malformed(why) => word(StatusCode::BAD_REQUEST, why),
            Refusal::Endless => word(StatusCode::LENGTH_REQUIRED, "a body needs a length"),
            Refusal::Misled => word(StatusCode::FORBIDDEN, "this is not the address of the sign-in"),
            Refusal::Stranger { origin, is_delivery: true } => {
                *self.stranger.lock().unwrap_or_else(PoisonError::into_inner) = origin;
                response::lead_to(&format!("/page/{WRONG_PORTAL}"))
            }
            Refusal::Stranger { .. } => {
                word(StatusCode::FORBIDDEN, "this comes from another site than the portal")
            }
            Refusal::Unseen => word(StatusCode::FORBIDDEN, "this is for a person to open"),
            Refusal::Anonymous => {
                word(StatusCode::FORBIDDEN, "this does not say that it comes from the portal")
            }
            Refusal::Unreadable => response::lead_to(&format!("/page/{UNREADABLE}")),
            Refusal::NotFound => word(StatusCode::NOT_FOUND, "there is nothing here"),
            Refusal::Method(allowed) => {
                let mut wire = word(StatusCode::METHOD_NOT_ALLOWED, "not in this way");
                response::set(wire.headers_mut(), header::ALLOW, allowed);
                wire
            }
        }
    }
}

/// What the desk is asked.
enum Question {
    Callback(Callback),
    Press(String),
}

impl From<Callback> for Question {
    fn from(callback: Callback) -> Self {
        Self::Callback(callback)
    }
}

impl Question {
    fn at_the_desk(self, reply: Reply) -> Visit {
        match self {
            Self::Callback(Callback::Token { token, otp, is_proven }) => {
                Visit::Delivery { token, otp, is_proven, reply }
            }
            Self::Callback(Callback::Cancel { is_proven }) => Visit::Cancel { is_proven, reply },
            Self::Press(value) => Visit::Press { value, reply },
        }
    }
}

async fn read<B>(body: B, limit: Duration) -> Result<Bytes, Wire>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if body.size_hint().lower() > LONGEST_BODY as u64 {
        return Err(response::word(StatusCode::PAYLOAD_TOO_LARGE, "failed\n"));
    }
    match timeout(limit, Limited::new(body, LONGEST_BODY).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            Err(response::word(StatusCode::PAYLOAD_TOO_LARGE, "failed\n"))
        }
        Ok(Err(_)) => Err(response::word(StatusCode::BAD_REQUEST, "failed\n")),
        Err(_) => Err(response::word(StatusCode::REQUEST_TIMEOUT, "failed\n")),
    }
}
