//! The lines that say how drops were lost: `lost 5: the ring was full; …`.

use droprec_testbed::Ended;

/// How many were lost while others were being recorded. They may be anybody's: the filter never saw them.
pub(crate) fn in_the_midst(ended: &Ended) -> u64 {
    by(ended, "the processor was in the midst")
}

/// How many the ring had no room for.
pub(crate) fn by_the_ring(ended: &Ended) -> u64 {
    by(ended, "the ring was full")
}

/// How many could not be written.
pub(crate) fn unwritten(ended: &Ended) -> u64 {
    by(ended, "recorded, but not written")
}

fn by(ended: &Ended, how: &str) -> u64 {
    let counts = ended.stderr.lines().filter_map(|line| {
        let (count, rest) = line.strip_prefix("lost ")?.split_once(": ")?;
        rest.starts_with(how).then(|| {
            count
                .parse::<u64>()
                .unwrap_or_else(|error| panic!("{line}: {error}"))
        })
    });
    counts.sum()
}
