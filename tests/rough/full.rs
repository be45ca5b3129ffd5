//! The volume fills up while people work, and gets room again. A small volume of its own in a mount namespace; the
//! rest of the world is as it is.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use tokio::time::{Instant, sleep};

use crate::{
    dice::Dice,
    ledger::{Ledger, Went},
    offline::examine,
    site::{ANALYSTS, Person, Site, address},
};

/// What runs inside: the server, and orders from our side.
const INSIDE: &str = r#"
mount -t tmpfs -o size=128m,mode=0700 none "$1" || exit 9
cp -a "$2" "$1/site" || exit 9
"$3" serve --dir "$1/site" --listen 127.0.0.1:0 2>>"$4" & server=$!
while read -r order; do
  case $order in
    fill) dd if=/dev/zero of="$1/ballast" bs=4k 2>/dev/null; echo done;;
    room) rm -f "$1/ballast"; echo done;;
    stop) kill -TERM $server; wait $server; echo "done $?";;
    kill) kill -9 $server; wait $server; echo done;;
    keep) rm -rf "$2" && cp -a "$1/site" "$2"; echo done;;
    serve) "$3" serve --dir "$1/site" --listen 127.0.0.1:0 2>>"$4" & server=$!;;
  esac
done
kill -9 $server
"#;

/// A server on a volume of 128 MiB.
struct Small {
    child: Child,
    orders: ChildStdin,
    out: BufReader<ChildStdout>,
    mounted: PathBuf,
}

impl Small {
    fn start(site: &Site) -> Self {
        let mounted = site.root.join("small");
        fs::create_dir_all(&mounted).expect("a folder");
        let mut child = Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", INSIDE, "sh"])
            .args([mounted.as_path(), &site.dir, Path::new(env!("CARGO_BIN_EXE_vigie")), &site.root.join("stderr")])
            .env("LANG", "en")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("unshare, from util-linux");
        let orders = child.stdin.take().expect("a pipe");
        let out = BufReader::new(child.stdout.take().expect("a pipe"));
        Self { child, orders, out, mounted }
    }

    fn line(&mut self, such: impl Fn(&str) -> bool) -> String {
        loop {
            let mut line = String::new();
            assert!(self.out.read_line(&mut line).expect("a line") > 0, "it ended");
            if such(&line) {
                return line;
            }
        }
    }

    fn ready(&mut self) -> SocketAddr {
        let line = self.line(|line| address(line).is_some());
        address(&line).expect("an address")
    }

    fn order(&mut self, order: &str) -> String {
        writeln!(self.orders, "{order}").expect("an order");
        self.line(|line| line.starts_with("done"))
    }

    fn serve_again(&mut self) -> SocketAddr {
        writeln!(self.orders, "serve").expect("an order");
        self.ready()
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        // The end of its orders ends it, and the volume with its namespace.
        drop(self.child.kill());
        drop(self.child.wait());
        drop(fs::remove_dir(&self.mounted));
    }
}

#[derive(Default, Debug)]
struct Told {
    done: u64,
    unavailable: u64,
    done_on_a_full_volume: u64,
    back_within_ms: u128,
}

async fn work(ledger: &mut Ledger, person: &mut Person, acts: usize, told: &mut Told) {
    for _ in 0..acts {
        assert_eq!(ledger.act(person).await.expect("an answer"), Went::Well);
        told.done += 1;
    }
}

/// Goes on until the server says for some time that it can do nothing; then nobody gets anything.
async fn work_until_full(ledger: &mut Ledger, person: &mut Person, told: &mut Told) {
    let mut refused = 0;
    let patience = Instant::now();
    while refused < 20 {
        assert!(patience.elapsed() < Duration::from_secs(120), "a full volume is noticed");
        let went = match ledger.settle(person).await.expect("an answer") {
            Went::Well => ledger.try_act(person).await.expect("an answer"),
            refused @ Went::Refused(..) => refused,
        };
        match went {
            Went::Well => {
                told.done_on_a_full_volume += 1;
                refused = 0;
            }
            Went::Refused(status, code) => {
                assert_eq!((status, code.as_str()), (503, "unavailable"));
                refused += 1;
                told.unavailable += 1;
                sleep(Duration::from_millis(20)).await;
            }
        }
    }
    for path in ["/me", "/spaces", "/policy", "/feed"] {
        let reply = person.get(path).await.expect("an answer");
        assert_eq!(reply.status, 503, "{path}: a read that cannot be journalled is not answered");
    }
}

async fn back(ledger: &mut Ledger, person: &mut Person, told: &mut Told) {
    let begun = Instant::now();
    while ledger.settle(person).await.expect("an answer") != Went::Well
        || !person.get("/me").await.expect("an answer").done()
    {
        assert!(begun.elapsed() < Duration::from_secs(90), "with room, service resumes");
        sleep(Duration::from_millis(50)).await;
    }
    told.back_within_ms = told.back_within_ms.max(begun.elapsed().as_millis());
    ledger.check(person, true).await.expect("answers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_volume_acknowledges_nothing_it_has_not_kept_and_service_resumes_with_room() {
    let site = Site::found(None, |_config| {}).await;
    let mut told = Told::default();
    let mut small = Small::start(&site);
    let mut person = site.connect(small.ready(), ANALYSTS[0]).await.expect("a connection");
    let mut ledger = Ledger::begin(&mut person, Dice::thrown("full volume"), 0).await;
    // The room that RocksDB has reserved for its log is soon used up.
    ledger.lengths = &[500, 20_000, 60_000];
    for _ in 0..3 {
        work(&mut ledger, &mut person, 60, &mut told).await;
        small.order("fill");
        work_until_full(&mut ledger, &mut person, &mut told).await;
        small.order("room");
        // The same process, the same connection.
        back(&mut ledger, &mut person, &mut told).await;
    }
    // A full volume, and then the power goes too.
    small.order("fill");
    work_until_full(&mut ledger, &mut person, &mut told).await;
    small.order("kill");
    ledger.cut();
    small.order("room");
    let mut person = site.connect(small.serve_again(), ANALYSTS[0]).await.expect("a connection");
    back(&mut ledger, &mut person, &mut told).await;
    work(&mut ledger, &mut person, 30, &mut told).await;
    assert_eq!(small.order("stop").trim(), "done 0", "an end in order");
    small.order("keep");
    let examined = examine(&site.dir);
    examined.compare(std::slice::from_ref(&ledger), true);
    println!(
        "full volume: {told:?}; {} acknowledged writes, journal {} entries",
        ledger.acknowledged.len(),
        examined.report.entries
    );
    assert!(told.unavailable >= 80);
}
