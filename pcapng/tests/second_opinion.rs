//! Another pcapng library reads what this one writes, and this one reads what the other writes.

use std::time::Duration;

use droprec_pcapng::read::{self, Reader};
use pcap_file::{
    DataLink, Endianness,
    pcapng::{
        Block, PcapNgReader, PcapNgWriter,
        blocks::{
            enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption},
            interface_description::{
                InterfaceDescriptionBlock, InterfaceDescriptionOption, InterfaceTsResolution,
            },
            interface_statistics::InterfaceStatisticsOption,
            opt_common::CommonOption,
        },
    },
};

use super::recording::{COUNTS, FULL, recording};

#[test]
fn pcap_file_reads_every_block_that_is_written() {
    let (file, ends) = recording();
    let mut reader = PcapNgReader::new(&file[..]).expect("the section is good");
    let mut blocks = 1;
    while let Some(block) = reader.next_block() {
        let (block, _) = block.expect("the block is good");
        blocks += 1;
        match block {
            Block::EnhancedPacket(packet) if packet.interface_id == FULL.interface => {
                assert_eq!(packet.timestamp, Duration::from_nanos(FULL.timestamp));
                assert_eq!(packet.data, FULL.frame.concat());
                assert!(
                    packet
                        .options
                        .contains(&EnhancedPacketOption::DropCount(17))
                );
                let comment = CommonOption::Comment(FULL.comments[1].concat().into());
                assert!(
                    packet
                        .options
                        .contains(&EnhancedPacketOption::Common(comment))
                );
            }
            Block::InterfaceStatistics(statistics) => {
                let end = InterfaceStatisticsOption::IsbEndTime(Duration::from_nanos(COUNTS.end));
                assert!(statistics.options.contains(&end));
                let delivered = InterfaceStatisticsOption::IsbUsrDeliv(COUNTS.delivered);
                assert!(statistics.options.contains(&delivered));
            }
            _ => {}
        }
    }
    assert_eq!(blocks, ends.len());
}

/// What pcap-file writes of one packet at `timestamp`.
fn written(order: Endianness, resolution: InterfaceTsResolution, timestamp: Duration) -> Vec<u8> {
    let mut writer = PcapNgWriter::with_endianness(Vec::new(), order).expect("a vector takes all");
    let mut interface = InterfaceDescriptionBlock::new(DataLink::ETHERNET, 0);
    interface
        .options
        .push(InterfaceDescriptionOption::IfTsResol(resolution));
    writer
        .write_pcapng_block(interface)
        .expect("a vector takes all");
    let options = vec![
        EnhancedPacketOption::Flags(9),
        EnhancedPacketOption::DropCount(1 << 40),
        EnhancedPacketOption::Common(CommonOption::Comment("a comment".into())),
    ];
    let packet = EnhancedPacketBlock {
        timestamp,
        original_len: 9,
        data: b"bytes"[..].into(),
        options,
        ..Default::default()
    };
    writer
        .write_pcapng_block(packet)
        .expect("a vector takes all");
    writer.into_inner()
}

#[test]
fn what_pcap_file_writes_is_read_in_either_byte_order_and_every_resolution_it_has() {
    // Three quarters of a second can be said exactly in each of these.
    let timestamp = Duration::from_millis(1_795_176_000_750);
    let resolutions = (3..=9)
        .map(|power| (false, power))
        .chain((2..=20).map(|power| (true, power)));
    for (binary, power) in resolutions {
        let resolution = InterfaceTsResolution::new(binary, power).expect("pcap-file has it");
        for order in [Endianness::Little, Endianness::Big] {
            let file = written(order, resolution, timestamp);
            let mut reader = Reader::strict(&file[..]);
            reader.next_block().expect("the section is good");
            reader.next_block().expect("the interface is good");
            let Ok(Some(read::Block::Packet(packet))) = reader.next_block() else {
                panic!("{resolution} {order:?}: no packet")
            };
            assert_eq!(
                packet.timestamp.map(u128::from),
                Some(timestamp.as_nanos()),
                "{resolution} {order:?}"
            );
            assert_eq!((packet.original_len, packet.data), (9, &b"bytes"[..]));
            assert_eq!(packet.flags.map(droprec_pcapng::Flags::word), Some(9));
            assert_eq!(packet.dropcount, Some(1 << 40));
            assert!(packet.comments.iter().eq(["a comment"]));
        }
    }
}
