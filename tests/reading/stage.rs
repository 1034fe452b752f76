//! Runs droprec and other programs to their end, and keeps what they said.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    thread,
};

use tempfile::NamedTempFile;

/// The program under test.
pub(crate) const DROPREC: &str = env!("CARGO_BIN_EXE_droprec");

/// What a program that has ended said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// Demands that all went well, and that nothing was complained of.
    #[track_caller]
    pub(crate) fn good(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{self:?}");
        self.out
    }

    /// Demands that it ended with status 1 and a single line on standard error, which is given.
    #[track_caller]
    pub(crate) fn one_complaint(&self) -> &str {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert_eq!(self.err.lines().count(), 1, "{self:?}");
        assert!(self.err.starts_with("droprec: "), "{self:?}");
        self.err.trim_end()
    }
}

/// Runs a command with these bytes on standard input.
pub(crate) fn run(command: &mut Command, stdin: &[u8]) -> Said {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let mut pipe = child.stdin.take().expect("it is piped");
    let output = thread::scope(|scope| {
        // It may not want all of it.
        scope.spawn(move || pipe.write_all(stdin));
        child.wait_with_output()
    })
    .expect("it can be waited for");
    let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
    Said {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// Runs droprec with these arguments, and these bytes on standard input. Its zone is UTC.
pub(crate) fn droprec(arguments: &[&str], stdin: &[u8]) -> Said {
    run(
        Command::new(DROPREC).env("TZ", "UTC").args(arguments),
        stdin,
    )
}

/// Runs `droprec -r FILE` with these arguments.
pub(crate) fn read(path: &Path, arguments: &[&str]) -> Said {
    let path = path.to_str().expect("its name is UTF-8");
    droprec(&[&["-r", path], arguments].concat(), b"")
}

/// Runs `droprec -r -` with these arguments and this capture on standard input.
pub(crate) fn read_bytes(capture: &[u8], arguments: &[&str]) -> Said {
    droprec(&[&["-r", "-"], arguments].concat(), capture)
}

/// A file with these bytes.
pub(crate) fn on_disk(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("there is room for a file");
    file.write_all(bytes).expect("there is room for its bytes");
    file
}

/// What another program makes of these bytes on its standard input. It must succeed.
pub(crate) fn through(program: &str, arguments: &[&str], stdin: &[u8]) -> Vec<u8> {
    let file = on_disk(stdin);
    let input = std::fs::File::open(file.path()).expect("it can be read");
    let output = Command::new(program).args(arguments).stdin(input).output();
    let output = output
        .unwrap_or_else(|error| panic!("this test needs {program}, which does not run: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {errors}");
    output.stdout
}
