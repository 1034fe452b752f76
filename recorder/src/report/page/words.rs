//! What the packets of a file are called: nobody said of others' that they were dropped.

/// Words for them, and for the parts of the page that tell of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    /// One of them.
    pub(super) one: &'static str,
    /// Their number, as the head of a column.
    pub(super) many: &'static str,
    /// What the chart shows, up to the length of a span.
    pub(super) per: &'static str,
    /// What the reasons are an answer to.
    pub(super) why: &'static str,
    /// What the table is an answer to.
    pub(super) table: &'static str,
}

/// Those that were dropped.
pub(super) const DROPS: Words = Words {
    one: "dropped packet",
    many: "drops",
    per: "Drops per ",
    why: "Why, and what to do",
    table: "What was dropped where",
};

/// Those of a file that does not say so of all.
pub(super) const MIXED: Words = Words {
    one: "packet",
    many: "packets",
    per: "Packets per ",
    ..DROPS
};

/// Those of a file that says so of none.
pub(super) const PACKETS: Words = Words {
    why: "What they are",
    table: "How many at each interface",
    ..MIXED
};
