//! A deployment founded as people do it, served by the real program, and its people behind their certificates.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use futures_util::future::join_all;
use http::{Method, header};
use serde_json::Value;
use vigie::{
    clock::Clock,
    config::{
        Folder, Header, Kind, SignedFile,
        shape::{AccountEntry, ConfigFile, RevokeFile},
    },
    crypto::{Digest, Entropy, sha256},
    ids::AccountId,
    ops::{
        client::{Answer, Client, ClientError, Credentials, Target, Version, empty, full, upload},
        demo::{
            self,
            found::{Founding, ROLES, found},
        },
        init::{Plan, init},
    },
};
use zeroize::Zeroizing;

/// Those who write, each with the label they work at.
pub(crate) const ANALYSTS: [(&str, &str); 3] =
    [("analyste-dr", "DR"), ("analyste-s", "S/ALPHA"), ("analyste-etr", "S/FRA,BEL")];
/// Attempts to connect to a server that has said that it answers.
const ATTEMPTS: usize = 6;
/// Who reads the journal.
pub(crate) const OFFICER: (&str, &str) = ("officier", "NP");

/// A deployment, and what its people have in hand. Its folder goes away with it.
pub(crate) struct Site {
    /// All that belongs to it.
    pub(crate) root: PathBuf,
    /// The folder that a server would have.
    pub(crate) dir: PathBuf,
    /// Identifiers of the accounts, by the name of the certificate.
    pub(crate) people: BTreeMap<String, AccountId>,
    demo: demo::Site,
    founding: Founding,
    /// SHA-256 of the first configuration.
    config: Digest,
}

impl Site {
    /// A new deployment whose folder is `dir`, or a folder of its own on the same volume as everything that is built.
    pub(crate) async fn found(dir: Option<&Path>, change: impl FnOnce(&mut ConfigFile)) -> Self {
        Self::found_in(Path::new(env!("CARGO_TARGET_TMPDIR")), dir, change).await
    }

    /// The same, with all its files under `within`.
    pub(crate) async fn found_in(within: &Path, dir: Option<&Path>, change: impl FnOnce(&mut ConfigFile)) -> Self {
        let id = Entropy::default().id().expect("random bytes");
        let root = within.join(format!("rough-{id}"));
        fs::create_dir_all(&root).expect("a folder");
        let demo = demo::Site::at(root.join("demo"));
        let founding = found(&demo, &Clock::System, &Entropy::default()).await.expect("a deployment");
        let mut config = founding.config.clone();
        config.limits.requests_per_minute = Some(10_000_000);
        let known: BTreeMap<_, _> = config.accounts.iter().map(|account| (account.id, account.name.clone())).collect();
        change(&mut config);
        // By the name of the certificate, whatever the account is called now.
        let name = |account: &AccountEntry| known.get(&account.id).unwrap_or(&account.name).clone();
        let people = config.accounts.iter().map(|account| (name(account), account.id)).collect();
        let text = config.to_toml().expect("toml");
        let server = founding
            .authority
            .issue_server(&["localhost".to_owned()], &[[127, 0, 0, 1].into()], 30)
            .expect("a certificate");
        let signed = |name: &str| fs::read(demo.root().join("signed").join(name)).expect("a signed file");
        let plan = Plan {
            root: SignedFile {
                bytes: signed("root.toml"),
                signatures: vec![signed("root.toml.sig.1"), signed("root.toml.sig.2")],
            },
            config: founding.signed(Kind::Config, &text).expect("signatures"),
            policies: Vec::new(),
            server_certificate: server.certificate.into_bytes(),
            server_key: Zeroizing::new(server.key.expect("a key").as_bytes().to_vec()),
            credential: None,
            passphrase: None,
        };
        let dir = dir.map_or_else(|| root.join("site"), Path::to_owned);
        init(&dir, plan, Clock::System, Entropy::default()).await.expect("a deployment");
        Self { root, dir, people, demo, founding, config: sha256(&[text.as_bytes()]) }
    }

    /// The program on that deployment, on any free port.
    pub(crate) fn program(&self) -> Command {
        let mut command = vigie();
        command.arg("serve").arg("--dir").arg(&self.dir).args(["--listen", "127.0.0.1:0"]);
        command
    }

    /// Starts the server and waits until it says that it answers.
    pub(crate) fn serve(&self) -> Served {
        Served::start(self.program(), &self.root)
    }

    /// Somebody, not connected yet.
    pub(crate) fn credentials(&self, name: &str) -> Credentials {
        let read = |path: PathBuf| fs::read(path).expect("a file");
        let (certificate, key) = (read(self.demo.certificate(name)), read(self.demo.key(name)));
        Credentials::from_pem(&read(self.demo.authority()), &certificate, &key, &Clock::System).expect("good files")
    }

