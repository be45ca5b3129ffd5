//! The server as a process of its own: how soon it answers, and what it holds in memory.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tokio::time::sleep;

use super::{
    BenchError,
    load::{self, Line},
    site::{CLEARANCE, Site},
};
use crate::ops::client::Credentials;

const PATIENCE: Duration = Duration::from_secs(120);
const RETRY: Duration = Duration::from_millis(5);
/// After the first answer, before memory is read: what a start leaves behind is given back by then.
const REST: Duration = Duration::from_secs(2);
const KIB_PER_MIB: f64 = 1024.0;

/// What was seen of one start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    /// From the start of the process to the first answer.
    pub(super) seconds: f64,
    /// Resident memory, idle.
    pub(super) mebibytes: f64,
}

/// Starts `program serve` on the site, asks it once, waits, weighs it, stops it.
pub(super) async fn start(program: &Path, site: &Site) -> Result<Start, BenchError> {
    let credentials = site.credentials()?;
    let address = free_address()?;
    let begun = Instant::now();
    let mut child = spawn(program, site, address)?;
    let seen = watch(&mut child, address, &credentials, begun).await;
    let ended = stop(&mut child);
    let seen = seen?;
    ended.map_err(BenchError::file(program))?;
    Ok(seen)
}

fn spawn(program: &Path, site: &Site, address: SocketAddr) -> Result<Child, BenchError> {
    let mut command = Command::new(program);
    command.arg("serve").arg("--dir").arg(site.deployment()).arg("--listen").arg(address.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map_err(BenchError::file(program))
}

async fn watch(
    child: &mut Child,
    address: SocketAddr,
    credentials: &Credentials,
    begun: Instant,
) -> Result<Start, BenchError> {
    let request = load::get("/api/v1/me", CLEARANCE);
    loop {
        if let Ok(mut line) = Line::connect(address, credentials, 0).await
            && let Ok((200, _)) = line.ask(&request).await
        {
            break;
        }
        let gone = matches!(child.try_wait(), Ok(Some(_)) | Err(_));
        if gone || begun.elapsed() > PATIENCE {
            return Err(BenchError::NoAnswer);
        }
        sleep(RETRY).await;
    }
    let seconds = begun.elapsed().as_secs_f64();
    sleep(REST).await;
    Ok(Start { seconds, mebibytes: resident(child.id())? })
}

/// `VmRSS` of a process, in MiB (proc(5)).
fn resident(process: u32) -> Result<f64, BenchError> {
    let path = format!("/proc/{process}/status");
    let status = fs::read_to_string(&path).map_err(BenchError::file(&path))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib: Option<u32> = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kib.map(|kib| f64::from(kib) / KIB_PER_MIB).ok_or(BenchError::Broken)
}

fn stop(child: &mut Child) -> std::io::Result<()> {
    let process = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    let told = process.map(|process| rustix::process::kill_process(process, rustix::process::Signal::TERM));
    if !matches!(told, Some(Ok(()))) {
        child.kill()?;
    }
    child.wait().map(drop)
}

fn free_address() -> Result<SocketAddr, BenchError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(BenchError::file("127.0.0.1"))?;
    listener.local_addr().map_err(BenchError::file("127.0.0.1"))
}
