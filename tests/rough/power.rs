//! A power cut: the file system forgets whatever it was not told to keep (`FS_IOC_SHUTDOWN` without flushing its
//! log), the process is gone, and the volume is mounted again.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, atomic::Ordering},
};

use tokio::time::Instant;

use crate::{
    kill::{LastWords, Rough},
    offline::examine,
    site::{Served, Site},
};

const CYCLES: usize = 20;

/// An ext4 volume in a file, on a loop device.
struct Volume {
    image: PathBuf,
    at: PathBuf,
    device: String,
}

fn run(program: &str, arguments: &[&str]) -> Result<String, String> {
    let done = Command::new(program).args(arguments).output().map_err(|error| format!("{program}: {error}"))?;
    if done.status.success() {
        Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned())
    } else {
        Err(format!("{program} {arguments:?}: {}", String::from_utf8_lossy(&done.stderr)))
    }
}

impl Volume {
    fn new(root: &Path) -> Result<Self, String> {
        if !rustix::process::geteuid().is_root() {
            return Err("only root may mount".to_owned());
        }
        let (image, at) = (root.join("volume.ext4"), root.join("volume"));
        fs::create_dir_all(&at).map_err(|error| error.to_string())?;
        let file = File::create(&image).map_err(|error| error.to_string())?;
        file.set_len(512 << 20).map_err(|error| error.to_string())?;
        let path = image.display().to_string();
        run("mkfs.ext4", &["-q", &path])?;
        let device = run("losetup", &["--find", "--show", &path])?;
        let volume = Self { image, at, device };
        volume.mount()?;
        Ok(volume)
    }

    fn mount(&self) -> Result<(), String> {
        run("mount", &[&self.device, &self.at.display().to_string()]).map(drop)
    }

    /// From now on the volume is what its disk holds.
    #[expect(unsafe_code, reason = "an ioctl that no safe wrapper has")]
    fn cut(&self) {
        const SHUTDOWN: rustix::ioctl::Opcode = rustix::ioctl::opcode::read::<u32>(b'X', 125);
        const WITHOUT_LOG_FLUSH: u32 = 2;
        let folder = File::open(&self.at).expect("the volume");
        // SAFETY: FS_IOC_SHUTDOWN reads one u32 through the pointer that a setter hands over, and keeps nothing.
        let outcome =
            unsafe { rustix::ioctl::ioctl(&folder, rustix::ioctl::Setter::<SHUTDOWN, u32>::new(WITHOUT_LOG_FLUSH)) };
        outcome.expect("a shut-down volume");
    }

    /// The machine starts again.
    fn restart(&self) {
        run("umount", &[&self.at.display().to_string()]).expect("unmounted");
        self.mount().expect("mounted");
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        for (program, what) in [("umount", self.at.display().to_string()), ("losetup", self.device.clone())] {
            let arguments = if program == "losetup" { vec!["--detach", &what] } else { vec![what.as_str()] };
            if let Err(error) = run(program, &arguments) {
                println!("{error}");
            }
        }
        drop(fs::remove_file(&self.image));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn power_cut_loses_nothing_acknowledged_where_loop_devices_exist() {
    let begun = Instant::now();
    let id = vigie::crypto::Entropy::default().id().expect("random bytes");
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("power-{id}"));
    let volume = match Volume::new(&root) {
        Ok(volume) => volume,
        Err(why) => {
            println!("NOT RUN: no volume on a loop device can be had here ({why})");
            drop(fs::remove_dir_all(&root));
            return;
        }
    };
    // What was never synced must be gone, or this cuts nothing.
    fs::write(volume.at.join("unsynced"), "x").expect("a file");
    volume.cut();
    volume.restart();
    assert!(!volume.at.join("unsynced").exists(), "the cut forgets");

    let site = Site::found(Some(&volume.at.join("site")), |_config| {}).await;
    let mut rough = Rough::begin(&site, "power cut").await;
    // The call that cuts is no moment: a sync that is under way may end well in the middle of it and be forgotten all the
    // same. A machine without power says nothing more; so what is said from here on is not heard.
    let deaf: Vec<_> = rough.ledgers.iter().map(|ledger| Arc::clone(&ledger.deaf)).collect();
    let hearing = |is_deaf: bool| deaf.iter().for_each(|deaf| deaf.store(is_deaf, Ordering::SeqCst));
    for number in 0..CYCLES {
        rough
            .cycle(number, LastWords::Refusal, |served: Served| {
                hearing(true);
                volume.cut();
                served.kill();
                volume.restart();
            })
            .await;
        hearing(false);
        if number % 7 == 3 {
            examine(&site.dir).compare(&rough.ledgers, false);
        }
    }
    rough.end("power cut", begun).await;
    drop(volume);
    drop(fs::remove_dir_all(&root));
}