    /// Connects somebody.
    pub(crate) async fn connect(
        &self,
        address: SocketAddr,
        (name, working): (&'static str, &'static str),
    ) -> Result<Person, ClientError> {
        let target = Target::parse(&format!("https://{address}"), Version::Http2)?;
        let client = Client::connect(target, self.credentials(name)).await?;
        Ok(Person { name, working, client })
    }

    /// Connects somebody, however long a machine that is busy with other things takes. Nothing has been asked before
    /// there is a connection, so a second attempt does nothing twice.
    pub(crate) async fn connect_at_last(&self, address: SocketAddr, who: (&'static str, &'static str)) -> Person {
        let mut said = Vec::new();
        for _ in 0..ATTEMPTS {
            match self.connect(address, who).await {
                Ok(person) => return person,
                Err(error) => said.push(error),
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        panic!("{who:?} gets no connection to {address}: {said:?}");
    }

    /// Hands in a revocation, the first of this deployment, that suspends an account.
    pub(crate) fn suspend(&self, name: &str) {
        let header = &self.founding.config.header;
        let header = Header::following(
            Kind::Revoke,
            self.founding.inception.deployment,
            Some((0, self.config)),
            header.not_before,
            header.expires,
        );
        let revoke = RevokeFile {
            header,
            reason: "parti".to_owned(),
            suspend: vec![self.people[name]],
            remove_certificates: BTreeMap::new(),
            lower_clearances: BTreeMap::new(),
            remove_roles: BTreeMap::new(),
        };
        let file = self.founding.signed(Kind::Revoke, &revoke.to_toml().expect("toml")).expect("signatures");
        Folder::at(self.dir.join("config")).submit(Kind::Revoke, &file, &[]).expect("an inbox");
    }

    /// What the person needs on the command line.
    pub(crate) fn access(&self, name: &str) -> Vec<String> {
        let path = |path: PathBuf| path.display().to_string();
        ["--ca".to_owned(), path(self.demo.authority())]
            .into_iter()
            .chain(["--cert".to_owned(), path(self.demo.certificate(name))])
            .chain(["--key".to_owned(), path(self.demo.key(name))])
            .collect()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            drop(fs::remove_dir_all(&self.root));
        }
    }
}

/// The program, with nothing of our surroundings.
pub(crate) fn vigie() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.env_clear().env("LANG", "en").stdin(Stdio::null());
    command
}

/// A server of ours: a child process, killed when forgotten.
pub(crate) struct Served {
    child: Child,
    /// Where it answers.
    pub(crate) address: SocketAddr,
}

impl Served {
    /// Bytes of its memory that are in use now, and the most that ever were.
    pub(crate) fn memory(&self) -> (u64, u64) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a status");
        let bytes = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).expect("a line");
            line.split_whitespace().nth(1).expect("a number").parse::<u64>().expect("a number") * 1024
        };
        (bytes("VmRSS:"), bytes("VmHWM:"))
    }

    /// Starts a program that ends up saying where it answers. What it says goes to files in `logs`.
    pub(crate) fn start(mut program: Command, logs: &Path) -> Self {
        let mut child = spawn(&mut program, logs);
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        let Some(address) = address(&line) else {
            drop(child.wait());
            panic!("{line:?} {}", fs::read_to_string(logs.join("stderr")).unwrap_or_default());
        };
        let mut kept = appended(&logs.join("stdout"));
        // Read to its end, or a full pipe would stop it one day.
        std::thread::spawn(move || drop(std::io::copy(&mut out, &mut kept)));
        Self { child, address }
    }

    /// Ends it as power would.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// Ends it in order.
    pub(crate) fn stop(mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("told");
        assert!(self.child.wait().expect("ended").success(), "an end in order");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Starts a server without waiting for its word.
pub(crate) fn spawn(program: &mut Command, logs: &Path) -> Child {
    program.stdout(Stdio::piped()).stderr(appended(&logs.join("stderr"))).spawn().expect("the program starts")
}

fn appended(path: &Path) -> fs::File {
    fs::OpenOptions::new().create(true).append(true).open(path).expect("a log")
}

/// The address in the line with which a server says that it answers.
pub(crate) fn address(line: &str) -> Option<SocketAddr> {
    let rest = line.split("https://").nth(1)?;
    rest.split_whitespace().next()?.parse().ok()
}

/// A whole answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) tag: String,
    pub(crate) bytes: Vec<u8>,
}

impl Reply {
    async fn of(answer: Answer) -> Result<Self, ClientError> {
        let status = answer.status().as_u16();
        let tag = answer.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default().to_owned();
        Ok(Self { status, tag, bytes: answer.bytes().await?.to_vec() })
    }

