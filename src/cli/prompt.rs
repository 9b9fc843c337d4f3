//! `jitpass prompt`: the profile of this shell and the minutes left, for a prompt.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::process::ExitCode;

use anstyle::Style;
use clap::Args;

use super::{Outcome, say};
use crate::base::text;
use crate::credential::CredentialKey;
use crate::hit;
use crate::host::env::{Env, names};
use crate::host::terminal;
use crate::ops::machine::Machine;
use crate::ops::prompt::{InUse, Left, Urgency, in_use};
use crate::shell::Shell;

/// What puts it before the prompt of each shell. The tests give these lines to the shells.
const IN_EACH_SHELL: &str = r#"bash:
  PS1='$(jitpass prompt --shell bash) '"$PS1"

zsh:
  setopt prompt_subst
  PROMPT='$(jitpass prompt --shell zsh) '"$PROMPT"

fish:
  functions -q jitpass_before; or functions -c fish_prompt jitpass_before
  function fish_prompt; echo -n (jitpass prompt --shell fish)' '; jitpass_before; end

PowerShell:
  $JitpassBefore = $function:prompt
  function prompt { "$(jitpass prompt --shell powershell) $(& $JitpassBefore)" }

nushell:
  let jitpass_before = $env.PROMPT_COMMAND
  $env.PROMPT_COMMAND = {|| $"(jitpass prompt --shell nushell) (do $jitpass_before)" }

elvish:
  var jitpass-before = $edit:prompt
  set edit:prompt = { print (jitpass prompt --shell elvish | slurp)' '; $jitpass-before }

xonsh:
  $PROMPT_FIELDS['jitpass'] = lambda: $(jitpass prompt --shell xonsh).strip()
  $PROMPT = '{jitpass} ' + $PROMPT

tcsh:
  alias precmd 'set prompt = "`jitpass prompt --shell tcsh` %# "'"#;

/// Print the profile in use and the minutes its credential still lives, for a prompt
///
/// Prints nothing where no profile is in use, and the name alone where no credential is cached. Reads two files and
/// asks nobody. To have it in each prompt, see below what to put into the start-up file of your shell, at its end.
#[derive(Debug, Args)]
#[command(after_long_help = IN_EACH_SHELL)]
pub(super) struct PromptArgs {
    /// Mark colours as this shell's prompt needs it
    #[arg(long, value_name = "SHELL")]
    shell: Option<Shell>,

    /// Print it without colours
    #[arg(long)]
    plain: bool,
}

/// Answers `prompt` without clap; `None` for a command line that clap may have something to say about.
pub(super) fn quick(args: &[OsString]) -> Option<ExitCode> {
    let mut words = args.iter().skip(1).map(|arg| arg.to_str());
    if words.next()?? != "prompt" {
        return None;
    }
    let mut args = PromptArgs { shell: None, plain: false };
    while let Some(word) = words.next() {
        let name = match word? {
            "--plain" if !args.plain => {
                args.plain = true;
                continue;
            }
            "--shell" => words.next()??,
            other => other.strip_prefix("--shell=")?,
        };
        if args.shell.replace(name.parse().ok()?).is_some() {
            return None;
        }
    }
    print(&Machine::real(), &args);
    Some(ExitCode::SUCCESS)
}

#[expect(clippy::unnecessary_wraps, reason = "all commands end alike")]
pub(super) fn run(machine: &Machine, args: &PromptArgs) -> Outcome {
    print(machine, args);
    Ok(ExitCode::SUCCESS)
}

fn print(machine: &Machine, args: &PromptArgs) {
    let Some(in_use) = in_use(machine, |argv| key(machine, argv)) else { return };
    let colours = !args.plain && wants_colours(&machine.env);
    let mut text = shown(&in_use, args.shell, colours);
    if terminal::stdout_is_terminal() {
        text.push('\n');
    }
    let _ = say::data(&text);
}

/// Where the answer to a command is cached.
fn key(machine: &Machine, argv: &[String]) -> Option<CredentialKey> {
    let words = || argv.iter().map(OsString::from);
    // What the short road declines is unusual and allowed: `--no-cache` keeps its answer, too.
    let request = hit::Request::read(words()).or_else(|| {
        let asked = super::aws_request(words())?;
        let (portal, scope, region, token) = (asked.portal, asked.scope, asked.region, asked.token);
        Some(hit::Request { portal, scope, region, token })
    })?;
    Some(request.key(&machine.env))
}

/// A prompt is read by a shell, not by a terminal, and still shown by one: so the variables decide.
fn wants_colours(env: &Env) -> bool {
    let is = |name, value| env.text(name).is_some_and(|text| text == value);
    env.var(names::NO_COLOR).is_none() && !is(names::CLICOLOR, "0") && !is(names::TERM, "dumb")
}

