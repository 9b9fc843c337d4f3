//! The ways in which a file departs from what every reader reads alike.

use std::fmt;

/// One departure. Its text is a sentence that follows `line N:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Anomaly {
    /// The file starts with a UTF-8 byte order mark.
    ByteOrderMark,
    /// The file is UTF-16.
    Utf16,
    /// A NUL byte.
    Nul,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A carriage return that is not part of `\r\n`: a line end to some readers, text to others.
    BareCarriageReturn,
    /// A header that some readers see under another name or not at all.
    DisputedHeader,
    /// A header without `]`, or with text after it.
    BrokenHeader,
    /// A `[header]` that does not start in the first column.
    IndentedHeader,
    /// A section named like Python's own defaults section.
    PythonDefaults,
    /// `[profile …]` in the credentials file.
    PrefixInCredentials,
    /// A second section for the same profile, whose first one is on the line given.
    DuplicateProfile(usize),
    /// `[default]` and `[profile default]` in one file.
    BothDefaults,
    /// A second section of the same name that is no profile.
    DuplicateSection,
    /// A property before the first header.
    NoSection,
    /// The first line of a section is indented.
    IndentedBody,
    /// An indented comment, which is part of the value above it for some readers.
    IndentedComment,
    /// No `=` in the line.
    NoSeparator,
    /// No key before the `=`.
    NoName,
    /// White space other than spaces and tabs at an edge of the line or of its parts.
    OddSpace,
    /// A second property of the same key, whose first one is on the line given.
    DuplicateKey(usize),
    /// A key that is not in lower case.
    KeyCase,
    /// A key with characters that some readers drop.
    OddKey,
    /// `:` between key and value.
    Colon,
    /// A comment after the value, on the same line.
    InlineComment,
    /// A value that starts and ends with the same quote.
    Quoted,
    /// A value over several lines.
    Continuation,
    /// A continuation line that some readers take for this very property.
    ContinuationAsKey,
    /// A line without `=` in a nested block.
    NestedNoSeparator,
    /// The value is a nested block, where a plain one was to be written.
    Nested,
}

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::ByteOrderMark => "the file starts with a byte order mark; save it as UTF-8 without one",
            Self::Utf16 => "the file is UTF-16; save it as UTF-8",
            Self::Nul => "there is a NUL byte; the file may be damaged",
            Self::NotUtf8 => "there are bytes that are not UTF-8",
            Self::BareCarriageReturn => "there is a carriage return without a line feed after it",
            Self::DisputedHeader => {
                "the header is spelled in a way that not every AWS SDK reads; write `[profile NAME]`"
            }
            Self::BrokenHeader => "the header has no `]`, or text after it",
            Self::IndentedHeader => "the header is indented, so some readers take it for part of a value",
            Self::PythonDefaults => "the AWS CLI adds the keys of `[DEFAULT]` to every section",
            Self::PrefixInCredentials => "profiles in the credentials file are written `[NAME]`",
            Self::DuplicateProfile(first) => {
                return write!(f, "the same profile is also on line {first}; merge the two sections");
            }
            Self::BothDefaults => "there is a `[default]` and a `[profile default]`; keep one",
            Self::DuplicateSection => "the section is in the file twice",
            Self::NoSection => "there is a property before the first section",
            Self::IndentedBody => "the first line of the section is indented; remove the indentation",
            Self::IndentedComment => "the comment is indented, so some readers take it for part of the value",
            Self::NoSeparator => "the line has no `=`",
            Self::NoName => "there is no key before the `=`",
            Self::OddSpace => "there is white space that is neither space nor tab",
            Self::DuplicateKey(first) => {
                return write!(f, "the same key is also on line {first}; remove one of the two");
            }
            Self::KeyCase => "the key is not in lower case",
            Self::OddKey => "the key has characters that some readers drop",
            Self::Colon => "there is a `:` between key and value; write `=`",
            Self::InlineComment => "the comment after the value is part of the value for some readers",
            Self::Quoted => "the SDK for Go strips the quotes round the value",
            Self::Continuation => "the value goes over several lines",
            Self::ContinuationAsKey => {
                "the line continues the value above, but some readers take it for a property of its own"
            }
            Self::NestedNoSeparator => "the line of a nested block has no `=`",
            Self::Nested => "the key holds a nested block",
        };
        f.write_str(text)
    }
}
