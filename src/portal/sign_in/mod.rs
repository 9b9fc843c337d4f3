//! The listener that a portal's page hands a token to, as a browser sees it.
//!
//! 1. [`Listener::bind`] takes a port on both loopbacks; [`page_address`] is the portal's page that knows it.
//! 2. The person presses Authorize; the browser comes with a request. `caller` says who made it, `callback` what it
//!    means, `token_text` reads what it brings. A stray or hostile request is answered there and then.
//! 3. What needs a decision is a [`Visit`] that waits at the [`Desk`]; the decision is an [`Answer`].
//! 4. A navigation is led to a page of ours (`pages`, kept in `shelf`), so that no token stays in the address bar; a
//!    request of the portal's script gets a word.
//! 5. A page with a button comes back as [`Visit::Press`] with the one-time value it was shown with.
//! 6. [`Desk::wait_until_shown`] lets the browser fetch the last page before the process ends.
//!
//! Nothing here knows a token's worth or keeps one: who may sign in is decided above, by `is_proven` and by the
//! person the portal names.

mod callback;
mod caller;
mod desk;
mod exchange;
mod listener;
mod page_address;
mod pages;
mod pasted;
mod response;
mod server;
mod shelf;
mod token_text;

pub use desk::{Answer, Desk, Reply, Visit};
pub use listener::{BindError, Limits, Listener};
pub use page_address::page_address;
pub use pasted::pasted_address;
