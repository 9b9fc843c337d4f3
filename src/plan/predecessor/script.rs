//! From a value to words: as botocore and a shell split it alike, else as a shell does, else as `cmd.exe`.

use std::collections::BTreeMap;

use crate::awsconfig::command::{self, SplitError};

/// A word of a command line; what only a shell knows is not in its text.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Word {
    pieces: Vec<Piece>,
}

#[derive(Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Variable(String),
    Command,
}

/// A word with its variables filled in.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Arg {
    /// What is known of it.
    pub(super) text: String,
    /// What is not.
    pub(super) unknown: Option<Unknown>,
    /// The word as a script of its own, in which what is not known is still to be found.
    pub(super) script: String,
}

/// What only the shell that runs the line will know.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Unknown {
    /// A variable.
    Variable(String),
    /// What a command prints.
    Command,
}

/// What variables are known to hold; `None` for those that are set to something unknown.
pub(super) type Variables = BTreeMap<String, Arg>;

impl Word {
    pub(super) fn of(text: impl Into<String>) -> Self {
        Self { pieces: vec![Piece::Text(text.into())] }
    }

    /// The word with what is known of variables.
    pub(super) fn filled(&self, variables: &Variables) -> Arg {
        let mut arg = Arg::default();
        let put = |arg: &mut Arg, text: &str| {
            arg.text.push_str(text);
            arg.script.push_str(text);
        };
        for piece in &self.pieces {
            let unknown = match piece {
                Piece::Text(text) => {
                    put(&mut arg, text);
                    None
                }
                Piece::Variable(name) => match variables.get(name) {
                    Some(known) => {
                        put(&mut arg, &known.text);
                        known.unknown.clone()
                    }
                    None => {
                        arg.script.push_str("${");
                        arg.script.push_str(name);
                        arg.script.push('}');
                        Some(Unknown::Variable(name.clone()))
                    }
                },
                Piece::Command => {
                    arg.script.push_str("$()");
                    Some(Unknown::Command)
                }
            };
            arg.unknown = arg.unknown.or(unknown);
        }
        arg
    }

    fn push(&mut self, c: char) {
        match self.pieces.last_mut() {
            Some(Piece::Text(text)) => text.push(c),
            _ => self.pieces.push(Piece::Text(c.to_string())),
        }
    }
}

/// A program that a script starts, and what comes after it: `|`, `;`, `&&`, …, or nothing.
#[derive(Clone, Default)]
pub(super) struct Step {
    pub(super) words: Vec<Word>,
    /// Whether its stdout goes to a file.
    pub(super) redirects: bool,
    pub(super) then: &'static str,
}

/// The words of a value, where all of its readers find the same ones; else its steps as the readers that ask a shell
/// find them.
pub(super) fn steps(value: &str) -> Result<Vec<Step>, SplitError> {
    if is_windows(value) {
        let words = windows_words(value).into_iter().map(Word::of).collect();
        return Ok(vec![Step { words, ..Step::default() }]);
    }
    match command::split(value) {
        Ok(words) => Ok(vec![Step { words: words.into_iter().map(Word::of).collect(), ..Step::default() }]),
        Err(error @ (SplitError::Empty | SplitError::Lines | SplitError::TrailingBackslash)) => Err(error),
        Err(_) => script(value),
    }
}

