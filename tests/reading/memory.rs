//! Memory that does not grow with the file, whatever is in it.

use std::{
    io::Write,
    process::{Command, Stdio},
    thread,
};

use crate::{
    make::{COMMENT, ETHERNET, File, IF_NAME, Order, UDP},
    stage::DROPREC,
};

/// Runs droprec on what `write` gives, and demands that it takes no more than so many MiB. Gives its status.
#[track_caller]
fn within(mib: u64, arguments: &[&str], write: impl FnOnce(&mut dyn Write) + Send) -> Option<i32> {
    // wait4 tells of all children that have been waited for; a shell of its own has one.
    let mut child = Command::new("/usr/bin/env")
        .args(["python3", "-c"])
        .arg(
            "import resource, subprocess, sys\n\
             code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode\n\
             print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)",
        )
        .arg(DROPREC)
        .args(["-r", "-"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 starts");
    let mut pipe = child.stdin.take().expect("it is piped");
    let output = thread::scope(|scope| {
        scope.spawn(move || write(&mut pipe));
        child.wait_with_output()
    })
    .expect("it can be waited for");
    let said = String::from_utf8(output.stdout).expect("it is text");
    let numbers: Vec<&str> = said.split_whitespace().collect();
    let [code, kib] = numbers[..] else {
        panic!("python3 said {said:?}");
    };
    let kib: u64 = kib.parse().expect("it is a number");
    assert!(
        kib <= mib * 1024,
        "{arguments:?}: {kib} KiB, where {mib} MiB were allowed"
    );
    code.parse().ok()
}

const FORMS: [&[&str]; 3] = [&[], &["--json"], &["--summary"]];

/// Bytes of one block without the section and what is before it.
fn alone(make: impl FnOnce(File) -> File) -> Vec<u8> {
    let mut file = File::with_interface(Order::Little, "eth0");
    file.bytes.clear();
    make(file).bytes
}

fn start() -> Vec<u8> {
    File::with_interface(Order::Little, "eth0").bytes
}

#[test]
fn it_is_little_for_many_packets() {
    let packet = alone(|file| file.udp(1_700_000_000_000_000_000, &[])).repeat(1000);
    for form in FORMS {
        let code = within(24, form, |out| {
            let _ = out.write_all(&start());
            (0..300).for_each(|_| drop(out.write_all(&packet)));
        });
        assert_eq!(code, Some(0));
    }
}

#[test]
fn ever_new_kinds_and_names_do_not_add_up() {
    // As long as kinds are kept, and longer than they are.
    for len in [900, 4000] {
        let code = within(128, &["--summary"], |out| {
            let _ = out.write_all(&start());
            let long = "x".repeat(len);
            for number in 0..18_000 {
                let pairs = format!(
                    "droprec v=1 reason={number}{long} loc={long} netns={number} len=1 what={long}"
                );
                let comments: [(u16, &[u8]); 2] = [(COMMENT, b"s"), (COMMENT, pairs.as_bytes())];
                let _ = out.write_all(&alone(|file| file.udp(number, &comments)));
            }
        });
        assert_eq!(code, Some(0), "{len}");
    }
}

#[test]
fn interfaces_without_end_are_damage() {
    let interface = alone(|file| file.interface(ETHERNET, 0, &[(IF_NAME, b"eth0")])).repeat(1000);
    for form in FORMS {
        let code = within(64, form, |out| {
            let _ = out.write_all(&start());
            (0..1000).for_each(|_| drop(out.write_all(&interface)));
        });
        assert_eq!(code, Some(1));
    }
}

#[test]
fn sections_without_end_take_nothing() {
    let section = start().repeat(1000);
    let code = within(24, &["--summary"], |out| {
        (0..500).for_each(|_| drop(out.write_all(&section)));
    });
    assert_eq!(code, Some(0));
}

#[test]
fn a_block_full_of_comments_takes_no_more_than_itself() {
    // As many as fit into 4 MiB, without anything in them; and as long as comments can be.
    for (len, count) in [(0, 1_000_000), (65_532, 64_usize)] {
        let comment = [&[1, 0][..], &(len as u16).to_le_bytes(), &vec![1; len]].concat();
        let options = comment.repeat(count);
        let packet = alone(|file| {
            let order = file.order;
            let fields: [&[u8]; 4] = [&[0; 12], &order.u32(44), &order.u32(46), &UDP[..44]];
            file.block(6, &[&fields.concat()[..], &options].concat())
        });
        for form in [&[][..], &["--json"]] {
            let code = within(20, form, |out| {
                let _ = out.write_all(&start());
                let _ = out.write_all(&packet);
            });
            assert_eq!(code, Some(0), "{form:?}");
        }
    }
}

#[test]
fn the_largest_packet_takes_its_own_size() {
    let data = vec![0; (128 << 20) - 100];
    let packet = alone(|file| file.packet(0, 1, &data, data.len() as u32, &[]));
    for form in FORMS {
        let code = within(160, form, |out| {
            let _ = out.write_all(&start());
            (0..2).for_each(|_| drop(out.write_all(&packet)));
        });
        assert_eq!(code, Some(0), "{form:?}");
    }
}

#[test]
fn a_length_takes_nothing_before_its_bytes_come() {
    let mut block = alone(|file| file.block(6, &[0; 40]));
    block[4..8].copy_from_slice(&(128_u32 << 20).to_le_bytes());
    let code = within(24, &[], |out| {
        let _ = out.write_all(&[&start()[..], &block].concat());
    });
    assert_eq!(code, Some(1));
}

#[test]
fn a_little_that_is_much_when_it_is_decompressed_takes_no_memory() {
    let zeros = vec![0_u8; 1 << 20];
    for program in ["zstd", "gzip"] {
        let mut child = Command::new(program)
            .args(["-q", "-1", "-c"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut pipe = child.stdin.take().expect("it is piped");
        let block = alone(|file| file.block(0x7777_7777, &zeros));
        let output = thread::scope(|scope| {
            scope.spawn(move || {
                let _ = pipe.write_all(&start());
                (0..1000).for_each(|_| drop(pipe.write_all(&block)));
            });
            child.wait_with_output()
        });
        let bomb = output.expect("it ends").stdout;
        assert!(bomb.len() < 8 << 20, "{} bytes", bomb.len());
        let code = within(24, &["--summary"], |out| drop(out.write_all(&bomb)));
        assert_eq!(code, Some(0));
    }
}
