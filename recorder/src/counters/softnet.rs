//! What the processors' backlogs took and dropped: `/proc/net/softnet_stat`, which all namespaces share.

use std::fs;

use anyhow::{Context as _, Result};

use super::{Source, reading::Reading};

const FILE: &str = "/proc/net/softnet_stat";

/// The columns that count (`softnet_seq_show`, net/core/net-procfs.c, v5.8 to v6.18), hexadecimal.
const COLUMNS: [(&str, usize); 5] = [
    ("processed", 0),
    ("dropped", 1),
    ("time_squeeze", 2),
    ("received_rps", 9),
    ("flow_limit_count", 10),
];
/// The processor, since v5.10; before, and where none is offline, it is the line's number.
const PROCESSOR: usize = 12;

/// Takes those of every processor.
pub(super) fn read(reading: &mut Reading) -> Result<()> {
    let text = fs::read_to_string(FILE).with_context(|| format!("{FILE} cannot be read"))?;
    for (line, number) in text.lines().zip(0_u64..) {
        let values: Vec<u64> = line
            .split_whitespace()
            .map_while(|value| u64::from_str_radix(value, 16).ok())
            .collect();
        let part = format!("cpu {}", values.get(PROCESSOR).unwrap_or(&number));
        for (name, column) in COLUMNS {
            if let Some(value) = values.get(column) {
                reading.count(Source::Softnet, 0, &part, name, *value);
            }
        }
    }
    Ok(())
}
