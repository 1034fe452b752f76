//! Where every drop went, as droprec says: `seen N = written N + filtered N + suppressed N + lost N`, and with a flight recorder
//! `+ overwritten N` before the last, and `+ rate-limited N` before that where `--rate` or `--sample` left some out; where drops are only counted, `counted N` in the place of `written N`; with `--no-noise`,
//! `filtered N (noise N)`.

/// The numbers of that line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accounting {
    /// Drops that the kernel reported.
    pub seen: u64,
    /// In the file, or on the screen, or in the tables alone.
    pub written: u64,
    /// Left out by a filter.
    pub filtered: u64,
    /// Of these, those that are noise; 0 where nothing is said of it.
    pub noise: u64,
    /// Left out as private.
    pub suppressed: u64,
    /// Left out by `--rate` or `--sample`.
    pub limited: u64,
    /// Kept in memory until newer ones took their room; 0 without a flight recorder.
    pub overwritten: u64,
    /// Not recorded, and should have been.
    pub lost: u64,
}

impl Accounting {
    /// The last such line of a text.
    #[must_use]
    pub fn last_of(text: &str) -> Self {
        text.lines()
            .rev()
            .find_map(Self::parse)
            .unwrap_or_else(|| panic!("no line says where every drop went:\n{text}"))
    }

    fn parse(line: &str) -> Option<Self> {
        let (seen, parts) = line.strip_prefix("seen ")?.split_once(" = ")?;
        let mut parts = parts.split(" + ");
        let kept = parts.next()?;
        let kept = kept
            .strip_prefix("written ")
            .or(kept.strip_prefix("counted "));
        let written = kept?.parse().ok()?;
        let filtered = parts.next()?.strip_prefix("filtered ")?;
        let (filtered, noise) = match filtered.split_once(" (noise ") {
            Some((filtered, noise)) => (filtered, noise.strip_suffix(')')?),
            None => (filtered, "0"),
        };
        let mut parts = parts.peekable();
        let mut part = |name| {
            let part = parts.next_if(|part| part.starts_with(name))?;
            part.strip_prefix(name)?.trim_start().parse().ok()
        };
        let accounting = Self {
            seen: seen.parse().ok()?,
            written,
            filtered: filtered.parse().ok()?,
            noise: noise.parse().ok()?,
            suppressed: part("suppressed")?,
            limited: part("rate-limited").unwrap_or(0),
            overwritten: part("overwritten").unwrap_or(0),
            lost: part("lost")?,
        };
        parts.next().is_none().then_some(accounting)
    }

    /// Its numbers, in their order.
    #[must_use]
    pub fn numbers(self) -> [u64; 8] {
        [
            self.seen,
            self.written,
            self.filtered,
            self.noise,
            self.suppressed,
            self.limited,
            self.overwritten,
            self.lost,
        ]
    }

    /// Demands that no drop is missing from it.
    pub fn must_balance(&self) {
        let Self {
            seen,
            written,
            filtered,
            noise,
            suppressed,
            limited,
            overwritten,
            lost,
        } = self;
        assert!(noise <= filtered, "more noise than is filtered: {self:?}");
        assert_eq!(
            *seen,
            written + filtered + suppressed + limited + overwritten + lost,
            "drops are missing: {self:?}"
        );
    }
}
