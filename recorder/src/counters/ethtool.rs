//! What drivers count and how long their rings are, as `ethtool -S`, `-g` and `-i` show it.

use std::{
    os::fd::{AsRawFd as _, BorrowedFd},
    time::Instant,
};

use anyhow::{Context as _, Result};

use super::{
    Source,
    guarded::Guarded,
    reading::{Link, Reading},
};
use crate::{netlink::attributes::text, text::printable};

// include/uapi/linux/sockios.h and ethtool.h (v6.18).
const SIOCETHTOOL: u64 = 0x8946;
const ETHTOOL_GDRVINFO: u32 = 0x03;
const ETHTOOL_GRINGPARAM: u32 = 0x10;
const ETHTOOL_GSTRINGS: u32 = 0x1b;
const ETHTOOL_GSTATS: u32 = 0x1d;
const ETHTOOL_GSSET_INFO: u32 = 0x37;
const ETH_SS_STATS: u32 = 1;
/// `ETH_GSTRING_LEN`
const NAME_LENGTH: usize = 32;

/// Counters of an interface that are looked at; no driver is known to have as many. Old kernels write as many as the driver
/// has by then, whatever they were told (`ethtool_get_stats`, net/ethtool/ioctl.c, v5.10), so the memory is a guarded one.
const MOST: usize = 8192;

/// The length of `struct ethtool_drvinfo`, and where the driver's name is in it.
const DRVINFO: usize = 196;
const DRIVER: std::ops::Range<usize> = 4..36;
/// The length of `struct ethtool_ringparam`, and where the received packets' ring is in it: at most, and now.
const RINGPARAM: usize = 36;
const RING_MOST: usize = 4;
const RING_NOW: usize = 20;
/// The lengths of `struct ethtool_sset_info`, with one number, and of the beginnings of `ethtool_gstrings` and `ethtool_stats`.
const SSET_INFO: usize = 20;
const GSTRINGS: usize = 12;
const GSTATS: usize = 8;

/// `LOOPBACK_IFINDEX` (include/net/flow.h, v6.18), which has neither driver nor ring.
const LOOPBACK: u32 = 1;

/// Takes those of the interfaces that were read already, as far as that is done by then: each question takes the kernel's lock
/// for all of its network configuration.
pub(super) fn read(reading: &mut Reading, socket: BorrowedFd<'_>, until: Instant) -> Result<()> {
    let mut driver = Driver {
        socket,
        answer: Guarded::new(GSTRINGS + MOST * NAME_LENGTH)
            .context("no memory for drivers' answers")?,
    };
    let mut links = std::mem::take(&mut reading.links);
    let mut asked: Vec<(&u32, &mut Link)> = links.iter_mut().collect();
    // Hardware comes first, as it has no kind: its counters nobody else has.
    asked.sort_by_key(|(_, link)| !link.driver.is_empty());
    for (ifindex, link) in asked {
        if *ifindex == LOOPBACK {
            continue;
        }
        if Instant::now() > until {
            let lack = "drivers could not all be asked in time".to_owned();
            reading.lacks.push(lack);
            break;
        }
        driver.describe(link);
        for (name, value) in driver.counters(&link.name).unwrap_or_default() {
            reading.count(Source::Ethtool, *ifindex, "", &name, value);
        }
    }
    reading.links = links;
    Ok(())
}

/// Drivers, asked by ioctl(2).
struct Driver<'a> {
    socket: BorrowedFd<'a>,
    answer: Guarded,
}

impl Driver<'_> {
    fn describe(&mut self, link: &mut Link) {
        // A virtual interface's kind says more than its driver's name.
        if link.driver.is_empty()
            && let Some(info) = self.ask(&link.name, &request(ETHTOOL_GDRVINFO, DRVINFO))
        {
            link.driver = text(&info[DRIVER]);
        }
        if let Some(ring) = self.ask(&link.name, &request(ETHTOOL_GRINGPARAM, RINGPARAM)) {
            let most = number(ring, RING_MOST);
            link.ring = (most > 0).then(|| (number(ring, RING_NOW), most));
        }
    }

    /// A driver's counters. `None`: it has none.
    fn counters(&mut self, interface: &str) -> Option<Vec<(String, u64)>> {
        let mut info = request(ETHTOOL_GSSET_INFO, SSET_INFO);
        info[8..16].copy_from_slice(&(1_u64 << ETH_SS_STATS).to_ne_bytes());
        let count = number(self.ask(interface, &info)?, 16) as usize;
        if count == 0 || count > MOST {
            return None;
        }
        let mut names = request(ETHTOOL_GSTRINGS, GSTRINGS);
        names[4..8].copy_from_slice(&ETH_SS_STATS.to_ne_bytes());
        names[8..12].copy_from_slice(&(count as u32).to_ne_bytes());
        let answer = self.ask(interface, &names)?;
        let told = number(answer, 8);
        let names = answer[GSTRINGS..].chunks_exact(NAME_LENGTH).take(count);
        let names: Vec<String> = names.map(|name| printable(text(name).trim())).collect();

        let mut values = request(ETHTOOL_GSTATS, GSTATS);
        values[4..8].copy_from_slice(&(count as u32).to_ne_bytes());
        let answer = self.ask(interface, &values)?;
        // Each tells how many there are; where these differ, no value is known to be a name's.
        if (told, number(answer, 4)) != (count as u32, count as u32) {
            return None;
        }
        let values = answer[GSTATS..].chunks_exact(size_of::<u64>());
        let pairs = names.into_iter().zip(values).filter_map(|(name, value)| {
            let value = u64::from_ne_bytes(*value.first_chunk()?);
            (!name.is_empty()).then_some((name, value))
        });
        Some(pairs.collect())
    }

    /// The driver's answer, in the place of the request. `None`: it gives none.
    fn ask(&mut self, interface: &str, request: &[u8]) -> Option<&[u8]> {
        if interface.len() >= libc::IFNAMSIZ {
            return None;
        }
        let mut name = [0; libc::IFNAMSIZ];
        for (to, byte) in name.iter_mut().zip(interface.bytes()) {
            *to = byte.cast_signed();
        }
        self.answer[..request.len()].copy_from_slice(request);
        let mut asked = libc::ifreq {
            ifr_name: name,
            ifr_ifru: libc::__c_anonymous_ifr_ifru {
                ifru_data: self.answer.as_mut_ptr().cast(),
            },
        };
        // SAFETY: an `ifreq` that outlives the call, and points to memory that does too, has room for the answer, and ends at a
        // page that the kernel cannot write to.
        let answered = unsafe { libc::ioctl(self.socket.as_raw_fd(), SIOCETHTOOL, &raw mut asked) };
        (answered >= 0).then_some(&self.answer)
    }
}

/// A request of that many bytes, which begins with its number.
fn request(command: u32, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    bytes[..4].copy_from_slice(&command.to_ne_bytes());
    bytes
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..)
        .and_then(<[u8]>::first_chunk)
        .map_or(0, |number| u32::from_ne_bytes(*number))
}
