//! Homes of many kinds, and everything that jitpass can do in between.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::{assert_same, set_up, tree};
use crate::harness::Sandbox;

/// Everything that writes, one after the other.
fn use_everything(sandbox: &Sandbox) {
    set_up(sandbox);
    let run = |args: &[&str]| sandbox.jitpass(args.to_vec()).run();
    run(&["sync", "--yes"]).success();
    run(&["profile", "add", "mine", "--host", &sandbox.url(), "--tenant", "dev01", "--yes"]).success();
    run(&["profile", "edit", "mine", "--region", "eu-west-1", "--yes"]).success();
    run(&["profile", "rename", "acme-dev01", "dev", "--yes"]).success();
    run(&["undo", "--yes"]).success();
    run(&["profile", "remove", "mine", "--yes"]).success();
    run(&["portal", "edit", "acme", "--region", "us-east-1", "--yes"]).success();
    run(&["sync", "--yes"]).success();
    run(&["shell", "install", "bash", "zsh", "fish", "--yes"]).success();
    sandbox.jitpass(["shell", "install", "tcsh", "elvish", "xonsh", "nushell", "--yes"]).run().success();
    run(&["status"]).success();
    run(&["tenants"]).success();
    run(&["logout"]).success();
    sandbox.jitpass(["login", "--token-stdin"]).stdin(sandbox.token("admin") + "\n").run().success();
    // What is used most is counted.
    let profile = "acme-dev01";
    sandbox.jitpass(["console", profile, "--print"]).prints_credentials().run().success();
    sandbox.jitpass(["use", profile]).run().success();
    sandbox.credential_process("acme-dev01").run().success();
}

#[track_caller]
fn leaves_no_trace(sandbox: &Sandbox, between: impl FnOnce(&Sandbox)) {
    let before = tree(&sandbox.home());
    between(sandbox);
    assert!(tree(&sandbox.home()).len() > before.len());
    sandbox.jitpass(["uninstall", "--dry-run"]).run().fails(3).changes_nothing();
    sandbox.jitpass(["uninstall", "--yes"]).run().success();
    assert_same(&before, &tree(&sandbox.home()));
    // Again, there is nothing to do, and nothing is made for it.
    sandbox.jitpass(["uninstall"]).run().success().changes_nothing();
    assert_same(&before, &tree(&sandbox.home()));
}

#[test]
fn an_empty_one() {
    leaves_no_trace(&Sandbox::with("new,tenants=3"), use_everything);
}

#[test]
fn one_without_anything_but_a_sign_in() {
    leaves_no_trace(&Sandbox::with("new"), |sandbox| {
        let url = sandbox.url();
        let login = ["login", &url, "--token-stdin"];
        sandbox.jitpass(login).stdin(sandbox.token("admin") + "\n").run().success();
    });
}

#[test]
fn one_where_only_a_credential_was_asked_for() {
    leaves_no_trace(&Sandbox::with("new"), |sandbox| {
        let (url, token) = (sandbox.url(), sandbox.token("admin"));
        let args = ["aws", "--host", &url, "--admin"];
        let call = sandbox.jitpass(args).env("DUPLO_TOKEN", token).env("DUPLO_HOST", url.clone());
        call.run().success();
    });
}

#[test]
fn crlf_no_final_newline_foreign_profiles() {
    let sandbox = Sandbox::with("new,tenants=3");
    let config = "# mine\r\n[default]\r\nregion = eu-central-1\r\n\r\n[profile other]\r\nregion = us-east-1";
    sandbox.write(".aws/config", config);
    sandbox.write(".bashrc", "export A_TOKEN=SIMTOKEN-x\r\n[ -f y ] && z");
    sandbox.write(".zshrc", "");
    sandbox.write(".profile", "# theirs\n. ~/.bashrc\n");
    sandbox.write(".config/fish/config.fish", "set -gx X_SECRET SIMTOKEN-y\n\n\n");
    fs::set_permissions(sandbox.home().join(".bashrc"), fs::Permissions::from_mode(0o600)).unwrap();
    leaves_no_trace(&sandbox, use_everything);
}

