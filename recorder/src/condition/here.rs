//! What `--until` waits for on the running kernel: whether it has such reasons and places.

use wildmatch::WildMatch;

use super::{Condition, pair::Pair};
use crate::{
    cli::WrongArgument,
    explain::{self, reasons, traps, verb::near},
    kernel::{reasons::Reasons, symbols::Symbols},
    report::say::say,
};

/// What the reasons of modules begin with, which have names only while the module is loaded.
const OF_MODULES: [&str; 2] = ["OVS_DROP_", "RX_DROP"];

impl Condition {
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
            if !reasons.names().chain(may_come).any(|name| pair.is(name)) {
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
            let module = pair.value.split_once('[');
            let module = module.map(|(_, of)| WildMatch::new(of.trim_end_matches(']')));
            let is_known = |name: &str, of: Option<&str>| {
                let is_there = |module: &WildMatch| of.is_some_and(|of| module.matches(of));
                let name = explain::function(name);
                module.as_ref().is_none_or(is_there)
                    && [name, explain::within(name)]
                        .iter()
                        .any(|name| function.matches(name))
            };
            !symbols.spans().any(|(_, name, of)| is_known(name, of))
        };
        places.filter(is_unknown).map(Pair::to_string).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::btf::builder::Builder;

    fn condition(typed: &str) -> Condition {
        Condition::any(vec![typed.parse().unwrap()])
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
        let on = |typed| condition(typed).on(&reasons());
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
        let none = condition("reason=NO_SOCKET").on(&Reasons::default());
        assert!(none.unwrap_err().0.contains("loc="));
    }

    #[test]
    fn a_place_that_is_no_function_here_is_told() {
        let symbols = Symbols::parse(
            "ffff0000 T _stext\nffff0010 t tcp_v4_rcv\nffff0020 t ip_rcv.isra.0\nffff1000 T _etext\n",
            "",
        );
        let unknown = |typed| condition(typed).unknown_places(&symbols);
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
        assert_eq!(unknown("loc=[no_such]"), ["loc=* [no_such]"]);
    }
}
