//! A real browser, driven over the pipe of its developer tools, with scripts switched off.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// What a test waits for comes in a second; this is for the case that it never comes.
const PATIENCE: Duration = Duration::from_mins(1);

pub(super) struct Chromium {
    process: Child,
    commands: File,
    answers: BufReader<File>,
    session: Option<String>,
    last: u64,
    /// What the page complained about.
    pub(super) console: Vec<String>,
    folder: TempDir,
}

impl Chromium {
    /// The browser is `VESTIBULE_TEST_CHROMIUM`, else `chromium` on the path.
    pub(super) fn start(language: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = |name: &str| {
            let path = folder.path().join(name);
            let made = Command::new("mkfifo").arg(&path).status();
            assert!(made.is_ok_and(|made| made.success()), "a pipe");
            path
        };
        let (to, from) = (pipe("to"), pipe("from"));
        let program =
            std::env::var_os("VESTIBULE_TEST_CHROMIUM").unwrap_or_else(|| "chromium".into());
        let log = File::create(folder.path().join("log")).expect("a file");
        // The browser reads descriptor 3 and writes 4. Open for both, none waits for the other.
        let process = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<>\"$TO\" 4<>\"$FROM\""])
            .arg(&program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-pipe",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ])
            .arg(format!("--accept-lang={language}"))
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .env("TO", &to)
            .env("FROM", &from)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", program.display()));
        let mut browser = Self {
            process,
            commands: OpenOptions::new().write(true).open(&to).expect("a pipe"),
            answers: BufReader::new(File::open(&from).expect("a pipe")),
            session: None,
            last: 0,
            console: Vec::new(),
            folder,
        };
        let target = browser.ask("Target.createTarget", &json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = browser.ask("Target.attachToTarget", &attach);
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page.enable", "DOM.enable", "Log.enable", "Network.enable"] {
            browser.ask(domain, &json!({}));
        }
        browser.ask("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
        browser
    }

    pub(super) fn open(&mut self, url: &str) {
        self.ask("Page.navigate", &json!({ "url": url }));
        self.wait_for("h1");
    }

    /// As wide as a telephone or a desk.
    pub(super) fn resize(&mut self, width: u32, height: u32, is_dark: bool) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.ask("Emulation.setDeviceMetricsOverride", &size);
        let value = if is_dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
        self.ask("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// Types into the field with this id.
    pub(super) fn type_into(&mut self, id: &str, text: &str) {
        let node = self.wait_for(&format!("#{id}"));
        self.ask("DOM.focus", &json!({ "nodeId": node }));
        self.ask("Input.insertText", &json!({ "text": text }));
    }

    /// Presses the button with the mouse, and waits until the page with this heading is there.
    pub(super) fn press_button(&mut self, then: &str) {
        let node = self.wait_for("button");
        self.ask("DOM.scrollIntoViewIfNeeded", &json!({ "nodeId": node }));
        let corners =
            self.ask("DOM.getBoxModel", &json!({ "nodeId": node }))["model"]["content"].clone();
        let middle = |one: usize, other: usize| {
            f64::midpoint(corners[one].as_f64().expect("px"), corners[other].as_f64().expect("px"))
        };
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({
                "type": kind, "x": middle(0, 4), "y": middle(1, 5),
                "button": "left", "clickCount": 1,
            });
            self.ask("Input.dispatchMouseEvent", &event);
        }
        let late = Instant::now() + PATIENCE;
        while !self.text("h1").contains(then) {
            assert!(Instant::now() < late, "no {then:?}: {}", self.text("body"));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What stands in the first element that fits.
    pub(super) fn text(&mut self, selector: &str) -> String {
        let node = self.wait_for(selector);
        let html = self.ask("DOM.getOuterHTML", &json!({ "nodeId": node }));
        html["outerHTML"].as_str().unwrap_or_default().to_owned()
    }

    fn wait_for(&mut self, selector: &str) -> Value {
        let late = Instant::now() + PATIENCE;
        loop {
            let root = self.ask("DOM.getDocument", &json!({ "depth": 0 }));
            let query = json!({ "nodeId": root["root"]["nodeId"], "selector": selector });
            let node = self.ask("DOM.querySelector", &query)["nodeId"].clone();
            if node.as_u64().is_some_and(|node| node > 0) {
                return node;
            }
            assert!(Instant::now() < late, "no {selector}: {:?}", self.console);
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Errors are answers as well: a page that goes away takes its nodes along.
    fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.last += 1;
        let mut command = json!({ "id": self.last, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        let mut bytes = command.to_string().into_bytes();
        bytes.push(0);
        self.commands.write_all(&bytes).expect("the browser listens");
        loop {
            let mut bytes = Vec::new();
            self.answers.read_until(0, &mut bytes).expect("the browser answers");
            bytes.pop();
            let message: Value = serde_json::from_slice(&bytes).expect("JSON");
            if message["method"] == "Log.entryAdded" {
                self.console.push(message["params"]["entry"]["text"].to_string());
            }
            if message["id"] == self.last {
                return message["result"].clone();
            }
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(self.folder.path().join("profile"));
    }
}
