use droprec_pcapng::{
    link_type::{ETHERNET, LINUX_SLL2, RAW},
    read::{Block, Reader},
};

use super::*;

fn devices() -> [Device; 3] {
    [0, 1, 2].map(|ifindex| Device {
        label: format!("eth{ifindex}"),
        ifindex,
        ..Device::default()
    })
}

/// A section whose interface 1 has a block for bare IP too, before the block of interface 2.
fn section() -> (Pcapng, Vec<u8>) {
    let (mut format, mut out) = (Pcapng::new(Framing::Native), Vec::new());
    let devices = devices();
    format.begin(&mut out, "", &devices[..1]).unwrap();
    let section = format.sections.back_mut().unwrap();
    let numbers = [
        (0, ETHERNET),
        (1, ETHERNET),
        (1, RAW),
        (1, ETHERNET),
        (2, LINUX_SLL2),
    ]
    .map(|(index, link_type)| {
        let block = section.block(&mut out, &devices[index], index, link_type);
        block.unwrap()
    });
    assert_eq!(numbers, [0, 1, 2, 1, 3]);
    (format, out)
}

fn statistics() -> [Statistics; 3] {
    [10, 11, 12].map(|received| Statistics {
        received,
        ..Statistics::default()
    })
}

/// Names and link types of the interfaces of a file, and what its statistics say was received at which.
type Described = (Vec<(String, u32)>, Vec<(u32, Option<u64>)>);

fn described(file: &[u8]) -> Described {
    let (mut interfaces, mut told) = (Vec::new(), Vec::new());
    let mut reader = Reader::strict(file);
    while let Some(block) = reader.next_block().unwrap() {
        match block {
            Block::Interface(interface) => {
                let name = interface.name.unwrap_or_default().into_owned();
                interfaces.push((name, interface.link_type));
            }
            Block::Statistics(block, _) => told.push((block.interface, block.received)),
            _ => {}
        }
    }
    (interfaces, told)
}

#[test]
fn an_interface_has_one_block_for_each_link_type_and_its_statistics_in_the_first() {
    let (mut format, mut out) = section();
    format
        .end(&mut out, &devices(), &statistics(), (0, 0))
        .unwrap();
    let (interfaces, told) = described(&out);
    let expected = [
        ("eth0", ETHERNET),
        ("eth1", ETHERNET),
        ("eth1", RAW),
        ("eth2", LINUX_SLL2),
    ];
    assert_eq!(
        interfaces,
        expected.map(|(name, of)| (name.to_owned(), of.into()))
    );
    assert_eq!(told, [(0, Some(10)), (1, Some(11)), (3, Some(12))]);
}

#[test]
fn a_file_has_only_its_own_interfaces_also_where_the_one_before_ends_after_its_beginning() {
    let (mut format, mut first) = section();
    let mut second = Vec::new();
    format.begin(&mut second, "", &devices()).unwrap();
    let [none, _, last] = statistics();
    let later = [none, Statistics::default(), last];
    format
        .end(&mut first, &devices(), &statistics(), (0, 0))
        .unwrap();
    format.end(&mut second, &devices(), &later, (0, 0)).unwrap();
    assert_eq!(described(&first).0.len(), 4);
    let (interfaces, told) = described(&second);
    let expected = ["eth0", "eth2"].map(|name| (name.to_owned(), ETHERNET.into()));
    assert_eq!(interfaces, expected);
    assert_eq!(told, [(0, Some(10)), (1, Some(12))]);
}

