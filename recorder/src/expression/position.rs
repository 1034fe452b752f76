//! Where an expression is wrong. libpcap does not tell; but it tells what is wrong with the beginning of an expression, so
//! that the first word can be found with which it says the same.

use std::ops::Range;

/// A word that libpcap's scanner has a complaint of its own about, when it comes to it: an address that is cut short.
const STUMBLING: &str = " 1:2:3:4:5";
/// No expression at all.
const SENSELESS: &str = "and";

/// The place of the word, in bytes; one that is empty: what is missing at the end. `message`: what libpcap says of the whole.
/// `ask`: what it says of another. `None`: it cannot be found.
pub(super) fn find(
    text: &str,
    message: &str,
    ask: impl Fn(&str) -> Option<String>,
) -> Option<Range<usize>> {
    let says = |text: &str| ask(text).is_some_and(|said| said == message);
    // Of a beginning, too, it says that the syntax is wrong. But of something whose syntax is right up to the word that it
    // stumbles at, it complains of that.
    let is_syntax = says(SENSELESS);
    if is_syntax && says(STUMBLING) {
        return None;
    }
    let words = words(text);
    let end = text.trim_end().len();
    let wrong = words.into_iter().find(|word| {
        let beginning = &text[..word.end];
        if is_syntax {
            says(&format!("{beginning}{STUMBLING}"))
        } else {
            says(beginning)
        }
    });
    Some(wrong.unwrap_or(end..end))
}

/// Signs of two characters.
const PAIRS: [&str; 8] = ["&&", "||", "<<", ">>", "<=", ">=", "!=", "=="];

/// The words of an expression: what stands between spaces, and signs by themselves. Signs that an address or a name may have
/// are left in it.
fn words(text: &str) -> Vec<Range<usize>> {
    let is_sign = |c: char| "()[]!<>=&|^%*/+~,;\"'".contains(c);
    let is_end = |c: char| c.is_whitespace() || is_sign(c);
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let len = match rest.get(..2) {
            Some(pair) if PAIRS.contains(&pair) => 2,
            _ if is_end(c) => c.len_utf8(),
            _ => rest.find(is_end).unwrap_or(rest.len()),
        };
        if !c.is_whitespace() {
            words.push(at..at + len);
        }
        at += len;
    }
    words
}

#[cfg(all(test, feature = "libpcap"))]
mod tests {
    use crate::expression::{Expression, wrong::Wrong};

    /// What libpcap says of it, and the mark under the word that it does not take, as an expression with the mark in it.
    fn marked(text: &str) -> (String, String) {
        let error = Expression::compile(text, &[1]).expect_err(text);
        let wrong = error.downcast::<Wrong>().expect("it is the expression's");
        let shown = wrong.to_string();
        let lines: Vec<&str> = shown.lines().collect();
        let [message, line, mark] = lines[..] else {
            panic!("{shown}");
        };
        let begin = mark.find('^').expect("there is a mark");
        let (before, behind) = line.split_at(begin);
        let (word, behind) = behind.split_at(behind.len().min(mark.len() - begin));
        let message = message.trim_start_matches("wrong expression: ");
        (
            message.to_owned(),
            format!("{}<{word}>{behind}", before.trim_start()),
        )
    }

    #[test]
    fn the_word_that_libpcap_does_not_take_is_marked() {
        for (text, place) in [
            ("tcp prot 80", "tcp <prot> 80"),
            ("tcp port 80 or udp prot 53", "tcp port 80 or udp <prot> 53"),
            ("and tcp", "<and> tcp"),
            ("tcp)", "tcp<)>"),
            ("ip[]=1", "ip[<]>=1"),
            ("tcp[tcpflag] = 1", "tcp[<tcpflag>] = 1"),
            ("len > 5 and greater x", "len > 5 and greater <x>"),
            ("tcp @ udp", "tcp <@> udp"),
            ("tcp port http'", "tcp port http<'>"),
            ("broadcast multicast", "broadcast <multicast>"),
            ("icmp[icmptype]=icmp-foo", "icmp[icmptype]=<icmp-foo>"),
            ("tcp && udp | | arp", "tcp && udp <|> | arp"),
            (
                "host 10.0.0.1 hosts 10.0.0.2",
                "host 10.0.0.1 <hosts> 10.0.0.2",
            ),
        ] {
            let (message, marked) = marked(text);
            assert_eq!(marked, place);
            assert!(message.contains("syntax error"), "{text}: {message}");
        }
    }

    #[test]
    fn what_is_missing_is_marked_at_the_end() {
        for text in [
            "tcp port",
            "tcp and",
            "(tcp",
            "not",
            "len >",
            "tcp port 80 and (udp or icmp",
            "src or dst",
            "tcp && udp ||",
        ] {
            let (message, marked) = marked(text);
            assert_eq!(marked, format!("{text}<>"), "{message}");
        }
    }

    #[test]
    fn a_word_that_means_nothing_is_marked_where_libpcap_says_so() {
        for (text, place, said) in [
            (
                "tcp or host 10.0.0.300",
                "tcp or host <10.0.0.300>",
                "10.0.0.300",
            ),
            (
                "port 99999 or tcp",
                "port <99999> or tcp",
                "illegal port number",
            ),
            (
                "(udp or port nosuch) and tcp",
                "(udp or port <nosuch>) and tcp",
                "unknown port",
            ),
            ("ip[0:3]=1", "ip[0:3<]>=1", "data size must be 1, 2, or 4"),
            ("vlan 5000 and tcp", "vlan <5000> and tcp", "VLAN tag"),
            (
                "tcp port 80 and arp port 80",
                "tcp port 80 and arp port <80>",
                "illegal qualifier",
            ),
            (
                "ip6 net ::1/129 or tcp",
                "ip6 net ::1/<129> or tcp",
                "mask length",
            ),
            (
                "tcp and ether host 1:2:3:4:5",
                "tcp and ether host <1:2:3:4:5>",
                "ethernet address",
            ),
            ("ip[0]/0=1 or tcp", "ip[0]/<0>=1 or tcp", "division by zero"),
        ] {
            let (message, marked) = marked(text);
            assert_eq!(marked, place, "{message}");
            assert!(message.contains(said), "{text}: {message}");
        }
    }

    #[test]
    fn only_the_line_with_the_word_is_shown_and_no_control_character_of_it() {
        let (_, place) = marked("tcp or\n udp\tprot \u{1b}[31m53\nor icmp");
        assert_eq!(place, "udp\\x09<prot> \\x1b[31m53");
        let (_, place) = marked("host \u{202e}x");
        assert_eq!(place, "host <\\u{202e}x>");
    }
}
