//! One Rust file as the words that matter here: comments gone, strings kept apart, tests marked.
//!
//! A full parser would say more than the rules ask for. What they ask for is which paths a file names, and that can
//! be read from the words alone, inside macros and attributes too.

/// A word of Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// An identifier or keyword, without `r#`.
    Name(String),
    /// The content of a string literal.
    Text(String),
    /// `::`.
    Colons,
    /// Any other character.
    Sign(char),
}

/// A word and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) word: Word,
    /// From 1.
    pub(super) line: usize,
    /// Inside an item under `#[cfg(test)]`.
    pub(super) test: bool,
}

impl Placed {
    pub(super) fn is(&self, sign: char) -> bool {
        self.word == Word::Sign(sign)
    }

    pub(super) fn names(&self, name: &str) -> bool {
        self.name() == Some(name)
    }

    pub(super) fn name(&self) -> Option<&str> {
        match &self.word {
            Word::Name(name) => Some(name),
            _ => None,
        }
    }
}

/// The words of a file, those of its tests marked.
pub(super) fn words(text: &str) -> Vec<Placed> {
    let mut words = split(text);
    mark_tests(&mut words);
    words
}

/// How many lines of the file are not under `#[cfg(test)]`.
pub(super) fn lines_without_tests(text: &str, words: &[Placed]) -> usize {
    let mut tested = 0;
    let mut rest = words;
    while let Some(start) = rest.iter().position(|w| w.test) {
        let run = rest[start..].iter().take_while(|w| w.test).count();
        tested += rest[start + run - 1].line + 1 - rest[start].line;
        rest = &rest[start + run..];
    }
    text.lines().count() - tested
}

fn split(text: &str) -> Vec<Placed> {
    let mut words = Vec::new();
    let mut line = 1;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (word, length) = next(rest, c);
        if let Some(word) = word {
            words.push(Placed { word, line, test: false });
        }
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    words
}

/// The word at the start of `rest`, if it is one, and the bytes it takes.
fn next(rest: &str, c: char) -> (Option<Word>, usize) {
    if rest.starts_with("//") {
        return (None, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (None, block_comment(rest));
    }
    if let Some((content, length)) = string(rest) {
        return (Some(Word::Text(content)), length);
    }
    if c == '\'' {
        return (None, quote(rest));
    }
    if rest.starts_with("::") {
        return (Some(Word::Colons), 2);
    }
    if c.is_alphanumeric() || c == '_' {
        let raw = if rest.starts_with("r#") { 2 } else { 0 };
        let end =
            rest[raw..].find(|c: char| !c.is_alphanumeric() && c != '_').map_or(rest.len(), |n| n + raw);
        return (Some(Word::Name(rest[raw..end].to_owned())), end);
    }
    (if c.is_whitespace() { None } else { Some(Word::Sign(c)) }, c.len_utf8())
}

/// The length of the block comment at the start; they nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let tail = &rest.as_bytes()[at..];
        if tail.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// The content of the string literal at the start and the bytes it takes: plain, byte, C, raw.
fn string(rest: &str) -> Option<(String, usize)> {
    let prefix = rest.find(|c: char| !matches!(c, 'b' | 'c' | 'r')).filter(|&n| n <= 2)?;
    let raw = rest[..prefix].ends_with('r');
    let hashes = rest[prefix..].chars().take_while(|&c| c == '#').count();
    let open = prefix + hashes;
    if !rest[open..].starts_with('"') || (hashes > 0 && !raw) {
        return None;
    }
    let body = &rest[open + 1..];
    if raw {
        let close = format!("\"{}", "#".repeat(hashes));
        let end = body.find(&close).unwrap_or(body.len());
        return Some((body[..end].to_owned(), (open + 1 + end + close.len()).min(rest.len())));
    }
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some((body[..at].to_owned(), open + 1 + at + 1)),
            _ => {}
        }
    }
    Some((body.to_owned(), rest.len()))
}

/// The length of the character literal at the start, or of the quote alone where it opens a lifetime or a label.
fn quote(rest: &str) -> usize {
    let mut body = rest[1..].char_indices();
    match body.next() {
        Some((_, '\\')) => {
            let escaped = rest[2..].chars().next().map_or(0, char::len_utf8);
            rest[2 + escaped..].find('\'').map_or(1, |n| 2 + escaped + n + 1)
        }
        Some((_, c)) if rest[1 + c.len_utf8()..].starts_with('\'') => 2 + c.len_utf8(),
        _ => 1,
    }
}

