//! Where secrets stand in a text: values of keys that hold one, tokens on command lines.
//!
//! 1. A key that holds a secret (`aws_secret_access_key = …`) makes the rest of its line one, and the indented lines
//!    that continue it. So does one that is commented out: the secret is none the less one.
//! 2. Everywhere else words are read as programs on a command line read them, inside the quotes of an `sh -c "…"`
//!    too: `--token X`, `-t X`, `DUPLO_TOKEN=X`, `Bearer X`, `"SecretAccessKey": "X"`, `https://user:X@host`, and
//!    what has the form of a signed token wherever it stands.
//! 3. So does what a shell's start-up file assigns to a variable whose name says it: `set -gx X_TOKEN …`.
//!
//! In doubt it is a secret: a word that is hidden needlessly harms nobody.

use std::ops::Range;

/// The secrets of a text, in order; none is empty, and none holds a line end.
pub fn secrets(text: &[u8]) -> Vec<Range<usize>> {
    let mut scan = Scan { text, found: Vec::new(), awaits: Awaits::Nothing };
    let mut start = 0;
    for line in text.split_inclusive(|b| *b == b'\n') {
        let end = start + line.len();
        scan.line(trim(text, start..end));
        start = end;
    }
    scan.found
}

/// What the next indented line begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Awaits {
    Nothing,
    /// A word that is a secret: the line before ended with `--token`.
    Word,
    /// More of a key's secret.
    Value,
}

/// How tokens begin that say by themselves what they are: GitHub's, GitLab's, Slack's, Stripe's.
const FORMS: [&[u8]; 10] =
    [b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"github_pat_", b"glpat-", b"xoxb-", b"xoxp-", b"sk_live_"];

struct Scan<'a> {
    text: &'a [u8],
    found: Vec<Range<usize>>,
    awaits: Awaits,
}

