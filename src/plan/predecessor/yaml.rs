//! Just enough of YAML to look keys up in other programs' configuration.
//!
//! The parser is saphyr-parser, the event half of saphyr: it is kept up, has no unsafe code of its own, and brings one
//! crate that was not here (arraydeque). serde_yaml and its forks are given up; saphyr's other half and serde-saphyr
//! bring several more for what two files need. Events also mean that an alias is a pointer here: no text can make it
//! large.

use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

/// A value. Never shown: it may be a token.
pub(super) enum Node {
    Scalar { text: String, is_plain: bool },
    List(Vec<Rc<Node>>),
    Map(Vec<(Rc<Node>, Rc<Node>)>),
}

/// Why a text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum YamlError {
    /// It is not YAML. Where, both 1-based; not what: it may be a token.
    #[error("line {line}, column {column} is not YAML")]
    Syntax {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// Nested or long beyond all reason.
    #[error("it is larger or deeper than any configuration")]
    Size,
}

/// Nothing here is deeper than six.
const DEEPEST: usize = 40;

/// Bounds time and memory: a kubeconfig of a thousand clusters has 30,000.
const MOST_EVENTS: usize = 400_000;

/// The longest text that is parsed, in bytes.
pub(super) const LONGEST: usize = 8 << 20;

/// Merges that follow each other. (`<<: *base`)
const MERGES: usize = 8;

enum Open {
    List(usize, Vec<Rc<Node>>),
    Map(usize, Vec<(Rc<Node>, Rc<Node>)>, Option<Rc<Node>>),
}

/// Reads the first document of a text; `None` where there is nothing in it.
pub(super) fn read(text: &str) -> Result<Option<Rc<Node>>, YamlError> {
    if text.len() > LONGEST {
        return Err(YamlError::Size);
    }
    let mut anchors: HashMap<usize, Rc<Node>> = HashMap::new();
    let mut open: Vec<Open> = Vec::new();
    let mut parser = Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    for _ in 0..MOST_EVENTS {
        let Some(event) = parser.next_event() else { return Ok(None) };
        let (event, _) = event.map_err(|error| syntax(&error))?;
        let (anchor, node) = match event {
            Event::Scalar(text, style, anchor, _) => {
                let node = Node::Scalar { text: text.into_owned(), is_plain: style == ScalarStyle::Plain };
                (anchor, Rc::new(node))
            }
            // An alias within what it names points nowhere.
            Event::Alias(anchor) => (0, anchors.get(&anchor).cloned().ok_or(YamlError::Size)?),
            Event::SequenceStart(anchor, _) => {
                open.push(Open::List(anchor, Vec::new()));
                if open.len() > DEEPEST {
                    return Err(YamlError::Size);
                }
                continue;
            }
            Event::MappingStart(anchor, _) => {
                open.push(Open::Map(anchor, Vec::new(), None));
                if open.len() > DEEPEST {
                    return Err(YamlError::Size);
                }
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::List(anchor, list)) => (anchor, Rc::new(Node::List(list))),
                Some(Open::Map(anchor, pairs, _)) => (anchor, Rc::new(Node::Map(pairs))),
                None => return Err(YamlError::Size),
            },
            Event::StreamEnd => return Ok(None),
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => continue,
        };
        if anchor != 0 {
            anchors.insert(anchor, Rc::clone(&node));
        }
        match open.last_mut() {
            None => return Ok(Some(node)),
            Some(Open::List(_, list)) => list.push(node),
            Some(Open::Map(_, pairs, key)) => match key.take() {
                None => *key = Some(node),
                Some(key) => pairs.push((key, node)),
            },
        }
    }
    Err(YamlError::Size)
}

fn syntax(error: &ScanError) -> YamlError {
    YamlError::Syntax { line: error.marker().line(), column: error.marker().col() + 1 }
}

