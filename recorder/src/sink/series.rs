//! The files of a recording that makes several: made one after the other, given to a command, and taken away again.

use std::{
    collections::VecDeque,
    fs::{self, File, Metadata},
    io::{self, ErrorKind},
    os::unix::{fs::MetadataExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use rustix::{
    fs::{FlockOperation, flock},
    io::Errno,
    process::setpriority_process,
};

use super::{names::Names, shared::Shared, target::create_new};
use crate::{report::say::say, text::printable};

/// The lowest priority (nice(2)), as tcpdump's `-z` has it.
const LOWEST: i32 = 19;

/// Which file it is that begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// The first one, which is not there any more.
    Again,
    /// The one after the last one.
    Next,
    /// The first one of a period that begins at this time, nanoseconds since 1970 UTC.
    Period(u64),
}

/// The files.
#[derive(Debug)]
pub struct Series {
    names: Names,
    /// As they were before the last one.
    before: Names,
    /// The last one, if it was made here.
    last: Option<Made>,
    /// Those before it that may be taken away, the oldest first; of a ring also those of earlier recordings. `None`: none may.
    older: Option<VecDeque<Made>>,
    command: Option<PathBuf>,
    running: Vec<Child>,
}

/// A file that was made.
#[derive(Debug)]
struct Made {
    path: PathBuf,
    /// Device and inode.
    is: (u64, u64),
}

impl Made {
    /// Takes it away, unless something else has its name by now. False: it was not there.
    fn remove(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok_and(|metadata| identity(&metadata) == self.is)
            && fs::remove_file(&self.path).is_ok()
    }
}

/// By what a file is the same, whatever it is called.
#[must_use]
pub fn identity(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

impl Series {
    fn new(names: Names) -> Self {
        Self {
            before: names.clone(),
            names,
            last: None,
            older: None,
            command: None,
            running: Vec::new(),
        }
    }

    /// Those of a flight recorder after this one.
    #[must_use]
    pub fn after(first: PathBuf) -> Self {
        Self::new(Names::beside(first))
    }

    /// Those of a rotation. `has_size`: one may be full; `is_timed`: one has its time; `files`: how many.
    #[must_use]
    pub fn of(template: PathBuf, has_size: bool, is_timed: bool, files: Option<u64>) -> Self {
        Self::new(Names::behind(template, has_size, is_timed, files))
    }

    /// The oldest of them may be taken away for the newest.
    #[must_use]
    pub fn dropping_oldest(mut self) -> Self {
        self.older = Some(VecDeque::new());
        self
    }

    /// Each is given to this command when it is closed.
    #[must_use]
    pub fn with_command(mut self, command: Option<PathBuf>) -> Self {
        self.command = command;
        self
    }

    /// Begins a file, and says how it is called. A name that is there already is left out: none is overwritten, but in a ring.
    pub fn begin(&mut self, which: Begin) -> (PathBuf, io::Result<File>) {
        match which {
            Begin::Again => self.names.again(),
            Begin::Next => {}
            Begin::Period(time) => self.names.begin(time),
        }
        let own = self.last.as_ref().map(|last| last.is);
        let there = self.names.go_on();
        self.before = self.names.clone();
        self.names.next();
        if let (Some(older), Some(last)) = (&mut self.older, self.last.take()) {
            older.push_back(last);
        }
        for (path, found) in there {
            if let Err(error) = self.take_over(&path, &found) {
                return (path, Err(error));
            }
        }
        loop {
            let path = self.names.path();
            if self.names.are_a_ring() {
                if let Some(older) = &mut self.older {
                    older.retain(|made| made.path != path);
                }
                if let Err(error) = take_away(&path, own) {
                    return (path, Err(error));
                }
            }
            let file = match create_new(&path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    self.names.next();
                    continue;
                }
                file => file,
            };
            self.last = file.as_ref().ok().and_then(|file| {
                let is = identity(&file.metadata().ok()?);
                let path = path.clone();
                Some(Made { path, is })
            });
            return (path, file);
        }
    }

    /// Goes on with a ring that has this file: where it may be replaced, it may also be taken away before.
    fn take_over(&mut self, path: &Path, found: &Metadata) -> io::Result<()> {
        if !found.is_file() {
            return Ok(());
        }
        must_be_unused(path)?;
        let is_own = Shared::around(path)?.is_none_or(|shared| shared.must_be_own(found).is_ok());
        if let Some(older) = self.older.as_mut().filter(|_| is_own) {
            older.push_back(Made {
                path: path.to_owned(),
                is: identity(found),
            });
        }
        Ok(())
    }

    /// Nothing can be written to the one that was begun last: it is taken away, and its name is the next one's.
    pub fn withdraw(&mut self) {
        if let Some(last) = self.last.take() {
            // An empty file that stays does no harm.
            last.remove();
        }
        self.names = self.before.clone();
    }

    /// The last one is closed: the command is given it, and not waited for.
    pub fn closed(&mut self, path: &Path) {
        // Those that have ended leave nothing behind.
        self.running
            .retain_mut(|child| matches!(child.try_wait(), Ok(None)));
        let Some(program) = &self.command else {
            return;
        };
        let mut command = Command::new(program);
        // What ends the recording is not to end what is done with its files.
        command.arg(path).stdin(Stdio::null()).process_group(0);
        // SAFETY: between fork and exec nothing but a system call is made, which is safe there (signal-safety(7)).
        unsafe {
            command.pre_exec(|| {
                // It runs all the same.
                let _ = setpriority_process(None, LOWEST);
                Ok(())
            });
        }
        match command.spawn() {
            Ok(child) => self.running.push(child),
            Err(error) => say(format_args!(
                "-z: {} cannot be run for {}: {error}",
                printable(&program.to_string_lossy()),
                printable(&path.to_string_lossy())
            )),
        }
    }

    /// Takes the oldest file away, if one of those before the last one is still there and may be.
    pub fn remove_oldest(&mut self) -> bool {
        while let Some(oldest) = self.older.as_mut().and_then(VecDeque::pop_front) {
            if oldest.remove() {
                return true;
            }
        }
        false
    }
}

/// Takes away what a ring's new file replaces; whoever reads it still can. Not what others have put into a directory that all
/// may write to, nor what another droprec is writing. `own`: what this one was writing until now.
fn take_away(path: &Path, own: Option<(u64, u64)>) -> io::Result<()> {
    let there = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        there => there?,
    };
    if let Some(shared) = Shared::around(path)? {
        shared.must_be_own(&there)?;
    }
    if there.is_file() && own != Some(identity(&there)) {
        must_be_unused(path)?;
    }
    fs::remove_file(path)
}

