//! How the files of a recording are called.

use std::{
    ffi::{CString, OsStr, OsString},
    fs::{self, Metadata},
    mem::MaybeUninit,
    os::unix::ffi::{OsStrExt as _, OsStringExt as _},
    path::{Path, PathBuf},
};

/// What compressed files are called by.
const COMPRESSED: &str = ".zst";
/// Bytes of a path that the kernel takes (`include/uapi/linux/limits.h`, `PATH_MAX`).
const MOST: usize = 4096;

/// The names of a recording's files, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    /// As it was typed.
    template: PathBuf,
    kind: Kind,
    /// The present name, without its number.
    base: PathBuf,
    /// `None`: the first one is the next.
    number: Option<u64>,
}

/// Where the number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Before the extension, from 2 on: `drops-2.pcapng`.
    Beside,
    /// Behind the name, as tcpdump has it: `drops.pcapng1`; with `digits`, the first one too: `drops.pcapng00`.
    Behind {
        digits: usize,
        /// So many, then the first again.
        ring: Option<u64>,
        /// The name is a format of strftime(3).
        is_timed: bool,
    },
}

impl Names {
    /// Those of a flight recorder. The first one is there.
    pub(super) fn beside(first: PathBuf) -> Self {
        Self {
            base: first.clone(),
            template: first,
            kind: Kind::Beside,
            number: Some(0),
        }
    }

    /// Those of a rotation as tcpdump names them. `has_size`: of `-C`; `is_timed`: of `-G`; `files`: of `-W`.
    pub(super) fn behind(
        template: PathBuf,
        has_size: bool,
        is_timed: bool,
        files: Option<u64>,
    ) -> Self {
        let files = files.filter(|_| has_size);
        Self {
            base: template.clone(),
            template,
            kind: Kind::Behind {
                digits: files.map_or(0, digits_below),
                // With -G too, -W is for the names alone (tcpdump(8)).
                ring: files.filter(|_| !is_timed),
                is_timed,
            },
            number: None,
        }
    }

    /// A file may take the place of one of that name.
    pub(super) fn are_a_ring(&self) -> bool {
        matches!(self.kind, Kind::Behind { ring: Some(_), .. })
    }

    /// The first one of a time, nanoseconds since 1970 UTC, is the next.
    pub(super) fn begin(&mut self, time: u64) {
        let base = match self.kind {
            Kind::Behind { is_timed: true, .. } => at(&self.template, time),
            _ => self.template.clone(),
        };
        // Without a time in it the name is the same again.
        if self.base != base {
            self.base = base;
            self.number = None;
        }
    }

    /// The first one is the next.
    pub(super) fn again(&mut self) {
        self.number = None;
    }

    /// Where a ring begins, it goes on in one that is there: with the first file that is not, else with the oldest. What is
    /// there, the oldest first.
    pub(super) fn go_on(&mut self) -> Vec<(PathBuf, Metadata)> {
        let Kind::Behind {
            ring: Some(files), ..
        } = self.kind
        else {
            return Vec::new();
        };
        if self.number.is_some() {
            return Vec::new();
        }
        let (mut there, mut missing) = (Vec::new(), None);
        for number in 0..files {
            self.number = Some(number);
            let path = self.path();
            let found =
                fs::symlink_metadata(&path).and_then(|found| Ok((found.modified()?, found)));
            match found {
                Ok((changed, found)) => there.push((changed, number, path, found)),
                Err(_) => missing = missing.or(Some(number)),
            }
        }
        there.sort_by_key(|(changed, number, ..)| (*changed, *number));
        let oldest = there.first().map(|(_, number, ..)| *number);
        self.number = missing.or(oldest).and_then(|next| next.checked_sub(1));
        there
            .into_iter()
            .map(|(_, _, path, found)| (path, found))
            .collect()
    }

    /// Goes to the next one.
    pub(super) fn next(&mut self) {
        let number = self.number.map_or(0, |number| number + 1);
        self.number = Some(match self.kind {
            Kind::Behind {
                ring: Some(files), ..
            } => number % files,
            _ => number,
        });
    }

    /// The present one.
    pub(super) fn path(&self) -> PathBuf {
        let digits = match self.kind {
            Kind::Beside => 0,
            Kind::Behind { digits, .. } => digits,
        };
        let number = self.number.unwrap_or(0);
        if number == 0 && digits == 0 {
            return self.base.clone();
        }
        inserted(&self.base, |name| match self.kind {
            Kind::Beside => {
                let mut text = name.file_stem().map_or_else(OsString::new, OsString::from);
                text.push(format!("-{}", number + 1));
                if let Some(extension) = name.extension() {
                    text.push(".");
                    text.push(extension);
                }
                text
            }
            Kind::Behind { .. } => {
                let mut text = name.as_os_str().to_owned();
                text.push(format!("{number:0digits$}"));
                text
            }
        })
    }
}

/// Output to a file of this name is compressed.
pub(super) fn is_compressed(path: &Path) -> bool {
    stripped(path.as_os_str()).is_some()
}

fn stripped(name: &OsStr) -> Option<&OsStr> {
    let rest = name.as_bytes().strip_suffix(COMPRESSED.as_bytes())?;
    (!rest.is_empty()).then(|| OsStr::from_bytes(rest))
}