#[test]
fn packets_that_go_to_the_next_file_are_of_the_same_interfaces_there() {
    let (mut format, _) = section();
    let mut second = Vec::new();
    format.begin(&mut second, "", &devices()).unwrap();
    // One of its own comes before.
    let own = format.sections.back_mut().unwrap();
    own.block(&mut second, &devices()[2], 2, ETHERNET).unwrap();
    let mut packets = Vec::new();
    for interface in [3, 0, 2, 1, 3] {
        let packet = write::Packet {
            interface,
            timestamp: interface.into(),
            dropcount: Some(7),
            ..write::Packet::default()
        };
        write::packet(&mut packets, &packet).unwrap();
    }
    format
        .carry(&mut second, &mut packets, &devices(), true)
        .unwrap();
    second.extend(packets);
    let (interfaces, _) = described(&second);
    let mut reader = Reader::strict(&second[..]);
    let mut found = Vec::new();
    while let Some(block) = reader.next_block().unwrap() {
        if let Block::Packet(packet) = block {
            let (name, link_type) = &interfaces[packet.interface as usize];
            found.push((packet.timestamp, name.as_str(), *link_type));
            assert_eq!(packet.dropcount, Some(0));
        }
    }
    let expected = [
        (Some(3), "eth2", LINUX_SLL2.into()),
        (Some(0), "eth0", ETHERNET.into()),
        (Some(2), "eth1", RAW.into()),
        (Some(1), "eth1", ETHERNET.into()),
        (Some(3), "eth2", LINUX_SLL2.into()),
    ];
    assert_eq!(found, expected);
    assert_eq!(interfaces.len(), 5);
}

#[test]
fn what_a_file_could_not_be_written_of_is_nothing_that_its_end_tells_of() {
    let (mut format, out) = section();
    let starts: Vec<_> = blocks(&out).map(|block| block.bytes.start).collect();
    // All behind the first block of interface 1 is missing, in two pieces.
    let [.., second, third] = starts[..] else {
        panic!("four interfaces");
    };
    format.unwritten(&out[second..third]);
    format.unwritten(&out[third..]);
    let mut cut = out[..second].to_vec();
    format
        .end(&mut cut, &devices(), &statistics(), (0, 0))
        .unwrap();
    let (interfaces, told) = described(&cut);
    let expected = ["eth0", "eth1", "eth2"].map(|name| (name.to_owned(), ETHERNET.into()));
    assert_eq!(interfaces, expected);
    assert_eq!(told, [(0, Some(10)), (1, Some(11)), (2, Some(12))]);
}

#[test]
fn packets_go_to_the_next_file_without_the_interface_blocks_between_them() {
    let (mut format, out) = section();
    let mut second = Vec::new();
    format.begin(&mut second, "", &devices()).unwrap();
    let last = blocks(&out).map(|block| block.bytes.start).last().unwrap();
    // The block of interface 2, and a packet of it.
    let mut rest = out[last..].to_vec();
    let packet = write::Packet {
        interface: 3,
        ..write::Packet::default()
    };
    write::packet(&mut rest, &packet).unwrap();
    let left = format.carry(&mut second, &mut rest, &devices(), true);
    second.extend(&rest[..left.unwrap()]);
    let (interfaces, _) = described(&second);
    let names: Vec<_> = interfaces.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["eth0", "eth2"]);
    let mut first = out[..last].to_vec();
    format
        .end(&mut first, &devices(), &statistics()[..2], (0, 0))
        .unwrap();
    assert_eq!(described(&first).0.len(), 3);
}

#[test]
fn a_file_begins_with_an_interface_of_the_link_type_that_was_asked_for() {
    for (framing, link_type) in [
        (Framing::Ethernet, ETHERNET),
        (Framing::Native, ETHERNET),
        (Framing::Sll2, LINUX_SLL2),
    ] {
        let (mut format, mut out) = (Pcapng::new(framing), Vec::new());
        format.begin(&mut out, "", &devices()[..1]).unwrap();
        let mut reader = Reader::strict(&out[..]);
        assert!(matches!(reader.next_block(), Ok(Some(Block::Section(_)))));
        let Ok(Some(Block::Interface(interface))) = reader.next_block() else {
            panic!("no interface");
        };
        assert_eq!(interface.link_type, u32::from(link_type));
    }
}
