//! Whom a `[section]` line names, and which readers see it so.

use crate::awsconfig::command;
use crate::awsconfig::line;
use crate::awsconfig::readers::Readers;
use crate::base::ProfileName;

/// Which of the two shared files a document is: they spell profile headers differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    /// `~/.aws/config`: `[profile NAME]`.
    Config,
    /// `~/.aws/credentials`: `[NAME]`. Read only, to know what would beat a profile of ours.
    Credentials,
}

/// What a section is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SectionKind {
    /// `[default]`.
    Default,
    /// `[profile NAME]`, in the credentials file `[NAME]`. `[profile default]` is one, too.
    Profile,
    /// `[sso-session NAME]`.
    SsoSession,
    /// `[services NAME]`.
    Services,
    /// Any other section, such as `[plugins]`.
    Other,
    /// A header that most readers refuse or lose: no `]`, or text after it.
    Broken,
}

/// A header line, read.
#[derive(Debug, Clone)]
pub(super) struct Header {
    pub(super) kind: SectionKind,
    /// The name after unquoting and folding white space; for [`SectionKind::Other`] all of the header.
    pub(super) name: String,
    /// Who sees a profile of exactly this name; of a broken header, who sees any section at all.
    pub(super) seen_by: Readers,
    /// Who refuses the whole file for this line.
    pub(super) rejected_by: Readers,
    /// Every profile that some reader may take this header for.
    pub(super) claims: Vec<String>,
}

impl Header {
    /// Whether every reader sees the same profile here.
    pub(super) fn is_plain(&self) -> bool {
        self.seen_by == Readers::ALL && self.rejected_by.is_empty()
    }

    pub(super) fn is_profile(&self) -> bool {
        matches!(self.kind, SectionKind::Default | SectionKind::Profile)
    }
}

/// Reads a header line, which starts with `[`.
pub(super) fn parse(line: &str, file: FileKind) -> Header {
    let strict = Readers::RUST.and(Readers::JAVA);
    let Some(close) = line.find(']') else {
        return broken(&line[1..], strict.and(Readers::BOTOCORE), Readers::NONE, file);
    };
    let (inner, rest) = (&line[1..close], &line[close + 1..]);
    let after = rest.trim_matches(SPACE);
    if !(after.is_empty() || after.starts_with(COMMENT)) {
        // Between two headers on one line, Go sees a name with brackets in it and the rest see nothing.
        return if after.ends_with(']') {
            broken(inner, Readers::NONE, Readers::GO, file)
        } else {
            broken(inner, strict, Readers::BOTOCORE, file)
        };
    }
    // The strict readers cut the comment before they look for the bracket.
    if inner.contains(COMMENT) {
        return broken(inner, strict, Readers::BOTOCORE, file);
    }
    match file {
        FileKind::Config => config(inner, rest),
        FileKind::Credentials => credentials(inner, rest),
    }
}

/// Whether a line that starts with `[` is a header to the SDK for JavaScript, whatever it names: to all the others,
/// what it does not see is one.
pub(super) fn is_seen(line: &str) -> bool {
    let comment = |(at, c): &(usize, char)| COMMENT.contains(c) && line[..*at].ends_with(line::is_white);
    let end = line.char_indices().find(comment).map_or(line.len(), |(at, _)| at);
    line[..end].trim_end_matches(line::is_white).ends_with(']')
}

/// What stands between the brackets of the header that every reader takes for this profile.
pub(super) fn inner(profile: &ProfileName) -> String {
    if profile.is_default() { "default".to_owned() } else { format!("profile {profile}") }
}

const SPACE: [char; 2] = [' ', '\t'];
const COMMENT: [char; 2] = ['#', ';'];

fn config(inner: &str, rest: &str) -> Header {
    let trimmed = inner.trim_matches(SPACE);
    let Some((prefix, spelled)) = trimmed.split_once(SPACE) else {
        let (kind, seen_by) = match trimmed {
            "default" => (SectionKind::Default, unpadded(inner, rest)),
            _ => (SectionKind::Other, Readers::ALL),
        };
        return header(kind, trimmed.to_owned(), seen_by, inner);
    };
    let name = fold(spelled);
    match prefix {
        "profile" => {
            let seen_by = profile_seen_by(inner, rest, &name);
            header(SectionKind::Profile, name, seen_by, inner)
        }
        "sso-session" => header(SectionKind::SsoSession, name, Readers::ALL, inner),
        "services" => header(SectionKind::Services, name, Readers::ALL, inner),
        _ => header(SectionKind::Other, trimmed.to_owned(), Readers::ALL, inner),
    }
}

fn credentials(inner: &str, rest: &str) -> Header {
    let name = inner.trim_matches(SPACE).to_owned();
    let (kind, seen_by) = match name.as_str() {
        "default" => (SectionKind::Default, unpadded(inner, rest)),
        _ if name.contains(SPACE) => (SectionKind::Other, Readers::RUST.and(Readers::JAVA).and(Readers::GO)),
        _ if is_portable(&name) => (SectionKind::Profile, unpadded(inner, rest)),
        _ => (SectionKind::Profile, Readers::BOTOCORE.and(Readers::GO)),
    };
    Header { kind, claims: vec![name.clone()], name, seen_by, rejected_by: Readers::NONE }
}

fn header(kind: SectionKind, name: String, seen_by: Readers, inner: &str) -> Header {
    let mut claims = Vec::new();
    if matches!(kind, SectionKind::Default | SectionKind::Profile) {
        claims.push(name.clone());
    }
    claims.extend(botocore_name(inner).filter(|other| !claims.contains(other)));
    Header { kind, name, seen_by, rejected_by: Readers::NONE, claims }
}

