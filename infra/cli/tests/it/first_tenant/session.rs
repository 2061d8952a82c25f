//! Somebody at three terminals.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use stage::{Browser, Choice};

use crate::{desk::text, pages::root};

/// A program that says nothing for so long has a fault. Far over what a loaded machine needs to start it.
const STARTS_WITHIN: Duration = Duration::from_mins(2);

/// What is typed, or done otherwise.
pub(super) enum Step {
    /// The simulated Fortnox, which stays up.
    Fortnox { why: &'static str, typed: &'static str },
    /// The local cloud, which stays up.
    Cloud { why: &'static str, typed: &'static str },
    /// The lines that it printed, typed in the third terminal.
    Exports { why: &'static str },
    /// A request with a body.
    Secret { why: &'static str, typed: &'static str },
    /// A request that waits.
    Idle { why: &'static str, typed: &'static str },
    /// `fakturapilot connect`, and what is done in a browser with its link.
    Link { why: &'static str, typed: &'static str, then: &'static str },
    /// Any other command of `fakturapilot`, and how it ends.
    Typed { why: &'static str, typed: String, code: i32 },
    /// Nothing.
    Prose { words: &'static str },
}

/// The terminals.
pub(super) struct Session {
    binaries: local::Binaries,
    state: PathBuf,
    running: Vec<Child>,
    /// What the page shows, and what it's really called here.
    really: Vec<(String, String)>,
    environment: BTreeMap<String, String>,
}

impl Drop for Session {
    fn drop(&mut self) {
        for child in &mut self.running {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Session {
    pub(super) fn begin(name: &str) -> Self {
        let state = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if state.exists() {
            std::fs::remove_dir_all(&state).unwrap();
        }
        let binaries = local::build(&root()).unwrap();
        let really = vec![("target/local".to_owned(), state.display().to_string())];
        Self { binaries, state, running: Vec::new(), really, environment: BTreeMap::new() }
    }

    pub(super) fn end(mut self) {
        let running = std::mem::take(&mut self.running);
        for mut child in running {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Takes a step. Gives its part of the page.
    pub(super) async fn take(&mut self, step: Step) -> String {
        match step {
            Step::Fortnox { why, typed } => {
                let said = self.start("fortnox-sim", &typed.replace("--port 8090", "--port 0"), "listening on");
                let url = said.trim().rsplit(' ').next().unwrap().to_owned();
                self.really.push(("http://127.0.0.1:8090".to_owned(), url));
                self.part(why, typed, &said)
            }
            Step::Cloud { why, typed } => self.start_cloud(why, typed),
            Step::Exports { why } => {
                let mut lines: Vec<String> =
                    self.environment.iter().map(|(name, value)| format!("export {name}={value}")).collect();
                lines.push("alias fakturapilot='cargo run --quiet --bin fakturapilot --'".to_owned());
                let typed = lines.join("\n$ ");
                self.part(why, &typed, "")
            }
            Step::Secret { why, typed } => {
                let (request, body) = typed.split_once(" -d '").unwrap();
                let address = self.here(request.rsplit(' ').next().unwrap());
                let body = body.trim_end_matches('\'').to_owned();
                let answer = reqwest::Client::new().put(address).body(body).send().await.unwrap();
                assert!(answer.status().is_success());
                self.part(why, typed, &answer.text().await.unwrap())
            }
            Step::Idle { why, typed } => {
                let said = self.get(typed.rsplit(' ').next().unwrap()).await;
                self.part(why, typed, &said)
            }
            Step::Link { why, typed, then } => {
                let said = self.fakturapilot(typed, 0);
                let link = said.lines().next().unwrap().to_owned();
                let (_, secret) = link.split_once("link=").unwrap();
                let browser = Browser::new("sv").unwrap();
                let last = browser.consent(&link, secret, Choice::Approve(7_654_321)).await.unwrap();
                assert_eq!(last.status, 200, "{}", last.html);
                // The look that follows the consent is over before the next command is typed.
                self.get("http://127.0.0.1:8080/idle").await;
                format!("{}\n{then}\n", self.part(why, typed, &said.replace(secret, "\u{2026}")))
            }
            Step::Typed { why, typed, code } => {
                let said = self.fakturapilot(&typed, code);
                self.part(why, &typed, &said)
            }
            Step::Prose { words } => format!("\n{words}\n"),
        }
    }

    /// Everybody that mails went to.
    pub(super) async fn mails(&self) -> Vec<String> {
        let mails: serde_json::Value = serde_json::from_str(&self.get("http://127.0.0.1:8080/mails").await).unwrap();
        mails.to_string().split('"').map(str::to_owned).collect()
    }

    async fn get(&self, address: &str) -> String {
        let answer = reqwest::get(self.here(address)).await.unwrap();
        assert!(answer.status().is_success(), "{address}");
        answer.text().await.unwrap()
    }

    fn start_cloud(&mut self, why: &str, typed: &str) -> String {
        let ports = "--dynamodb-port 0 --sqs-port 0 --ses-port 0 --secrets-port 0 --api-port 0 --control-port 0";
        let really = format!("{typed} --state {} {ports}", self.state.display());
        let said = self.start("local", &really, "fakturapilot -- --help");
        let usual = [
            ("control", 8080),
            ("HTTP API", 8081),
            ("DynamoDB", 8000),
            ("SQS", 9324),
            ("SES", 8005),
            ("Secrets", 8006),
        ];
        for (name, port) in usual {
            let line = said.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
            let url = line.split_whitespace().last().unwrap().to_owned();
            self.really.push((format!("http://127.0.0.1:{port}"), url));
        }
        for line in said.lines().filter_map(|line| line.trim().strip_prefix("export ")) {
            let pairs = line.split_whitespace().map(|pair| pair.split_once('=').unwrap());
            let shown: Vec<_> = pairs.map(|(name, value)| (name.to_owned(), self.as_shown(value))).collect();
            self.environment.extend(shown);
        }
        self.part(why, typed, &said)
    }

    /// Starts a program that stays up, and waits until it has said `ready`. Gives what it said until then.
    fn start(&mut self, name: &str, typed: &str, ready: &str) -> String {
        let (_, words) = typed.split_once(" -- ").unwrap();
        let words: Vec<String> = words.split_whitespace().map(|word| self.here(word)).collect();
        let mut child =
            Command::new(&self.binaries[name]).args(words).current_dir(root()).stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        self.running.push(child);
        let (send, lines) = mpsc::channel();
        // Goes on reading until the program ends: one that nobody reads from would stop.
        std::thread::spawn(move || output.lines().map_while(Result::ok).for_each(|line| _ = send.send(line)));
        let mut said = String::new();
        while !said.contains(ready) {
            said.push_str(&lines.recv_timeout(STARTS_WITHIN).unwrap_or_else(|_| panic!("{name} isn't ready: {said}")));
            said.push('\n');
        }
        said
    }

    fn fakturapilot(&self, typed: &str, code: i32) -> String {
        // As a shell takes its quotes off.
        let words: Vec<&str> = typed.split_whitespace().map(|word| word.trim_matches('\'')).collect();
        let (program, words) = words.split_first().unwrap();
        assert_eq!(*program, "fakturapilot");
        let output = Command::new(env!("CARGO_BIN_EXE_fakturapilot"))
            .args(words)
            .envs(self.environment.iter().map(|(name, value)| (name, self.here(value))))
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("USER", "anna")
            .output()
            .unwrap();
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{typed}: {said}");
        said
    }

    /// What the page calls something, as it's really called here.
    fn here(&self, shown: &str) -> String {
        self.really.iter().fold(shown.to_owned(), |text, (page, here)| text.replace(page, here))
    }

    /// The other way round.
    fn as_shown(&self, text: &str) -> String {
        self.really.iter().fold(text.to_owned(), |text, (page, here)| text.replace(here, page))
    }

    fn part(&self, why: &str, typed: &str, said: &str) -> String {
        let why = if why.is_empty() { String::new() } else { format!("\n{why}\n") };
        let said: Vec<String> = self.as_shown(said).lines().map(|line| masked(line.trim_end())).collect();
        let said = said.join("\n");
        let said = if said.trim().is_empty() { String::new() } else { format!("{}\n", said.trim_end()) };
        format!("{why}\n```console\n$ {typed}\n{said}```\n")
    }
}

/// Times of day, and what is made by chance, as the page shows them.
fn masked(line: &str) -> String {
    let masked: Vec<String> = line.split(' ').map(word).collect();
    masked.join(" ")
}

fn word(word: &str) -> String {
    let shape: String = word.chars().map(|one| if one.is_ascii_digit() { '0' } else { one }).collect();
    if shape.starts_with("00:00:00") {
        return format!("hh:mm:ss{}", &word[8..]);
    }
    if shape.starts_with("00:00") {
        return format!("hh:mm{}", &word[5..]);
    }
    let hex = |text: &str| text.len() >= 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    match word.trim_end_matches([',', ')', '.', ';']) {
        name if name.starts_with("fp_") || name.strip_prefix("local-").is_some_and(hex) || hex(name) => {
            word.replace(name, "\u{2026}")
        }
        _ => word.to_owned(),
    }
}
