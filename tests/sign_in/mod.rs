//! The sign-in listener as browsers and others meet it.

mod flow;
mod hostile;
mod patience;
mod wire;
//! Signing in, from the outside.

mod browser;