fn broken(inner: &str, rejected_by: Readers, seen_by: Readers, file: FileKind) -> Header {
    let meant = match file {
        FileKind::Config => config(inner, ""),
        FileKind::Credentials => credentials(inner, ""),
    };
    Header { kind: SectionKind::Broken, seen_by, rejected_by, ..meant }
}

/// The name without one pair of quotes, its white space folded, so that `"a"` is found when `a` is looked for.
fn fold(spelled: &str) -> String {
    let spelled = spelled.trim_matches(SPACE);
    let unquoted = ['"', '\'']
        .iter()
        .find_map(|quote| spelled.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(spelled);
    unquoted.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// botocore asks only that the header start with `profile` and split into two shell words.
fn botocore_name(inner: &str) -> Option<String> {
    let words = inner.starts_with("profile").then(|| command::shlex(inner).ok())??;
    match words.as_slice() {
        [_, name] => Some(name.clone()),
        _ => None,
    }
}

fn profile_seen_by(inner: &str, rest: &str, name: &str) -> Readers {
    let spelled = inner.trim_matches(SPACE).strip_prefix("profile").unwrap_or_default().trim_matches(SPACE);
    let exact = spelled == name;
    let portable = is_portable(name);
    let single = inner.strip_prefix("profile ").or_else(|| inner.strip_prefix("profile\t")) == Some(spelled);
    let botocore = botocore_name(inner).as_deref() == Some(name) && !rest.contains(']');
    let js = portable && single && separate_comment(rest) && name != "__proto__";
    Readers::RUST
        .and(Readers::JAVA)
        .when(exact && portable)
        .and(Readers::GO.when(exact))
        .and(Readers::BOTOCORE.when(botocore))
        .and(Readers::JS.when(js))
}

/// Who sees a one-word header with this padding and this comment.
fn unpadded(inner: &str, rest: &str) -> Readers {
    let exact = inner == inner.trim_matches(SPACE);
    Readers::ALL
        .without(Readers::BOTOCORE.when(!exact || rest.contains(']')))
        .without(Readers::JS.when(!exact || !separate_comment(rest)))
}

/// The SDK for JavaScript sees a comment only after white space, and otherwise no header at all.
fn separate_comment(rest: &str) -> bool {
    !rest.starts_with(COMMENT)
}

/// The characters that all SDKs read in names: `[A-Za-z0-9_\-/.%@:+]`.
pub(super) fn is_portable(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-/.%@:+".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_headers() {
        let table = [
            ("[default]", SectionKind::Default, "default"),
            ("[default] # main", SectionKind::Default, "default"),
            ("[profile a]", SectionKind::Profile, "a"),
            ("[profile\ta]\t", SectionKind::Profile, "a"),
            ("[profile default]", SectionKind::Profile, "default"),
            ("[profile team/a.b@c:d+1%]", SectionKind::Profile, "team/a.b@c:d+1%"),
            ("[sso-session corp]", SectionKind::SsoSession, "corp"),
            ("[services local]", SectionKind::Services, "local"),
            ("[a]", SectionKind::Other, "a"),
            ("[Profile dev]", SectionKind::Other, "Profile dev"),
            ("[Default]", SectionKind::Other, "Default"),
        ];
        for (line, kind, name) in table {
            let header = parse(line, FileKind::Config);
            assert_eq!((header.kind, header.name.as_str()), (kind, name), "{line}");
            assert!(header.is_plain(), "{line}");
        }
    }

    #[test]
    fn disputed_headers_are_still_found_by_name() {
        use Readers as R;
        let sdks = R::RUST.and(R::JAVA);
        let table = [
            ("[profile \"a\"]", "a", R::BOTOCORE.and(R::JS)),
            ("[profile 'my a']", "my a", R::BOTOCORE),
            ("[profile my  a]", "my a", R::NONE),
            ("[profile bob's]", "bob's", R::GO),
            ("[profile a!b]", "a!b", R::BOTOCORE.and(R::GO)),
            ("[ profile a ]", "a", sdks.and(R::GO)),
            ("[profile   b]", "b", R::ALL.without(R::JS)),
            ("[profile b ]", "b", R::ALL.without(R::JS)),
            ("[profile a] # see [1]", "a", R::ALL.without(R::BOTOCORE)),
            ("[profile a]; x", "a", R::ALL.without(R::JS)),
            ("[profile __proto__]", "__proto__", R::ALL.without(R::JS)),
        ];
        for (line, name, seen_by) in table {
            let header = parse(line, FileKind::Config);
            assert_eq!((header.name.as_str(), header.seen_by), (name, seen_by), "{line}");
            assert!(header.claims.contains(&name.to_owned()) && !header.is_plain(), "{line}");
        }
    }

    #[test]
    fn what_is_no_header_to_some() {
        for line in ["[a]", "[ a ]\t", "[a] # b", "[a][b]", "[a]\u{a0};b", "[profile a] # b]"] {
            assert!(is_seen(line), "{line}");
        }
        for line in ["[a]; b", "[a", "[a] b", "[a #]", "[a]#b] c"] {
            assert!(!is_seen(line), "{line}");
        }
    }

    #[test]
    fn broken_headers_claim_what_they_may_mean() {
        for line in ["[profile a", "[profile a][profile b]", "[profile a] x", "[profiles a]", "[profile a#b]"]
        {
            let header = parse(line, FileKind::Config);
            let claimed = header.claims.iter().any(|name| name.starts_with('a'));
            assert!(claimed && !header.is_profile(), "{line}: {header:?}");
        }
        assert_eq!(parse("[", FileKind::Config).kind, SectionKind::Broken);
    }
}
