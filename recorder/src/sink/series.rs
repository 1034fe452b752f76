//! The files of a recording that makes several: `drops.pcapng`, then `drops-2.pcapng`, `drops-3.pcapng` …

use std::{
    ffi::OsString,
    fs::File,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::target::create_new;

/// The files that come after the first one.
#[derive(Debug)]
pub struct Series {
    first: PathBuf,
    /// Of the last one.
    number: u64,
}

impl Series {
    /// Those after this one.
    #[must_use]
    pub fn after(first: PathBuf) -> Self {
        Self { first, number: 1 }
    }

    /// Begins the next one, and says how it is called. A number whose file is there already is left out: none is overwritten.
    pub fn begin(&mut self) -> (PathBuf, io::Result<File>) {
        loop {
            self.number += 1;
            let path = numbered(&self.first, self.number);
            match create_new(&path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                file => return (path, file),
            }
        }
    }
}

/// With a number before the extension.
fn numbered(path: &Path, number: u64) -> PathBuf {
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
    use std::{fs, os::unix::fs::PermissionsExt as _};

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
            let (made, file) = series.begin();
            assert_eq!(made, path(name));
            let mode = file.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(fs::read(path("drops-3.pcapng")).unwrap(), b"an older one");
    }
}
