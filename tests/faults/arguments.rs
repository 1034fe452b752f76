//! Wrong arguments, which need no kernel to be told.

use droprec_testbed::Droprec;

use crate::stage::DROPREC;

#[test]
fn a_wrong_argument_is_named_and_the_status_is_2() {
    for (arguments, named) in [
        (&["-s", "5"][..], "--snaplen"),
        (&["-s", "262145"], "--snaplen"),
        (&["-c", "0"], "--count"),
        (&["-c", "many"], "--count"),
        (&["--duration", "x"], "--duration"),
        (&["--duration", "0"], "--duration"),
        (&["-B", "1"], "--buffer-size"),
        (&["-w"], "--write"),
        (&["--linktype", "sll2"], "--linktype"),
        (&["--linktype", "sll", "-w", "-"], "--linktype"),
        (&["-i"], "--interface"),
        (&["-q", "-v"], "--quiet"),
        (&["--flight-recorder", "1M"], "--flight-recorder"),
        (&["--flight-recorder", "1M", "-w", "-"], "--flight-recorder"),
        (&["--flight-recorder", "1K", "-w", "x"], "--flight-recorder"),
        (
            &["--flight-recorder", "64K", "-s", "0", "-w", "x"],
            "--flight-recorder",
        ),
        (&["--flight-recorder", "1M", "-r", "x"], "--flight-recorder"),
        (
            &["--flight-recorder", "1M", "-U", "-w", "x"],
            "--packet-buffered",
        ),
        (&["--until", "reasn=NO_SOCKET"], "reason perhaps?"),
        (&["--until", "NO_SOCKET"], "KEY=VALUE"),
        (&["--until", "len=1 len=2"], "no drop has both"),
        (&["--interval", "10ms"], "--interval"),
        (&["--interval", "1", "-w", "-"], "--interval"),
        (&["--rate", "0"], "--rate"),
        (&["--rate", "5", "--interval", "1"], "-w FILE"),
        (&["--rate", "5", "-r", "x"], "--rate"),
        (&["--sample", "2/3"], "1/100"),
        (&["--sample", "1/0"], "1/100"),
        (&["--sample", "10"], "1/100"),
        (&["--sample", "1/5", "--interval", "1"], "-w FILE"),
        (&["--top", "3", "-r", "x"], "--top"),
        (&["--interval", "1", "--report", "x.html"], "--report"),
        (&["--interval", "1", "--summary"], "--summary"),
        (&["--summary", "-s", "100"], "--summary"),
        (&["--interval", "1", "doctor"], "--interval"),
        (&["explain", "NO_SOCKET", "-w", "x", "--rate", "5"], "'-w'"),
        (&["-w", "x", "explain", "NO_SOCKET"], "--write"),
        (&["doctor", "-w", "x"], "'-w'"),
        (&["doctor", "--json"], "'--json'"),
        (&["wireshark", "--write", "x"], "'--write'"),
        (&["-i", "lo", "wireshark"], "--interface"),
        (&["match=ip_rcv,"], "match=ip_rcv,"),
        (&["-w", "x", "--json"], "--json"),
        (&["--no-such-flag"], "--no-such-flag"),
        (&["-X"], "-X"),
        (&["no-such-verb"], "wrong expression"),
        (&["-F", "/no/such/file"], "--expression-file"),
        (&["-F", "/dev/null", "tcp"], "--expression-file"),
    ] {
        let ended = Droprec::run(DROPREC, arguments);
        let said = &ended.stderr;
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}: {said}");
        let first = said.lines().next().unwrap_or_default();
        assert!(
            first.contains(named),
            "{arguments:?}: no {named} in: {said}"
        );
        assert!(ended.stdout.is_empty(), "{arguments:?}: {:?}", ended.stdout);
    }
}
