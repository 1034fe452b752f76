//! Drops that are normal life on a healthy machine: what `--no-noise` leaves out.
//!
//! Each tells of no loss: its bytes are there already, or another drop tells of them, or nobody ever waited for them. What
//! is harmless only mostly is none of them, as who looks for trouble must find it: OTHERHOST may be a wrong neighbour entry,
//! a group that nobody joined may be a program that joined it elsewhere, and what `CoDel` drops is data. Nor is a protocol that
//! nothing handles: it is what `rx_dropped` counts.
//!
//! Tried on 5.10, 6.1, 6.12, 6.18 and 7.2. Where a kernel gives no reasons, those that have one are not there.

/// A kind of drop that tells of no loss.
#[derive(Debug, PartialEq, Eq)]
pub struct Member {
    /// The reason's name without `SKB_DROP_REASON_`. `None`: whatever it is.
    pub reason: Option<&'static str>,
    /// The functions that drop it, without what a compiler appends to its copies (`.constprop.0`). None: wherever it is.
    pub functions: &'static [&'static str],
    /// Why it is normal life, and what is missed without it.
    pub why: &'static str,
}

/// All of them.
#[must_use]
pub fn members() -> &'static [Member] {
    MEMBERS
}

const MEMBERS: &[Member] = &[
    // net/core/skbuff.c: skb_release_data (v5.10 to v7.2). Where a compiler leaves kfree_skb_list by itself before v6.3, that is
    // the place, which frees what qdiscs refuse too.
    Member {
        reason: None,
        functions: &["skb_release_data"],
        why: "A part of a packet that was put together of several goes when the packet does. If the packet itself is \
            dropped, that is recorded, with the length of all its parts; if it was read or sent, nothing was lost. \
            Missed are parts of what TCP frees without telling: what a program that closes has not read and, before \
            5.18, what TCP refuses.",
    },
    // net/core/stream.c: sk_stream_kill_queues. What waits when a program closes is freed before, in __tcp_close, and data that
    // come after it are refused in tcp_rcv_state_process; tcp_disconnect empties the queue of a connection that nobody
    // accepted (net/ipv4/tcp.c, net/ipv4/tcp_input.c, v6.1 to v7.2).
    Member {
        reason: None,
        functions: &["sk_stream_kill_queues"],
        why: "A TCP connection that the program has closed ends, and the other end's FIN goes with it: all data were read \
            or given up before. Missed are messages about what was sent (time stamps, ICMP errors) that the program did \
            not fetch and, on older kernels (6.12), what it left unread of an MPTCP connection.",
    },
    // net/ipv4/tcp_input.c: tcp_data_queue (v6.1 to v7.2), "2nd most common case".
    Member {
        reason: Some("TCP_OLD_DATA"),
        functions: &[],
        why: "All of its data are here already: TCP sends again what was not acknowledged in time. Missed is how often; \
            `nstat -az TcpExtDelayedACKLost` counts them.",
    },
    // net/ipv4/tcp_input.c: tcp_sequence (v6.12, v7.2). A keepalive or a probe of a closed window has the number before the
    // next (net/ipv4/tcp_output.c: tcp_xmit_probe_skb).
    Member {
        reason: Some("TCP_OLD_SEQUENCE"),
        functions: &[],
        why: "A keepalive, a probe of a closed window, or a segment that was acknowledged before: at most it asks for an \
            acknowledgement. Missed is a middlebox that shifts sequence numbers back; the other end then \
            drops what this one answers.",
    },
    // net/ipv4/tcp_input.c: tcp_data_queue_ofo (v6.1 to v7.2), "All the bits are present. Drop."
    Member {
        reason: Some("TCP_OFOMERGE"),
        functions: &[],
        why: "Segments came out of order, and another that waits has all that this one holds. Missed is how often; `nstat \
            -az TcpExtTCPOFOMerge` counts them.",
    },
    // net/ipv4/tcp_input.c: tcp_ofo_queue (v6.1 to v7.2).
    Member {
        reason: Some("TCP_OFO_DROP"),
        functions: &[],
        why: "It waited out of order, and all of its data came by another segment. Nothing is missed.",
    },
    // net/ipv4/tcp_input.c: tcp_disordered_ack_check (v7.2), "Old ACK are common".
    Member {
        reason: Some("TCP_RFC7323_PAWS_ACK"),
        functions: &[],
        why: "An acknowledgement without data that a later packet has overtaken, as happens where a sender has several \
            queues. Missed is how often; `nstat -az TcpExtPAWSOldAck` counts them.",
    },
    // net/ipv4/ping.c: ping_rcv looks for ping sockets, when raw ones have their copies; up to v6.12 its callers free, and
    // have this reason from nothing else (net/ipv4/icmp.c, net/ipv6/icmp.c, v6.1 to v7.2).
    Member {
        reason: Some("NO_SOCKET"),
        functions: &["ping_rcv", "icmp_rcv", "icmpv6_rcv"],
        why: "The answer to a ping that uses a raw socket, which has its copy already. Missed are answers that nobody \
            asked for or that come after ping has ended; `nstat -az IcmpInEchoReps \
            Icmp6InEchoReplies` counts all.",
    },
    // net/bpf/test_run.c: bpf_prog_test_run_skb (v6.1 to v7.2).
    Member {
        reason: None,
        functions: &["bpf_prog_test_run_skb"],
        why: "A program tried a BPF program on a packet that it made up (BPF_PROG_TEST_RUN). It never was on a network. \
            Nothing is missed.",
    },
];

impl Member {
    /// It in words: `NO_SOCKET at ping_rcv, icmp_rcv or icmpv6_rcv`.
    #[must_use]
    pub fn name(&self) -> String {
        let functions = match self.functions {
            [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
            functions => functions.concat(),
        };
        match self.reason {
            Some(reason) if functions.is_empty() => reason.to_owned(),
            Some(reason) => format!("{reason} at {functions}"),
            None => functions,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{self, Verdict};

    #[test]
    fn whatever_is_noise_is_explained_as_harmless() {
        for member in members() {
            let places: Vec<Option<&str>> = match member.functions {
                [] => vec![None],
                functions => functions.iter().copied().map(Some).collect(),
            };
            for place in places {
                let explained = explain::of(member.reason.or(Some("NOT_SPECIFIED")), place);
                let verdict = explained.map(|explanation| explanation.verdict);
                assert_eq!(verdict, Some(Verdict::Harmless), "{}", member.name());
            }
        }
    }

    #[test]
    fn no_reason_that_says_nothing_is_noise_and_nothing_is_noise_for_no_reason_anywhere() {
        for member in members() {
            assert!(member.reason.is_some() || !member.functions.is_empty());
            assert_ne!(member.reason, Some("NOT_SPECIFIED"));
            assert!(!member.why.is_empty(), "{}", member.name());
        }
    }

    #[test]
    fn a_member_is_named_by_its_reason_and_its_places() {
        let names: Vec<String> = members().iter().map(Member::name).collect();
        assert!(names.contains(&"skb_release_data".to_owned()), "{names:?}");
        assert!(names.contains(&"TCP_OLD_DATA".to_owned()), "{names:?}");
        let both = "NO_SOCKET at ping_rcv, icmp_rcv or icmpv6_rcv";
        assert!(names.contains(&both.to_owned()), "{names:?}");
    }
}
