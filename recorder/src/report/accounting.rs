//! Where every drop went: `seen = written + filtered + suppressed + lost`, and `+ overwritten` with a flight recorder,
//! `+ rate-limited` where some are. Where
//! drops are only counted, `counted` stands in the place of `written`.

use std::fmt::{self, Display, Formatter};

use crate::{encode::Statistics, enrich::devices::Device, logfmt::Pairs};

/// The books of a recording, in drops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accounting {
    /// That the kernel reported.
    pub seen: u64,
    /// In the file, or on the screen.
    pub written: u64,
    /// Counted by kind, where drops are only counted; else none.
    pub counted: Option<u64>,
    /// Left out because a filter said so.
    pub filtered: u64,
    /// Of these, those that are noise.
    pub noise: u64,
    /// Of the filtered, those that were at none of the interfaces that are recorded, as far as it is known.
    pub elsewhere: u64,
    /// Left out because they are another process's private data.
    pub suppressed: u64,
    /// Left out by `--rate` or `--sample`: there were more of their kind.
    pub limited: u64,
    /// That were kept in memory until newer ones took their room. `None`: there is no flight recorder.
    pub overwritten: Option<u64>,
    /// That the ring had no room for.
    pub ring_full: u64,
    /// That no program of the kernel half has seen, as they were in the midst of others on the same processor.
    pub nested: u64,
    /// That were read, and could not be written.
    pub unwritten: u64,
    /// That were read with fewer bytes than the snaplen asks for. It is no part of the sum: most are written.
    pub partial: u64,
    /// That were read without the call stack that was asked for. It is no part of the sum either.
    pub stackless: u64,
    /// That are in no table of `--interval`, as there were too many kinds. Where drops are only counted they are lost; else they
    /// are no part of the sum.
    pub uncounted: u64,
    /// That were recorded after the last one of `-c` or `--until`, and left out. They are no part of the sum: they are not seen.
    pub beyond: u64,
    /// That are in memory, and not written yet. At the end there are none.
    pub kept: u64,
}

impl Accounting {
    /// All that should have been written or counted and was not.
    #[must_use]
    pub fn lost(&self) -> u64 {
        let uncounted = self.counted.map_or(0, |_| self.uncounted);
        [self.nested, self.unwritten, uncounted]
            .into_iter()
            .fold(self.ring_full, u64::saturating_add)
    }

    /// What is seen and nowhere yet: on its way from the ring to the file. At the end there is none.
    #[must_use]
    pub fn on_the_way(&self) -> u64 {
        self.seen
            .saturating_sub(self.accounted_for())
            .saturating_sub(self.kept)
    }

    /// All of which it is known where it went.
    #[must_use]
    pub fn accounted_for(&self) -> u64 {
        let (counted, overwritten) = (self.counted.unwrap_or(0), self.overwritten.unwrap_or(0));
        [
            counted,
            self.filtered,
            self.suppressed,
            self.limited,
            overwritten,
            self.lost(),
        ]
        .into_iter()
        .fold(self.written, u64::saturating_add)
    }

    /// The books in logfmt, with the losses by their causes: what the file says of them besides its statistics. Of tables it
    /// says nothing.
    #[must_use]
    pub fn logfmt(&self) -> String {
        let Self {
            seen,
            written,
            counted: _,
            filtered,
            noise,
            elsewhere,
            suppressed,
            limited,
            ring_full,
            nested,
            unwritten,
            partial,
            stackless,
            uncounted: _,
            beyond,
            overwritten,
            kept: _,
        } = self;
        let overwritten =
            overwritten.map_or(String::new(), |count| format!(" overwritten={count}"));
        let limited = match limited {
            0 => String::new(),
            count => format!(" rate_limited={count}"),
        };
        format!(
            "droprec v=1 seen={seen} written={written} filtered={filtered} noise={noise} elsewhere={elsewhere} \
             suppressed={suppressed}{limited}{overwritten} ring_full={ring_full} nested={nested} \
             unwritten={unwritten} partial={partial} stackless={stackless} \
             beyond={beyond}"
        )
    }

