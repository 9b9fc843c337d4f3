//! Hundreds of new profiles are one write, and nothing new is none.

use super::set_up;
use crate::harness::{Sandbox, tool};

const TENANTS: usize = 500;

#[test]
fn a_sync_writes_the_file_once_or_not_at_all() {
    let Some(strace) = tool("strace") else { return };
    let sandbox = Sandbox::with("new,tenants=4");
    sandbox.write(".aws/config", "# mine\n[default]\nregion = eu-central-1\n");
    set_up(&sandbox);
    for n in 4..TENANTS {
        sandbox.portal().portal().add_tenant(&format!("more{n:03}"), "default");
    }
    let sync = || sandbox.jitpass(["sync", "--yes"]).traced(&strace);
    let persons = [".aws/", ".config/"].map(|place| sandbox.home().join(place).display().to_string());
    let of_the_person = |paths: &[String]| -> Vec<String> {
        paths.iter().filter(|path| persons.iter().any(|place| path.starts_with(place))).cloned().collect()
    };
    let config = sandbox.aws_config().display().to_string();

    let (run, trace) = sync();
    run.success();
    assert_eq!(sandbox.read(".aws/config").matches("jitpass_portal = acme").count(), TENANTS + 1);
    let changed = of_the_person(&trace.changed);
    let [temporary, renamed] = &changed[..] else { panic!("{changed:?}") };
    assert!(temporary.contains("/.aws/.jitpass-"), "a new file beside it: {temporary}");
    assert_eq!(renamed, &config, "which takes its place");
    let journal = trace.changed.iter().filter(|path| path.contains("/journal/0")).count();
    assert_eq!(journal, 1, "one entry for all: {:?}", trace.changed);

    let (run, trace) = sync();
    run.success().changes_nothing();
    assert_eq!(of_the_person(&trace.changed), Vec::<String>::new());
    assert!(trace.opened.contains(&config), "it was looked at: {trace:?}");
}
