//! Leads drops from the ring to the sink: sets a recording up, runs it, and closes its books.

mod budget;
mod closing;
mod counting;
mod ending;
mod failure;
mod fates;
mod first;
mod keeping;
mod limits;
mod losses;
mod metrics;
mod opening;
mod reading;
mod rights;
mod rotating;
mod running;
mod selection;
mod service;
mod symbols;
mod tables;
mod words;

use std::{
    collections::HashMap,
    future::Future,
    io, thread,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result, anyhow, bail};
use droprec_ebpf::{config::Config, filter::ask, record::Wanted};

use self::{
    budget::Budget, closing::Files, counting::Counting, fates::Fates, first::First, limits::Limits,
    metrics::Publishing, running::Recording, selection::Selection, symbols::Pending,
    tables::Tables,
};
use crate::{
    decode::Decoder,
    encode::{Format, json::Json, lines::Lines, pcapng::Pcapng},
    enrich::{Enricher, devices::Devices, stacks::Stacks},
    expression::translation::Translation,
    filter::rules::Rules,
    kernel::{
        self,
        btf::Btf,
        checks::{self, Outcome},
        debuginfo::DebugInfo,
        interfaces::Interfaces,
        modules,
        offsets::{self, Kept, Settings},
        probe::{self, Outputs, Probe, Types},
        reasons::Reasons,
        symbols::Symbols,
    },
    plan::{Form, Plan, Voice},
    report::{
        progress::size,
        say::{say, show},
    },
    signals::Signals,
    sink::memory::Memory,
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
    /// Nothing else of the process takes rights, so that it gives them up.
    pub is_confined: bool,
}

/// Records as planned, until the user or `done` ends it. True: all that was to be written was written.
pub async fn record(
    plan: &Plan,
    scope: Scope,
    done: impl Future<Output = Result<()>>,
) -> Result<bool> {
    let confinement = scope.is_confined.then(|| plan.confinement());
    opening::must_fit(plan, confinement.as_ref())?;
    // It may be wrong. And libpcap, which nothing calls off, may take minutes for a long one: before signals are caught, they
    // end that.
    let mut selection = Selection::new(plan)?;
    // A signal that comes in the half second before all is ready is obeyed then.
    let mut signals = Signals::catch().context("signals cannot be caught")?;
    // Each of them takes as long as all the rest together.
    let types = thread::spawn(Types::read);
    let symbols = Pending::Reading(thread::spawn(Symbols::read));
    let btf = essential(plan)?;
    let mut reasons = Reasons::new(&btf);
    reasons.look_at_modules();
    let until = plan.until.clone().on(&reasons)?;
    let mut rules = Rules::new(&plan.filters, &scope.interfaces)?;
    rules.interfaces.want(scope.wanted);
    rules.find_reasons(&reasons)?;
    // It is at work while the rest is made ready.
    let counting = Counting::start(scope.interfaces.namespaces.clone(), &rules);
    let settings = settings(plan, &reasons, &rules);
    let config = offsets::config(&btf, settings)?;
    let symbols = symbols.where_needed(&mut rules, &until)?;
    let types = types.join();
    let mut types = types.map_err(|_| anyhow!("reading the kernel's types panicked"))??;
    let mut load =
        |expression: Option<&Translation>| load(&mut types, plan, config, &rules, expression);
    let (mut probe, mut outputs) = match &mut selection {
        Some(selection) => selection.load(load)?,
        None => load(None)?,
    };
    drop(types);
    let symbols = symbols::catch_up(symbols, &mut rules, &mut reasons, &mut probe)?;
    // Before the first drop, which it would keep waiting.
    let stacks = outputs.stacks.take().map(with_lines);
    let may_lose = outputs.rests.is_some();
    let source = Source::new(outputs.ring, &outputs.lanes, outputs.rests)
        .context("what the kernel half writes cannot be read")?;
    // Not before it is clear that there will be something to write: an older recording may be in it.
    let opened = opening::open(plan, &mut signals).await?;

    let mut first = First::of(plan, &opened.file)?;
    let mut format = format(plan);
    let name = opened.name.clone();
    let mut writer = opened.writer(plan.manner(format.whole()), confinement.clone())?;
    let mut head = writer.take().unwrap_or_default();
    let devices = Devices::new(scope.interfaces);
    let about = about(plan);
    format.begin(head.bytes.end(), &about, devices.all())?;
    if let Some(first) = &mut first {
        first.head = head.bytes.to_vec();
    }
    opening::begin(plan, &mut writer, head, &mut signals).await?;

    // Before the first drop, so that what is dropped in between is counted and not recorded, and never the other way round.
    counting.arming();
    probe.attach()?;
    let since = Instant::now();
    let files = Files::new(plan, name, about, first);
    counting.armed();
    let symbols = symbols.wait()?;
    rights::give_up(plan, confinement.as_ref(), &probe)?;
    announce(plan, &files.name, &probe, &source, &symbols);
    let symbols = symbols.unwrap_or_default();
    until.warn(&symbols);
    let tables = Tables::start(plan, may_lose, config.arguments > 2, since)?;
    announce_selection(plan, selection.as_ref());
    let mut recording = Recording {
        plan,
        probe,
        counting,
        rules,
        selection,
        limits: Limits::new(plan.rate, plan.sample),
        has_reason: config.arguments > 2,
        tables,
        source,
        modules: 0,
        had_modules: modules::loaded(),
        decoder: Decoder::new(plan.snaplen, Clock::new()),
        enricher: Enricher::new(
            symbols,
            reasons,
            outputs.traps,
            devices,
            stacks,
            plan.framing.without_link_header(),
            until,
        ),
        format,
        writer,
        publishing: Publishing::start(plan.metrics.as_deref())?,
        memory: plan.flight_recorder.map(Memory::new),
        files,
        batch: None,
        fates: Fates::new(),
        has_given_up: false,
        is_disk_full: false,
        ended_by: None,
        counted_absent: HashMap::new(),
        trouble: None,
        budget: Budget::new(plan.max_cpu),
    };
    drop(btf);
    let ended = recording.run(&mut signals, done).await;
    let is_published = recording.finish(&mut signals).await?;
    ended?;
    Ok(recording.report()? && is_published)
}

