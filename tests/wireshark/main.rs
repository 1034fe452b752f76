//! What `droprec wireshark --install` gives to the tshark of this machine, or of the other root that `versions` runs this in.
//!
//! tshark runs as `nobody`, in a home that the test makes: as root, Wireshark 4.4 and later load no Lua.

mod capturing;
mod comments;
mod explained;
mod fields;
mod home;
mod installing;
mod profile;

use std::path::PathBuf;

/// The program under test.
const DROPREC: &str = env!("CARGO_BIN_EXE_droprec");

/// A recording that droprec made.
fn sample(kernel: &str) -> PathBuf {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/../samples");
    PathBuf::from(format!("{samples}/demo-{kernel}.pcapng"))
}
