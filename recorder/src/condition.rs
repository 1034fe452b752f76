//! What `--until` waits for: drops that have these pairs, in the words of a packet's second comment.
//!
//! What drops of a kind have in common is looked at once a kind, the rest at each drop.

use std::{fmt, str::FromStr};

use wildmatch::WildMatch;

use crate::{
    cli::WrongArgument,
    explain::{self, reasons, traps, verb::near},
    kernel::{reasons::Reasons, symbols::Symbols},
    logfmt::{self, Pairs},
    report::say::say,
    text::printable,
};

/// Keys whose values drops of a kind have in common, as [`crate::enrich::words`] writes them.
const OF_KIND: [&str; 17] = [
    "reason",
    "loc",
    "hw",
    "trap_group",
    "deferred",
    "dev",
    "ifindex",
    "indev",
    "iif",
    "netns",
    "netns_name",
    "dir",
    "pkt_type",
    "csum",
    "proto",
    "proto_is",
    "l2",
];
/// Keys of each drop, as [`crate::enrich::pairs`] writes them.
const OF_DROP: [&str; 14] = [
    "len",
    "caplen",
    "gso",
    "mark",
    "prio",
    "hash",
    "queue",
    "cpu",
    "uid",
    "sock",
    "sock_role",
    "pid",
    "comm",
    "what",
];
/// What the reasons of modules begin with, which have names only while the module is loaded.
const OF_MODULES: [&str; 2] = ["OVS_DROP_", "RX_DROP"];

/// Pairs that a drop must all have.
#[derive(Clone, Debug, PartialEq)]
pub struct All {
    of_kind: Vec<Pair>,
    of_drop: Vec<Pair>,
}

/// Drops that have all pairs of any of these; of none: no drop.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Condition {
    any: Vec<All>,
}

/// What a condition comes to for drops of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// None of them meets it.
    #[default]
    Never,
    /// Each of them does.
    Always,
    /// Those that have all other pairs of one of these.
    Perhaps(Vec<usize>),
}

#[derive(Clone, Debug, PartialEq)]
struct Pair {
    key: &'static str,
    /// As it was typed.
    value: String,
    /// `*` stands for any characters, `?` for one.
    glob: WildMatch,
    /// It is one, decimal or hexadecimal.
    number: Option<u64>,
}

fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

impl Pair {
    fn new(key: &str, value: &str) -> Result<Self, String> {
        let mut keys = OF_KIND.iter().chain(&OF_DROP).copied();
        let Some(key) = keys.clone().find(|known| *known == key) else {
            let near = near::among(key, keys.clone());
            let known = match near[..] {
                [] => keys.by_ref().collect::<Vec<_>>().join(", "),
                _ => format!("{} perhaps?", near.join(" or ")),
            };
            return Err(format!("{} is no key of a drop: {known}", printable(key)));
        };
        if value.is_empty() {
            return Err(format!("{key}= needs a value; {key}=* takes any"));
        }
        // The names of reasons are in capital letters, with a prefix that nobody needs to type.
        let upper = value.to_ascii_uppercase();
        let value = match key {
            "reason" => upper.strip_prefix("SKB_DROP_REASON_").unwrap_or(&upper),
            _ => value,
        };
        Ok(Self {
            key,
            glob: WildMatch::new(value),
            number: number(value),
            value: value.to_owned(),
        })
    }

    fn is_met(&self, pairs: &Pairs<'_>) -> bool {
        pairs.get(self.key).is_some_and(|value| self.takes(&value))
    }

    fn takes(&self, value: &str) -> bool {
        if self.key == "loc" {
            return self.takes_location(value);
        }
        if self.key == "reason" {
            // Those of hardware are in small letters.
            return self.glob.matches(&value.to_ascii_uppercase());
        }
        self.glob.matches(value) || (self.number.is_some() && self.number == number(value))
    }

    /// As it is, without the module, the offset or the suffix of a compiler's copy, or as what it drops for.
    fn takes_location(&self, location: &str) -> bool {
        let without_module = location.split(" [").next().unwrap_or_default();
        let copy = without_module.split('+').next().unwrap_or_default();
        let function = explain::function(location);
        [
            location,
            without_module,
            copy,
            function,
            explain::within(function),
        ]
        .iter()
        .any(|name| self.glob.matches(name))
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key, printable(&self.value))
    }
}

