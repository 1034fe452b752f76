//! What was typed.

use clap::Args;

use super::{
    headers::Asked,
    names::{Place, Reason},
    values::{EtherType, Network, Ports, Protocol},
};

/// Filters.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Filters: several values mean any of them, several filters all")]
pub struct Filters {
    /// Only drops at this interface; NAME@NAMESPACE in another network namespace, by its name or inode number
    #[arg(short, long, value_name = "NAME")]
    pub interface: Vec<String>,
    /// Only drops elsewhere
    #[arg(long, value_name = "NAME")]
    pub not_interface: Vec<String>,
    /// Only drops in this network namespace: a name of `ip netns`, an inode number, or a file such as /proc/PID/ns/net
    #[arg(long, value_name = "NAMESPACE")]
    pub netns: Vec<String>,
    /// Only drops in others
    #[arg(long, value_name = "NAMESPACE")]
    pub not_netns: Vec<String>,
    /// Only drops for this reason; with * and ?, as in 'TCP_*'
    #[arg(long, value_name = "REASON", value_delimiter = ',')]
    pub reason: Vec<Reason>,
    /// Only drops for others
    #[arg(long, value_name = "REASON", value_delimiter = ',')]
    pub not_reason: Vec<Reason>,
    /// Only drops in this function; with * and ?, as in 'nft_*', with an offset, or a whole module in brackets
    #[arg(long, value_name = "FUNCTION", value_delimiter = ',')]
    pub location: Vec<Place>,
    /// Only drops elsewhere
    #[arg(long, value_name = "FUNCTION", value_delimiter = ',')]
    pub not_location: Vec<Place>,
    /// Leave out drops that are normal life and tell of no loss: `droprec explain noise` lists them and says why. They are counted
    /// as filtered
    #[arg(long)]
    pub no_noise: bool,
    /// Only packets with this `EtherType`, by its number or name; those of VLAN tags and of tunnelled frames count too
    #[arg(long, value_name = "TYPE", value_delimiter = ',')]
    pub ethertype: Vec<EtherType>,
    /// Only others
    #[arg(long, value_name = "TYPE", value_delimiter = ',')]
    pub not_ethertype: Vec<EtherType>,
    /// Only packets of this IP protocol, by its number or name; VLAN tags, IPv6's extension headers and tunnels are stepped
    /// over, here and below
    #[arg(long, value_name = "PROTOCOL", value_delimiter = ',')]
    pub proto: Vec<Protocol>,
    /// Only others
    #[arg(long, value_name = "PROTOCOL", value_delimiter = ',')]
    pub not_proto: Vec<Protocol>,
    /// Only packets from or to this address, or network as in 10.0.0.0/8
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub addr: Vec<Network>,
    /// Only packets from it
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub saddr: Vec<Network>,
    /// Only packets to it
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub daddr: Vec<Network>,
    /// Only packets neither from nor to it
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub not_addr: Vec<Network>,
    /// Only packets from others
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub not_saddr: Vec<Network>,
    /// Only packets to others
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',')]
    pub not_daddr: Vec<Network>,
    /// Only packets from or to this port (TCP, UDP, SCTP, DCCP, UDP-Lite), or ports as in 5000-5010
    #[arg(long, value_name = "PORT", value_delimiter = ',')]
    pub port: Vec<Ports>,
    /// Only packets from it
    #[arg(long, value_name = "PORT", value_delimiter = ',')]
    pub sport: Vec<Ports>,
    /// Only packets to it
    #[arg(long, value_name = "PORT", value_delimiter = ',')]
    pub dport: Vec<Ports>,
    /// Only packets neither from nor to it
    #[arg(long, value_name = "PORT", value_delimiter = ',')]
    pub not_port: Vec<Ports>,
    /// Only packets from others
    #[arg(long, value_name = "PORT", value_delimiter = ',')]
    pub not_sport: Vec<Ports>,
    /// Only packets to others
    #[arg(long, value_name = "PORT", value_delimiter = ',')]
    pub not_dport: Vec<Ports>,
}

impl Filters {
    /// Something is asked of addresses or ports.
    #[must_use]
    pub fn are_of_addresses(&self) -> bool {
        let addresses = [&self.addr, &self.saddr, &self.daddr];
        let not_addresses = [&self.not_addr, &self.not_saddr, &self.not_daddr];
        let ports = [&self.port, &self.sport, &self.dport];
        let not_ports = [&self.not_port, &self.not_sport, &self.not_dport];
        addresses
            .iter()
            .chain(&not_addresses)
            .any(|asked| !asked.is_empty())
            || ports
                .iter()
                .chain(&not_ports)
                .any(|asked| !asked.is_empty())
    }

