//! PowerShell, which is not to be had where the tests run: the script is parsed, and looked at. The workflow on GitHub
//! runs it (`real/powershell.ps1`).

use std::fs;

use jitpass::shell::{self, Shell};

use super::{ODD_PLACE, StandIn};
use crate::harness::{Sandbox, tool};

/// What the parser does not understand in a script, one a line.
const PARSE: &str = "
import sys, tree_sitter, tree_sitter_powershell
parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
def look(node):
    if node.is_error or node.is_missing:
        print(node.start_point, node.type, node.text)
    for child in node.children:
        look(child)
look(parser.parse(open(sys.argv[1], 'rb').read()).root_node)
";

#[test]
fn the_script_is_well_formed() {
    let Some(python) = tool("python") else { return };
    let sandbox = Sandbox::new();
    for place in ["plain", ODD_PLACE] {
        let script = StandIn::at(&sandbox, place).script(Shell::PowerShell);
        let wrong = || {
            let script = script.display().to_string();
            sandbox.command(&python).args(["-c", PARSE, &script]).run().success().stdout
        };
        assert_eq!(wrong(), "");
        let whole = fs::read_to_string(&script).expect("it is there");
        for (right, broken) in [("if (", "if "), ("} finally {", "} finally ("), ("}\n", "\n")] {
            fs::write(&script, whole.replacen(right, broken, 1)).expect("the sandbox is ours");
            assert_ne!(wrong(), "", "without `{right}`: this check can fail");
        }
    }
}

/// The line of a start-up file parses too.
#[test]
fn the_line_of_the_start_up_file() {
    let Some(python) = tool("python") else { return };
    let sandbox = Sandbox::new();
    let home = sandbox.home();
    for place in ["plain", "two words", ODD_PLACE, "‘curly’"] {
        for base in [home.clone(), sandbox.root().to_owned()] {
            let path = base.join(place).join("jitpass.ps1");
            let line = shell::load_line(Shell::PowerShell, path.to_str().expect("text"), home.to_str());
            let file = sandbox.write("profile.ps1", line.expect("it can be written"));
            let file = file.display().to_string();
            assert_eq!(sandbox.command(&python).args(["-c", PARSE, &file]).run().success().stdout, "");
        }
    }
}

/// What 5.1 does not understand, and what depends on the person's options.
#[test]
fn the_language_is_that_of_5_1() {
    let whole = include_str!("../../shells/jitpass.ps1");
    let code: String =
        whole.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n");
    for newer in
        ["??", "?.", " && ", " || ", "clean {", "-Parallel", "ForEach-Object", "$using:", "`u{", "::new("]
    {
        assert!(!code.contains(newer), "`{newer}`");
    }
    // A byte order mark would be needed for anything else: 5.1 takes a file without one for the old code page.
    assert!(whole.is_ascii());
    // Nothing is evaluated.
    for word in ["Invoke-Expression", "iex ", "[ScriptBlock]::Create", "Write-"] {
        assert!(!code.contains(word), "`{word}`");
    }
}