fn shown(in_use: &InUse, shell: Option<Shell>, colours: bool) -> String {
    // Most shells without a way of marking what takes no room; a colour would put the cursor in the wrong place.
    let colours = colours && shell != Some(Shell::Posix);
    let mut text = name(&in_use.profile, shell);
    let style = match in_use.left {
        None => return text,
        Some(Left { seconds, urgency }) => {
            let _ = write!(text, " {}", time(seconds));
            match urgency {
                Urgency::Far => say::GOOD,
                Urgency::Near => say::CAREFUL,
                Urgency::Last => say::BAD,
            }
        }
    };
    if colours { coloured(&text, style, shell) } else { text }
}

/// `42m`, `11h20m`, `38s`, `expired`: short, because it stands in every line.
fn time(seconds: i64) -> String {
    match (seconds / 3600, seconds / 60) {
        _ if seconds <= 0 => "expired".to_owned(),
        (_, 0) => format!("{seconds}s"),
        (0 | 1, minutes) => format!("{minutes}m"),
        (hours, minutes) => format!("{hours}h{:02}m", minutes % 60),
    }
}

/// A colour takes no room in a line: a shell that counts columns must be told so in its own way.
fn coloured(text: &str, style: Style, shell: Option<Shell>) -> String {
    let (before, after) = match shell {
        Some(Shell::Bash) => ("\u{1}", "\u{2}"),
        Some(Shell::Zsh | Shell::Tcsh) => ("%{", "%}"),
        _ => ("", ""),
    };
    format!("{before}{style}{after}{text}{before}{style:#}{after}")
}

/// The name of a profile, harmless in any prompt: some shells expand what a prompt holds, so that whatever means
/// something to one of them (`$`, backtick, backslash, `!`), and whatever a terminal obeys, is shown as `?`.
fn name(profile: &str, shell: Option<Shell>) -> String {
    let is_harmless = |c: char| c.is_alphanumeric() || " _-./%@:+=,~".contains(c);
    let name: String = profile.chars().map(|c| if is_harmless(c) { c } else { '?' }).collect();
    let name = text::clip(&name, 60);
    match shell {
        Some(Shell::Zsh | Shell::Tcsh) => name.replace('%', "%%"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        for (seconds, said) in [
            (-1, "expired"),
            (0, "expired"),
            (1, "1s"),
            (59, "59s"),
            (60, "1m"),
            (2579, "42m"),
            (3600, "60m"),
            (7199, "119m"),
            (7200, "2h00m"),
            (40_800, "11h20m"),
        ] {
            assert_eq!(time(seconds), said);
        }
    }

    #[test]
    fn each_shell_is_told_what_takes_no_room() {
        let in_use =
            |seconds, urgency| InUse { profile: "a%b".into(), left: Some(Left { seconds, urgency }) };
        for (shell, expected) in [
            (None, "\u{1b}[32ma%b 42m\u{1b}[0m"),
            (Some(Shell::Fish), "\u{1b}[32ma%b 42m\u{1b}[0m"),
            (Some(Shell::Bash), "\u{1}\u{1b}[32m\u{2}a%b 42m\u{1}\u{1b}[0m\u{2}"),
            (Some(Shell::Zsh), "%{\u{1b}[32m%}a%%b 42m%{\u{1b}[0m%}"),
            (Some(Shell::Tcsh), "%{\u{1b}[32m%}a%%b 42m%{\u{1b}[0m%}"),
            (Some(Shell::Posix), "a%b 42m"),
        ] {
            assert_eq!(shown(&in_use(2520, Urgency::Far), shell, true), expected, "{shell:?}");
        }
        assert_eq!(shown(&in_use(900, Urgency::Near), None, true), "\u{1b}[33ma%b 15m\u{1b}[0m");
        assert_eq!(shown(&in_use(0, Urgency::Last), None, true), "\u{1b}[31ma%b expired\u{1b}[0m");
        assert_eq!(shown(&in_use(0, Urgency::Last), Some(Shell::Zsh), false), "a%%b expired");
        assert_eq!(shown(&InUse { profile: "a".into(), left: None }, None, true), "a");
    }

    #[test]
    fn a_name_means_nothing_to_a_shell_or_a_terminal() {
        for (profile, shown) in [
            ("acme-dev01", "acme-dev01"),
            ("été 1", "été 1"),
            ("$(id)`id`\\w!1", "??id??id??w?1"),
            ("a\u{1b}[2J\u{202e}b\nc", "a??2J?b?c"),
            ("'\"{}<>|;&", "?????????"),
        ] {
            assert_eq!(name(profile, Some(Shell::Bash)), shown);
        }
        assert_eq!(name(&"x".repeat(200), None).chars().count(), 61);
    }

    #[test]
    fn the_variables_decide_about_colours() {
        for (variables, expected) in [
            (&[][..], true),
            (&[("NO_COLOR", "1")], false),
            (&[("NO_COLOR", "")], true),
            (&[("CLICOLOR", "0")], false),
            (&[("CLICOLOR", "1")], true),
            (&[("TERM", "dumb")], false),
        ] {
            assert_eq!(wants_colours(&Env::of(variables.iter().copied())), expected, "{variables:?}");
        }
    }
}
