//! Which files are chosen, from what is there.

use super::*;

fn places(platform: Platform) -> Places {
    Places {
        platform,
        home: "/h".into(),
        zdotdir: None,
        xdg_config_home: None,
        xdg_data_home: None,
        app_data: None,
        env: None,
        profiles: Vec::new(),
        documents: Vec::new(),
    }
}

fn present(files: &[(&str, &str)]) -> Present {
    files.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect()
}

#[track_caller]
fn chooses(shell: Shell, places: &Places, files: &[(&str, &str)], expected: &[&str]) {
    let chosen = chosen(shell, places, &present(files));
    assert_eq!(chosen.files, expected.iter().map(PathBuf::from).collect::<Vec<_>>(), "{shell}: {files:?}");
    assert_eq!(chosen.files.is_empty(), chosen.note.is_some(), "what is not done is said");
    let everywhere = everywhere(shell, places);
    for file in &chosen.files {
        assert!(everywhere.contains(file), "uninstalling would not find {}", file.display());
    }
}

#[test]
fn bash_has_a_file_for_logins() {
    use Platform::{Linux, Mac, Windows};
    let sources = "if [ -f ~/.bashrc ]; then\n    . ~/.bashrc\nfi\n";
    /// The system, what is there, what is chosen.
    type Case<'a> = (Platform, &'a [(&'a str, &'a str)], &'a [&'a str]);
    let cases: &[Case<'_>] = &[
        (Linux, &[], &["/h/.bashrc"]),
        (Mac, &[], &["/h/.bashrc", "/h/.bash_profile"]),
        (Windows, &[], &["/h/.bashrc", "/h/.bash_profile"]),
        (Linux, &[("/h/.profile", "PATH=x\n")], &["/h/.bashrc", "/h/.profile"]),
        (Linux, &[("/h/.profile", sources)], &["/h/.bashrc"]),
        (Mac, &[("/h/.bash_profile", sources)], &["/h/.bashrc"]),
        (Mac, &[("/h/.bash_profile", ""), ("/h/.profile", sources)], &["/h/.bashrc", "/h/.bash_profile"]),
        (Linux, &[("/h/.bash_login", ""), ("/h/.profile", sources)], &["/h/.bashrc", "/h/.bash_login"]),
    ];
    for (platform, files, expected) in cases {
        chooses(Shell::Bash, &places(*platform), files, expected);
    }
}

#[test]
fn a_login_file_that_reads_bashrc() {
    for text in [
        ". ~/.bashrc",
        "source ~/.bashrc",
        ". \"$HOME/.bashrc\"",
        "[ -r ~/.bashrc ] && . ~/.bashrc",
        "test -f \"${HOME}/.bashrc\" && source \"${HOME}/.bashrc\"",
        "if [ -f \"$HOME/.bashrc\" ]; then . \"$HOME/.bashrc\"; fi",
        "[[ -f ~/.bashrc ]] && { source ~/.bashrc; } # for logins",
        "\tsource\t$HOME/.bashrc",
        "\\. ~/.bashrc",
    ] {
        assert!(login::reads_bashrc(text.as_bytes()), "{text}");
    }
    for text in [
        "",
        "# . ~/.bashrc",
        "x=1 # . ~/.bashrc",
        "echo ~/.bashrc",
        "[ -f ~/.bashrc ]",
        ". ~/.bashrc.local",
        ". ~/.my.bashrc",
        ". /etc/bash.bashrc",
        "vim ~/.bashrc",
    ] {
        assert!(!login::reads_bashrc(text.as_bytes()), "{text}");
    }
}

#[test]
fn zsh_may_have_a_directory() {
    let here = places(Platform::Linux);
    chooses(Shell::Zsh, &here, &[], &["/h/.zshrc"]);
    chooses(Shell::Zsh, &Places { zdotdir: Some("/z".into()), ..here.clone() }, &[], &["/z/.zshrc"]);
    for (text, expected) in [
        ("export ZDOTDIR=\"$HOME/.config/zsh\"\n", "/h/.config/zsh"),
        ("ZDOTDIR=~/.zsh\n", "/h/.zsh"),
        ("export ZDOTDIR=${XDG_CONFIG_HOME:-$HOME/.config}/zsh # here\n", "/h/.config/zsh"),
        ("  typeset -gx ZDOTDIR='/opt/z'\n", "/opt/z"),
        ("ZDOTDIR=/a\nZDOTDIR=/b\n", "/b"),
        ("ZDOTDIR=$HOME\n", "/h"),
        ("# ZDOTDIR=/a\n", "/h"),
        ("ZDOTDIR=$(somewhere)\n", "/h"),
        ("ZDOTDIR=${XDG:-x}/zsh\n", "/h"),
        ("ZDOTDIR=relative\n", "/h"),
    ] {
        let files = present(&[("/h/.zshenv", text)]);
        let file = PathBuf::from(expected).join(".zshrc");
        assert_eq!(chosen(Shell::Zsh, &here, &files).files, std::slice::from_ref(&file), "{text}");
        assert!(everywhere_given(Shell::Zsh, &here, &files).contains(&file), "{text}");
    }
}

