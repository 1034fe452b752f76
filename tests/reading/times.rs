//! Times: every resolution, offset, and year; and the local time of day, as tcpdump has it.

use std::process::Command;

use crate::{
    agreement::{with_tcpdump, with_tshark},
    make::{ETHERNET, File, IF_TSOFFSET, IF_TSRESOL, Options, Order, UDP, classic},
    stage::{DROPREC, on_disk, read_bytes, run},
};

/// A packet at this time of an interface with these options.
fn at(order: Order, ticks: u64, options: Options<'_>) -> Vec<u8> {
    let file = File::new(order).interface(ETHERNET, 0, options);
    file.udp(ticks, &[]).bytes
}

#[test]
fn every_decimal_resolution_is_read() {
    for (resolution, ticks) in (0..=9).zip(std::iter::successors(Some(1_700_000_007), |ticks| {
        Some(ticks * 10 + 7)
    })) {
        for order in Order::BOTH {
            let file = at(order, ticks, &[(IF_TSRESOL, &[resolution])]);
            with_tshark(&file, 1);
            with_tcpdump(&file);
        }
    }
}

#[test]
fn every_resolution_that_is_a_power_of_two_is_read() {
    for exponent in 0..=30_u8 {
        let ticks = (1_700_000_007 << exponent) + (1 << exponent) / 3;
        let file = at(Order::Little, ticks, &[(IF_TSRESOL, &[0x80 | exponent])]);
        // Below a microsecond, tshark 4.0 and libpcap do not round alike; by the microsecond all three agree.
        with_tcpdump(&file);
        let time = (1_000_000_000 * i128::from(ticks)) >> exponent;
        let out = read_bytes(&file, &["--json"]).good();
        let parts = format!(".{:09}Z", time % 1_000_000_000);
        assert!(out.contains(&parts), "{exponent}: no {parts} in {out}");
    }
}

#[test]
fn without_a_resolution_it_is_microseconds() {
    let file = at(Order::Big, 1_700_000_007_654_321, &[]);
    with_tshark(&file, 1);
    with_tcpdump(&file);
}

#[test]
fn an_offset_of_seconds_is_added_or_taken_away() {
    for order in Order::BOTH {
        for offset in [100_000_000_i64, -1_000_000_000, 1, 0] {
            let offset = order.u64(offset.cast_unsigned());
            let options: Options<'_> = &[(IF_TSRESOL, &[9]), (IF_TSOFFSET, &offset)];
            let file = at(order, 1_700_000_000_123_456_789, options);
            with_tshark(&file, 1);
            with_tcpdump(&file);
        }
    }
}

#[test]
fn times_after_2038_and_2106_are_told() {
    for (ticks, time) in [
        (1_u64 << 31, "2038-01-19T03:14:08"),
        (1 << 32, "2106-02-07T06:28:16"),
        (18_446_744_072, "2554-07-21T23:34:32"),
    ] {
        let file = at(Order::Little, ticks * 1_000_000, &[]);
        let out = read_bytes(&file, &["--json"]).good();
        let time = format!("{{\"time\":\"{time}.000000000Z\"");
        assert!(out.starts_with(&time), "no {time} in {out}");
        with_tshark(&file, 1);
    }
    let file = classic(
        Order::Little,
        0xA1B2_C3D4,
        1,
        &[],
        &[(u32::MAX, 999_999, UDP, 46)],
    );
    with_tshark(&file, 1);
}

#[test]
fn a_time_that_is_not_to_be_expressed_is_left_out_and_the_packet_is_not() {
    for (ticks, offset) in [(u64::MAX, 0_i64), (5, -10)] {
        let offset = offset.to_le_bytes();
        let file = at(Order::Little, ticks, &[(IF_TSOFFSET, &offset)]);
        let out = read_bytes(&file, &[]).good();
        assert_eq!(out, "- UDP 192.0.2.1:1000 > 192.0.2.2:9, length 46\n");
        let out = read_bytes(&file, &["--json"]).good();
        assert!(out.starts_with("{\"len\":46,"), "{out}");
    }
}

/// What a program prints of a file in a zone, without what follows the time of day.
fn times(program: &str, arguments: &[&str], zone: &str, file: &std::path::Path) -> Vec<String> {
    let mut command = Command::new(program);
    command.env("TZ", zone).args(arguments).arg("-r").arg(file);
    let said = run(&mut command, b"");
    assert_eq!(said.code, Some(0), "{said:?}");
    let lines = said.out.lines();
    lines.map(|line| line[..15].to_owned()).collect()
}

#[test]
fn the_time_of_day_is_that_of_the_zone_as_tcpdump_has_it() {
    let mut records = Vec::new();
    // Around the changes of 2026: in the United States, in Europe, on Lord Howe, whose clocks change by half an hour.
    for change in [
        1_772_953_200_u32,
        1_774_746_000,
        1_792_890_000,
        1_793_512_800,
        1_775_314_800,
    ] {
        for second in [change - 1, change, change + 1, change + 3600] {
            records.push((second, 1, UDP, 46));
        }
    }
    // The first second and the last that every tcpdump tells, and one at which Liberia changed by 44 minutes and a half.
    for second in [0, i32::MAX as u32, 63_593_069, 63_593_070] {
        records.push((second, 999_999, UDP, 46));
    }
    let file = on_disk(&classic(Order::Big, 0xA1B2_C3D4, 1, &[], &records));
    for zone in [
        "UTC",
        "",
        "America/New_York",
        ":Europe/Berlin",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Africa/Monrovia",
        "EST5EDT,M3.2.0,M11.1.0",
        "<+0330>-3:30",
        "no such zone",
    ] {
        let expected = times("tcpdump", &["-nn"], zone, file.path());
        assert_eq!(times(DROPREC, &[], zone, file.path()), expected, "{zone}");
        assert_eq!(expected.len(), records.len());
    }
}
