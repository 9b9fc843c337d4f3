//! The scripts that jitpass gives the shells, each run by its real shell, with a stand-in for the program.

mod beside;
mod completing;
mod elvish;
mod itself;
mod lints;
mod literals;
mod modern;
mod nushell;
mod posix;
mod powershell;
mod stand_in;
mod start_up_line;
mod tcsh;
mod xonsh;

pub(crate) use stand_in::{StandIn, variables};

/// What a profile, a tenant, an argument may look like, and what a shell might make of it.
pub(crate) const ODD: [&str; 18] = [
    "plain",
    "two words",
    "  blanks  around  ",
    "it's",
    "\"quoted\"",
    "$HOME ${HOME} $(touch pwned)",
    "`touch pwned`",
    "!! !1 wow!",
    "100% %HOME% %s",
    "-dash",
    "--",
    r"back\slash\n\",
    "* ? [a-z] {b,c} ~ ~root ^x",
    "; touch pwned & | < > ( ) #",
    "a:b=c,d@e/f",
    "naïve ünï ✓ 日本",
    "“curly” ‘quotes’",
    "",
];

/// A directory's name with what is odd in a path.
pub(crate) const ODD_PLACE: &str = "it's a \"$HOME\" `id` !! 100% ünï \\ $(id) [x] {a,b} ~ #";
