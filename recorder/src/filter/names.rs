//! Names of reasons and places as a filter has them: with `*` and `?` for what is left open.

use std::{convert::Infallible, str::FromStr};

use wildmatch::WildMatch;

use crate::{explain, text::printable};

/// What the kernel puts before a reason's name.
const PREFIX: &str = "SKB_DROP_REASON_";

/// Reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    typed: String,
    pattern: WildMatch,
}

impl FromStr for Reason {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let upper = text.trim().to_ascii_uppercase();
        let name = upper.strip_prefix(PREFIX).unwrap_or(&upper);
        Ok(Self {
            typed: name.to_owned(),
            pattern: WildMatch::new(name),
        })
    }
}

impl Reason {
    /// The name as it was typed, or its number.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// Its number, where it is one.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        self.typed.parse().ok()
    }

    /// Whether a reason of this name is meant.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.pattern.matches(&name.to_ascii_uppercase())
    }
}

/// Places: a function, one place in it, or a module.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    typed: String,
    function: WildMatch,
    /// One place of the function, in bytes from its beginning.
    offset: Option<u64>,
    /// Only in a module of this name.
    module: Option<WildMatch>,
    /// It stood behind `match=` or `filter=`.
    is_word: bool,
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (place, module) = match text.split_once('[') {
            Some((place, module)) => {
                let module = module.strip_suffix(']');
                let module = module.ok_or("a module stands in brackets: [nf_tables]")?;
                (place.trim_end(), Some(WildMatch::new(module)))
            }
            None => (text, None),
        };
        let (function, offset) = match place.split_once('+') {
            Some((function, offset)) => {
                // dropwatch leaves the 0x out.
                let digits = offset.strip_prefix("0x").unwrap_or(offset);
                let offset = u64::from_str_radix(digits, 16);
                let offset = offset
                    .map_err(|_| "behind the + it takes a hexadecimal number: ip_rcv+0xcf")?;
                (function, Some(offset))
            }
            None => (place, None),
        };
        let function = match function {
            "" if module.is_some() => "*",
            "" => {
                return Err(
                    "it takes a function's name, as location= and dropwatch tell it".to_owned(),
                );
            }
            function => function,
        };
        Ok(Self {
            typed: text.to_owned(),
            function: WildMatch::new(function),
            offset,
            module,
            is_word: false,
        })
    }
}

impl Place {
    /// As it was typed.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// The same place behind `match=` or `filter=`.
    #[must_use]
    pub fn of_word(self) -> Self {
        Self {
            is_word: true,
            ..self
        }
    }

    /// With what stood before it, fit to print: `--location ip_rcv`.
    #[must_use]
    pub fn asked(&self, is_wanted: bool) -> String {
        let before = match (self.is_word, is_wanted) {
            (false, true) => "--location ",
            (false, false) => "--not-location ",
            (true, true) => "match=",
            (true, false) => "filter=",
        };
        format!("{before}{}", printable(&self.typed))
    }

    /// The offset within the function, where only one is meant.
    #[must_use]
    pub fn offset(&self) -> Option<u64> {
        self.offset
    }

    /// Whether a function is meant, which may be in a module. The name is meant with or without what the compiler adds to
    /// it: `.constprop.0`.
    #[must_use]
    pub fn is(&self, function: &str, module: Option<&str>) -> bool {
        let is_module = match (&self.module, module) {
            (None, _) => true,
            (Some(wanted), Some(module)) => wanted.matches(module),
            (Some(_), None) => false,
        };
        is_module
            && (self.function.matches(function)
                || self.function.matches(explain::function(function)))
    }

    /// Whether a location is meant, as it is told: `function+0x12 [module]`.
    #[must_use]
    pub fn is_told(&self, location: &str) -> bool {
        let (place, module) = match location.split_once(" [") {
            Some((place, module)) => (place, module.strip_suffix(']')),
            None => (location, None),
        };
        let (function, offset) = place.split_once("+0x").unwrap_or((place, ""));
        let is_there = self
            .offset
            .is_none_or(|wanted| u64::from_str_radix(offset, 16) == Ok(wanted));
        is_there && self.is(function, module)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> Reason {
        text.parse().unwrap()
    }

    fn place(text: &str) -> Place {
        text.parse().unwrap()
    }

    #[test]
    fn a_reason_is_meant_in_any_case_and_with_the_kernels_prefix() {
        for text in [
            "NO_SOCKET",
            "no_socket",
            "SKB_DROP_REASON_NO_SOCKET",
            "NO_*",
            "?O_SOCKET",
        ] {
            assert!(reason(text).is("NO_SOCKET"), "{text}");
        }
        for text in ["NO_SOCKE", "NO_SOCKETS", "SOCKET", "*_SOCK"] {
            assert!(!reason(text).is("NO_SOCKET"), "{text}");
        }
        assert_eq!(reason("131073").number(), Some(131_073));
    }

    #[test]
    fn a_function_is_meant_with_and_without_what_the_compiler_adds() {
        let function = "__netif_receive_skb_core.constprop.0";
        for text in [
            "__netif_receive_skb_core",
            "__netif_receive_skb_core.constprop.0",
            "__netif_*",
            "*core",
        ] {
            assert!(place(text).is(function, None), "{text}");
        }
        for text in [
            "netif_receive_skb_core",
            "__netif_receive_skb_cor",
            "__netif_receive_skb_core.constprop",
        ] {
            assert!(!place(text).is(function, None), "{text}");
        }
    }

    #[test]
    fn a_place_in_a_function_is_meant_as_droprec_and_dropwatch_tell_it() {
        for text in ["ip_rcv+0xcf", "ip_rcv+cf", "ip_rcv"] {
            assert!(place(text).is_told("ip_rcv+0xcf"), "{text}");
        }
        assert!(!place("ip_rcv+0xcf").is_told("ip_rcv+0xc0"));
        assert!(!place("ip_rcv+0xcf").is_told("ip_rcv_core+0xcf"));
    }

    #[test]
    fn a_module_is_meant_as_a_whole_or_beside_a_function() {
        let told = "nft_do_chain+0x10 [nf_tables]";
        for text in [
            "[nf_tables]",
            "nft_* [nf_tables]",
            "nft_do_chain[nf_*]",
            "nft_do_chain",
        ] {
            assert!(place(text).is_told(told), "{text}");
        }
        for text in ["[nf_table]", "ip_rcv [nf_tables]"] {
            assert!(!place(text).is_told(told), "{text}");
        }
        assert!(!place("[nf_tables]").is_told("nft_do_chain+0x10"));
    }

    #[test]
    fn a_place_is_told_by_what_was_typed_before_it() {
        let (plain, word) = (place("ip_rcv"), place("ip_rcv").of_word());
        assert_eq!(plain.asked(true), "--location ip_rcv");
        assert_eq!(plain.asked(false), "--not-location ip_rcv");
        assert_eq!(word.asked(true), "match=ip_rcv");
        assert_eq!(word.asked(false), "filter=ip_rcv");
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for wrong in ["", "+0x1", "ip_rcv+", "ip_rcv+x", "ip_rcv [nf_tables"] {
            assert!(wrong.parse::<Place>().is_err(), "{wrong}");
        }
    }
}