    /// The books that these pairs tell; `None`: they tell of something else.
    #[must_use]
    pub fn told(pairs: &Pairs<'_>) -> Option<Self> {
        let number = |key| pairs.number(key);
        Some(Self {
            seen: number("seen")?,
            written: number("written")?,
            counted: None,
            filtered: number("filtered")?,
            noise: number("noise").unwrap_or(0),
            elsewhere: number("elsewhere").unwrap_or(0),
            suppressed: number("suppressed")?,
            limited: number("rate_limited").unwrap_or(0),
            ring_full: number("ring_full")?,
            nested: number("nested")?,
            unwritten: number("unwritten")?,
            partial: number("partial")?,
            stackless: number("stackless").unwrap_or(0),
            uncounted: 0,
            beyond: number("beyond").unwrap_or(0),
            overwritten: number("overwritten"),
            kept: 0,
        })
    }

    /// The books of two recordings together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            seen: self.seen.saturating_add(other.seen),
            written: self.written.saturating_add(other.written),
            counted: self.counted.or(other.counted),
            filtered: self.filtered.saturating_add(other.filtered),
            noise: self.noise.saturating_add(other.noise),
            elsewhere: self.elsewhere.saturating_add(other.elsewhere),
            suppressed: self.suppressed.saturating_add(other.suppressed),
            limited: self.limited.saturating_add(other.limited),
            ring_full: self.ring_full.saturating_add(other.ring_full),
            nested: self.nested.saturating_add(other.nested),
            unwritten: self.unwritten.saturating_add(other.unwritten),
            partial: self.partial.saturating_add(other.partial),
            stackless: self.stackless.saturating_add(other.stackless),
            uncounted: self.uncounted.saturating_add(other.uncounted),
            beyond: self.beyond.saturating_add(other.beyond),
            overwritten: match (self.overwritten, other.overwritten) {
                (Some(one), Some(other)) => Some(one.saturating_add(other)),
                (one, other) => one.or(other),
            },
            kept: self.kept.saturating_add(other.kept),
        }
    }

    /// What has come to these books since they stood so: the books of a part of the recording. What is on its way is none of it.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let part = Self {
            seen: 0,
            written: self.written.saturating_sub(earlier.written),
            counted: self
                .counted
                .map(|count| count.saturating_sub(earlier.counted.unwrap_or(0))),
            filtered: self.filtered.saturating_sub(earlier.filtered),
            noise: self.noise.saturating_sub(earlier.noise),
            elsewhere: self.elsewhere.saturating_sub(earlier.elsewhere),
            suppressed: self.suppressed.saturating_sub(earlier.suppressed),
            limited: self.limited.saturating_sub(earlier.limited),
            overwritten: self
                .overwritten
                .map(|count| count.saturating_sub(earlier.overwritten.unwrap_or(0))),
            ring_full: self.ring_full.saturating_sub(earlier.ring_full),
            nested: self.nested.saturating_sub(earlier.nested),
            unwritten: self.unwritten.saturating_sub(earlier.unwritten),
            partial: self.partial.saturating_sub(earlier.partial),
            uncounted: self.uncounted.saturating_sub(earlier.uncounted),
            stackless: self.stackless.saturating_sub(earlier.stackless),
            beyond: self.beyond.saturating_sub(earlier.beyond),
            kept: 0,
        };
        Self {
            seen: part.accounted_for(),
            ..part
        }
    }

    /// The books of each interface. What is known of no interface is the first's, so that they add up to these.
    #[must_use]
    pub fn by_device(&self, devices: &[Device]) -> Vec<Statistics> {
        let mut rest = Statistics {
            received: self.seen,
            accepted: self.seen.saturating_sub(self.filtered + self.suppressed),
            delivered: self.written,
            dropped: self.lost(),
            os_dropped: self.ring_full + self.nested,
            comments: Vec::new(),
        };
        let mut statistics = vec![Statistics::default()];
        for device in &devices[1..] {
            let received = device.read + device.absent.total();
            let this = Statistics {
                received,
                accepted: received,
                delivered: device.read - device.unwritten - device.overwritten,
                dropped: device.absent.lost + device.unwritten,
                os_dropped: device.absent.lost,
                comments: Vec::new(),
            };
            rest.received = rest.received.saturating_sub(this.received);
            rest.accepted = rest.accepted.saturating_sub(this.accepted);
            rest.delivered = rest.delivered.saturating_sub(this.delivered);
            rest.dropped = rest.dropped.saturating_sub(this.dropped);
            rest.os_dropped = rest.os_dropped.saturating_sub(this.os_dropped);
            statistics.push(this);
        }
        statistics[0] = rest;
        statistics
    }
}