/// Refuses a file that another droprec is writing.
fn must_be_unused(path: &Path) -> io::Result<()> {
    if let Ok(file) = File::open(path)
        && flock(&file, FlockOperation::NonBlockingLockShared) == Err(Errno::WOULDBLOCK)
    {
        return Err(io::Error::new(
            ErrorKind::ResourceBusy,
            "another droprec is writing it",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{
        os::unix::fs::PermissionsExt as _,
        time::{Duration, SystemTime},
    };

    use super::*;

    #[test]
    fn no_file_that_is_there_is_overwritten_and_each_is_its_owners_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::write(path("drops-3.pcapng"), "an older one").unwrap();
        let mut series = Series::after(path("drops.pcapng"));
        for name in ["drops-2.pcapng", "drops-4.pcapng", "drops-5.pcapng"] {
            let (made, file) = series.begin(Begin::Next);
            assert_eq!(made, path(name));
            let mode = file.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(fs::read(path("drops-3.pcapng")).unwrap(), b"an older one");
    }

    #[test]
    fn the_first_one_is_made_again_where_nothing_has_its_name() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        let mut series = Series::after(path("drops.pcapng"));
        assert_eq!(series.begin(Begin::Again).0, path("drops.pcapng"));
        let mut other = Series::after(path("drops.pcapng"));
        assert_eq!(other.begin(Begin::Again).0, path("drops-2.pcapng"));
        assert_eq!(series.begin(Begin::Next).0, path("drops-3.pcapng"));
    }

    #[test]
    fn the_name_of_one_that_could_not_be_written_is_the_next_ones() {
        let directory = tempfile::tempdir().unwrap();
        let inner = directory.path().join("inner");
        let path = |name: &str| inner.join(name);
        let mut series = Series::after(path("drops.pcapng"));
        for which in [Begin::Again, Begin::Next] {
            let (made, file) = series.begin(which);
            assert_eq!(made, path("drops.pcapng"));
            assert_eq!(file.unwrap_err().kind(), ErrorKind::NotFound);
            series.withdraw();
        }
        fs::create_dir(&inner).unwrap();
        for (name, is_withdrawn) in [
            ("drops.pcapng", true),
            ("drops.pcapng", false),
            ("drops-2.pcapng", true),
            ("drops-2.pcapng", false),
        ] {
            let (made, file) = series.begin(Begin::Next);
            assert_eq!(made, path(name));
            assert!(file.is_ok() && made.exists());
            if is_withdrawn {
                series.withdraw();
                assert!(!made.exists());
            }
        }
    }

    #[test]
    fn a_ring_takes_the_place_of_what_is_there_and_no_link_is_followed() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::write(path("foreign"), "not ours").unwrap();
        std::os::unix::fs::symlink(path("foreign"), path("x1")).unwrap();
        fs::write(path("x0"), "an older one").unwrap();
        let mut series = Series::of(path("x"), true, false, Some(2));
        for (begin, name) in [
            (Begin::Period(1), "x0"),
            (Begin::Next, "x1"),
            (Begin::Next, "x0"),
        ] {
            let (made, file) = series.begin(begin);
            assert_eq!(made, path(name));
            assert_eq!(file.unwrap().metadata().unwrap().len(), 0);
        }
        assert_eq!(fs::read(path("foreign")).unwrap(), b"not ours");
        assert!(path("x1").symlink_metadata().unwrap().is_file());
    }

    #[test]
    fn the_oldest_files_go_first_and_neither_the_last_one_nor_a_foreign_one_ever() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        let mut series = Series::of(path("x"), true, false, None).dropping_oldest();
        series.begin(Begin::Period(1)).1.unwrap();
        for _ in 0..3 {
            series.begin(Begin::Next).1.unwrap();
        }
        // What has the name now is not what was made.
        fs::rename(path("x"), path("elsewhere")).unwrap();
        fs::write(path("x"), "foreign").unwrap();
        assert!(series.remove_oldest() && !path("x1").exists());
        assert!(series.remove_oldest() && !path("x2").exists());
        assert!(!series.remove_oldest());
        let stays = ["x", "elsewhere", "x3"];
        assert!(stays.iter().all(|name| path(name).exists()));
        let mut keeping = Series::of(path("y"), true, false, None);
        keeping.begin(Begin::Period(1)).1.unwrap();
        keeping.begin(Begin::Next).1.unwrap();
        assert!(!keeping.remove_oldest());
    }

    #[test]
    fn of_a_ring_that_is_there_the_oldest_files_go_first_too_and_what_is_being_written_is_refused()
    {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        for (name, age) in [("x1", 3), ("x2", 1), ("x3", 2)] {
            let file = File::create_new(path(name)).unwrap();
            let changed = SystemTime::now() - Duration::from_secs(age);
            file.set_modified(changed).unwrap();
        }
        let ring = || Series::of(path("x"), true, false, Some(5)).dropping_oldest();
        let mut series = ring();
        assert_eq!(series.begin(Begin::Period(1)).0, path("x0"));
        for oldest in ["x1", "x3", "x2"] {
            assert!(path(oldest).exists() && series.remove_oldest());
            assert!(!path(oldest).exists());
        }
        assert!(!series.remove_oldest());
        let written = File::create_new(path("x4")).unwrap();
        flock(&written, FlockOperation::LockExclusive).unwrap();
        let (refused, error) = ring().begin(Begin::Period(1));
        assert_eq!(refused, path("x4"));
        assert_eq!(error.unwrap_err().kind(), ErrorKind::ResourceBusy);
    }
}
