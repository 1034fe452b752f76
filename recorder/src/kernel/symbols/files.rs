//! The files that symbols are read from.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _},
};

use super::KALLSYMS;

/// Where the modules are.
const MODULES: &str = "/proc/modules";

/// The files. The kernel shows addresses to whoever was allowed to see them when he opened it (`kallsyms_open`,
/// kernel/kallsyms.c, and `modules_open`, kernel/module/procfs.c, since v5.8), so they are kept open.
#[derive(Debug)]
pub(super) struct Files {
    kallsyms: File,
    /// A kernel without modules has no such file.
    modules: Option<File>,
}

impl Files {
    pub(super) fn open() -> io::Result<Self> {
        Ok(Self {
            kallsyms: File::open(KALLSYMS)?,
            modules: File::open(MODULES).ok(),
        })
    }

    /// The text of all symbols. Read whole: a line can be cut between two reads of it.
    pub(super) fn kallsyms(&self) -> io::Result<String> {
        text(&self.kallsyms)
    }

    /// The text of all modules.
    pub(super) fn modules(&self) -> String {
        let text = self.modules.as_ref().map(text);
        text.and_then(Result::ok).unwrap_or_default()
    }
}

/// A file's text, from its beginning on.
fn text(mut file: &File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
