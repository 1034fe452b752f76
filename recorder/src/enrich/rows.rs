//! The table of a recording: how many drops there were of each location, reason and interface.

use std::collections::HashMap;

/// One line of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The kernel's reason; none where it gives none.
    pub reason: Option<String>,
    /// `function+offset`, or `unnamed 1` for an address that the kernel does not name.
    pub location: String,
    /// Index of the interface.
    pub device: u32,
    /// Drops that were read from the ring.
    pub read: u64,
    /// Drops that the ring had no room for.
    pub lost: u64,
}

/// All lines, in the order that they came up.
#[derive(Debug, Default)]
pub struct Rows {
    all: Vec<Row>,
    indices: HashMap<(Option<String>, String, u32), usize>,
    /// Numbers for addresses without a name.
    unnamed: HashMap<u64, usize>,
}

impl Rows {
    /// The index of a line.
    pub fn of(
        &mut self,
        reason: Option<&str>,
        location: Option<&str>,
        address: u64,
        device: u32,
    ) -> usize {
        let location = location.map_or_else(
            || {
                let next = self.unnamed.len() + 1;
                format!("unnamed {}", self.unnamed.entry(address).or_insert(next))
            },
            str::to_owned,
        );
        let key = (reason.map(str::to_owned), location, device);
        if let Some(index) = self.indices.get(&key) {
            return *index;
        }
        let index = self.all.len();
        self.all.push(Row {
            reason: key.0.clone(),
            location: key.1.clone(),
            device,
            read: 0,
            lost: 0,
        });
        self.indices.insert(key, index);
        index
    }

    /// Counts a drop that was read.
    pub fn count(&mut self, index: usize) {
        self.all[index].read += 1;
    }

    /// Counts drops that were lost.
    pub fn count_lost(&mut self, index: usize, lost: u64) {
        self.all[index].lost += lost;
    }

    /// All lines, those with most drops first.
    #[must_use]
    pub fn by_count(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self
            .all
            .iter()
            .filter(|row| row.read + row.lost > 0)
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.read + row.lost));
        rows
    }
}
