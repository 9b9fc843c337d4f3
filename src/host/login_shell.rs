//! The shell that the person's terminals start.

use crate::host::env::{Env, names};

/// The path of its program: what `SHELL` says, else the system's list of users.
pub fn login_shell(env: &Env) -> Option<String> {
    env.text(names::SHELL).or_else(listed)
}

#[cfg(unix)]
fn listed() -> Option<String> {
    let list = std::fs::read_to_string("/etc/passwd").ok()?;
    in_list(&list, rustix::process::getuid().as_raw())
}

#[cfg(not(unix))]
fn listed() -> Option<String> {
    None
}

/// passwd(5): `name:password:UID:GID:comment:directory:shell`.
#[cfg(any(unix, test))]
fn in_list(list: &str, user: u32) -> Option<String> {
    let fields = |line: &str| -> Option<String> {
        let mut fields = line.split(':');
        let is_this = fields.nth(2)?.parse() == Ok(user);
        fields.nth(3).filter(|shell| is_this && !shell.is_empty()).map(str::to_owned)
    };
    list.lines().find_map(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_last_field_of_the_users_line() {
        let list =
            "root:x:0:0:root:/root:/bin/bash\nbroken\nada:x:1000:1000::/home/ada:/usr/bin/zsh\nx:x:7:7::/:\n";
        assert_eq!(in_list(list, 1000).as_deref(), Some("/usr/bin/zsh"));
        assert_eq!(in_list(list, 0).as_deref(), Some("/bin/bash"));
        assert_eq!((in_list(list, 7), in_list(list, 8), in_list("", 0)), (None, None, None));
        let env = Env::of([("SHELL", "/bin/fish")]);
        assert_eq!(login_shell(&env).as_deref(), Some("/bin/fish"));
    }
}
