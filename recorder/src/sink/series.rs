//! The files of a recording that makes several: `drops.pcapng`, then `drops-2.pcapng`, `drops-3.pcapng` …

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::{shared::directory, target::create_new};

/// The files that come after the first one.
#[derive(Debug)]
pub struct Series {
    first: PathBuf,
    /// Of the last one.
    number: u64,
    /// Of the one before it.
    before: u64,
    /// The last one was made.
    is_made: bool,
}

impl Series {
    /// Those after this one.
    #[must_use]
    pub fn after(first: PathBuf) -> Self {
        Self {
            first,
            number: 1,
            before: 1,
            is_made: false,
        }
    }

    /// Where they are made.
    #[must_use]
    pub fn directory(&self) -> &Path {
        directory(&self.first)
    }

    /// Begins the next one, and says how it is called. A number whose file is there already is left out: none is overwritten.
    /// `is_first`: the first one is not there any more, and its name is tried before the others.
    pub fn begin(&mut self, is_first: bool) -> (PathBuf, io::Result<File>) {
        if is_first {
            self.number = 0;
        }
        self.before = self.number;
        loop {
            self.number += 1;
            let path = numbered(&self.first, self.number);
            match create_new(&path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                file => {
                    self.is_made = file.is_ok();
                    return (path, file);
                }
            }
        }
    }

    /// Nothing can be written to the one that was begun last: it is taken away, and its name is the next one's.
    pub fn withdraw(&mut self) {
        if self.is_made {
            // An empty file that stays does no harm.
            let _ = fs::remove_file(numbered(&self.first, self.number));
        }
        self.number = self.before;
    }
}

/// With a number before the extension; the first one has none.
fn numbered(path: &Path, number: u64) -> PathBuf {
    if number == 1 {
        return path.to_owned();
    }
    let mut name = path.file_stem().map_or_else(OsString::new, OsString::from);
    name.push(format!("-{number}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_number_stands_before_the_extension_where_there_is_one() {
        for (first, second) in [
            ("drops.pcapng", "drops-2.pcapng"),
            ("/a.b/drops", "/a.b/drops-2"),
            (".drops", ".drops-2"),
            ("a/b.c.d", "a/b.c-2.d"),
        ] {
            assert_eq!(numbered(Path::new(first), 2), Path::new(second));
        }
    }

    #[test]
    fn no_file_that_is_there_is_overwritten_and_each_is_its_owners_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::write(path("drops-3.pcapng"), "an older one").unwrap();
        let mut series = Series::after(path("drops.pcapng"));
        for name in ["drops-2.pcapng", "drops-4.pcapng", "drops-5.pcapng"] {
            let (made, file) = series.begin(false);
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
        assert_eq!(series.begin(true).0, path("drops.pcapng"));
        let mut other = Series::after(path("drops.pcapng"));
        assert_eq!(other.begin(true).0, path("drops-2.pcapng"));
        assert_eq!(series.begin(false).0, path("drops-3.pcapng"));
    }

    #[test]
    fn the_name_of_one_that_could_not_be_written_is_the_next_ones() {
        let directory = tempfile::tempdir().unwrap();
        let inner = directory.path().join("inner");
        let path = |name: &str| inner.join(name);
        let mut series = Series::after(path("drops.pcapng"));
        for is_first in [true, false] {
            let (made, file) = series.begin(is_first);
            assert_eq!(made, path("drops.pcapng"));
            assert_eq!(file.unwrap_err().kind(), ErrorKind::NotFound);
            series.withdraw();
        }
        fs::create_dir(&inner).unwrap();
        for _ in 0..2 {
            let (made, file) = series.begin(false);
            assert_eq!(made, path("drops.pcapng"));
            assert!(file.is_ok() && made.exists());
            series.withdraw();
            assert!(!made.exists());
        }
    }
}
