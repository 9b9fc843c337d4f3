//! Something else than a plain file, or a file with several names.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use snapbox::{assert_data_eq, str};

use super::{OLD, setup};
use crate::cli::shown;
use crate::harness::Sandbox;

#[test]
fn a_directory() {
    let sandbox = Sandbox::with("new,tenants=1");
    fs::create_dir_all(sandbox.aws_config()).unwrap();
    assert_data_eq!(
        shown(&setup(&sandbox).run()),
        str![[r#"
$ jitpass setup --name=acme --no-admin --yes --host [PORTAL]
exit 1
--- stderr
✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 1 tenant in us-west-2
error: ~/.aws/config is not a file
hint: move away what is in its place, or name another file with AWS_CONFIG_FILE
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
}

#[test]
fn a_link_to_dotfiles() {
    let sandbox = Sandbox::with("new,tenants=1");
    let real = sandbox.write("dotfiles/aws-config", OLD);
    fs::set_permissions(&real, fs::Permissions::from_mode(0o644)).unwrap();
    fs::create_dir(sandbox.home().join(".aws")).unwrap();
    symlink("../dotfiles/aws-config", sandbox.aws_config()).unwrap();
    setup(&sandbox).run().success();
    assert_eq!(fs::read_link(sandbox.aws_config()).unwrap().to_str(), Some("../dotfiles/aws-config"));
    assert!(sandbox.read("dotfiles/aws-config").contains("[profile acme-default]"));
    assert_eq!(real.metadata().unwrap().permissions().mode() & 0o7777, 0o644);
    assert_eq!(fs::read_dir(sandbox.home().join("dotfiles")).unwrap().count(), 1, "something is left behind");
}

#[test]
fn a_link_to_nothing_yet() {
    let sandbox = Sandbox::with("new,tenants=1");
    fs::create_dir_all(sandbox.home().join("dotfiles")).unwrap();
    fs::create_dir(sandbox.home().join(".aws")).unwrap();
    symlink("../dotfiles/aws-config", sandbox.aws_config()).unwrap();
    setup(&sandbox).run().success();
    assert!(sandbox.aws_config().symlink_metadata().unwrap().is_symlink());
    assert!(sandbox.read("dotfiles/aws-config").contains("[profile acme-default]"));
}

#[test]
fn a_link_to_a_directory_that_is_not_there() {
    let sandbox = Sandbox::with("new,tenants=1");
    fs::create_dir(sandbox.home().join(".aws")).unwrap();
    symlink("../gone/deeper/aws-config", sandbox.aws_config()).unwrap();
    setup(&sandbox).run().success();
    assert!(sandbox.read("gone/deeper/aws-config").contains("[profile acme-default]"));
}

#[test]
fn links_in_a_circle() {
    let sandbox = Sandbox::with("new,tenants=1");
    fs::create_dir(sandbox.home().join(".aws")).unwrap();
    symlink("config", sandbox.aws_config()).unwrap();
    assert_data_eq!(
        shown(&setup(&sandbox).run()),
        str![[r#"
$ jitpass setup --name=acme --no-admin --yes --host [PORTAL]
exit 1
--- stderr
✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 1 tenant in us-west-2
error: cannot follow ~/.aws/config
  caused by: too many links
hint: nothing was written
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
}

#[test]
fn a_second_name() {
    let sandbox = Sandbox::with("new,tenants=1");
    let file = sandbox.write(".aws/config", OLD);
    fs::hard_link(&file, sandbox.home().join("other-name")).unwrap();
    let run = setup(&sandbox).run().success();
    assert!(
        run.stderr.contains("! this file has other names (hard links); they will keep the old content"),
        "{}",
        run.stderr
    );
    assert_eq!(sandbox.read("other-name"), OLD);
    assert!(sandbox.read(".aws/config").contains("[profile acme-default]"));
}

#[test]
fn elsewhere_by_variable() {
    let sandbox = Sandbox::with("new,tenants=1");
    let run = setup(&sandbox).env("AWS_CONFIG_FILE", "~/work/aws config").run().success();
    assert!(run.stderr.contains("1 profile written to ~/work/aws config"), "{}", run.stderr);
    assert!(sandbox.read("work/aws config").contains("[profile acme-default]"));
    assert!(!sandbox.aws_config().exists());
}

#[test]
fn a_file_in_place_of_the_directory() {
    let sandbox = Sandbox::with("new,tenants=1");
    sandbox.write(".aws", "not a directory");
    assert_data_eq!(
        shown(&setup(&sandbox).run()),
        str![[r#"
$ jitpass setup --name=acme --no-admin --yes --host [PORTAL]
exit 1
--- stderr
✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 1 tenant in us-west-2
error: cannot read ~/.aws/config
  caused by: Not a directory (os error 20)
hint: nothing was written
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
    assert_eq!(sandbox.read(".aws"), "not a directory");
}
