//! Runs another program to its end.

use std::process::Command;

/// What the program prints on standard output. It must succeed.
pub fn run<S: AsRef<str>>(program: &str, arguments: &[S]) -> String {
    let arguments: Vec<&str> = arguments.iter().map(AsRef::as_ref).collect();
    let output = Command::new(program).args(&arguments).output();
    let output = output
        .unwrap_or_else(|error| panic!("this test needs {program}, which does not run: {error}"));
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}\nstandard output: {stdout}\nstandard error: {stderr}",
        output.status
    );
    stdout.into_owned()
}