    /// Whether it was done.
    pub(crate) const fn done(&self) -> bool {
        200 <= self.status && self.status < 300
    }

    /// The body.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The items of a page.
    pub(crate) fn items(&self) -> Vec<Value> {
        self.json()["items"].as_array().cloned().unwrap_or_default()
    }

    /// The answer of something that cannot fail here.
    #[track_caller]
    pub(crate) fn good(self) -> Self {
        assert!(self.done(), "{} {}", self.status, String::from_utf8_lossy(&self.bytes));
        self
    }

    /// The identifier of what was made.
    #[track_caller]
    pub(crate) fn id(self) -> String {
        text(&self.good().json(), "id")
    }
}

/// A text inside an object.
#[track_caller]
pub(crate) fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}

/// Somebody with a connection.
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) working: &'static str,
    client: Client,
}

impl Person {
    /// Sends bytes as they come: part by part, so many of them, from an upload's byte on.
    pub(crate) async fn send_content(
        &mut self,
        id: &str,
        from: u64,
        parts: impl Iterator<Item = Vec<u8>> + Send + 'static,
    ) -> Result<Reply, ClientError> {
        let path = format!("/api/v1/attachments/{id}/content?offset={from}");
        let request = Client::request(Method::PUT, &path)
            .header("vigie-working", self.working)
            .header(header::CONTENT_TYPE, "application/octet-stream");
        let (end, body) = upload();
        let answer = self.client.begin(request.body(body).expect("a request")).await?;
        let fed = tokio::spawn(async move {
            for part in parts {
                end.push(part).await?;
            }
            end.finish().await
        });
        let answer = answer.await?;
        // An answer may come before the last part is asked for.
        drop(fed.await);
        Reply::of(answer).await
    }

    /// Reads a content; `each` is handed what comes.
    pub(crate) async fn read_content(&mut self, id: &str, mut each: impl FnMut(&[u8])) -> Result<u16, ClientError> {
        let path = format!("/api/v1/attachments/{id}/content");
        let request = Client::request(Method::GET, &path).header("vigie-working", self.working);
        let mut answer = self.client.send(request.body(empty()).expect("a request")).await?;
        while let Some(part) = answer.chunk().await? {
            each(&part);
        }
        Ok(answer.status().as_u16())
    }

    async fn begin(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<impl Future<Output = Result<Reply, ClientError>> + use<>, ClientError> {
        let mut request = Client::request(method, &format!("/api/v1{path}")).header("vigie-working", self.working);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(value) => {
                let kind = if value.is_string() { "application/x-ndjson" } else { "application/json" };
                request = request.header(header::CONTENT_TYPE, kind);
                full(value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned))
            }
            None => empty(),
        };
        let answer = self.client.begin(request.body(body).expect("a request")).await?;
        Ok(async move { Reply::of(answer.await?).await })
    }

    /// One request. A body that is a JSON string is sent as lines of JSON.
    pub(crate) async fn ask(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Reply, ClientError> {
        self.begin(method, path, headers, body).await?.await
    }

    /// Reads.
    pub(crate) async fn get(&mut self, path: &str) -> Result<Reply, ClientError> {
        self.ask(Method::GET, path, &[], None).await
    }

    /// Makes something, once for each key.
    pub(crate) async fn post(&mut self, path: &str, key: &str, body: &Value) -> Result<Reply, ClientError> {
        self.ask(Method::POST, path, &[("idempotency-key", key)], Some(body)).await
    }

    /// Changes what still bears that tag.
    pub(crate) async fn put(&mut self, path: &str, tag: &str, body: &Value) -> Result<Reply, ClientError> {
        self.ask(Method::PUT, path, &[("if-match", tag)], Some(body)).await
    }

    /// Deletes what still bears that tag.
    pub(crate) async fn delete(&mut self, path: &str, tag: &str) -> Result<Reply, ClientError> {
        self.ask(Method::DELETE, path, &[("if-match", tag)], None).await
    }

    /// Reads many things, several at once, in their order.
    pub(crate) async fn read(&mut self, paths: &[String]) -> Result<Vec<Reply>, ClientError> {
        let mut replies = Vec::with_capacity(paths.len());
        for some in paths.chunks(48) {
            let mut begun = Vec::with_capacity(some.len());
            for path in some {
                begun.push(self.begin(Method::GET, path, &[], None).await?);
            }
            for reply in join_all(begun).await {
                replies.push(reply?);
            }
        }
        Ok(replies)
    }
}

/// The names of all accounts.
pub(crate) fn names() -> [&'static str; 4] {
    ROLES.map(|role| role.name)
}