/// With a number in the file's name; what says that it is compressed stays its end.
fn inserted(path: &Path, numbered: impl Fn(&Path) -> OsString) -> PathBuf {
    let name = path.file_name().unwrap_or_default();
    let name = match stripped(name) {
        None => numbered(name.as_ref()),
        Some(rest) => {
            let mut name = numbered(rest.as_ref());
            name.push(COMPRESSED);
            name
        }
    };
    path.with_file_name(name)
}

/// The time put into a name by strftime(3) itself, as tcpdump has it; what is none of its conversions stays as it is. It is this
/// machine's local time; `time`: nanoseconds since 1970 UTC.
fn at(template: &Path, time: u64) -> PathBuf {
    let Ok(format) = CString::new(template.as_os_str().as_bytes()) else {
        return template.to_owned();
    };
    let seconds = (time / 1_000_000_000).cast_signed();
    let mut parts = MaybeUninit::uninit();
    // SAFETY: both are there to be read and to be written.
    if unsafe { libc::localtime_r(&raw const seconds, parts.as_mut_ptr()) }.is_null() {
        return template.to_owned();
    }
    let mut name = vec![0_u8; MOST];
    // SAFETY: it writes no more than it is told that there is room for, and the parts have been written.
    let length = unsafe {
        libc::strftime(
            name.as_mut_ptr().cast(),
            name.len(),
            format.as_ptr(),
            parts.as_ptr(),
        )
    };
    if length == 0 {
        return template.to_owned();
    }
    name.truncate(length);
    OsString::from_vec(name).into()
}

/// Digits of the largest number below this one.
fn digits_below(files: u64) -> usize {
    (files - 1).checked_ilog10().map_or(0, |digits| digits + 1) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(mut names: Names, count: usize) -> Vec<String> {
        let mut found = Vec::new();
        names.again();
        for _ in 0..count {
            names.next();
            found.push(names.path().to_string_lossy().into_owned());
        }
        found
    }

    #[test]
    fn a_flight_recorders_number_stands_before_the_extension_where_there_is_one() {
        for (name, second) in [
            ("drops.pcapng", "drops-2.pcapng"),
            ("drops.pcapng.zst", "drops-2.pcapng.zst"),
            ("/a.b/drops", "/a.b/drops-2"),
            (".drops", ".drops-2"),
            ("a/b.c.d", "a/b.c-2.d"),
        ] {
            let names = Names::beside(name.into());
            assert_eq!(first(names, 2), [name, second]);
        }
    }

    #[test]
    fn a_rotations_number_stands_behind_the_name_from_1_on_as_tcpdump_has_it() {
        for (name, expected) in [
            ("a/x.pcap", ["a/x.pcap", "a/x.pcap1", "a/x.pcap2"]),
            ("x.zst", ["x.zst", "x1.zst", "x2.zst"]),
        ] {
            let names = Names::behind(name.into(), true, false, None);
            assert_eq!(first(names, 3), expected);
        }
    }

    #[test]
    fn a_ring_has_as_many_digits_as_its_last_number_and_begins_again() {
        let of = |files| first(Names::behind("x".into(), true, false, Some(files)), 3);
        assert_eq!(of(1), ["x", "x", "x"]);
        assert_eq!(of(2), ["x0", "x1", "x0"]);
        assert_eq!(of(10)[1..], ["x1", "x2"]);
        assert_eq!(of(11)[1..], ["x01", "x02"]);
    }

    #[test]
    fn a_name_has_the_time_that_its_file_began_only_with_a_period() {
        let path = |template: &str, is_timed| {
            let mut names = Names::behind(template.into(), false, is_timed, None);
            names.begin(1_700_000_000_123_456_789);
            names.path().to_string_lossy().into_owned()
        };
        assert_eq!(path("%s-%Y.pcapng", true), "1700000000-2023.pcapng");
        assert_eq!(path("%s.pcapng", false), "%s.pcapng");
        // As glibc does.
        assert_eq!(path("100%.%!%%", true), "100%.%!%");
        assert_eq!(path("%Oy %#b %Q", true), "23 NOV %Q");
        let no_text = Path::new(OsStr::from_bytes(b"a\xff"));
        assert_eq!(at(no_text, 0), no_text);
    }

    #[test]
    fn a_period_begins_with_the_first_number_and_without_a_time_in_the_name_with_the_next() {
        let mut names = Names::behind("%s-".into(), true, true, Some(30));
        let mut next = |second: Option<u64>| {
            if let Some(second) = second {
                names.begin(second * 1_000_000_000);
            }
            names.next();
            names.path().to_string_lossy().into_owned()
        };
        assert_eq!(next(Some(5)), "5-00");
        assert_eq!(next(None), "5-01");
        assert_eq!(next(Some(6)), "6-00");
        // No ring: tcpdump(8) has -W mean the names alone then.
        let last = (0..30).map(|_| next(None)).last();
        assert_eq!(last.as_deref(), Some("6-30"));
        let mut same = Names::behind("x".into(), false, true, None);
        let mut next = |second| {
            same.begin(second);
            same.next();
            same.path()
        };
        let found: [PathBuf; 3] = [5, 6, 7].map(&mut next);
        assert_eq!(found, ["x", "x1", "x2"].map(PathBuf::from));
    }
}
