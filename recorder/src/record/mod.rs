//! Leads drops from the ring to the sink: sets a recording up, runs it, and closes its books.

mod counting;
mod ending;
mod running;
mod selection;

use std::{
    future::Future,
    io, thread,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result, anyhow, bail};
use droprec_ebpf::record::Wanted;

use self::{counting::Counting, running::Recording, selection::Selection};
use crate::{
    decode::Decoder,
    encode::{Format, json::Json, lines::Lines, pcapng::Pcapng},
    enrich::{Enricher, devices::Devices},
    expression::translation::Translation,
    kernel::{
        checks::{self, Outcome},
        interfaces::Interfaces,
        modules,
        offsets::{self, Settings},
        probe::{self, Probe},
        reasons::Reasons,
        symbols::Symbols,
    },
    plan::{Form, Plan, Voice},
    report::say::{say, show},
    signals::Signals,
    sink::writer::Writer,
    source::{Source, clock::Clock},
    text::printable,
};

/// The kernel half wakes the reader when this part of the ring is full.
const WAKE_PART: u32 = 16;

/// Characters of the command line that the file tells.
const MAX_SHOWN: usize = 4096;

/// Which drops are looked at, and how their interfaces are called.
#[derive(Debug)]
pub struct Scope {
    /// Names of interfaces and namespaces.
    pub interfaces: Interfaces,
    /// Only these and those of the plan; none: all.
    pub wanted: Vec<Wanted>,
}

/// Records as planned, until the user or `done` ends it. True: all that was to be written was written.
pub async fn record(
    plan: &Plan,
    scope: Scope,
    done: impl Future<Output = Result<()>>,
) -> Result<bool> {
    // It may be wrong.
    let mut selection = Selection::new(plan)?;
    // It takes as long as all the rest together.
    let symbols = thread::spawn(Symbols::read);
    let btf = checks::read_btf();
    for check in checks::essential(&btf) {
        if check.outcome == Outcome::Missing {
            bail!("cannot record: {}: {}", check.name, check.finding);
        }
        if plan.voice == Voice::Verbose {
            show(format_args!("{}: {}", check.name, check.finding));
        }
    }
    let btf = btf?;
    let mut wanted = scope.wanted;
    for name in &plan.interfaces {
        wanted.push(scope.interfaces.find(name)?);
    }
    // It is at work while the rest is made ready.
    let counting = Counting::start(&wanted);
    let reasons = Reasons::new(&btf);
    let settings = Settings {
        snaplen: plan.snaplen,
        wake: if plan.packet_buffered {
            0
        } else {
            plan.ring / WAKE_PART
        },
        filter: !wanted.is_empty(),
        all: plan.all,
        copy_fault: reasons.number("SKB_UCOPY_FAULT"),
    };
    let config = offsets::config(&btf, settings)?;
    let load =
        |expression: Option<&Translation>| probe::load(config, plan.ring, &wanted, expression);
    let (mut probe, outputs) = match &mut selection {
        Some(selection) => selection.load(load)?,
        None => load(None)?,
    };
    let source = Source::new(outputs).context("the ring cannot be waited for")?;
    // Not before it is clear that there will be something to write: an older recording may be in it.
    let file = plan.target.open(plan.form == Form::Pcapng)?;
    let mut signals = Signals::catch().context("signals cannot be caught")?;

    let mut format: Box<dyn Format> = match plan.form {
        Form::Pcapng => Box::new(Pcapng::new(plan.framing)),
        Form::Json => Box::new(Json::default()),
        Form::Lines => Box::new(Lines::new(plan.voice == Voice::Verbose)),
    };
    let mut writer = Writer::start(file, format.whole()).context("no thread to write with")?;
    let mut head = writer.take().unwrap_or_default();
    let devices = Devices::new(scope.interfaces);
    format.begin(&mut head.bytes, &about(plan), devices.all())?;
    writer.write(head);

    // Before the first drop, so that what is dropped in between is counted and not recorded, and never the other way round.
    counting.arming();
    probe.attach()?;
    let started = now();
    counting.armed();
    let symbols = symbols
        .join()
        .map_err(|_| anyhow!("reading the kernel's symbols panicked"))?;
    announce(plan, &probe, &source, &symbols);
    if let Some(selection) = &selection
        && plan.voice == Voice::Verbose
    {
        show(format_args!("expression: {}", selection.place()));
    }
    let mut recording = Recording {
        plan,
        probe,
        counting,
        selection,
        has_reason: config.arguments > 2,
        source,
        modules: 0,
        had_modules: modules::loaded(),
        decoder: Decoder::new(plan.snaplen, Clock::new()),
        enricher: Enricher::new(
            symbols.unwrap_or_default(),
            reasons,
            devices,
            plan.framing.without_link_header(),
        ),
        format,
        writer,
        batch: None,
        encoded: 0,
        written: 0,
        bytes: 0,
        unwritten: 0,
        discarded: 0,
        partial: 0,
        has_given_up: false,
        beyond: 0,
        lost: 0,
        trouble: None,
    };
    drop(btf);
    let ended = recording.run(&mut signals, done).await;
    recording.finish(&mut signals, started).await?;
    ended?;
    recording.report()
}

/// Says that it records, and what it lacks.
fn announce(plan: &Plan, probe: &Probe, source: &Source, symbols: &io::Result<Symbols>) {
    let names = checks::names(symbols);
    if names.outcome != Outcome::Good {
        say(format_args!("{}: {}", names.name, names.finding));
    }
    if plan.voice == Voice::Verbose {
        for (name, error) in &probe.lacks {
            show(format_args!("{name}: {error}"));
        }
    }
    if let Some(error) = source.lacks() {
        say(format_args!(
            "packets are recorded only as far as they lie in one piece: {error}"
        ));
    }
    if plan.voice != Voice::Quiet {
        let target = plan.target.name();
        say(format_args!("recording to {target}; Ctrl-C ends it"));
    }
}

/// What the file says of its own making.
fn about(plan: &Plan) -> String {
    let arguments: Vec<String> = std::env::args_os()
        .map(|argument| printable(&argument.to_string_lossy()))
        .collect();
    let arguments = arguments.join(" ");
    // A comment has an end; a shell's expansion may have none.
    let shown: String = arguments.chars().take(MAX_SHOWN).collect();
    let rest = if shown.len() < arguments.len() {
        " …"
    } else {
        ""
    };
    let (ring, snaplen) = (plan.ring / 1024, plan.snaplen);
    format!("{shown}{rest}; ring of {ring} KiB, snaplen {snaplen}")
}

/// Nanoseconds since 1970 UTC.
fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as u64)
}
