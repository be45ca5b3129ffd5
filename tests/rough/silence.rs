//! A machine without any network: a namespace with nothing but `lo`. Everything works, and the server calls nobody.

use std::{
    fs,
    process::{Command, Output, Stdio},
};

use crate::site::Site;

/// A shell in a network namespace with no route at all.
fn alone(script: &str, arguments: &[&str]) -> Output {
    Command::new("unshare")
        .args(["--user", "--map-root-user", "--net", "sh", "-euc"])
        .arg(format!("ip link set lo up; {script}"))
        .arg("sh")
        .args(arguments)
        .env("LANG", "en")
        .stdin(Stdio::null())
        .output()
        .expect("unshare, from util-linux")
}

fn said(output: &Output) -> String {
    [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)].concat()
}

#[test]
fn the_namespace_of_these_tests_reaches_nobody() {
    let output = alone("ip route show; ip -6 route show default; ip -oneline link", &[]);
    let said = said(&output);
    assert!(
        output.status.success() && said.lines().count() == 1 && said.contains("lo:"),
        "no route, one device: {said}"
    );
}

#[tokio::test]
async fn the_demonstration_needs_no_network() {
    let site = Site::found(None, |_config| {}).await;
    let dir = site.root.join("shown").display().to_string();
    let output = alone(r#"exec "$1" demo --dir "$2" --port 0 --once"#, &[env!("CARGO_BIN_EXE_vigie"), &dir]);
    assert!(output.status.success(), "{}", said(&output));
}

/// Serves under `strace`, works with it from another process, and keeps every call that names a socket's other end.
const TRACED: &str = r#"
root=$1
strace -f -qq -e trace=connect,sendto,sendmsg,sendmmsg,socket -o "$1/trace" \
    sh -c 'echo $$ >"$1"; exec "$2" serve --dir "$3" --listen 127.0.0.1:0' sh "$1/pid" "$2" "$3" >"$1/said" 2>&1 &
tracer=$!
trap 'kill -KILL $(cat "$root/pid") 2>/dev/null || true' EXIT
for wait in $(seq 600); do grep -q https:// "$1/said" && break; kill -0 $tracer; sleep 0.1; done
server=$(sed -n 's|.*https://127.0.0.1:\([0-9]*\).*|https://localhost:\1|p' "$1/said" | head -1)
pid=$(cat "$1/pid")
shift 3
"$0" "$server" "$@"
kill -TERM "$pid"
wait $tracer
"#;

/// What people do meanwhile.
const WORK: &str = r#"#!/bin/sh -eu
server=$1 vigie=$2 notes=$3; shift 3
# Two people: what each needs follows, six words each.
"$vigie" status --server "$server" "$1" "$2" "$3" "$4" "$5" "$6" --working DR
"$vigie" journal show --server "$server" "$7" "$8" "$9" "${10}" "${11}" "${12}" --limit 5
"$vigie" journal export --server "$server" "$7" "$8" "$9" "${10}" "${11}" "${12}" --to "$notes/journal"
"#;

#[tokio::test]
async fn the_server_makes_no_connection_where_strace_can_watch() {
    if Command::new("strace").arg("-V").output().is_err() {
        println!("NOT RUN: there is no strace here");
        return;
    }
    let site = Site::found(None, |_config| {}).await;
    let work = site.root.join("work");
    fs::write(&work, WORK).expect("a script");
    fs::set_permissions(&work, std::os::unix::fs::PermissionsExt::from_mode(0o700)).expect("a script");
    let root = site.root.display().to_string();
    let mut arguments = vec![root.clone(), env!("CARGO_BIN_EXE_vigie").to_owned(), site.dir.display().to_string()];
    arguments.extend([env!("CARGO_BIN_EXE_vigie").to_owned(), root]);
    arguments.extend(site.access("analyste-dr"));
    arguments.extend(site.access("officier"));
    let script = TRACED.replace("\"$0\"", &format!("'{}'", work.display()));
    let output = alone(&script, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let trace = fs::read_to_string(site.root.join("trace")).unwrap_or_default();
    assert!(
        output.status.success(),
        "{}\n{}",
        said(&output),
        fs::read_to_string(site.root.join("said")).unwrap_or_default()
    );
    let said = said(&output);
    assert!(said.contains("(analyste-dr, FRA)") && said.contains("entries copied to"), "the work was done: {said}");
    let calls = |name: &str| trace.lines().filter(|line| line.contains(&format!("{name}("))).count();
    // The listening socket is seen, so the watch works.
    let outgoing: Vec<&str> = trace
        .lines()
        .filter(|line| line.contains("connect(") || line.contains("sin_addr") || line.contains("sin6_addr"))
        .collect();
    println!("silence: {} sockets made, {} connect calls", calls("socket"), calls("connect"));
    assert!(calls("socket") >= 1, "strace saw nothing: {trace}");
    assert_eq!(outgoing, Vec::<&str>::new());
}
