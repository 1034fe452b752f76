//! Puts what drops of a kind have in common into words: the end of a sentence, and the beginning of a line of logfmt.

use std::fmt::Write as _;

use droprec_ebpf::record::{HAS_VLAN, INCOMING, OUTGOING, Record};

use super::{devices::Device, hardware::Hardware, pairs};
use crate::{
    explain::{self, unhandled},
    text::logfmt,
};

/// Who drops where and why.
#[derive(Debug)]
pub struct Cause {
    /// None where the kernel gives none.
    pub reason: Option<String>,
    /// `function+offset`; none where the kernel does not tell.
    pub location: Option<String>,
    /// The hardware, where it was not the kernel: its trap is the reason then.
    pub hardware: Option<Hardware>,
}

/// The names of a kind.
#[derive(Debug)]
pub struct Words<'a> {
    /// Who dropped it where and why.
    pub cause: Cause,
    /// That the location is not the culprit, in half a sentence.
    pub deferred: Option<&'static str>,
    /// The interface, if there is one.
    pub device: Option<&'a Device>,
    /// What the interface is called that it came in by, where that is another and has a name.
    pub incoming: Option<String>,
    /// The namespace's name, where it has one.
    pub netns_name: Option<String>,
    /// What the key `l2` says.
    pub l2: &'static str,
}

/// Whether it came in by another interface than the one that it was dropped at.
#[must_use]
pub fn has_come_in_by_another(record: &Record) -> bool {
    record.iif != 0 && record.iif != record.ifindex
}

fn direction(record: &Record) -> Option<&'static str> {
    match record.flags & (INCOMING | OUTGOING) {
        INCOMING => Some("in"),
        OUTGOING => Some("out"),
        _ => None,
    }
}

impl Words<'_> {
    /// The end of the sentence that begins with what the frame is.
    #[must_use]
    pub fn sentence(&self, record: &Record) -> String {
        let hardware = self.cause.hardware.as_ref();
        let mut sentence = hardware.map_or(" dropped", Hardware::did).to_owned();
        let is_tagged = record.flags & HAS_VLAN != 0;
        let reason = self.cause.reason.as_deref();
        let location = self.cause.location.as_deref();
        let before_reason = hardware.map_or(" ", |_| " trap ");
        let group = hardware.and_then(Hardware::group);
        let mut part = |before: &str, part: Option<&str>| {
            if let Some(part) = part {
                sentence.push_str(before);
                sentence.push_str(part);
            }
        };
        let phrase = explain::phrase(reason, location, is_tagged);
        part(", ", phrase);
        part(":", phrase.or(reason).map(|_| ""));
        part(before_reason, reason);
        part(" (group ", group);
        part(")", group.map(|_| ""));
        part(" at ", location);
        part(", ", self.deferred);
        let label = self.device.map(|device| device.label.as_str());
        let place: Vec<&str> = label.into_iter().chain(direction(record)).collect();
        if !place.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(sentence, " ({})", place.join(" "));
        }
        sentence
    }

    /// The beginning of the logfmt comment.
    #[must_use]
    pub fn logfmt(&self, record: &Record) -> String {
        let mut text = "droprec v=1".to_owned();
        let mut pair = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                text.push(' ');
                text.push_str(key);
                text.push('=');
                logfmt(&mut text, value);
            }
        };
        let number = |number: u32| (number != 0).then(|| number.to_string());
        let ifindex = self.device.and_then(|_| number(record.ifindex));
        let iif = number(record.iif).filter(|_| has_come_in_by_another(record));
        let hardware = self.cause.hardware.as_ref();
        pair("reason", self.cause.reason.as_deref());
        pair("loc", self.cause.location.as_deref());
        pair("hw", hardware.map(Hardware::kind).as_deref());
        pair("trap_group", hardware.and_then(Hardware::group));
        pair("deferred", self.deferred.map(|_| "yes"));
        pair("dev", self.device.map(|device| device.name.as_str()));
        pair("ifindex", ifindex.as_deref());
        pair("indev", self.incoming.as_deref());
        pair("iif", iif.as_deref());
        pair("netns", number(record.netns).as_deref());
        pair("netns_name", self.netns_name.as_deref());
        pair("dir", direction(record));
        pair("pkt_type", pairs::pkt_type(record));
        pair("csum", pairs::csum(record));
        pair("proto", Some(&format!("0x{:04x}", record.protocol)));
        pair("proto_is", unhandled::mark(record.protocol));
        pair("l2", Some(self.l2));
        text
    }
}
