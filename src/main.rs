//! The program: the cached answer where there is one, the command line otherwise.

use std::process::ExitCode;

fn main() -> ExitCode {
    jitpass::hit::answer(std::env::args_os()).unwrap_or_else(jitpass::cli::run)
}