/// Whether a value starts a program by a path of Windows, whose backslashes a shell would take away.
fn is_windows(value: &str) -> bool {
    let bare = value.trim_start_matches(['"', ' ']);
    let program = bare.split([' ', '"']).next().unwrap_or(bare);
    program.contains('\\')
        && (matches!(bare.as_bytes(), [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic())
            || program.to_ascii_lowercase().ends_with(".exe"))
}

/// Splits at blanks outside double quotes, as Windows programs do; backslashes are just that.
fn windows_words(value: &str) -> Vec<String> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), None::<String>, false);
    for c in value.chars() {
        match c {
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            ' ' | '\t' if !is_quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// The steps of a script for `sh -c`. Enough of the language to know a line that does just one thing; all else is
/// seen by its operators and refused by whoever reads the steps.
pub(super) fn script(text: &str) -> Result<Vec<Step>, SplitError> {
    let mut reader =
        Reader { rest: text.chars().peekable(), steps: Vec::new(), step: Step::default(), word: None };
    reader.read()?;
    reader.end_step("");
    Ok(reader.steps)
}

struct Reader<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    steps: Vec<Step>,
    step: Step,
    word: Option<Word>,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), SplitError> {
        while let Some(c) = self.rest.next() {
            match c {
                ' ' | '\t' => self.end_word(),
                '#' if self.word.is_none() => while self.rest.next_if(|c| *c != '\n').is_some() {},
                '\'' => {
                    self.word.get_or_insert_default();
                    loop {
                        match self.rest.next().ok_or(SplitError::OpenQuote)? {
                            '\'' => break,
                            c => self.push(c),
                        }
                    }
                }
                '"' => self.double_quoted()?,
                '\\' => match self.rest.next().ok_or(SplitError::TrailingBackslash)? {
                    '\n' => {}
                    c => self.push(c),
                },
                '$' | '`' => self.expansion(c)?,
                ';' | '\n' | '\r' => self.end_step(";"),
                '(' | ')' => self.end_step("("),
                '|' | '&' => {
                    let is_double = self.rest.next_if_eq(&c).is_some();
                    self.end_step(match (c, is_double) {
                        ('|', false) => "|",
                        ('|', true) => "||",
                        (_, false) => "&",
                        _ => "&&",
                    });
                }
                '<' | '>' => self.redirection(c)?,
                c => self.push(c),
            }
        }
        Ok(())
    }

    fn double_quoted(&mut self) -> Result<(), SplitError> {
        self.word.get_or_insert_default();
        loop {
            match self.rest.next().ok_or(SplitError::OpenQuote)? {
                '"' => return Ok(()),
                '\\' => match self.rest.next().ok_or(SplitError::OpenQuote)? {
                    c @ ('"' | '\\' | '$' | '`') => self.push(c),
                    '\n' => {}
                    c => {
                        self.push('\\');
                        self.push(c);
                    }
                },
                c @ ('$' | '`') => self.expansion(c)?,
                c => self.push(c),
            }
        }
    }

    /// `$NAME`, `${NAME}`, `$(command)` and its old form in backticks.
    fn expansion(&mut self, c: char) -> Result<(), SplitError> {
        if c == '`' {
            while self.rest.next().ok_or(SplitError::OpenQuote)? != '`' {}
            self.word.get_or_insert_default().pieces.push(Piece::Command);
            return Ok(());
        }
        let is_of_name = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
        match self.rest.peek().copied() {
            Some('(') => {
                let mut depth = 0_usize;
                loop {
                    match self.rest.next().ok_or(SplitError::OpenQuote)? {
                        '(' => depth += 1,
                        ')' if depth == 1 => break,
                        ')' => depth -= 1,
                        _ => {}
                    }
                }
                self.word.get_or_insert_default().pieces.push(Piece::Command);
            }
            Some('{') => {
                self.rest.next();
                let mut name = String::new();
                loop {
                    match self.rest.next().ok_or(SplitError::OpenQuote)? {
                        '}' => break,
                        c => name.push(c),
                    }
                }
                // `${NAME:-default}` is known as little as `$NAME`.
                name.truncate(name.find(|c: char| !is_of_name(&c)).unwrap_or(name.len()));
                self.word.get_or_insert_default().pieces.push(Piece::Variable(name));
            }
            Some(next) if is_of_name(&next) => {
                let mut name = String::new();
                while let Some(c) = self.rest.next_if(is_of_name) {
                    name.push(c);
                }
                self.word.get_or_insert_default().pieces.push(Piece::Variable(name));
            }
            _ => self.push('$'),
        }
        Ok(())
    }

    /// `2>file`, `2>&1`, `>file`, `<file`: where it goes to is no word of the command.
    fn redirection(&mut self, c: char) -> Result<(), SplitError> {
        let stream = self.word.take().map(|word| word.filled(&Variables::new()).text);
        if let Some(word) = stream.as_ref().filter(|word| word.parse::<u8>().is_err()) {
            self.step.words.push(Word::of(word.as_str()));
        }
        // What is said of stderr is of no account: jitpass says nothing there on success.
        self.step.redirects |= c == '<' || stream.as_deref() != Some("2");
        self.rest.next_if_eq(&c);
        if self.rest.next_if_eq(&'&').is_some() {
            while self.rest.next_if(char::is_ascii_digit).is_some() {}
            return Ok(());
        }
        while self.rest.next_if(|c| *c == ' ' || *c == '\t').is_some() {}
        while let Some(c) = self.rest.next_if(|c| !" \t\n;|&()<>".contains(*c)) {
            if c == '\'' || c == '"' {
                while self.rest.next().ok_or(SplitError::OpenQuote)? != c {}
            }
        }
        Ok(())
    }

    fn push(&mut self, c: char) {
        self.word.get_or_insert_default().push(c);
    }

    fn end_word(&mut self) {
        self.step.words.extend(self.word.take());
    }

    fn end_step(&mut self, then: &'static str) {
        self.end_word();
        let step = std::mem::take(&mut self.step);
        if !step.words.is_empty() || step.redirects {
            self.steps.push(Step { then, ..step });
        }
    }
}
