//! What the statistics blocks of a file say, where droprec has not closed its books.

use serde::Serialize;

/// The sums over all interfaces, in packets, where the file has them (draft-ietf-opsawg-pcapng, section 4.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// That came.
    pub received: Option<u64>,
    /// That the filter let pass.
    pub accepted: Option<u64>,
    /// That the writer was given.
    pub delivered: Option<u64>,
    /// That there was no room for.
    pub lost: Option<u64>,
}

impl Counted {
    /// In a line. `None`: nothing is known.
    #[must_use]
    pub fn line(self) -> Option<String> {
        let known = [
            ("received", self.received),
            ("accepted by the filter", self.accepted),
            ("delivered", self.delivered),
            ("lost", self.lost),
        ];
        let known = known
            .iter()
            .filter_map(|(what, count)| Some(format!("{what} {}", (*count)?)));
        let known: Vec<String> = known.collect();
        (!known.is_empty()).then(|| format!("statistics of the interfaces: {}", known.join(", ")))
    }
}
