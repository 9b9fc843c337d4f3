//! A terminal that does not show what is typed.

use std::io;

/// Until it is dropped, the terminal of stdin hands over every key as it is pressed, Ctrl-C among them, and shows none.
/// What is printed looks as ever.
#[derive(Debug)]
pub struct Quiet {
    #[cfg(unix)]
    before: rustix::termios::Termios,
}

impl Quiet {
    /// Makes it so.
    ///
    /// # Errors
    /// When stdin is no terminal.
    #[cfg(unix)]
    pub fn start() -> io::Result<Self> {
        use rustix::termios::{InputModes, LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(io::stdin())?;
        let mut quiet = before.clone();
        quiet.local_modes -= LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN;
        // Otherwise a carriage return comes as a line end, which in a paste is something else than Enter.
        quiet.input_modes -= InputModes::ICRNL | InputModes::IXON;
        tcsetattr(io::stdin(), OptionalActions::Now, &quiet)?;
        Ok(Self { before })
    }

    /// Does nothing here: who reads keys switches that on.
    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "it may fail elsewhere")]
    pub fn start() -> io::Result<Self> {
        Ok(Self {})
    }
}

#[cfg(unix)]
impl Drop for Quiet {
    fn drop(&mut self) {
        let _ =
            rustix::termios::tcsetattr(io::stdin(), rustix::termios::OptionalActions::Flush, &self.before);
    }
}