#[test]
fn directories_of_settings() {
    let here = places(Platform::Linux);
    let moved = Places { xdg_config_home: Some("/c".into()), ..here.clone() };
    let mac = places(Platform::Mac);
    let windows = Places { app_data: Some("/h/AppData/Roaming".into()), ..places(Platform::Windows) };
    let cases: &[(Shell, &Places, &str)] = &[
        (Shell::Fish, &here, "/h/.config/fish/conf.d/jitpass.fish"),
        (Shell::Fish, &moved, "/c/fish/conf.d/jitpass.fish"),
        (Shell::Nushell, &here, "/h/.config/nushell/autoload/jitpass.nu"),
        (Shell::Nushell, &moved, "/c/nushell/autoload/jitpass.nu"),
        (Shell::Nushell, &mac, "/h/Library/Application Support/nushell/autoload/jitpass.nu"),
        (Shell::Nushell, &windows, "/h/AppData/Roaming/nushell/autoload/jitpass.nu"),
        (Shell::Elvish, &here, "/h/.config/elvish/rc.elv"),
        (Shell::Elvish, &moved, "/c/elvish/rc.elv"),
        (Shell::Elvish, &windows, "/h/AppData/Roaming/elvish/rc.elv"),
        (Shell::Xonsh, &here, "/h/.config/xonsh/rc.d/jitpass.xsh"),
        (Shell::Xonsh, &moved, "/c/xonsh/rc.d/jitpass.xsh"),
        (Shell::PowerShell, &here, "/h/.config/powershell/profile.ps1"),
        (Shell::PowerShell, &moved, "/c/powershell/profile.ps1"),
    ];
    for (shell, places, expected) in cases {
        chooses(*shell, places, &[], &[expected]);
    }
    // A block written before the variable was set is found all the same.
    assert!(everywhere(Shell::Fish, &moved).contains(&"/h/.config/fish/conf.d/jitpass.fish".into()));
}

#[test]
fn a_file_that_would_hide_another_is_not_made() {
    let here = places(Platform::Linux);
    chooses(Shell::Tcsh, &here, &[], &["/h/.tcshrc"]);
    chooses(Shell::Tcsh, &here, &[("/h/.cshrc", "")], &["/h/.cshrc"]);
    chooses(Shell::Tcsh, &here, &[("/h/.cshrc", ""), ("/h/.tcshrc", "")], &["/h/.tcshrc"]);
    chooses(Shell::Elvish, &here, &[("/h/.elvish/rc.elv", "")], &["/h/.elvish/rc.elv"]);
    let both = [("/h/.elvish/rc.elv", ""), ("/h/.config/elvish/rc.elv", "")];
    chooses(Shell::Elvish, &here, &both, &["/h/.config/elvish/rc.elv"]);
}

#[test]
fn powershells_have_directories_of_their_own() {
    let windows = places(Platform::Windows);
    let usual = ["/h/Documents/WindowsPowerShell/profile.ps1", "/h/Documents/PowerShell/profile.ps1"];
    chooses(Shell::PowerShell, &windows, &[], &usual);
    let moved = Places { documents: vec!["/h/OneDrive/Documents".into()], ..windows.clone() };
    let there = [
        "/h/OneDrive/Documents/WindowsPowerShell/profile.ps1",
        "/h/OneDrive/Documents/PowerShell/profile.ps1",
    ];
    chooses(Shell::PowerShell, &moved, &[], &there);
    assert!(everywhere(Shell::PowerShell, &moved).contains(&usual[1].into()), "it was there before");
    let told = Places { profiles: vec!["/d/PowerShell/profile.ps1".into()], ..windows };
    chooses(Shell::PowerShell, &told, &[], &["/d/PowerShell/profile.ps1"]);
}

#[test]
fn a_posix_shell_reads_what_env_names() {
    let here = places(Platform::Linux);
    chooses(Shell::Posix, &here, &[], &[]);
    chooses(Shell::Posix, &Places { env: Some("/h/.shrc".into()), ..here.clone() }, &[], &["/h/.shrc"]);
    // bash's own, and it has its own block there.
    chooses(Shell::Posix, &Places { env: Some("/h/.bashrc".into()), ..here }, &[], &[]);
}