impl Display for Accounting {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            seen,
            written,
            counted,
            filtered,
            noise,
            suppressed,
            limited,
            ring_full,
            nested,
            unwritten,
            partial,
            overwritten,
            kept,
            stackless,
            uncounted,
            ..
        } = self;
        let of_these = if *noise > 0 {
            format!(" (noise {noise})")
        } else {
            String::new()
        };
        let by = match counted {
            Some(counted) => format!("counted {counted}"),
            None => format!("written {written}"),
        };
        write!(
            out,
            "seen {seen} = {by} + filtered {filtered}{of_these} + suppressed {suppressed}"
        )?;
        if *limited > 0 {
            write!(out, " + rate-limited {limited}")?;
        }
        if let Some(overwritten) = overwritten {
            write!(out, " + overwritten {overwritten}")?;
        }
        write!(out, " + lost {}", self.lost())?;
        if *kept > 0 {
            write!(out, " + kept in memory {kept}")?;
        }
        if self.on_the_way() > 0 {
            write!(out, " + on the way {}", self.on_the_way())?;
        }
        if *ring_full > 0 {
            write!(
                out,
                "\nlost {ring_full}: the ring was full; a larger one (-B), a faster disk or more of a processor (--max-cpu) would take more"
            )?;
        }
        if *nested > 0 {
            write!(
                out,
                "\nlost {nested}: the processor was in the midst of recording other drops"
            )?;
        }
        if *uncounted > 0 {
            let what = match counted {
                Some(_) => format!("lost {uncounted}: "),
                None => format!("{uncounted} drops are in no line of a table: "),
            };
            write!(
                out,
                "\n{what}there were more kinds than can be counted; -i leaves some out"
            )?;
        }
        if *unwritten > 0 {
            write!(out, "\nlost {unwritten}: recorded, but not written")?;
        }
        if *partial > 0 {
            write!(
                out,
                "\n{partial} packets lack bytes that -s asks for: caplen= tells which; the buffers for fragments were full, or the kernel gives no more"
            )?;
        }
        if *stackless > 0 {
            write!(
                out,
                "\n{stackless} drops lack their call stack: the kernel gave none or shows no names, or there were too many others"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_only_counted_stands_in_the_place_of_what_is_written_and_too_many_kinds_are_a_loss() {
        let books = Accounting {
            seen: 20,
            counted: Some(12),
            filtered: 3,
            suppressed: 1,
            nested: 2,
            uncounted: 2,
            ..Accounting::default()
        };
        assert_eq!((books.lost(), books.on_the_way()), (4, 0));
        let text = books.to_string();
        let first = "seen 20 = counted 12 + filtered 3 + suppressed 1 + lost 4\n";
        assert!(text.starts_with(first), "{text}");
        assert!(text.contains("\nlost 2: there were more kinds "), "{text}");
    }

    #[test]
    fn what_is_in_a_file_is_not_lost_because_no_table_has_it() {
        let books = Accounting {
            seen: 5,
            written: 5,
            uncounted: 2,
            ..Accounting::default()
        };
        assert_eq!((books.lost(), books.on_the_way()), (0, 0));
        let text = books.to_string();
        assert!(
            text.contains(" + lost 0\n2 drops are in no line "),
            "{text}"
        );
    }
}
