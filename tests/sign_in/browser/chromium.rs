//! The browser.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::stage::Site;
use crate::harness::{skip, tool};

/// After which something that a test waits for does not come any more. Two cores may have much else to do.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running browser. It ends with this value.
pub(super) struct Chromium {
    driver: Child,
    steps: RefCell<Option<ChildStdin>>,
    outcomes: Receiver<String>,
    pub(super) version: String,
}

/// How a person has set up their browser.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner<'a> {
    /// Whether pages may run scripts.
    pub(super) scripts: bool,
    pub(super) dark: bool,
    /// Of the window, in pixels.
    pub(super) width: u32,
    /// What that site may do.
    pub(super) grants: &'a [(&'a str, &'a [&'a str])],
}

impl Default for Manner<'_> {
    fn default() -> Self {
        Self { scripts: true, dark: false, width: 1000, grants: &[] }
    }
}

impl Chromium {
    /// Starts one to which these sites are on the internet. `None`, said by the harness, where something is missing.
    pub(super) fn start(sites: &[&Site]) -> Option<Self> {
        Self::with_flags(sites, &[])
    }

    /// With flags of Chromium's own.
    pub(super) fn with_flags(sites: &[&Site], flags: &[&str]) -> Option<Self> {
        let (node, modules, browser) = (tool("node")?, tool("node-dir")?, tool("chromium")?);
        if !modules.join("node_modules/playwright-core").is_dir() {
            skip("playwright-core is missing (tests/run installs it)");
            return None;
        }
        let sites: Vec<Value> = sites
            .iter()
            .map(|site| json!({ "host": site.host, "port": site.port, "authority": site.authority }))
            .collect();
        let config = json!({
            "browser": browser, "pictures": pictures(), "sites": sites, "flags": flags,
            "patience": u64::try_from(PATIENCE.as_millis()).expect("it is short"),
        });
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sign_in/browser/drive.cjs");
        let mut driver = Command::new(node)
            .args([&script, &modules])
            .arg(config.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let (sender, outcomes) = mpsc::channel();
        let stdout = BufReader::new(driver.stdout.take().expect("it is a pipe"));
        thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let steps = RefCell::new(driver.stdin.take());
        let mut chromium = Self { driver, steps, outcomes, version: String::new() };
        let started = chromium.outcome(&json!("start"));
        started["version"].as_str().expect("a browser has a version").clone_into(&mut chromium.version);
        Some(chromium)
    }

    /// Lets a person come in who has set up their browser in some manner; others have it as it comes.
    #[track_caller]
    pub(super) fn person(&self, name: &str, manner: Manner<'_>) {
        let grants: Vec<Value> = manner
            .grants
            .iter()
            .map(|(origin, permissions)| json!({ "origin": origin, "permissions": permissions }))
            .collect();
        self.step(&json!({
            "do": "person", "person": name, "scripts": manner.scripts, "dark": manner.dark,
            "width": manner.width, "grants": grants,
        }));
    }

    /// Lets a site do more for a person who is there.
    #[track_caller]
    pub(super) fn grant(&self, person: &str, site: &str, permissions: &[&str]) {
        self.step(&json!({ "do": "grant", "person": person, "origin": site, "permissions": permissions }));
    }

    /// A person's tab, by a name of its own.
    pub(super) fn tab<'a>(&'a self, person: &'a str, name: &'a str) -> Tab<'a> {
        Tab { chromium: self, person, name }
    }

    #[track_caller]
    fn step(&self, step: &Value) -> Value {
        {
            let mut steps = self.steps.borrow_mut();
            let pipe = steps.as_mut().expect("it is open until the end");
            writeln!(pipe, "{step}").expect("the driver reads");
        }
        self.outcome(step)
    }

    #[track_caller]
    fn outcome(&self, step: &Value) -> Value {
        let line = self.outcomes.recv_timeout(PATIENCE * 2);
        let line = line.unwrap_or_else(|_| panic!("the driver is silent after {}", plainly(step)));
        let outcome: Value = serde_json::from_str(&line).expect("the driver speaks JSON");
        if let Some(error) = outcome["error"].as_str() {
            panic!("{}: {}", plainly(step), plainly(&json!(error)));
        }
        outcome["result"].clone()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It closes the browser and goes when there are no more steps; Chromium goes when its driver does.
        drop(self.steps.take());
        let deadline = Instant::now() + PATIENCE;
        while matches!(self.driver.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(2));
        }
        self.driver.kill().ok();
        self.driver.wait().ok();
    }
}