    /// These with the words of `trace_net_drop.stp`: a protocol; `match=` the places that are wanted, `filter=` those that are
    /// not.
    #[must_use]
    pub fn with_words(&self, words: &[String]) -> Self {
        let mut filters = self.clone();
        for word in words {
            match word.split_once('=') {
                Some(("match", places)) => filters.location.extend(named(places)),
                Some(("filter", places)) => filters.not_location.extend(named(places)),
                _ => filters.proto.extend(word.parse::<Protocol>()),
            }
        }
        filters
    }

    /// What is wrong with the first wrong place of such a word. [`Filters::with_words`] passes it over.
    #[must_use]
    pub fn wrong_place(word: &str) -> Option<String> {
        let (_, places) = word.split_once('=')?;
        places
            .split(',')
            .find_map(|place| place.parse::<Place>().err())
    }

    /// Something is asked.
    #[must_use]
    pub fn are_any(&self) -> bool {
        self.words().next().is_some()
    }

    /// What was typed, filter by filter: `-i eth0`.
    pub fn words(&self) -> impl Iterator<Item = String> {
        let words = [
            ("-i", all(&self.interface, String::clone)),
            ("--not-interface", all(&self.not_interface, String::clone)),
            ("--netns", all(&self.netns, String::clone)),
            ("--not-netns", all(&self.not_netns, String::clone)),
            (
                "--reason",
                all(&self.reason, |reason| reason.typed().to_owned()),
            ),
            (
                "--not-reason",
                all(&self.not_reason, |reason| reason.typed().to_owned()),
            ),
            (
                "--location",
                all(&self.location, |place| place.typed().to_owned()),
            ),
            (
                "--not-location",
                all(&self.not_location, |place| place.typed().to_owned()),
            ),
            (
                "--no-noise",
                if self.no_noise {
                    vec![String::new()]
                } else {
                    Vec::new()
                },
            ),
            ("--ethertype", all(&self.ethertype, ToString::to_string)),
            (
                "--not-ethertype",
                all(&self.not_ethertype, ToString::to_string),
            ),
            ("--proto", all(&self.proto, ToString::to_string)),
            ("--not-proto", all(&self.not_proto, ToString::to_string)),
            ("--addr", all(&self.addr, ToString::to_string)),
            ("--saddr", all(&self.saddr, ToString::to_string)),
            ("--daddr", all(&self.daddr, ToString::to_string)),
            ("--not-addr", all(&self.not_addr, ToString::to_string)),
            ("--not-saddr", all(&self.not_saddr, ToString::to_string)),
            ("--not-daddr", all(&self.not_daddr, ToString::to_string)),
            ("--port", all(&self.port, ToString::to_string)),
            ("--sport", all(&self.sport, ToString::to_string)),
            ("--dport", all(&self.dport, ToString::to_string)),
            ("--not-port", all(&self.not_port, ToString::to_string)),
            ("--not-sport", all(&self.not_sport, ToString::to_string)),
            ("--not-dport", all(&self.not_dport, ToString::to_string)),
        ];
        let words = words.into_iter().flat_map(|(filter, values)| {
            values
                .into_iter()
                .map(move |value| format!("{filter} {value}").trim_end().to_owned())
        });
        words.collect::<Vec<_>>().into_iter()
    }

    /// What is asked of headers; none where nothing is.
    #[must_use]
    pub fn headers(&self) -> Option<Asked> {
        let mut asked = Asked::default();
        asked.types(&self.ethertype, &self.not_ethertype);
        asked.protocols(&self.proto, &self.not_proto);
        asked.networks(
            [&self.saddr, &self.daddr, &self.addr],
            [&self.not_saddr, &self.not_daddr, &self.not_addr],
        );
        asked.ports(
            [&self.sport, &self.dport, &self.port],
            [&self.not_sport, &self.not_dport, &self.not_port],
        );
        asked.is_any().then_some(asked)
    }
}

fn all<T>(values: &[T], text: impl Fn(&T) -> String) -> Vec<String> {
    values.iter().map(text).collect()
}

/// Places of a word, separated by commas.
fn named(places: &str) -> impl Iterator<Item = Place> {
    let places = places.split(',');
    places.filter_map(|place| Some(place.parse::<Place>().ok()?.of_word()))
}