impl Scan<'_> {
    /// Reads a line, white space round it left out.
    fn line(&mut self, line: Range<usize>) {
        if line.is_empty() {
            return;
        }
        let is_indented = line.start > 0 && self.text[line.start - 1] != b'\n';
        if is_indented && self.awaits == Awaits::Value {
            self.add(line);
            return;
        }
        let is_awaited = is_indented && self.awaits == Awaits::Word;
        self.awaits = Awaits::Nothing;
        let marks = self.text[line.clone()].iter().take_while(|b| b"#; \t".contains(b)).count();
        let body = line.start + marks..line.end;
        if let Some(separator) = body.clone().find(|at| b"=:".contains(&self.text[*at]))
            && !is_awaited
            && is_secret(&self.text[trim(self.text, body.start..separator)])
        {
            self.awaits = Awaits::Value;
            self.add(unquoted(self.text, trim(self.text, separator + 1..body.end)));
            return;
        }
        if let Some(value) = self.assigned(&body).filter(|_| !is_awaited) {
            self.add(unquoted(self.text, trim(self.text, value)));
            return;
        }
        self.words(body, is_awaited);
    }

    /// What a line of a shell assigns to a variable whose name says that it holds a secret: `set -gx X_TOKEN …`,
    /// `setenv X_KEY …`, `$env:X_TOKEN = …`, `export X_KEY=…`.
    fn assigned(&self, body: &Range<usize>) -> Option<Range<usize>> {
        let text = &self.text[body.clone()];
        if let b"set" | b"setenv" | b"set-env" | b"setx" = text.split(|b| is_space(*b)).next()? {
            let word = |from: usize| {
                let from = trim(self.text, from..body.end).start;
                from..(from..body.end).find(|at| is_space(self.text[*at])).unwrap_or(body.end)
            };
            let mut name = word(body.start);
            while !name.is_empty() && (name.start == body.start || self.text[name.start] == b'-') {
                name = word(name.end);
            }
            if is_secret_variable(&self.text[name.clone()]) {
                let rest = trim(self.text, name.end..body.end);
                let sign = usize::from(self.text.get(rest.start) == Some(&b'='));
                return Some(rest.start + sign..rest.end);
            }
        }
        let sign = body.clone().find(|at| self.text[*at] == b'=')?;
        let before = trim(self.text, body.start..sign);
        let name = self.text[before].rsplit(|b| is_space(*b)).next()?;
        is_secret_variable(name).then_some(sign + 1..body.end)
    }

    fn words(&mut self, span: Range<usize>, is_awaited: bool) {
        let Range { start: mut at, end } = span;
        if is_awaited {
            at = self.value(at, end);
        }
        while at < end {
            if is_break(self.text[at]) || self.text[at] == b'=' {
                at += 1;
                continue;
            }
            let start = at;
            at = (at..end).find(|at| is_break(self.text[*at]) || self.text[*at] == b'=').unwrap_or(end);
            at = self.word(start..at, end);
        }
    }

    /// Reads a word, and what it says of the next; gives the place to go on at.
    fn word(&mut self, word: Range<usize>, end: usize) -> usize {
        let bytes = &self.text[word.clone()];
        let colon = bytes.iter().position(|b| *b == b':').map(|at| word.start + at);
        let name = word.start..colon.unwrap_or(word.end);
        if is_secret(&self.text[name.clone()]) || &self.text[name.clone()] == b"-t" {
            if let Some(value) = self.separated(name.end, end) {
                return self.value(value, end);
            }
        } else if bytes.len() > 17 && bytes.starts_with(b"-t") && bytes.iter().any(u8::is_ascii_digit) {
            self.add(word.start + 2..word.end);
            return word.end;
        }
        if is_announcement(bytes) {
            let next = (word.end..end).find(|at| !is_space(self.text[*at])).unwrap_or(end);
            if next == end {
                self.awaits = Awaits::Word;
            } else if next > word.end && !is_flag(&self.text[next..end]) {
                return self.value(next, end);
            }
        }
        self.by_its_form(&word);
        word.end
    }

    /// The place of the value behind `NAME=`, `"NAME": `; nothing where no value follows.
    fn separated(&self, from: usize, end: usize) -> Option<usize> {
        let quotes = (from..end).take_while(|at| b"\\\"'`".contains(&self.text[*at])).count();
        let at = from + quotes;
        match self.text.get(at).filter(|_| at < end)? {
            b'=' => (at + 1 < end && !is_space(self.text[at + 1])).then_some(at + 1),
            b':' => (at + 1..end).find(|at| !is_space(self.text[*at])),
            _ => None,
        }
    }

    /// Takes the word at `at` as a secret, to its closing quote if it has an opening one; gives the place after it.
    fn value(&mut self, at: usize, end: usize) -> usize {
        let scheme = &self.text[at..end.min(at + 7)];
        if scheme.eq_ignore_ascii_case(b"bearer ")
            || scheme[..scheme.len().min(6)].eq_ignore_ascii_case(b"basic ")
        {
            let after = at + scheme.iter().position(|b| *b == b' ').unwrap_or(0);
            return self.value((after..end).find(|at| !is_space(self.text[*at])).unwrap_or(end), end);
        }
        let slashes = (at..end).take_while(|at| self.text[*at] == b'\\').count();
        let quote = at + slashes;
        if quote < end && b"\"'`".contains(&self.text[quote]) {
            let (opening, start) = (&self.text[at..=quote], quote + 1);
            let inner = &self.text[start..end];
            if let Some(length) = inner.windows(opening.len()).position(|w| w == opening) {
                self.add(start..start + length);
                return start + length + opening.len();
            }
            return self.bare_value(start, end);
        }
        self.bare_value(at, end)
    }

    fn bare_value(&mut self, at: usize, end: usize) -> usize {
        let is_end = |at: &usize| is_space(self.text[*at]) || b"\"'`".contains(&self.text[*at]);
        let stop = (at..end).find(is_end).unwrap_or(end);
        let punctuation = self.text[at..stop].iter().rev().take_while(|b| b"\\;|&),}]".contains(b)).count();
        self.add(at..stop - punctuation);
        stop
    }

    /// A signed token, or the password in an address.
    fn by_its_form(&mut self, word: &Range<usize>) {
        let bytes = &self.text[word.clone()];
        let find = |what: &[u8]| bytes.windows(what.len()).position(|w| w == what);
        if let Some(at) = find(b"eyJ").filter(|at| bytes.len() - at >= 40) {
            self.add(word.start + at..word.end);
        } else if FORMS.iter().any(|form| bytes.starts_with(form)) && bytes.len() >= 20 {
            self.add(word.clone());
        } else if let Some(scheme) = find(b"://") {
            let from = scheme + 3;
            let authority =
                bytes[from..].iter().position(|b| b"/?#".contains(b)).map_or(bytes.len(), |at| from + at);
            let Some(host) = bytes[from..authority].iter().rposition(|b| *b == b'@') else { return };
            let user = &bytes[from..from + host];
            match user.iter().position(|b| *b == b':') {
                Some(colon) => self.add(word.start + from + colon + 1..word.start + from + host),
                None if user.len() >= 16 => self.add(word.start + from..word.start + from + host),
                None => {}
            }
        }
    }

    fn add(&mut self, span: Range<usize>) {
        if !span.is_empty() {
            self.found.push(span);
        }
    }
}

