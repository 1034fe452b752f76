//! `droprec extcap`: how Wireshark asks for its interface "Dropped packets", and has it captured.
//!
//! What is asked and how it is answered: doc/extcap of Wireshark, the same from 4.0 to 4.6.

use std::{
    fmt::Display,
    fs::OpenOptions,
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use clap::Args;
use droprec_pcapng::link_type;
use rustix::{fs::OFlags, io::Errno};

use crate::{
    cli::Cli,
    expression::{Expression, wrong::Wrong},
    filter::typed::Filters,
    plan::{Form, Plan, Voice},
    sink::target::Target,
};

/// What Wireshark calls the interface.
const INTERFACE: &str = "droprec";

/// How long Wireshark has time to open the pipe.
const PATIENCE: Duration = Duration::from_secs(10);
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// What Wireshark asks for.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of Wireshark's"
)]
pub struct Extcap {
    #[arg(long = "extcap-interfaces")]
    interfaces: bool,
    #[arg(long = "extcap-dlts")]
    dlts: bool,
    #[arg(long = "extcap-config")]
    config: bool,
    #[arg(long)]
    capture: bool,
    #[arg(long)]
    fifo: Option<PathBuf>,
    #[arg(long = "extcap-interface")]
    interface: Option<String>,
    #[arg(long = "extcap-capture-filter")]
    filter: Option<String>,
    #[arg(long = "extcap-version")]
    wireshark: Option<String>,
    /// Interfaces, separated by spaces; none: all.
    #[arg(long, default_value = "")]
    at: String,
}

impl Extcap {
    /// Answers on standard output. What is to be recorded, where that was asked for.
    pub fn plan(&self, cli: &Cli) -> Result<Option<Plan>> {
        if self.interfaces {
            answer(format_args!(
                "extcap {{version={}}}{{display=droprec}}\n\
                 interface {{value={INTERFACE}}}{{display=Dropped packets}}",
                env!("CARGO_PKG_VERSION")
            ));
            return Ok(None);
        }
        if self.interface.as_deref() != Some(INTERFACE) {
            bail!("Wireshark starts this: it has one interface, --extcap-interface {INTERFACE}");
        }
        let filter = self.filter.clone();
        let filter = filter.filter(|filter| !filter.trim().is_empty());
        if self.capture {
            let Some(fifo) = &self.fifo else {
                bail!("--capture needs --fifo FILE, which Wireshark reads");
            };
            return Ok(Some(Plan {
                target: Target::File(fifo.clone()),
                form: Form::Pcapng,
                filters: Filters {
                    interface: self.at.split_whitespace().map(str::to_owned).collect(),
                    ..cli.filters()
                },
                expression: filter,
                // What it says is shown as an error.
                voice: Voice::Quiet,
                ..Plan::new(cli)
            }));
        }
        if self.dlts {
            answer(format_args!(
                "dlt {{number={}}}{{name=EN10MB}}{{display=Ethernet}}",
                link_type::ETHERNET
            ));
        } else if self.config {
            answer(CONFIG);
        } else if let Some(filter) = filter
            && let Err(error) = Expression::compile(&filter, &[link_type::ETHERNET.into()])
        {
            // Asked so, Wireshark takes any answer for what is wrong with it.
            match error.downcast_ref::<Wrong>() {
                Some(wrong) => answer(wrong.line()),
                None => answer(format_args!("{error:#}")),
            }
        }
        Ok(None)
    }

    /// Lets Wireshark know that nothing will come: it waits for the pipe to be opened, and shows what was said once it is
    /// closed again.
    pub fn hang_up(&self) {
        let Some(fifo) = self.fifo.as_ref().filter(|_| self.capture) else {
            return;
        };
        let mut options = OpenOptions::new();
        options
            .write(true)
            .custom_flags(OFlags::NONBLOCK.bits().cast_signed());
        let end = Instant::now() + PATIENCE;
        // Until Wireshark reads it, too, it cannot be opened like this.
        while let Err(error) = options.open(fifo)
            && error.raw_os_error() == Some(Errno::NXIO.raw_os_error())
            && Instant::now() < end
        {
            thread::sleep(BETWEEN_TRIES);
        }
    }
}

/// The options of the interface. Those that are not this file's own are droprec's.
const CONFIG: &str = "\
arg {number=0}{call=--at}{display=Only at these interfaces}{type=string}\
{tooltip=Names with spaces between them, NAME@NAMESPACE in another network namespace. Nothing: all}
arg {number=1}{call=--snaplen}{display=Bytes to keep of each packet}{type=unsigned}{range=0,262144}{default=512}\
{tooltip=At least 14. 0 is the most, about 65500}
arg {number=2}{call=--all}{display=Private payloads too}{type=boolflag}{default=false}\
{tooltip=Also AF_UNIX, netlink, vsock and the like, which are other processes' private data}
arg {number=3}{call=--stack}{display=Call stacks}{type=boolflag}{default=false}\
{tooltip=By what way in the kernel each packet came to where it was dropped}";

fn answer(text: impl Display) {
    // A Wireshark that has gone needs no answer.
    let _ = writeln!(io::stdout(), "{text}");
}
