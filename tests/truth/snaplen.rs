//! The same packets, cut by other snaplens: the first bytes of a packet, and all of the longest.

use crate::{frag_lists, frags, gso, judge::hold};

#[test]
fn packets_in_pages_are_cut_where_a_small_snaplen_says() {
    hold(100, frags::CASES);
}

#[test]
fn packets_put_together_from_fragments_are_whole_with_the_largest_snaplen() {
    hold(262_144, frag_lists::CASES);
}

#[test]
fn packets_of_several_segments_are_whole_with_the_largest_snaplen() {
    hold(262_144, gso::CASES);
}