/// Whether what this names is a secret: `aws_secret_access_key`, `DUPLO_TOKEN`, `--client-secret`.
fn is_secret(name: &[u8]) -> bool {
    const ENDS: [&str; 11] = [
        "secret",
        "token",
        "password",
        "passwd",
        "passphrase",
        "secret_access_key",
        "secretaccesskey",
        "secret_key",
        "private_key",
        "api_key",
        "apikey",
    ];
    let name =
        String::from_utf8_lossy(name).trim_matches(['"', '\'', '-', '$', ' ', '\t']).to_ascii_lowercase();
    let name = name.replace('-', "_");
    ENDS.iter().any(|end| name.ends_with(end)) || matches!(name.as_str(), "pass" | "bearer" | "authorization")
}

/// Whether a variable of this name holds a secret, however the shell writes it: `$env:X_TOKEN`, `E:X_TOKEN`. Names in
/// capitals are those of the environment, where a key is one that opens something.
fn is_secret_variable(name: &[u8]) -> bool {
    const ENDS: [&str; 7] = ["_KEY", "_PAT", "_PWD", "_AUTH", "_CREDENTIAL", "_CREDENTIALS", "_COOKIE"];
    const ALWAYS: [&str; 7] = ["pass", "secrets", "tokens", "passwords", "cred", "creds", "credentials"];
    let name = String::from_utf8_lossy(name);
    let bare = name.rsplit([':', '.', '$', '\'', '"', '{', '[']).find(|part| !part.is_empty());
    let bare = bare.unwrap_or_default().trim_end_matches(['\'', '"', '}', ']']);
    let is_of_environment = !bare.bytes().any(|b| b.is_ascii_lowercase());
    let low = bare.to_ascii_lowercase();
    is_secret(bare.as_bytes())
        || ALWAYS.iter().any(|end| low.ends_with(end))
        || (is_of_environment && ENDS.iter().any(|end| bare.ends_with(end)))
}

/// Whether the next word is a secret: `--token` (argparse takes its beginnings, too), `-t`, `Bearer`.
fn is_announcement(word: &[u8]) -> bool {
    let is_flag =
        word.starts_with(b"-") && (is_secret(word) || matches!(word, b"--to" | b"--tok" | b"--toke"));
    word == b"-t" || is_flag || word.eq_ignore_ascii_case(b"bearer")
}

