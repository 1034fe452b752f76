//! What a kernel may lack, asked of the kernel itself and never of droprec. A test that needs such a thing asks for it first:
//!
//! ```
//! if !feature::link("link add gre1 type gre local 192.0.2.1 remote 192.0.2.2") {
//!     return;
//! }
//! ```
//!
//! Each answer is a line of the file that `DROPREC_FEATURES` names: a name, a tab, and `yes` or `no: why`, so that what
//! was not tested is known: `tests/kernels` makes `docs/kernels.md` of these lines, and fails where that says yes and the run
//! says no. A feature has one name in all tests, and the probes here give it; [`answer`] is for what only one test needs.

use std::{
    env,
    fs::{self, OpenOptions},
    io::Write as _,
    os::fd::AsRawFd as _,
    path::Path,
    process::Command,
    ptr,
};

use rustix::net::{AddressFamily, SocketType, socket};

use crate::Namespace;

/// Where the answers go.
const FILE: &str = "DROPREC_FEATURES";
const FORMAT: &str = "/sys/kernel/tracing/events/skb/kfree_skb/format";
/// `SO_NETNS_COOKIE` of `include/uapi/asm-generic/socket.h` (v5.14).
const SO_NETNS_COOKIE: libc::c_int = 71;

/// Writes down whether this kernel has a feature, and why it has not; says the same.
#[must_use = "a test must not go on without what it needs"]
pub fn answer(feature: &str, has: bool, why_not: &str) -> bool {
    if let Some(file) = env::var_os(FILE) {
        let why_not = why_not.trim().replace(['\t', '\n'], " ");
        let text = if has {
            "yes"
        } else {
            &format!("no: {why_not}")
        };
        let line = format!("{feature}\t{text}\n");
        // Tests are threads, which append a line each at a time.
        let opened = OpenOptions::new().append(true).create(true).open(&file);
        opened
            .and_then(|mut opened| opened.write_all(line.as_bytes()))
            .unwrap_or_else(|error| panic!("{} takes no line: {error}", file.display()));
    }
    has
}

/// Whether the kernel gives a reason for each drop.
#[must_use]
pub fn reasons() -> bool {
    answer(
        "reasons",
        is_in_format(" reason;"),
        "skb:kfree_skb has no `reason`",
    )
}

/// Whether the kernel has this reason, which came later than the rest.
#[must_use]
pub fn reason(name: &str) -> bool {
    let has = is_in_format(&format!("\"{name}\""));
    answer(
        &format!("reason `{name}`"),
        has,
        "skb:kfree_skb does not name it",
    )
}

/// Whether the kernel tells for which socket a packet was, when it is dropped.
#[must_use]
pub fn receiving_socket() -> bool {
    answer(
        "receiving sockets",
        is_in_format("rx_sk;"),
        "skb:kfree_skb has no `rx_sk`",
    )
}

/// Whether a field is in the tracepoint's record.
fn is_in_format(field: &str) -> bool {
    let format = fs::read_to_string(FORMAT);
    let format = format.unwrap_or_else(|error| panic!("{FORMAT}: {error}: is tracefs mounted?"));
    format.contains(field)
}

/// Whether namespaces have numbers that are never given again.
#[must_use]
pub fn namespace_cookies() -> bool {
    let socket = socket(AddressFamily::INET, SocketType::DGRAM, None);
    let socket = socket.unwrap_or_else(|error| panic!("no socket: {error}"));
    let (mut cookie, mut size) = (0_u64, size_of::<u64>() as libc::socklen_t);
    // SAFETY: a number and its size, both of which outlive the call.
    let got = unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            SO_NETNS_COOKIE,
            ptr::from_mut(&mut cookie).cast(),
            &raw mut size,
        )
    };
    let has = got == 0 && cookie != 0;
    answer("cookies of namespaces", has, "no SO_NETNS_COOKIE")
}

/// Whether the kernel has this as a module that can be loaded, which is done: built in, it is no module.
#[must_use]
pub fn module(name: &str) -> bool {
    // Whether it worked is seen below; where there are no modules, modprobe may be missing too.
    let _ = Command::new("modprobe").args(["-q", name]).status();
    let loaded = Path::new("/sys/module").join(name).join("initstate");
    let has = loaded.exists();
    answer(&format!("module `{name}`"), has, "no such module")
}

/// Whether the types of the kernel, or of a module that is loaded, have this name: `skb_drop_reason_subsys` of `vmlinux`,
/// `ovs_drop_reason` of `openvswitch`.
#[must_use]
pub fn kernel_type(of: &str, name: &str) -> bool {
    let file = Path::new("/sys/kernel/btf").join(of);
    let bytes = fs::read(&file).unwrap_or_default();
    // Names in BTF are strings that end in a NUL.
    let whole = [b"\0", name.as_bytes(), b"\0"].concat();
    let has = bytes.windows(whole.len()).any(|part| part == whole);
    let why_not = format!("not in {}", file.display());
    answer(&format!("`{name}` of {of}"), has, &why_not)
}

/// Whether the kernel has a type of interface: `link add …` as `ip` takes it, in a namespace of its own, where `lower0` is
/// there to be built upon. The kind is the word after `type`.
#[must_use]
pub fn link(arguments: &str) -> bool {
    let mut words = arguments.split_whitespace();
    let kind = words.by_ref().skip_while(|word| *word != "type").nth(1);
    let kind = kind.unwrap_or_else(|| panic!("no type is in {arguments:?}"));
    let namespace = Namespace::new("probe");
    namespace.ip("link add lower0 type bridge");
    let mut command = Command::new("ip");
    command
        .args(["-n", namespace.name()])
        .args(arguments.split_whitespace());
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?} does not run: {error}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    let has = output.status.success();
    // Any other complaint is about the arguments.
    let is_lacking = ["Unknown device type", "Operation not supported"]
        .iter()
        .any(|complaint| stderr.contains(complaint));
    assert!(has || is_lacking, "{command:?}: {stderr}");
    answer(&format!("`{kind}` interfaces"), has, &stderr)
}
