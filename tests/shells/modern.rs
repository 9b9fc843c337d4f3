//! What nushell, Elvish and xonsh have in common: their scripts must do the same, each in its own language.

use std::path::{Path, PathBuf};

use jitpass::shell::{self, Shell};

use super::{ODD, ODD_PLACE, StandIn, variables};
use crate::harness::{Call, Sandbox, tool};

/// A shell that runs files.
#[derive(Debug)]
pub(super) struct Modern {
    pub(super) shell: Shell,
    /// What makes it read no start-up file.
    pub(super) bare: &'static [&'static str],
    program: PathBuf,
}

impl Modern {
    /// It, if it is there.
    #[track_caller]
    pub(super) fn find(shell: Shell, name: &str, bare: &'static [&'static str]) -> Option<Self> {
        Some(Self { shell, bare, program: tool(name)? })
    }

    /// It, about to run a script of the test.
    pub(super) fn runs(&self, sandbox: &Sandbox, script: &str) -> Call {
        let name = Path::new(self.shell.file_name()).with_file_name("test");
        let name = name.with_extension(Path::new(self.shell.file_name()).extension().expect("it has one"));
        let file = sandbox.write(&format!("scripts/{}", name.display()), script);
        // One of them is started by `env`, and looks for its directories at once.
        let call = sandbox.command(&self.program).args(self.bare);
        call.env("XONSH_SHOW_TRACEBACK", "1").args([file.display().to_string()])
    }

    /// A text as a literal of it.
    pub(super) fn word(&self, text: &str) -> String {
        shell::literal(self.shell, text).expect("the words of the tests can be written")
    }

    /// A text as an argument.
    fn argument(&self, text: &str) -> String {
        match self.shell {
            // In quotes, variables would be looked for in it.
            Shell::Xonsh => format!("@({})", self.word(text)),
            _ => self.word(text),
        }
    }

    /// What loads the script with the stand-in.
    pub(super) fn load(&self, stand_in: &StandIn) -> String {
        self.load_file(&stand_in.script(self.shell))
    }

    fn load_file(&self, file: &Path) -> String {
        let path = self.word(file.to_str().expect("the paths of the tests are text"));
        match self.shell {
            // `eval` keeps the names to itself where there is no prompt. A module is named from the test's file on.
            Shell::Elvish => {
                "use ../../scripts/jitpass\nvar jitnow~ = $jitpass:jitnow~\nvar jituse~ = $jitpass:jituse~\n"
                    .to_owned()
            }
            _ => format!("source {path}\n"),
        }
    }

    /// Every word arrives as it is, wherever the program lies and however often the script is loaded.
    pub(super) fn passes_words_on(&self) {
        for place in [ODD_PLACE, "plain"] {
            let sandbox = Sandbox::new();
            let stand_in = StandIn::at(&sandbox, place);
            let words = ODD.map(|word| self.argument(word)).join(" ");
            let load = self.load(&stand_in);
            let run =
                self.runs(&sandbox, &format!("{load}{load}jitnow {words}\njituse {words}\n")).run().success();
            assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""), "{place}");
            let expected = [[&["console", "--copy"], &ODD[..]].concat(), [&["use"], &ODD[..]].concat()];
            assert_eq!(stand_in.calls(), expected, "{place}");
        }
    }

    /// Values are taken as they are, names that are not on the list are not taken at all.
    pub(super) fn applies_lines_as_data(&self) {
        let sandbox = Sandbox::new();
        let stand_in = StandIn::at(&sandbox, "place");
        let values: Vec<&str> = ODD.into_iter().filter(|value| !value.is_empty()).collect();
        let lines = values.iter().enumerate().map(|(n, value)| format!("AWS_ODD_{n}={value}\n"));
        let hostile = "PATH=/evil\nHOME\naws_profile=x\nAWS_=x\nAWS_A B=x\n AWS_X=x\nAWS_Y[0]=x\n=x\n\nno\n";
        let answer = format!(
            "{}AWS_PROFILE=first\nAWS_REGION\nAWS_ABSENT\n{hostile}AWS_PROFILE=dev",
            lines.collect::<String>()
        );
        stand_in.answers("use", &answer, 0);
        let external = if self.shell == Shell::Nushell { "^env -0" } else { "env -0" };
        let script = format!("{}jituse dev\n{external}\n", self.load(&stand_in));
        let call = |script: &str| {
            self.runs(&sandbox, script).env("AWS_REGION", "old").env("AWS_ACCESS_KEY_ID", "kept")
        };
        let run = call(&script).run().success();
        assert_eq!(run.stderr, "");
        let set = variables(&run.stdout);
        for (n, value) in values.iter().enumerate() {
            assert_eq!(set.get(&format!("AWS_ODD_{n}")).map(String::as_str), Some(*value));
        }
        assert_eq!(set.get("AWS_PROFILE").map(String::as_str), Some("dev"));
        assert_eq!(set.get("AWS_ACCESS_KEY_ID").map(String::as_str), Some("kept"));
        assert!(!set.contains_key("AWS_REGION"), "it was to be removed");
        let home = sandbox.home().display().to_string();
        assert_eq!(set.get("HOME"), Some(&home));
        assert_ne!(set.get("PATH").map(String::as_str), Some("/evil"));
        for name in ["aws_profile", "AWS_", "AWS_A B", "AWS_X", " AWS_X", "AWS_Y", "no"] {
            assert!(!set.contains_key(name), "`{name}` is none of ours");
        }
        // What fails changes nothing, and is seen to fail.
        stand_in.answers("use", &answer, 3);
        stand_in.complains("use", "no such profile\n");
        let tried = match self.shell {
            Shell::Nushell => "try { jituse dev } catch { print failed }",
            Shell::Elvish => "try { jituse dev } catch _ { print failed }",
            _ => {
                "try:\n    jituse dev\nexcept Exception as e:\n    assert e.returncode == 3\n    print('failed', end='', flush=True)"
            }
        };
        let run = call(&format!("{}{tried}\n{external}\n", self.load(&stand_in))).run().success();
        let said = run.stdout.strip_prefix("failed").unwrap_or_else(|| panic!("{}", run.transcript()));
        let set = variables(said.trim_start_matches('\n'));
        assert_eq!(set.get("AWS_REGION").map(String::as_str), Some("old"));
        assert!(!set.contains_key("AWS_PROFILE"));
        assert!(run.stderr.contains("no such profile"), "{}", run.transcript());
    }

    /// Loading prints nothing and starts nothing.
    pub(super) fn loads_quietly(&self) {
        let Some(strace) = tool("strace") else { return };
        let sandbox = Sandbox::new();
        let stand_in = StandIn::at(&sandbox, "place");
        let load = self.load(&stand_in);
        let programs = |script: &str| {
            let (run, trace) = self.runs(&sandbox, script).traced(&strace);
            let run = run.success();
            assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
            // Which of them is the shell itself is not told: one starts others before.
            trace.programs.len()
        };
        assert_eq!(programs(&load), programs("\n"), "loading starts a program");
        assert_ne!(programs(&format!("{load}jitnow\n")), programs("\n"), "this check can fail");
        assert_eq!(stand_in.calls().len(), 1);
    }

    /// The line of a start-up file loads what is there, and does nothing where nothing is.
    pub(super) fn start_up_line_is_harmless(&self, proof: &str, loaded: &str, missing: &str) {
        for place in ["plain/share", ODD_PLACE] {
            for home in [true, false] {
                let sandbox = Sandbox::new();
                let stand_in = StandIn::at(&sandbox, "place");
                let base = if home { sandbox.home() } else { sandbox.root().join("elsewhere") };
                let path = base.join(place).join("shell").join(self.shell.file_name());
                let home = sandbox.home();
                let line = shell::load_line(self.shell, path.to_str().expect("text"), home.to_str())
                    .expect("a line");
                let script = format!("{line}\n{proof}\n");
                let run = self.runs(&sandbox, &script).run().success();
                assert_eq!((run.stdout.trim(), run.stderr.as_str()), (missing, ""), "{line}");
                std::fs::create_dir_all(path.parent().expect("it has one")).expect("the sandbox is ours");
                let ours = std::fs::read_to_string(stand_in.script(self.shell)).expect("it was written");
                // Elvish gives names to the prompt alone, and there is none.
                let ours = if self.shell == Shell::Elvish { format!("{ours}print loaded\n") } else { ours };
                std::fs::write(&path, ours).expect("the sandbox is ours");
                let run = self.runs(&sandbox, &script).run().success();
                assert_eq!((run.stdout.trim(), run.stderr.as_str()), (loaded, ""), "{line}");
            }
        }
    }
}