#[test]
fn symlinked_dotfiles_and_directories() {
    let sandbox = Sandbox::with("new,tenants=3");
    let home = sandbox.home();
    sandbox.write("dotfiles/aws-config", "[default]\nregion = eu-central-1\n");
    sandbox.write("dotfiles/zshrc", "bindkey -v\n");
    sandbox.write("dotfiles/bashrc", "set -o vi");
    fs::create_dir_all(home.join(".aws")).unwrap();
    fs::create_dir_all(home.join("dotfiles/fish")).unwrap();
    fs::create_dir_all(home.join("dotfiles/cache")).unwrap();
    fs::create_dir_all(home.join(".config")).unwrap();
    fs::create_dir_all(home.join(".cache")).unwrap();
    symlink("../dotfiles/aws-config", home.join(".aws/config")).unwrap();
    symlink("dotfiles/zshrc", home.join(".zshrc")).unwrap();
    symlink("dotfiles/bashrc", home.join(".bashrc")).unwrap();
    symlink("../dotfiles/fish", home.join(".config/fish")).unwrap();
    symlink("../dotfiles/cache", home.join(".cache/jitpass")).unwrap();
    // One that leads nowhere yet.
    symlink("dotfiles/tcshrc", home.join(".tcshrc")).unwrap();
    leaves_no_trace(&sandbox, use_everything);
}

#[test]
fn empty_files_and_directories_that_were_there_stay() {
    let sandbox = Sandbox::with("new,tenants=3");
    sandbox.write(".aws/config", "");
    for directory in [".config/jitpass", ".local/share", ".config/fish/conf.d", ".cache"] {
        fs::create_dir_all(sandbox.home().join(directory)).unwrap();
    }
    leaves_no_trace(&sandbox, use_everything);
}

#[test]
fn settings_that_were_there_are_as_they_were() {
    let sandbox = Sandbox::with("new,tenants=3");
    sandbox.write(".config/jitpass/config.toml", "# prepared by hand\n[sign_in]\nwait = 20\n");
    leaves_no_trace(&sandbox, use_everything);
}

#[test]
fn imported_profiles_get_their_old_commands_and_tokens_back() {
    let sandbox = Sandbox::with("new,tenants=3");
    let (url, token) = (sandbox.url(), sandbox.token("admin"));
    let old = format!(
        "[profile legacy]\nregion = us-west-2\ncredential_process = duplo-jit aws --host {url} --tenant dev01 --token {token}\n"
    );
    sandbox.write(".aws/config", old);
    leaves_no_trace(&sandbox, |sandbox| {
        use_everything(sandbox);
        sandbox.jitpass(["profile", "import", "--yes"]).run().success();
        assert!(!sandbox.read(".aws/config").contains("duplo-jit"));
        sandbox.jitpass(["sync", "--yes"]).run().success();
    });
}

#[test]
fn what_others_wrote_meanwhile_stays() {
    let sandbox = Sandbox::with("new,tenants=3");
    sandbox.write(".aws/config", "[default]\nregion = eu-central-1\n");
    use_everything(&sandbox);
    let config = sandbox.read(".aws/config") + "\n[profile theirs]\nregion = us-east-2\n";
    sandbox.write(".aws/config", config);
    let zshrc = sandbox.read(".zshrc") + "bindkey -e\n";
    sandbox.write(".zshrc", zshrc);
    sandbox.write(".config/jitpass/notes.txt", "mine");
    let run = sandbox.jitpass(["uninstall", "--yes"]).run().success();
    assert!(run.stderr.contains("~/.config/jitpass/notes.txt: it is not from jitpass"), "{}", run.stderr);
    assert_eq!(
        sandbox.read(".aws/config"),
        "[default]\nregion = eu-central-1\n\n[profile theirs]\nregion = us-east-2\n"
    );
    assert_eq!(sandbox.read(".zshrc"), "bindkey -e\n");
    assert_eq!(sandbox.read(".config/jitpass/notes.txt"), "mine");
    assert!(!sandbox.home().join(".local").exists() && !sandbox.home().join(".cache").exists());
}