impl FromStr for All {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let line = format!("droprec v=1 {}", typed.trim());
        let mut pairs = logfmt::pairs(&line).unwrap_or_default();
        pairs.next();
        let mut all = Self {
            of_kind: Vec::new(),
            of_drop: Vec::new(),
        };
        loop {
            let rest = pairs.text();
            let Some((key, value)) = pairs.next() else {
                if rest.is_empty() {
                    break;
                }
                return Err(format!(
                    "it takes KEY=VALUE, several with a space between them, a value with spaces in quotes; this is none: {}",
                    printable(rest.trim())
                ));
            };
            // droprec itself quotes such a value.
            if value.contains('=') && !rest.contains('"') {
                return Err(format!(
                    "{} has a = in its value: put a space between two pairs, or the value in quotes",
                    printable(rest.trim())
                ));
            }
            let pair = Pair::new(key, &value)?;
            if OF_KIND.contains(&pair.key) {
                all.of_kind.push(pair);
            } else {
                all.of_drop.push(pair);
            }
        }
        if all.of_kind.is_empty() && all.of_drop.is_empty() {
            return Err("it takes KEY=VALUE, as in reason=NO_SOCKET".to_owned());
        }
        Ok(all)
    }
}

impl Condition {
    /// Drops that meet any of these.
    #[must_use]
    pub fn any(any: Vec<All>) -> Self {
        Self { any }
    }

