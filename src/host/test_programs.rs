//! Programs made up for the tests of what starts some.

use std::process::Command;

use crate::host::place::{Place, System};

/// A person's own machine, with nothing unusual about it.
pub(super) fn place(system: System) -> Place {
    Place {
        system,
        is_ssh: false,
        is_wsl: false,
        is_container: false,
        is_codespace: false,
        is_ci: false,
        has_chosen_browser: false,
        refuses_browser: false,
        has_display: true,
        has_opener: true,
    }
}

/// A directory of programs, which is PATH. They run in it.
pub(super) struct Programs(tempfile::TempDir);

impl Programs {
    /// Shell scripts by name.
    pub(super) fn new(scripts: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        for (name, script) in scripts {
            let text = format!("#!/bin/sh\nPATH=/usr/bin:/bin\ncd {}\n{script}\n", dir.path().display());
            // Written by another process: a file that this one has open, in whichever of its threads' children, cannot
            // be run.
            let write = "printf %s \"$1\" >\"$0\" && chmod 755 \"$0\"";
            let mut shell = Command::new("sh");
            shell.args(["-c", write]).arg(dir.path().join(name)).arg(text);
            assert!(shell.status().expect("there is a shell").success());
        }
        Self(dir)
    }

    /// The value of PATH.
    pub(super) fn path(&self) -> &str {
        self.0.path().to_str().expect("a plain path")
    }

    /// What one of them wrote into a file.
    pub(super) fn read(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.0.path().join(name)).ok()
    }
}
