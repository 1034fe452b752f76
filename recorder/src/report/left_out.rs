//! What the filters of a reading leave out.

use serde::Serialize;

/// What filters left out of a file, as far as it was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// So many packets.
    pub packets: u64,
    /// Of these, those that are noise.
    pub noise: u64,
}

impl LeftOut {
    /// In a line, as the books have it.
    #[must_use]
    pub fn line(self) -> String {
        let Self { packets, noise } = self;
        let of_these = match noise {
            0 => String::new(),
            _ => format!(" (noise {noise})"),
        };
        format!("left out by the filters: {packets}{of_these}")
    }
}