/// The kernel's BTF, where it has all that a recording takes.
fn essential(plan: &Plan) -> Result<Btf> {
    let btf = checks::read_btf();
    for check in checks::essential(&btf) {
        if check.outcome == Outcome::Missing {
            bail!("cannot record: {}: {}", check.name, check.finding);
        }
        if plan.voice == Voice::Verbose {
            show(format_args!("{}: {}", check.name, check.finding));
        }
    }
    Ok(btf?)
}

/// What the kernel half is to do.
fn settings(plan: &Plan, reasons: &Reasons, rules: &Rules) -> Settings {
    Settings {
        snaplen: plan.snaplen,
        wake: if plan.packet_buffered {
            0
        } else {
            plan.ring / WAKE_PART
        },
        filter: rules.ask(),
        all: plan.all,
        copy_fault: reasons.number("SKB_UCOPY_FAULT"),
        stack: plan.stack,
        rate: plan.rate.unwrap_or(0),
        sample: plan.sample.unwrap_or(0),
        kept: match plan.intervals {
            None => Kept::Packets,
            Some(_) if plan.is_recorded() => Kept::PacketsAndCounts,
            Some(_) => Kept::Counts,
        },
    }
}

/// Loads the kernel half, with an expression that it is to evaluate.
fn load(
    types: &mut Types,
    plan: &Plan,
    mut config: Config,
    rules: &Rules,
    expression: Option<&Translation>,
) -> Result<(Probe, Outputs)> {
    // What is counted has to be judged first.
    let is_counted = plan.intervals.is_some() || plan.rate.is_some() || plan.sample.is_some();
    if is_counted && plan.expression.is_some() && expression.is_none() {
        config.filter |= ask::ELSEWHERE;
    }
    probe::load(types, config, plan.ring, rules, expression)
}

/// The form of what is written.
fn format(plan: &Plan) -> Box<dyn Format> {
    match plan.form {
        Form::Pcapng => Box::new(Pcapng::new(plan.framing)),
        Form::Json => Box::new(Json::default()),
        Form::Lines => Box::new(Lines::new(plan.voice == Voice::Verbose, plan.stack)),
    }
}

/// Call stacks, with their lines where there is debug information.
fn with_lines(stacks: kernel::stacks::Stacks) -> Stacks {
    let debuginfo = DebugInfo::open().unwrap_or_else(|error| {
        say(error);
        None
    });
    Stacks::new(stacks, debuginfo)
}

/// Says that it records, and what it lacks.
fn announce(
    plan: &Plan,
    target: &str,
    probe: &Probe,
    source: &Source,
    symbols: &io::Result<Symbols>,
) {
    service::ready();
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
        match plan.flight_recorder {
            None if !plan.is_recorded() => say("counting drops; Ctrl-C ends it"),
            None => say(format_args!("recording to {target}; Ctrl-C ends it")),
            Some(bytes) => say(format_args!(
                "keeping the last {} for {target}, which SIGUSR2 writes; Ctrl-C ends it",
                size(bytes as u64)
            )),
        }
    }
}

/// Says where an expression is evaluated.
fn announce_selection(plan: &Plan, selection: Option<&Selection>) {
    if let Some(selection) = selection
        && plan.voice == Voice::Verbose
    {
        show(format_args!("expression: {}", selection.place()));
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