#[test]
fn profiles_whose_lines_were_changed_by_hand_go_all_the_same_and_callers_stay() {
    let sandbox = Sandbox::with("new,tenants=3");
    sandbox.write(".aws/config", "[default]\nregion = eu-central-1\n");
    set_up(&sandbox);
    let url = sandbox.url();
    let own = format!("\n[profile own]\ncredential_process = jitpass aws --host {url} --tenant dev01\n");
    let config = sandbox.read(".aws/config").replace("us-west-2", "us-west-1") + &own;
    sandbox.write(".aws/config", config);
    let run = sandbox.jitpass(["uninstall", "--yes"]).run().success();
    assert!(
        run.stderr
            .contains("`own` is a profile of your own that calls jitpass, and stays without credentials"),
        "{}",
        run.stderr
    );
    assert_eq!(sandbox.read(".aws/config"), format!("[default]\nregion = eu-central-1\n{own}"));
}

#[test]
fn what_somebody_else_put_into_our_directories_stays() {
    let sandbox = Sandbox::with("new,tenants=3");
    for directory in
        [".config/jitpass", ".cache/jitpass", ".local/state/jitpass/mine", ".local/share/jitpass"]
    {
        sandbox.write(&format!("{directory}/notes"), "mine\n");
    }
    // Among the person's own files, what is only called like a file that is being written.
    for path in [".jitpass-notes/file", ".aws/.jitpass-backup/file"] {
        sandbox.write(path, "mine\n");
        let directory = sandbox.home().join(path).parent().unwrap().to_owned();
        let old = std::time::SystemTime::now() - std::time::Duration::from_hours(50);
        fs::File::open(directory).unwrap().set_modified(old).unwrap();
    }
    sandbox.write(".zshrc", "bindkey -v\n");
    // Where an uninstall that was interrupted leaves its record; this one others may read, so it is none.
    let record = sandbox.write(".jitpass-made", "mine\n");
    fs::set_permissions(record, fs::Permissions::from_mode(0o644)).unwrap();
    let before = tree(&sandbox.home());
    use_everything(&sandbox);
    let said = sandbox.jitpass(["uninstall", "--yes"]).run().success().stderr;
    for directory in [".config/jitpass", ".cache/jitpass", ".local/share/jitpass"] {
        assert!(said.contains(&format!("~/{directory}/notes: it is not from jitpass")), "{said}");
    }
    assert!(said.contains("~/.local/state/jitpass/mine: it is not from jitpass"), "{said}");
    assert_same(&before, &tree(&sandbox.home()));
}

#[test]
fn one_directory_for_everything_keeps_the_settings_that_were_there() {
    let sandbox = Sandbox::new();
    let all = sandbox.home().join("all");
    let names = ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"];
    let jitpass = |args: &[&str]| {
        let call = sandbox.jitpass(args.to_vec());
        names.iter().fold(call, |call, name| call.env(*name, all.clone()))
    };
    sandbox.write("all/jitpass/config.toml", "# mine\n");
    sandbox.write(".zshrc", "bindkey -v\n");
    let before = tree(&sandbox.home());
    jitpass(&["shell", "install", "zsh", "--yes"]).run().success();
    let said = jitpass(&["uninstall", "--yes"]).run().success().stderr;
    assert!(!said.contains("not from jitpass"), "{said}");
    assert_same(&before, &tree(&sandbox.home()));
}

#[test]
fn a_block_that_cannot_be_taken_out_is_no_success() {
    let sandbox = Sandbox::new();
    let zshrc = sandbox.write(".zshrc", "bindkey -v\n");
    sandbox.jitpass(["shell", "install", "zsh", "--yes"]).run().success();
    fs::set_permissions(&zshrc, fs::Permissions::from_mode(0o444)).unwrap();
    let said = sandbox.jitpass(["uninstall", "--yes"]).run().fails(1).stderr;
    assert!(said.contains("~/.zshrc is read-only") && !said.contains("✓ removed"), "{said}");
    fs::set_permissions(&zshrc, fs::Permissions::from_mode(0o644)).unwrap();
    sandbox.jitpass(["uninstall", "--yes"]).run().success();
    assert_eq!(sandbox.read(".zshrc"), "bindkey -v\n");
}
