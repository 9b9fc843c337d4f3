//! Whether a person is at the terminal, and telling them something.

use std::time::Duration;

use jitpass::host::attendance::{is_attended, tell};

use super::{Role, Stage, role};

const TEST: &str = "attending::knows_who_is_there_and_tells_only_them";

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn knows_who_is_there_and_tells_only_them() {
    let stage = match role() {
        Role::Test(stage) => stage,
        Role::Part(part, stage) => return play(&part, &stage),
    };
    // Every stream leads elsewhere, as an SDK arranges it: the terminal is found without them.
    let play = |name: &str| format!("JITPASS_TEST_PART={name} $PLAY </dev/null >/dev/null 2>&1");
    let script = [
        play("in-front"),
        // A background job that writes would be stopped here, and the script would never end.
        "stty tostop".to_owned(),
        format!("{} & wait", play("behind")),
        format!("setsid -w env {}", play("elsewhere")),
        "touch -a -d '2 hours ago' $(tty)".to_owned(),
        play("long-idle"),
        "echo press; read key".to_owned(),
        play("after-a-key"),
        "echo the end".to_owned(),
    ];
    let mut terminal = stage.terminal(TEST, &script.join("\n"));
    let mut shown = terminal.exp_string("press").unwrap();
    terminal.send_line("").unwrap();
    shown += &terminal.exp_string("the end").unwrap();
    for (part, hour, three_hours, is_told) in [
        ("in-front", true, true, true),
        ("behind", false, false, false),
        ("elsewhere", false, false, false),
        ("long-idle", false, true, true),
        ("after-a-key", true, true, true),
    ] {
        assert_eq!(stage.read(part), format!("{hour} {three_hours}"), "{part}");
        assert_eq!(shown.contains(&format!("told {part}\r\n")), is_told, "{part}: {shown:?}");
    }
}

fn play(part: &str, stage: &Stage) {
    tell(&format!("told {part}"));
    stage.note(part, &format!("{} {}", is_attended(HOUR), is_attended(3 * HOUR)));
}
