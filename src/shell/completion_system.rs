//! Whether zsh's completion system is started: without it TAB knows file names only, and nothing says why.

/// What starts it, by itself or as a part of more.
const STARTS: [&str; 17] = [
    "compinit",
    "oh-my-zsh",
    "prezto",
    "zinit",
    "antigen",
    "antidote",
    "antibody",
    "zim",
    "zplug",
    "zgen",
    "znap",
    "zi",
    "zcomet",
    "sheldon",
    "z4h",
    "zsh-autocomplete",
    "grml",
];

/// Whether some start-up files of zsh sound as if one of them started it. A word in a comment does not count; a word
/// within another does, as in `zgenom`, if it has four letters at least.
pub fn starts_completion<'a>(files: impl IntoIterator<Item = &'a [u8]>) -> bool {
    let is_started = |line: &str| {
        let line = line.trim_start().to_lowercase();
        let words = || line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'));
        !line.starts_with('#')
            && STARTS.iter().any(|name| {
                if name.len() < 4 { words().any(|word| word == *name) } else { line.contains(name) }
            })
    };
    files.into_iter().any(|file| String::from_utf8_lossy(file).lines().any(is_started))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_like_a_completion_system() {
        for (text, expected) in [
            ("", false),
            ("PROMPT='%~ '\nalias ll='ls -l'\n", false),
            ("autoload -Uz compinit && compinit\n", true),
            ("  autoload -Uz compinit; compinit -C", true),
            ("# autoload -Uz compinit && compinit\n", false),
            ("export ZSH=$HOME/.oh-my-zsh\nsource $ZSH/oh-my-zsh.sh\n", true),
            ("source ~/.zprezto/init.zsh\n", true),
            ("source \"$ZINIT_HOME/zinit.zsh\"\n", true),
            ("source ~/antigen.zsh\nantigen use oh-my-zsh\n", true),
            ("source ${ZDOTDIR:-~}/.antidote/antidote.zsh\nantidote load\n", true),
            ("ZIM_HOME=~/.zim\nsource ${ZIM_HOME}/init.zsh\n", true),
            ("source ~/.zgenom/zgenom.zsh\n", true),
            ("eval \"$(sheldon source)\"\n", true),
            ("alias vzim=vim\nzip() {}\n", false),
            ("\u{fffd}\u{0}compinit", true),
        ] {
            assert_eq!(starts_completion([text.as_bytes()]), expected, "{text}");
        }
        assert!(starts_completion([b"PS1=x".as_slice(), b"compinit"]));
        assert!(!starts_completion([]));
    }
}