    /// No drop meets it, as nothing was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.any.is_empty()
    }

    /// As it was typed, fit to print.
    pub fn typed(&self) -> impl Iterator<Item = String> {
        let pairs = |all: &All| {
            let pairs = all.of_kind.iter().chain(&all.of_drop);
            pairs.map(Pair::to_string).collect::<Vec<_>>().join(" ")
        };
        self.any.iter().map(pairs)
    }

    /// What it comes to for drops that have these pairs in common.
    #[must_use]
    pub fn of_kind(&self, pairs: &Pairs<'_>) -> Verdict {
        let mut perhaps = Vec::new();
        for (index, all) in self.any.iter().enumerate() {
            if all.of_kind.iter().all(|pair| pair.is_met(pairs)) {
                if all.of_drop.is_empty() {
                    return Verdict::Always;
                }
                perhaps.push(index);
            }
        }
        match perhaps[..] {
            [] => Verdict::Never,
            _ => Verdict::Perhaps(perhaps),
        }
    }

    /// Whether a drop meets it, by what it comes to for the kind, and by the drop's own pairs.
    #[must_use]
    pub fn is_met(&self, verdict: &Verdict, own: &Pairs<'_>) -> bool {
        let has_all = |index: &usize| {
            let mut pairs = self.any[*index].of_drop.iter();
            pairs.all(|pair| pair.is_met(own))
        };
        match verdict {
            Verdict::Never => false,
            Verdict::Always => true,
            Verdict::Perhaps(alternatives) => alternatives.iter().any(has_all),
        }
    }

    /// The same on a kernel that has these reasons. One that it does not have is an error: no drop would ever have it.
    pub fn on(mut self, reasons: &Reasons) -> Result<Self, WrongArgument> {
        let pairs = self.any.iter_mut().flat_map(|all| &mut all.of_kind);
        for pair in pairs.filter(|pair| pair.key == "reason") {
            let wrong = |why: &str| WrongArgument(format!("--until {pair}: {why}"));
            if traps::all().any(|trap| pair.takes(trap.name)) {
                continue;
            }
            if reasons.is_empty() {
                return Err(wrong(
                    "this kernel gives no reasons (they came with Linux 5.17); name a function with loc=",
                ));
            }
            if let Some(number) = pair.number {
                let name = reasons.name(number as u32).into_owned();
                *pair = Pair::new("reason", &name).map_err(WrongArgument)?;
                continue;
            }
            let may_come = reasons::all()
                .map(|explanation| explanation.name)
                .filter(|name| OF_MODULES.iter().any(|of| name.starts_with(of)))
                .filter(|_| reasons.has_modules_to_come());
            if !reasons
                .names()
                .chain(may_come)
                .any(|name| pair.glob.matches(name))
            {
                let near = near::among(&pair.value, reasons.names());
                let near = match near[..] {
                    [] => "`droprec explain` lists reasons".to_owned(),
                    _ => format!("near it are {}", near.join(", ")),
                };
                return Err(wrong(&format!("this kernel has no such reason; {near}")));
            }
        }
        Ok(self)
    }

    /// Says which places are no function's of this kernel, where it names any.
    pub fn warn(&self, symbols: &Symbols) {
        if symbols.is_empty() {
            return;
        }
        for place in self.unknown_places(symbols) {
            say(format_args!(
                "--until {place}: no function of this kernel has this name; it waits for a module that has"
            ));
        }
    }

    /// The places that are no function's of this kernel, nor of a module that is loaded.
    fn unknown_places(&self, symbols: &Symbols) -> Vec<String> {
        let pairs = self.any.iter().flat_map(|all| &all.of_kind);
        let places = pairs.filter(|pair| pair.key == "loc");
        let is_unknown = |pair: &&Pair| {
            let function = WildMatch::new(explain::function(&pair.value));
            let is_known = |name: &str| {
                let of = explain::function(name);
                [of, explain::within(of)]
                    .iter()
                    .any(|name| function.matches(name))
            };
            !symbols.functions().any(is_known)
        };
        places.filter(is_unknown).map(Pair::to_string).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::btf::builder::Builder;

    fn all(typed: &str) -> All {
        typed
            .parse()
            .unwrap_or_else(|error| panic!("{typed}: {error}"))
    }

    /// Whether a drop with this comment meets what was typed.
    fn meets(comment: &str, typed: &[&str]) -> bool {
        let condition = Condition::any(typed.iter().map(|typed| all(typed)).collect());
        let pairs = logfmt::pairs(comment).unwrap();
        let kind = &comment[..comment.len() - pairs.from_len().text().len()];
        let verdict = condition.of_kind(&logfmt::pairs(kind).unwrap());
        condition.is_met(&verdict, &pairs.from_len())
    }

    const DROP: &str = "droprec v=1 reason=NO_SOCKET loc=__udp4_lib_rcv.constprop.0+0x8cf dev=eth0 ifindex=2 netns=4026531840 \
        netns_name=\"a b\" dir=in proto=0x0800 l2=mac len=60 mark=0x10 cpu=1 uid=1000 pid=42 comm=nc what=\"UDP 10.0.0.1:1 > 10.0.0.2:7\"";

    #[test]
    fn all_pairs_of_one_must_be_there_and_one_of_several_is_enough() {
        assert!(meets(DROP, &["reason=NO_SOCKET"]));
        assert!(meets(DROP, &["reason=NO_SOCKET dev=eth0 uid=1000 comm=nc"]));
        assert!(!meets(DROP, &["reason=NO_SOCKET dev=eth1"]));
        assert!(!meets(DROP, &["reason=NO_SOCKET comm=ncat"]));
        assert!(meets(DROP, &["dev=eth1", "reason=NO_SOCKET", "comm=x"]));
        assert!(meets(
            DROP,
            &["dev=eth1", "reason=NO_SOCKET comm=x", "uid=1000"]
        ));
        assert!(!meets(DROP, &["dev=eth1", "reason=NO_SOCKET comm=x"]));
        assert!(!meets(DROP, &[]));
    }

    #[test]
    fn what_a_drop_does_not_tell_is_not_met_whatever_was_typed() {
        let silent = "droprec v=1 dev=eth0 len=60 cpu=1 what=x";
        for typed in ["reason=*", "pid=*", "uid=0", "loc=*"] {
            assert!(
                meets(DROP, &["pid=*"]) && !meets(silent, &[typed]),
                "{typed}"
            );
        }
    }

    #[test]
    fn a_value_may_have_wildcards_spaces_and_another_base() {
        for typed in [
            "netns_name=\"a b\"",
            "what=\"UDP 10.0.0.?:*\"",
            "what=*:7",
            "comm=n?",
            "proto=0x800",
            "proto=2048",
            "mark=16",
            "cpu=0x1",
            " dev=e* ",
        ] {
            assert!(meets(DROP, &[typed]), "{typed}");
        }
        for typed in [
            "comm=n",
            "comm=?",
            "dev=ETH0",
            "mark=10",
            "what=UDP",
            "proto=800",
        ] {
            assert!(!meets(DROP, &[typed]), "{typed}");
        }
    }

    #[test]
    fn a_place_is_its_function_with_and_without_what_stands_behind_it() {
        for typed in [
            "loc=__udp4_lib_rcv",
            "loc=__udp4_lib_rcv.constprop.0",
            "loc=__udp4_lib_rcv.constprop.0+0x8cf",
            "loc=__udp4_*",
            "loc=__udp4_lib_rcv*+0x8cf",
        ] {
            assert!(meets(DROP, &[typed]), "{typed}");
        }
        for typed in ["loc=udp4_lib_rcv", "loc=__udp4_lib_rcv+0x8cf", "loc=__udp4"] {
            assert!(!meets(DROP, &[typed]), "{typed}");
        }
        for location in [
            "\"ip_rcv+0xcf [ip]\"",
            "ip_rcv.isra.0+0x1",
            "ip_rcv.part.0+0x1",
        ] {
            let comment = format!("droprec v=1 loc={location} len=1");
            assert!(meets(&comment, &["loc=ip_rcv"]), "{location}");
            // What `explain` takes it for: the function that compilers put into it.
            assert!(meets(&comment, &["loc=ip_rcv_core"]), "{location}");
        }
        assert!(meets("droprec v=1 loc=\"a+0x1 [m]\" len=1", &["loc=a+0x1"]));
    }

    #[test]
    fn a_reason_is_known_by_its_whole_name_and_in_small_letters_too() {
        for typed in [
            "reason=SKB_DROP_REASON_NO_SOCKET",
            "reason=no_socket",
            "reason=no_*",
        ] {
            assert!(meets(DROP, &[typed]), "{typed}");
        }
    }

    #[test]
    fn what_is_no_pair_of_a_drop_is_refused_with_what_is_wrong() {
        for (typed, said) in [
            ("", "KEY=VALUE"),
            ("NO_SOCKET", "KEY=VALUE"),
            ("dev=eth0  cpu=1", "KEY=VALUE"),
            ("dev=\"eth0", "KEY=VALUE"),
            ("reasn=X", "reason perhaps?"),
            ("zzz=1", "deferred"),
            ("v=1", "no key"),
            ("dev=", "dev=*"),
            ("dev=eth0,cpu=1", "put a space"),
            ("dev\x1b=1", "no key"),
        ] {
            let error = typed.parse::<All>().unwrap_err();
            assert!(error.contains(said), "{typed}: {error}");
            assert!(!error.contains('\x1b'), "{error:?}");
        }
    }

    /// A kernel with two reasons of its own, one of which is what `loc` is for, and a subsystem whose module is not loaded.
    fn reasons() -> Reasons {
        let mut kernel = Builder::new();
        kernel.enumeration(
            "skb_drop_reason",
            &[
                ("SKB_DROP_REASON_NOT_SPECIFIED", 2),
                ("SKB_DROP_REASON_NO_SOCKET", 3),
                ("SKB_DROP_REASON_MAX", 4),
            ],
        );
        kernel.enumeration(
            "skb_drop_reason_subsys",
            &[("SKB_DROP_REASON_SUBSYS_OPENVSWITCH", 3)],
        );
        Reasons::new(&kernel.btf())
    }

    #[test]
    fn a_reason_that_the_kernel_does_not_have_is_refused_and_what_is_near_it_is_named() {
        let on = |typed| Condition::any(vec![all(typed)]).on(&reasons());
        for typed in [
            "reason=NO_SOCKET",
            "reason=no_*",
            "reason=OVS_DROP_LAST_ACTION",
            "dev=eth0",
        ] {
            assert!(on(typed).is_ok(), "{typed}");
        }
        assert_eq!(on("reason=3").unwrap(), on("reason=NO_SOCKET").unwrap());
        let error = on("reason=NO_SOKET").unwrap_err().0;
        assert!(error.contains("near it are NO_SOCKET"), "{error}");
        for typed in ["reason=TPC_*", "reason=OVS_DROP_NO_SUCH_THING", "reason=X"] {
            assert!(on(typed).is_err(), "{typed}");
        }
        let none = Condition::any(vec![all("reason=NO_SOCKET")]).on(&Reasons::default());
        assert!(none.unwrap_err().0.contains("loc="));
    }

    #[test]
    fn a_place_that_is_no_function_here_is_told() {
        let symbols = Symbols::parse(
            "ffff0000 T _stext\nffff0010 t tcp_v4_rcv\nffff0020 t ip_rcv.isra.0\nffff1000 T _etext\n",
            "",
        );
        let unknown = |typed| Condition::any(vec![all(typed)]).unknown_places(&symbols);
        for typed in [
            "loc=tcp_v4_rcv",
            "loc=tcp_*",
            "loc=ip_rcv",
            "loc=ip_rcv_core+0x1",
            "dev=x",
        ] {
            assert_eq!(unknown(typed), [""; 0], "{typed}");
        }
        assert_eq!(unknown("loc=tpc_v4_rcv"), ["loc=tpc_v4_rcv"]);
    }
}
