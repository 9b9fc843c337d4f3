//! The file as another parser reads it: rust-ini, which shares no code with ours.
//!
//! It reads another dialect, so what trips it up and means nothing is taken away first, and where it gets lost all
//! the same it is not believed.

use ini::{Ini, ParseOption};

use crate::base::text;

/// A section: its header's text and its properties, as the second parser sees them.
pub(super) struct Model {
    pub(super) name: String,
    pub(super) properties: Vec<(String, String)>,
}

const END: &str = "end of the file";

/// Its sections in file order, or why it cannot be trusted to have read them.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Model>, String> {
    let options = ParseOption {
        enabled_quote: false,
        enabled_escape: false,
        enabled_indented_mutiline_value: true,
        enabled_preserve_key_leading_whitespace: false,
    };
    // Junk at the end of the file passes without an error; before another section it does not.
    let text = format!("{}\n[{END}]\n{END} = {END}\n", plain(bytes));
    let ini = Ini::load_from_str_opt(&text, options).map_err(|error| error.to_string())?;
    let section = |(name, properties): (Option<&str>, &ini::Properties)| Model {
        name: name.unwrap_or_default().to_owned(),
        properties: properties.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
    };
    let mut sections: Vec<Model> = ini.iter().map(section).collect();
    // It looks for a missing `]` or `=` beyond the end of the line and would swallow whole sections.
    if sections.iter().any(|section| section.name.contains(['\n', '['])) {
        return Err("a header has no `]`".to_owned());
    }
    if sections.iter().flat_map(|section| &section.properties).any(|(key, _)| key.contains('\n')) {
        return Err("a line has no `=`".to_owned());
    }
    match sections.pop() {
        Some(end) if end.name == END && end.properties.len() == 1 => Ok(sections),
        _ => Err("its end is not clear".to_owned()),
    }
}

/// A file as text, without what trips the parser up and means nothing: comment lines (between the lines of a value
/// they end it), comments after headers (it refuses them), and which of the two line ends it is (inside a value it
/// keeps them).
fn plain(bytes: &[u8]) -> String {
    let text = opaque(bytes);
    let comment = |line: &str| line.trim_start_matches([' ', '\t']).starts_with(['#', ';']);
    let mut plain = String::with_capacity(text.len());
    for line in text.split('\n').filter(|line| !line.starts_with(['#', ';'])) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match line.find(']') {
            Some(end) if line.starts_with('[') && comment(&line[end + 1..]) => plain.push_str(&line[..=end]),
            _ => plain.push_str(line),
        }
        plain.push('\n');
    }
    plain
}

/// Any bytes as text, each always as the same character, whatever else is in the file. Bytes beyond ASCII mean
/// nothing here, so each becomes a character without a meaning; so do backslashes (at a line's end the parser joins
/// the next line, which no AWS reader does).
pub(super) fn opaque(bytes: &[u8]) -> String {
    let private = |b: u8| {
        char::from_u32(PRIVATE + u32::from(b)).expect("256 characters from there on are for private use")
    };
    bytes.iter().map(|b| if b.is_ascii() && *b != b'\\' { char::from(*b) } else { private(*b) }).collect()
}

const PRIVATE: u32 = 0xe000;

/// What stood there before [`opaque`].
pub(super) fn shown(text: &str) -> String {
    let mut bytes = Vec::new();
    for c in text.chars() {
        match u8::try_from(u32::from(c).wrapping_sub(PRIVATE)) {
            Ok(b) => bytes.push(b),
            Err(_) => bytes.extend(c.to_string().bytes()),
        }
    }
    text::one_line(&String::from_utf8_lossy(&bytes), 80)
}

/// The profile that a header's text names, quotes and white space aside.
pub(super) fn profile_of(inner: &str) -> Option<String> {
    let words: Vec<&str> = inner.split_whitespace().collect();
    match words.as_slice() {
        ["default"] => Some("default".to_owned()),
        ["profile", name @ ..] if !name.is_empty() => {
            let name = name.join(" ");
            let quoted = |quote| name.strip_prefix(quote)?.strip_suffix(quote);
            Some(quoted('"').or_else(|| quoted('\'')).unwrap_or(&name).to_owned())
        }
        _ => None,
    }
}