/// Whether a flag stands here, so that the one before it has no value.
fn is_flag(text: &[u8]) -> bool {
    let word = text.split(|b| is_space(*b)).next().unwrap_or_default();
    word.strip_prefix(b"--").is_some_and(|name| {
        name.first().is_some_and(u8::is_ascii_lowercase)
            && name.len() < 20
            && name.iter().all(|b| b.is_ascii_lowercase() || *b == b'-')
    })
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

/// What parts words on a command line, inside quotes and in JSON.
fn is_break(byte: u8) -> bool {
    is_space(byte) || b"\"'`,;|&()<>{}[]".contains(&byte)
}

fn trim(text: &[u8], span: Range<usize>) -> Range<usize> {
    let start = span.clone().find(|at| !is_space(text[*at])).unwrap_or(span.end);
    let end = (start..span.end).rev().find(|at| !is_space(text[*at])).map_or(start, |at| at + 1);
    start..end
}

/// The span without a pair of quotes round it.
fn unquoted(text: &[u8], span: Range<usize>) -> Range<usize> {
    let is_quoted =
        span.len() >= 2 && b"\"'".contains(&text[span.start]) && text[span.start] == text[span.end - 1];
    if is_quoted { span.start + 1..span.end - 1 } else { span }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with its secrets as `‹…›`.
    fn marked(text: &str) -> String {
        let (mut shown, mut at) = (String::new(), 0);
        for span in secrets(text.as_bytes()) {
            assert!(at <= span.start && !span.is_empty(), "{text}");
            shown = format!("{shown}{}‹{}›", &text[at..span.start], span.len());
            at = span.end;
        }
        shown + &text[at..]
    }

    #[test]
    fn of_keys() {
        for (text, shown) in [
            ("region = us-west-2", "region = us-west-2"),
            ("aws_secret_access_key=SIM", "aws_secret_access_key=‹3›"),
            ("  AWS_SESSION_TOKEN = x\r\n", "  AWS_SESSION_TOKEN = ‹1›\r\n"),
            ("# aws_secret_access_key = abc", "# aws_secret_access_key = ‹3›"),
            (
                "aws_session_token =\n  abc\n  def\nregion = x",
                "aws_session_token =\n  ‹3›\n  ‹3›\nregion = x",
            ),
            ("aws_session_token = a\n\n  b\n[x]\n  c = d", "aws_session_token = ‹1›\n\n  ‹1›\n[x]\n  c = d"),
            ("s3 =\n  client_secret = x y\n  n = 1", "s3 =\n  client_secret = ‹3›\n  ‹5›"),
            ("token = \"abc\"", "token = \"‹3›\""),
            ("password: p w", "password: ‹3›"),
            (
                "web_identity_token_file = /x\ntoken_command = op read x",
                "web_identity_token_file = /x\ntoken_command = op read x",
            ),
            ("aws_secret_access_key =", "aws_secret_access_key ="),
            ("[profile token]\nname = my-token", "[profile token]\nname = my-token"),
        ] {
            assert_eq!(marked(text), shown);
        }
    }

    #[test]
    fn of_command_lines() {
        for (command, shown) in [
            ("duplo-jit aws --token SIM-1 --admin", "duplo-jit aws --token ‹5› --admin"),
            ("duplo-jit aws -token=SIM-1", "duplo-jit aws -token=‹5›"),
            ("duplo-jit aws --token\tSIM -t SIM-2 --admin", "duplo-jit aws --token\t‹3› -t ‹5› --admin"),
            ("duploctl --tok SIM -tSIM-0123456789abcd -T x", "duploctl --tok ‹3› -t‹18› -T x"),
            ("env DUPLO_TOKEN=SIM curl -H Bearer  SIM x", "env DUPLO_TOKEN=‹3› curl -H Bearer  ‹3› x"),
            ("sh -c \"x --token SIM --admin | jq .\"", "sh -c \"x --token ‹3› --admin | jq .\""),
            ("sh -c 'DUPLO_TOKEN=SIM; x --token SIM'", "sh -c 'DUPLO_TOKEN=‹3›; x --token ‹3›'"),
            ("sh -c \"x --token \\\"a b\\\" -y\"", "sh -c \"x --token \\\"‹3›\\\" -y\""),
            ("x --token 'a b' --admin", "x --token '‹3›' --admin"),
            ("x --token=\"a\"", "x --token=\"‹1›\""),
            ("curl -H \"Authorization: Bearer SIM\" u", "curl -H \"Authorization: Bearer ‹3›\" u"),
            ("curl -H 'Authorization: Basic SIM'", "curl -H 'Authorization: Basic ‹3›'"),
            (
                "echo '{\"SecretAccessKey\": \"SIM\",\"Version\":1}'",
                "echo '{\"SecretAccessKey\": \"‹3›\",\"Version\":1}'",
            ),
            ("x https://u:SIM@h/p https://u@h", "x https://u:‹3›@h/p https://u@h"),
            ("x eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ.SIM", "x ‹44›"),
            ("x --token --admin", "x --token --admin"),
            ("DUPLO_TOKEN= jitpass aws", "DUPLO_TOKEN= jitpass aws"),
            (
                "C:\\x\\jitpass.exe aws --tenant t --host https://h",
                "C:\\x\\jitpass.exe aws --tenant t --host https://h",
            ),
            ("x --tenant=token --token-file f", "x --tenant=token --token-file f"),
            ("x --token\n  SIM --admin", "x --token\n  ‹3› --admin"),
            ("x \\\n  --token SIM", "x \\\n  --token ‹3›"),
        ] {
            let key = "credential_process = ";
            assert_eq!(marked(&format!("{key}{command}")), format!("{key}{shown}"));
        }
    }

    #[test]
    fn of_variables_that_a_shell_sets() {
        for (text, shown) in [
            ("export X_TOKEN=abc", "export X_TOKEN=‹3›"),
            ("export X_TOKEN='a b' # mine", "export X_TOKEN=‹12›"),
            ("X_KEY=abc", "X_KEY=‹3›"),
            ("export A=1 X_TOKEN=abc", "export A=1 X_TOKEN=‹3›"),
            ("set -gx X_SECRET abc", "set -gx X_SECRET ‹3›"),
            ("export MYPASS=abc", "export MYPASS=‹3›"),
            ("mypass=\"abc\"", "mypass=\"‹3›\""),
            ("export SECRETS=abc", "export SECRETS=‹3›"),
            ("CREDS='a b'", "CREDS='‹3›'"),
            ("export GH=ghp_SIMTOKEN0123456789 x", "export GH=‹22› x"),
            ("export GH=ghp_short", "export GH=ghp_short"),
            ("export PASSAGE=abc", "export PASSAGE=abc"),
            ("  set --export -g X_TOKEN \"abc\"", "  set --export -g X_TOKEN \"‹3›\""),
            ("setenv X_KEY abc", "setenv X_KEY ‹3›"),
            ("set X_TOKEN = abc", "set X_TOKEN = ‹3›"),
            ("set-env X_TOKEN abc", "set-env X_TOKEN ‹3›"),
            ("set E:X_TOKEN = abc", "set E:X_TOKEN = ‹3›"),
            ("$env:X_TOKEN = \"abc\"", "$env:X_TOKEN = \"‹3›\""),
            ("$env:GITHUB_PAT='abc'", "$env:GITHUB_PAT='‹3›'"),
            ("$env.X_TOKEN = 'abc'", "$env.X_TOKEN = '‹3›'"),
            ("$X_TOKEN = 'abc'", "$X_TOKEN = '‹3›'"),
            ("${env:X_TOKEN} = 'abc'", "${env:X_TOKEN} = '‹3›'"),
            ("$Env:API_SECRET=abc", "$Env:API_SECRET=‹3›"),
            // Nothing of it is a secret.
            ("set -gx EDITOR vi", "set -gx EDITOR vi"),
            ("bindkey -v", "bindkey -v"),
            ("alias key='ls'", "alias key='ls'"),
            ("set key = value", "set key = value"),
            ("export AWS_ACCESS_KEY_ID=AKIA", "export AWS_ACCESS_KEY_ID=AKIA"),
            ("set -o vi", "set -o vi"),
            ("set", "set"),
        ] {
            assert_eq!(marked(text), shown);
        }
    }

    #[test]
    fn of_bytes_that_are_no_text() {
        let found = secrets(b"\xff\xfe\ntoken = \xe9\xe9\n\0");
        assert!(matches!(found[..], [Range { start: 11, end: 13 }]), "{found:?}");
        assert!(secrets(b"").is_empty());
    }
}