/// A tab of the browser.
#[derive(Clone, Copy)]
pub(super) struct Tab<'a> {
    chromium: &'a Chromium,
    person: &'a str,
    name: &'a str,
}

impl Tab<'_> {
    /// Opens an address; gives the status of the page where it ends.
    #[track_caller]
    pub(super) fn open(&self, url: &str) -> Option<u64> {
        self.step(json!({ "do": "open", "url": url })).as_u64()
    }

    /// Opens an address as if a link on another page led there.
    #[track_caller]
    pub(super) fn open_from(&self, referrer: &str, url: &str) {
        self.step(json!({ "do": "open", "url": url, "referrer": referrer }));
    }

    /// Presses the button whose name holds this.
    #[track_caller]
    pub(super) fn press(&self, button: &str) {
        self.step(json!({ "do": "press", "name": button }));
    }

    /// Follows the link whose name holds this.
    #[track_caller]
    pub(super) fn follow(&self, link: &str) {
        self.step(json!({ "do": "follow", "name": link }));
    }

    /// Types into the field with this label.
    #[track_caller]
    pub(super) fn type_into(&self, label: &str, text: &str) {
        self.step(json!({ "do": "type", "name": label, "text": text }));
    }

    /// Waits until the page has this heading.
    #[track_caller]
    pub(super) fn see(&self, heading: &str) {
        self.step(json!({ "do": "see", "heading": heading }));
    }

    /// Waits until the page says this.
    #[track_caller]
    pub(super) fn says(&self, text: &str) {
        self.step(json!({ "do": "says", "text": text }));
    }

    /// The text of the page.
    #[track_caller]
    pub(super) fn text(&self) -> String {
        text(&self.step(json!({ "do": "read" })))
    }

    /// Waits until the page has this heading; gives its text.
    #[track_caller]
    pub(super) fn reads(&self, heading: &str) -> String {
        self.see(heading);
        self.text()
    }

    /// Goes one page back; gives the network's error where there is nothing any more.
    #[track_caller]
    pub(super) fn back(&self) -> Value {
        self.step(json!({ "do": "back" }))
    }

    /// Loads the page again; gives its status, or the network's error.
    #[track_caller]
    pub(super) fn reload(&self) -> Value {
        self.step(json!({ "do": "reload" }))
    }

    /// The addresses and titles that the tab goes back through, the present one among them.
    #[track_caller]
    pub(super) fn history(&self) -> Vec<String> {
        self.step(json!({ "do": "history" })).as_array().expect("a list").iter().map(text).collect()
    }

    /// What was sent to addresses that start so: method and path, what the browser says of who asks, and what became
    /// of it.
    #[track_caller]
    pub(super) fn sent(&self, prefix: &str) -> Vec<String> {
        let sent = self.step(json!({ "do": "sent", "prefix": prefix }));
        let told = |request: &Value| {
            let headers: Vec<String> =
                request["headers"].as_array().expect("a list").iter().map(text).collect();
            let failure = request["failure"].as_str().map(|why| format!(" ({why})")).unwrap_or_default();
            format!("{}{failure}; {}", text(&request["line"]), headers.join("; "))
        };
        sent.as_array().expect("a list").iter().map(told).collect()
    }

    /// Runs a script in the page.
    #[track_caller]
    pub(super) fn run(&self, script: &str) -> Value {
        self.step(json!({ "do": "run", "script": script }))
    }

    /// What the browser refused the page.
    #[track_caller]
    pub(super) fn refused(&self) -> Vec<String> {
        self.step(json!({ "do": "refused" })).as_array().expect("a list").iter().map(text).collect()
    }

    /// Takes a picture of all of the page, which must not be wider than its window.
    #[track_caller]
    pub(super) fn picture(&self, name: &str) {
        let is_too_wide = self.step(json!({ "do": "picture", "name": name }));
        assert_eq!(is_too_wide, json!(false), "{name} is wider than its window");
    }

    #[track_caller]
    fn step(&self, mut step: Value) -> Value {
        step["tab"] = json!(self.name);
        step["person"] = json!(self.person);
        self.chromium.step(&step)
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// A step or an error for a failing test's output: addresses hold tokens.
fn plainly(step: &Value) -> String {
    let text = step.to_string();
    let mut parts = text.split("SIMTOKEN");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |told, part| {
        let end =
            part.find(|c: char| !(c.is_ascii_alphanumeric() || "-_%".contains(c))).unwrap_or(part.len());
        told + "[TOKEN]" + &part[end..]
    })
}

/// Where pictures go.
fn pictures() -> PathBuf {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-run/pages");
    std::fs::create_dir_all(&directory).expect("target/ is ours");
    directory
}