impl Node {
    /// The value of a key: the last one of several, else one that is merged in.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.look_up(key, MERGES)
    }

    fn look_up(&self, key: &str, merges: usize) -> Option<&Node> {
        let Self::Map(pairs) = self else { return None };
        let named = |wanted: &str| {
            let is_it = |name: &Node| matches!(name, Self::Scalar { text, .. } if text == wanted);
            pairs.iter().rev().find(|(name, _)| is_it(name)).map(|(_, value)| &**value)
        };
        named(key).or_else(|| match named("<<").filter(|_| merges > 0)? {
            Self::List(bases) => bases.iter().take(MERGES).find_map(|base| base.look_up(key, merges / 2)),
            base => base.look_up(key, merges - 1),
        })
    }

    /// The elements of a list; of anything else none.
    pub(super) fn list(&self) -> &[Rc<Node>] {
        if let Self::List(list) = self { list } else { &[] }
    }

    /// A text; a number is one too, and nothing (`null`, `~`) is none.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Scalar { text, is_plain: true }
                if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL") =>
            {
                None
            }
            Self::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether Python takes the value for true, as PyYAML reads it: by YAML 1.1, where `yes` and `on` are true.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Scalar { text, is_plain: true } => {
                let lower = text.to_ascii_lowercase();
                !matches!(lower.as_str(), "" | "~" | "null" | "false" | "no" | "off" | "0" | "0.0")
            }
            Self::Scalar { text, .. } => !text.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Map(pairs) => !pairs.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn text(yaml: &str, key: &str) -> Option<String> {
        read(yaml).unwrap()?.get(key)?.text().map(str::to_owned)
    }

    #[test]
    fn keys_are_found() {
        assert_eq!(text("a: 1\nb: 'x y'\n", "b").as_deref(), Some("x y"));
        assert_eq!(text("{\"a\": \"json\"}", "a").as_deref(), Some("json"));
        assert_eq!(text("\u{feff}a: 1\na: 2\n", "a").as_deref(), Some("2"));
        assert_eq!(text("a: ~\n", "a"), None);
        assert_eq!(text("- a\n", "a"), None);
        assert_eq!(text("x: &b {a: 1}\n<<: *b\n", "a").as_deref(), Some("1"));
        assert!(read("").unwrap().is_none() && read("# nothing\n").unwrap().is_none());
        assert_eq!(text("a: 1\n---\na: 2\n", "a").as_deref(), Some("1"));
    }

    #[test]
    fn what_python_takes_for_true() {
        let is_true =
            |value: &str| read(&format!("a: {value}\n")).unwrap().unwrap().get("a").unwrap().is_true();
        for value in ["true", "True", "yes", "on", "1", "'false'", "x"] {
            assert!(is_true(value), "{value}");
        }
        for value in ["false", "no", "OFF", "0", "~", "null", "''", "[]", "{}"] {
            assert!(!is_true(value), "{value}");
        }
    }

    #[test]
    fn bombs_do_not_go_off() {
        let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..12 {
            let of = format!("*a{},", n - 1).repeat(10);
            writeln!(laughs, "a{n}: &a{n} [{of}]").unwrap();
        }
        laughs.push_str("host: here\n");
        assert_eq!(text(&laughs, "host").as_deref(), Some("here"));

        let mut merges = "b0: &b0 {x: 1}\n".to_owned();
        for n in 1..40 {
            let of = format!("*b{},", n - 1).repeat(10);
            writeln!(merges, "b{n}: &b{n} {{<<: [{of}]}}").unwrap();
        }
        merges.push_str("<<: *b39\nhost: here\n");
        assert_eq!(text(&merges, "host").as_deref(), Some("here"));
        assert_eq!(text(&merges, "none"), None);

        assert!(read(&"[".repeat(100_000)).is_err());
        assert!(read(&"- ".repeat(100_000)).is_err());
        assert_eq!(read("a: &a [*a]\n").err(), Some(YamlError::Size));
        assert_eq!(read(&" ".repeat(LONGEST + 1)).err(), Some(YamlError::Size));
        assert!(read(&"- x\n".repeat(500_000)).is_err());
    }

    #[test]
    fn errors_repeat_nothing() {
        let error = read("token: SIMTOKEN-1\n  x: [\n").err().unwrap();
        assert!(matches!(error, YamlError::Syntax { .. }) && !error.to_string().contains("SIM"), "{error}");
    }
}
