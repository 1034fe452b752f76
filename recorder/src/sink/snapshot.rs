//! A file that is written anew again and again, by a thread of its own, so that a slow disk keeps nobody waiting. Whoever
//! reads it finds all of one snapshot, whenever that is: each takes the place of the one before.

use std::{
    fs::{self, File, Permissions},
    io::{self, ErrorKind, Read as _, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

use rustix::{
    fs::{FlockOperation, flock},
    io::Errno,
};

use super::{shared::Shared, whole::beside};

/// What a snapshot begins with.
const BEGINNING: &[u8] = b"# HELP droprec_";

/// All may read it: it holds counts and names, no packets, and who collects them is another user.
const MODE: u32 = 0o644;

/// The writing thread, seen from the other side.
#[derive(Debug)]
pub struct Snapshots {
    to_write: Sender<String>,
    written: Receiver<io::Result<()>>,
    is_writing: bool,
}

impl Snapshots {
    /// Starts the thread, which writes to `path`.
    pub fn start(path: PathBuf) -> io::Result<Self> {
        let (to_write, texts) = channel::<String>();
        let (give_back, written) = channel();
        thread::Builder::new()
            .name("droprec-metrics".to_owned())
            .spawn(move || {
                for text in texts {
                    if give_back.send(replace(&path, &text)).is_err() {
                        return;
                    }
                }
            })?;
        Ok(Self {
            to_write,
            written,
            is_writing: false,
        })
    }

    /// One is on its way to the disk.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        self.is_writing
    }

    /// Has the next one written.
    pub fn write(&mut self, text: String) {
        // The thread ends only after this half of it.
        self.is_writing = self.to_write.send(text).is_ok();
    }

    /// What became of the last one, once that is known. It is waited for so long.
    pub fn outcome(&mut self, patience: Duration) -> Option<io::Result<()>> {
        if !self.is_writing {
            return None;
        }
        let outcome = self.written.recv_timeout(patience).ok()?;
        self.is_writing = false;
        Some(outcome)
    }
}

/// Puts a new file in the place of the one that is there. It need not outlive the machine, so no disk is waited for.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(there) if !there.is_file() => {
            return Err(io::Error::new(
                ErrorKind::AlreadyExists,
                "it is a link, a device, a pipe or a directory, and only a file is replaced",
            ));
        }
        Ok(there) => {
            if let Some(shared) = Shared::around(path)? {
                shared.must_be_own(&there)?;
            }
            must_be_a_snapshot(path)?;
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let mut file = beside(path)?;
    file.as_file_mut().write_all(text.as_bytes())?;
    // Before it has its name, so that nobody meets one that he may not read.
    file.as_file()
        .set_permissions(Permissions::from_mode(MODE))?;
    file.persist(path)?;
    Ok(())
}

/// Refuses a file that holds something else, and one that a droprec is writing packets to, which is locked.
fn must_be_a_snapshot(path: &Path) -> io::Result<()> {
    let file = File::open(path)?;
    if flock(&file, FlockOperation::NonBlockingLockShared) == Err(Errno::WOULDBLOCK) {
        return Err(io::Error::new(
            ErrorKind::ResourceBusy,
            "a droprec is recording to it",
        ));
    }
    let mut beginning = Vec::new();
    file.take(BEGINNING.len() as u64)
        .read_to_end(&mut beginning)?;
    if beginning.is_empty() || beginning == BEGINNING {
        return Ok(());
    }
    Err(io::Error::new(
        ErrorKind::AlreadyExists,
        "it holds something else than droprec's metrics",
    ))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, symlink};

    use super::*;

    fn directory() -> tempfile::TempDir {
        tempfile::tempdir().expect("there is room for a directory")
    }

    #[test]
    fn whoever_has_opened_a_snapshot_reads_it_to_its_end_and_anybody_may() {
        let directory = directory();
        let path = directory.path().join("droprec.prom");
        let mut snapshots = Snapshots::start(path.clone()).unwrap();
        let mut write = |text: &str| {
            snapshots.write(text.to_owned());
            let outcome = snapshots.outcome(Duration::from_mins(1));
            outcome.expect("a minute is enough").unwrap();
        };
        write("# HELP droprec_x a long snapshot\n");
        let mut opened = File::open(&path).unwrap();
        write("another\n");
        let mut text = String::new();
        opened.read_to_string(&mut text).unwrap();
        assert_eq!(text, "# HELP droprec_x a long snapshot\n");
        assert_eq!(fs::read_to_string(&path).unwrap(), "another\n");
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o644);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn nothing_but_a_file_is_replaced_and_none_that_is_recorded_to() {
        let directory = directory();
        let refused = |path: &Path| replace(path, "new").unwrap_err().to_string();
        let (file, link) = (directory.path().join("file"), directory.path().join("link"));
        fs::write(&file, "packets").unwrap();
        symlink(&file, &link).unwrap();
        assert!(refused(&link).contains("it is a link"));
        assert!(refused(directory.path()).contains("it is a link"));
        assert!(refused(Path::new("/dev/null")).contains("it is a link"));

        assert!(refused(&file).contains("it holds something else"));
        assert_eq!(fs::read_to_string(&file).unwrap(), "packets");

        fs::write(&file, "").unwrap();
        let recording = File::open(&file).unwrap();
        flock(&recording, FlockOperation::NonBlockingLockExclusive).unwrap();
        assert!(refused(&file).contains("a droprec is recording to it"));
        drop(recording);
        replace(&file, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    }
}
