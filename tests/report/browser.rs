//! A page as Chromium shows it. It has no network, and a profile of its own, which goes when dropped.

use std::{
    fs,
    path::Path,
    process::Command,
    sync::{Mutex, PoisonError},
};

use droprec_testbed::run;
use tempfile::TempDir;

use crate::report::text;

/// One at a time: it takes all of a small machine.
static ALONE: Mutex<()> = Mutex::new(());

/// What it needs to run without a screen, a network and anything of the user's.
const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// How a page is looked at.
#[derive(Clone, Copy)]
pub(crate) struct Looking {
    pub(crate) width: u32,
    pub(crate) in_the_dark: bool,
}

/// Runs it with these arguments besides, and gives what it prints.
fn chromium(looking: Looking, arguments: &[&str], page: &Path) -> String {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let profile = tempfile::tempdir().expect("a directory under /tmp");
    let mut command = Command::new("chromium");
    let scheme = u8::from(!looking.in_the_dark);
    command
        .args(ARGUMENTS)
        .arg(format!("--user-data-dir={}", text(profile.path())))
        .arg(format!("--window-size={},1000", looking.width))
        .arg(format!("--blink-settings=preferredColorScheme={scheme}"))
        .args(arguments)
        .arg(format!("file://{}", text(page)));
    let output = command.output().unwrap_or_else(|error| {
        panic!("this test needs chromium, which does not run (apt-get install chromium): {error}")
    });
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}

/// The document that it makes of a page.
pub(crate) fn document(page: &Path) -> String {
    let looking = Looking {
        width: 1280,
        in_the_dark: false,
    };
    chromium(looking, &["--dump-dom"], page)
}

/// What a script in the page finds, as the JSON of an expression. The page stays as it is but for the script, which its policy
/// is made to let through.
///
/// It is shown in a frame of the width that is asked for: a window of the browser has a least width of its own.
pub(crate) fn measure(looking: Looking, page: &Path, expression: &str) -> serde_json::Value {
    let html = fs::read_to_string(page).expect("it is there");
    let policy = "style-src 'sha256-";
    assert!(html.contains(policy));
    let html = html.replacen(policy, "script-src 'unsafe-inline'; style-src 'sha256-", 1);
    let script = format!(
        "<script>addEventListener('DOMContentLoaded', () => parent.postMessage(JSON.stringify({expression}), '*'))</script>"
    );
    let head = "<meta name=\"viewport\"";
    let html = html.replacen(head, &format!("{script}{head}"), 1);
    let outer = format!(
        "<!DOCTYPE html><html><head><meta name=\"color-scheme\" content=\"light dark\"></head><body>\
         <script>addEventListener('message', event => {{ document.body.textContent = 'found' + event.data + 'end'; }})</script>\
         <iframe src=\"measured.html\" width=\"{}\" height=\"1000\" style=\"border:0\"></iframe></body></html>",
        looking.width
    );
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let (measured, page) = (
        directory.path().join("measured.html"),
        directory.path().join("outer.html"),
    );
    fs::write(&measured, html).expect("there is room for it");
    fs::write(&page, outer).expect("there is room for it");
    let document = chromium(looking, &["--dump-dom"], &page);
    let found = document
        .split_once("<body>found")
        .and_then(|(_, rest)| rest.split_once("end</body>"));
    let (found, _) = found.unwrap_or_else(|| panic!("nothing is found in {document}"));
    let found = found
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    serde_json::from_str(&found).unwrap_or_else(|error| panic!("{error}: {found}"))
}

/// A picture of a page: its width and height, and its bytes.
pub(crate) fn picture(looking: Looking, page: &Path) -> (u32, u32, Vec<u8>) {
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let picture = directory.path().join("page.png");
    chromium(
        looking,
        &[&format!("--screenshot={}", text(&picture))],
        page,
    );
    let bytes = fs::read(&picture).expect("a picture");
    // PNG, 11.2.2: the header comes first.
    let number = |at: usize| {
        bytes[at..at + 4]
            .iter()
            .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
    };
    (number(16), number(20), bytes)
}

/// What is on paper, as text.
pub(crate) fn printed(page: &Path) -> String {
    let directory: TempDir = tempfile::tempdir().expect("a directory under /tmp");
    let paper = directory.path().join("page.pdf");
    let looking = Looking {
        width: 1280,
        in_the_dark: true,
    };
    chromium(
        looking,
        &[
            "--no-pdf-header-footer",
            &format!("--print-to-pdf={}", text(&paper)),
        ],
        page,
    );
    let printed = run("pdftotext", &["-raw", text(&paper), "-"]);
    printed.split_whitespace().collect::<Vec<_>>().join(" ")
}
