//! Taking a pasted text from a person while something else may happen first.
//!
//! A question as in `ask` would hold the program until it is answered; here the browser may answer instead. What is
//! pasted is a token or an address with one in it, so it is not shown.

use std::io;
use std::time::Duration;

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::{ExecutableCommand as _, terminal};

use crate::base::Secret;
use crate::host::quiet::Quiet;

/// What came.
#[derive(Debug)]
pub(super) enum Typed {
    /// A text, and Enter.
    Text(Secret),
    /// Ctrl-C, Esc or Ctrl-D.
    Stop,
}

/// A terminal that listens: it is as before once this is gone. Shows nothing of what was typed, not even to `Debug`.
pub(super) struct Paste {
    text: String,
    _quiet: Quiet,
}

/// The longest text that is taken.
const MOST_BYTES: usize = 64 * 1024;

/// How soon the next letter comes after a line end that was pasted: terminals without bracketed paste send it as Enter.
const SAME_PASTE: Duration = Duration::from_millis(60);

impl Paste {
    /// Starts listening.
    pub(super) fn open() -> io::Result<Self> {
        let quiet = Quiet::start()?;
        if cfg!(windows) {
            terminal::enable_raw_mode()?;
        }
        let this = Self { text: String::new(), _quiet: quiet };
        io::stderr().execute(event::EnableBracketedPaste)?;
        Ok(this)
    }

    /// What has come, without waiting.
    pub(super) fn look(&mut self) -> io::Result<Option<Typed>> {
        while event::poll(Duration::ZERO)? {
            match event::read()? {
                Event::Paste(text) => self.take(&text),
                Event::Key(key) if key.kind != KeyEventKind::Release => {
                    if let Some(typed) = self.key(key)? {
                        return Ok(Some(typed));
                    }
                }
                _ => {}
            }
        }
        Ok(None)
    }

    fn key(&mut self, key: KeyEvent) -> io::Result<Option<Typed>> {
        let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('c' | 'd') if is_control => return Ok(Some(Typed::Stop)),
            KeyCode::Esc => return Ok(Some(Typed::Stop)),
            KeyCode::Char('u' | 'w') if is_control => self.forget(),
            // A line end in the middle of what is pasted.
            KeyCode::Enter if event::poll(SAME_PASTE)? => self.take("\n"),
            KeyCode::Enter if self.text.trim().is_empty() => self.forget(),
            KeyCode::Enter => return Ok(Some(Typed::Text(Secret::new(std::mem::take(&mut self.text))))),
            KeyCode::Char(letter) if !is_control => self.take(letter.encode_utf8(&mut [0; 4])),
            KeyCode::Backspace => drop(self.text.pop()),
            _ => {}
        }
        Ok(None)
    }

    fn take(&mut self, text: &str) {
        if self.text.len() + text.len() <= MOST_BYTES {
            self.text.push_str(text);
        }
    }

    fn forget(&mut self) {
        // Through the type that overwrites what it held.
        drop(Secret::new(std::mem::take(&mut self.text)));
    }
}

impl Drop for Paste {
    fn drop(&mut self) {
        self.forget();
        let _ = io::stderr().execute(event::DisableBracketedPaste);
        if cfg!(windows) {
            let _ = terminal::disable_raw_mode();
        }
    }
}