/// Marks the words of every item, field or statement under `#[cfg(test)]`.
fn mark_tests(words: &mut [Placed]) {
    let mut at = 0;
    while at < words.len() {
        if cfg_test(&words[at..]) {
            let end = item_end(words, at);
            for word in &mut words[at..end] {
                word.test = true;
            }
            at = end;
        } else {
            at += 1;
        }
    }
}

/// Whether `#[cfg(test)]` or `#[cfg(all(test, …))]` starts here.
fn cfg_test(words: &[Placed]) -> bool {
    let says = |at: usize, name: &str| words.get(at).is_some_and(|w| w.names(name));
    let sign = |at: usize, c: char| words.get(at).is_some_and(|w| w.is(c));
    sign(0, '#')
        && sign(1, '[')
        && says(2, "cfg")
        && sign(3, '(')
        && (says(4, "test") || (says(4, "all") && sign(5, '(') && says(6, "test")))
}

/// Where the item ends whose attributes start at `at`.
fn item_end(words: &[Placed], mut at: usize) -> usize {
    while words.get(at).is_some_and(|w| w.is('#')) {
        at = closing(words, at + 1);
    }
    let mut first = at;
    if words.get(first).is_some_and(|w| w.names("pub")) {
        first += 1;
        if words.get(first).is_some_and(|w| w.is('(')) {
            first = closing(words, first);
        }
    }
    const ITEMS: [&str; 14] = [
        "async",
        "const",
        "enum",
        "extern",
        "fn",
        "impl",
        "macro_rules",
        "mod",
        "static",
        "struct",
        "trait",
        "type",
        "unsafe",
        "use",
    ];
    let item = words.get(first).and_then(Placed::name).is_some_and(|name| ITEMS.contains(&name));
    while let Some(word) = words.get(at) {
        match word.word {
            Word::Sign('{') if item => return closing(words, at),
            Word::Sign('{' | '(' | '[') => at = closing(words, at),
            Word::Sign(';') => return at + 1,
            Word::Sign(',') if !item => return at + 1,
            Word::Sign('}') => return at,
            _ => at += 1,
        }
    }
    at
}

/// The place after the bracket that closes the one at `open`.
pub(super) fn closing(words: &[Placed], open: usize) -> usize {
    let mut depth = 0;
    for (at, word) in words.iter().enumerate().skip(open) {
        match word.word {
            Word::Sign('{' | '(' | '[') => depth += 1,
            Word::Sign('}' | ')' | ']') => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    words.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        words(text).iter().filter(|w| !w.test).filter_map(|w| w.name().map(str::to_owned)).collect()
    }

    #[test]
    fn comments_and_literals_hide_nothing_but_themselves() {
        for (text, expected) in [
            ("a // b\nc", "a c"),
            ("a /* b /* c */ d */ e", "a e"),
            (r#"a "b \" c" d"#, "a d"),
            (r##"a r#"b " c"# d"##, "a d"),
            (r#"a b"b" c"c" br"d\" e"#, "a e"),
            (r"a '\'' b '\\' c 'x' d '\u{41}' e", "a b c d e"),
            ("fn a<'x>(b: &'x str, c: &'static str)", "fn a x b x str c static str"),
            ("r#type bra c r", "type bra c r"),
            ("a '\"' b '/' c", "a b c"),
        ] {
            assert_eq!(names(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn lines_are_counted_through_strings_and_comments() {
        let words = words("a\n\"x\ny\"\n/*\n*/ b");
        assert_eq!(words.last().map(|w| w.line), Some(5));
    }

    #[test]
    fn tests_are_marked_to_their_end_and_not_further() {
        for (text, expected) in [
            ("a; #[cfg(test)] mod tests { use b; fn c() {} } d", "a d"),
            ("#[cfg(test)] #[path = \"x\"] mod tests; a", "a"),
            ("#[cfg(all(test, unix))] pub(crate) fn a<B, C>(d: [u8; 3]) -> E { f } g", "g"),
            ("struct A { #[cfg(test)] b: C<D>, e: F }", "struct A e F"),
            ("#[cfg(test)] const A: [u8; 2] = [1, 2]; b", "b"),
            ("#[cfg(not(test))] a", "cfg not test a"),
        ] {
            assert_eq!(names(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn test_lines_do_not_count() {
        let text = "a\nb\n\n#[cfg(test)]\nmod tests {\n    c\n}\n";
        assert_eq!(lines_without_tests(text, &words(text)), 3);
    }
}
