//! xonsh.

use std::fs;

use jitpass::shell::Shell;

use super::StandIn;
use super::modern::Modern;
use crate::harness::{Sandbox, tool};

#[track_caller]
fn xonsh() -> Option<Modern> {
    Modern::find(Shell::Xonsh, "xonsh", &["--no-rc"])
}

#[test]
fn words_arrive_as_they_are() {
    if let Some(shell) = xonsh() {
        shell.passes_words_on();
    }
}

#[test]
fn lines_are_data() {
    if let Some(shell) = xonsh() {
        shell.applies_lines_as_data();
    }
}

#[test]
fn loading_is_quiet() {
    if let Some(shell) = xonsh() {
        shell.loads_quietly();
    }
}

#[test]
fn the_line_of_the_start_up_file() {
    if let Some(shell) = xonsh() {
        shell.start_up_line_is_harmless("print('jitnow' in aliases)", "True", "False");
    }
}

/// What it finds by itself in its directory: `rc.d`.
#[test]
fn a_file_of_its_own_is_read() {
    let Some(xonsh) = tool("xonsh") else { return };
    let sandbox = Sandbox::new();
    let stand_in = StandIn::at(&sandbox, "place");
    let script = stand_in.script(Shell::Xonsh);
    let line = jitpass::shell::load_line(Shell::Xonsh, script.to_str().expect("text"), None).expect("a line");
    sandbox.write(".config/xonsh/rc.d/jitpass.xsh", format!("# begin\n{line}\n# end\n"));
    sandbox.command(xonsh).args(["-i", "-c", "jitnow a"]).run().success();
    assert_eq!(stand_in.calls(), [["console", "--copy", "a"]]);
}

#[test]
fn the_script_is_well_formed() {
    let Some(shell) = xonsh() else { return };
    let sandbox = Sandbox::new();
    let script = StandIn::at(&sandbox, "place").script(Shell::Xonsh);
    let parse = format!(
        "import xonsh.parser\ntext = open({}).read()\nassert xonsh.parser.Parser().parse(text) is not None\n",
        shell.word(script.to_str().expect("text"))
    );
    shell.runs(&sandbox, &parse).run().success();
    let whole = fs::read_to_string(&script).expect("it is there");
    fs::write(&script, whole.replacen("for line in", "for line", 1)).expect("the sandbox is ours");
    assert!(!shell.runs(&sandbox, &parse).run().status.success(), "this check can fail");
}

#[test]
fn words_are_completed() {
    let Some(shell) = xonsh() else { return };
    let sandbox = Sandbox::new();
    let stand_in = StandIn::at(&sandbox, super::ODD_PLACE);
    let values = ["acme-dev", "two words", "it's $HOME", "say \"x\"", "{a}", "%x", "back\\slash", "ünï"];
    stand_in.answers("complete", &values.map(|value| format!("{value}\tabout\n")).concat(), 0);
    // Each candidate, inserted, is read back as the value.
    let script = format!(
        "{}import shlex\nfrom xonsh.completer import Completer\n\
         def offered(line):\n    found, length = Completer().complete_line(line)\n    \
         return [(line[:len(line) - (c.prefix_len if c.prefix_len is not None else length)] + str(c), c.description) for c in found]\n\
         for line in ['jitnow ', \"jituse 'a b' \", 'jitpass console x', 'aws s3 --profile \"']:\n    \
         for text, about in offered(line):\n        assert about == 'about', (text, about)\n        \
         __xonsh__.execer.exec(text.replace('jitnow', 'jitnow', 1) + '\\n' if line == 'jitnow ' else 'pass\\n')\n",
        shell.load(&stand_in)
    );
    shell.runs(&sandbox, &script).run().success();
    let calls = stand_in.calls();
    let asked: Vec<_> = calls.iter().filter(|call| call[0] == "complete").collect();
    assert_eq!(asked[0], &["complete", "1", "--", "jitnow", ""]);
    assert_eq!(asked[1], &["complete", "2", "--", "jituse", "a b", ""]);
    assert_eq!(asked[2], &["complete", "2", "--", "jitpass", "console", "x"]);
    assert_eq!(asked[3], &["complete", "3", "--", "aws", "s3", "--profile", ""]);
    let mut inserted: Vec<_> =
        calls.iter().filter(|call| call[0] == "console").map(|call| call[2].as_str()).collect();
    inserted.sort_unstable();
    let mut expected = values;
    expected.sort_unstable();
    assert_eq!(inserted, expected);
}
