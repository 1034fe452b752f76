//! Loads the kernel half, attaches it, and takes it away again.

use std::{
    path::Path,
    thread::{self, ScopedJoinHandle},
    time::Instant,
};

use anyhow::{Context as _, Result, anyhow};
use aya::{
    Btf, Ebpf, EbpfLoader, VerifierLogLevel,
    maps::{Map, MapData, PerCpuArray, PerCpuHashMap, PerfEventArray},
    programs::{
        BtfTracePoint, FExit, Program, ProgramError, ProgramFd, tp_btf::BtfTracePointLinkId,
    },
};
use droprec_ebpf::{
    config::{ABSENT, Config},
    filter::{RANGES, ask},
    record::{Counters, KINDS, Kind, Tally},
};
use rustix::process::{Resource, Rlimit, setrlimit};

use super::{
    filters::Filters,
    lanes::Lanes,
    object::Object,
    stacks::{self, Stacks},
    traps::Traps,
    wire::Wire,
};
use crate::{expression::translation::Translation, filter::rules::Rules};

/// The program that is called for every drop, by whose standing still the spare one knows what it missed.
const FIRST: &str = "kfree_skb";
/// The one that is called for what the hardware has dropped; a tracepoint of the same name.
const TRAP: &str = "devlink_trap_report";
/// The two for what the kernel drops, in the order in which it is to call them.
const DROPS: [&str; 2] = [FIRST, "kfree_skb_spare"];

/// What the doctor calls that.
pub(super) const HARDWARE: &str = "hardware";

/// Kinds that are counted where only what is lost is.
const LOST_KINDS: u32 = 4096;

/// Bytes of the ring where it has no records.
const NOTICES: u32 = 1 << 16;

/// Only a kernel that has modules has it.
const MODULES: &str = "/proc/modules";

/// The kernel half, loaded.
pub struct Probe {
    ebpf: Ebpf,
    /// In the order in which they are attached.
    links: Vec<(&'static str, BtfTracePointLinkId)>,
    /// The first program's.
    pub(super) fd: ProgramFd,
    /// That of the one for the hardware's traps, where the kernel has them.
    pub(super) trap_fd: Option<ProgramFd>,
    pub(super) counters: PerCpuArray<MapData, Wire<Counters>>,
    pub(super) kinds: PerCpuHashMap<MapData, Wire<Kind>, Wire<Tally>>,
    /// What filters ask, where the kernel half looks it up.
    pub filters: Filters,
    /// What the kernel does not offer, and why; a recording can do without.
    pub lacks: Vec<(&'static str, String)>,
}

/// What the loaded kernel half writes to.
pub struct Outputs {
    /// Records and notices.
    pub ring: Map,
    /// Records, too, where there are lanes.
    pub lanes: Map,
    /// What records have no place for; none where there are no records.
    pub rests: Option<PerfEventArray<MapData>>,
    /// The call stacks of drops; none: they are not taken.
    pub stacks: Option<Stacks>,
    /// Names of the hardware's traps.
    pub traps: Traps,
}

/// The kernel's BTF, as aya takes it, and a loader, which reads it too. Together that takes as long as loading the kernel half
/// does, and needs nothing that comes before.
pub struct Types {
    btf: Btf,
    loader: Option<EbpfLoader<'static>>,
}

impl Types {
    /// Reads it.
    pub fn read() -> Result<Self> {
        let mut loader = EbpfLoader::new();
        // It is given the other one, so that there are not two in memory.
        loader.btf(None);
        Ok(Self {
            btf: Btf::from_sys_fs().context("the kernel's BTF cannot be read")?,
            loader: Some(loader),
        })
    }
}

/// Whether records reach the user half: of all drops that filters want, or of those that it takes the user half to judge.
fn has_records(config: &Config) -> bool {
    config.emit == 1 || may_be_unjudged(config)
}

/// Whether it may take the user half to judge a drop.
fn may_be_unjudged(config: &Config) -> bool {
    let asked = ask::REASON | ask::PLACE | ask::HEADERS | ask::ELSEWHERE;
    config.expression != 0 || config.filter & asked != 0
}

/// Loads the kernel half; nothing is recorded before [`Probe::attach`]. `ring`: bytes, a power of two of pages. `expression`:
/// what it is to judge drops by.
pub fn load(
    types: &mut Types,
    mut config: Config,
    ring: u32,
    rules: &Rules,
    expression: Option<&Translation>,
) -> Result<(Probe, Outputs)> {
    // Before Linux 5.11 maps counted against this limit. Where it may not be raised, it may be enough.
    let _ = setrlimit(
        Resource::Memlock,
        Rlimit {
            current: None,
            maximum: None,
        },
    );
    let mut object = Object::compiled();
    object.resolve(config.values());
    if let Some(expression) = expression {
        config.expression = expression.needs;
        object.fill(&expression.instructions)?;
    }
    let (mut quick, mut quicker) = (config, object.clone());
    let mut lanes = Lanes::NONE;
    if has_records(&config) {
        lanes = Lanes::lay_out(&mut quick, ring, may_be_unjudged(&config))?;
        quicker.lengthen_lanes(lanes.bytes);
    }
    if config.cast != ABSENT {
        quicker.cast_by(config.cast);
    }
    config.cast = ABSENT;
    let quick =
        (quick != config).then(|| load_object(types, &quick, ring, lanes.count, rules, &quicker));
    let refused = match quick {
        Some(Ok(loaded)) => return Ok(loaded),
        Some(Err(error)) => Some(error),
        None => None,
    };
    // To cast takes a JIT compiler, and one that knows how; lanes take memory. Whatever else was wrong is so without them, too.
    let mut loaded = load_object(types, &config, ring, Lanes::NONE.count, rules, &object)?;
    let lacks = refused.map(|error| ("speed", format!("a drop takes longer: {error:#}")));
    loaded.0.lacks.extend(lacks);
    Ok(loaded)
}

/// Loads the kernel half with all its instructions.
fn load_object(
    Types { btf, loader }: &mut Types,
    config: &Config,
    ring: u32,
    lanes: u32,
    rules: &Rules,
    object: &Object,
) -> Result<(Probe, Outputs)> {
    let ring = if has_records(config) { ring } else { NOTICES };
    let is_limited = config.rate != 0 || config.sample != 0;
    let kinds = if config.count == 1 || is_limited {
        KINDS
    } else {
        LOST_KINDS
    };
    // One that has loaded is not another's.
    let mut loader = loader.take().unwrap_or_default();
    let mut ebpf = loader
        .btf(Some(btf))
        .verifier_log_level(VerifierLogLevel::DEBUG)
        .override_global("CONFIG", &Wire(*config), true)
        .map_max_entries("RING", ring)
        .map_max_entries("LANES", lanes)
        .map_max_entries("SPANS", if rules.need_symbols() { 2 * RANGES } else { 1 })
        .map_max_entries("STACKS", if config.stack == 0 { 1 } else { stacks::ROOM })
        .map_max_entries("KINDS", kinds)
        .map_max_entries("PASTS", if is_limited { KINDS } else { 1 })
        .load(object.bytes())
        .map_err(refused)?;

    let filters = Filters::new(&mut ebpf, rules)?;
    let ring = ebpf.take_map("RING").context("no map RING")?;
    let lanes = ebpf.take_map("LANES").context("no map LANES")?;
    let rests = map(&mut ebpf, "RESTS")?;
    let traps = Traps::new(map(&mut ebpf, "TRAPS")?);
    let stacks = match config.stack {
        0 => None,
        _ => Some(Stacks::new(map(&mut ebpf, "STACKS")?)),
    };
    let counters = map(&mut ebpf, "COUNTERS")?;
    let kinds = map(&mut ebpf, "KINDS")?;

    let mut lacks = Vec::new();
    // Where no packet is looked at, nobody asks for its tags.
    if has_records(config)
        && let Err(error) = keep_tags(&mut ebpf, btf)
    {
        lacks.push((
            "VLAN tags",
            format!("those that the stack forgets are not kept: {error:#}"),
        ));
    }
    if Path::new(MODULES).exists()
        && let Err(error) = attach(&mut ebpf, btf, "module_loaded", "module_load")
    {
        lacks.push((
            "modules",
            format!("those that are loaded meanwhile are noticed late: {error:#}"),
        ));
    }
    let of_trap = load_programs(&mut ebpf, btf, has_traps(config))?;
    let fd = program(&mut ebpf, FIRST)?.fd()?.try_clone()?;
    let trap_fd = match of_trap.and_then(|()| Ok(program(&mut ebpf, TRAP)?.fd()?.try_clone()?)) {
        Ok(fd) => Some(fd),
        // Without the expression it may be taken.
        Err(error) if config.expression != 0 && has_traps(config) => return Err(error),
        Err(error) => {
            lacks.push((HARDWARE, format!("what it drops is not told: {error:#}")));
            None
        }
    };
    Ok((
        Probe {
            ebpf,
            links: Vec::new(),
            fd,
            trap_fd,
            counters,
            kinds,
            filters,
            lacks,
        },
        Outputs {
            ring,
            lanes,
            // Not before: programs are loaded with all of their maps.
            rests: has_records(config).then_some(rests),
            stacks,
            traps,
        },
    ))
}

pub(super) fn map<M: TryFrom<Map>>(ebpf: &mut Ebpf, name: &str) -> Result<M, anyhow::Error>
where
    M::Error: std::error::Error + Send + Sync + 'static,
{
    Ok(ebpf
        .take_map(name)
        .with_context(|| format!("no map {name}"))?
        .try_into()?)
}

/// Attaches what notes a VLAN tag before the stack forgets it: where no interface is found for it if the kernel lets that
/// function be watched, else where frames are received, at some tens of nanoseconds a frame. A recording can do without.
fn keep_tags(ebpf: &mut Ebpf, btf: &Btf) -> Result<()> {
    let program: &mut FExit = ebpf
        .program_mut("vlan_unknown")
        .context("no program vlan_unknown")?
        .try_into()?;
    if program
        .load("vlan_do_receive", btf)
        .and_then(|()| program.attach())
        .is_ok()
    {
        return Ok(());
    }
    attach(ebpf, btf, "vlan_received", "netif_receive_skb")
}

/// The kernel has the tracepoint that tells of the hardware's drops.
fn has_traps(config: &Config) -> bool {
    config.trap_name != ABSENT && config.trap_type != ABSENT
}

/// Loads the programs for what the kernel drops, and the one for what the hardware has dropped, where the kernel has its
/// tracepoint: what came of that one, as a recording can do without. Each takes the verifier its time, so all are loaded at once.
fn load_programs(ebpf: &mut Ebpf, btf: &Btf, has_traps: bool) -> Result<Result<()>> {
    let load = |program: &mut Program, tracepoint: &str| {
        let program: &mut BtfTracePoint = program.try_into()?;
        program.load(tracepoint, btf).map_err(refused)
    };
    let mut of_trap = Err(anyhow!(
        "the kernel has no tracepoint devlink:devlink_trap_report, which came with Linux 5.10 and takes CONFIG_NET_DEVLINK"
    ));
    thread::scope(|scope| {
        let (mut loading, mut trap) = (Vec::new(), None);
        for (name, program) in ebpf.programs_mut() {
            if DROPS.contains(&name) {
                let work = move || load(program, "kfree_skb");
                let thread = thread::Builder::new().spawn_scoped(scope, work);
                loading.push(thread.context("no thread to load the kernel half with")?);
            } else if name == TRAP && has_traps {
                trap = Some(program);
            }
        }
        if let Some(program) = trap {
            of_trap = load(program, TRAP);
        }
        let join = |thread: ScopedJoinHandle<'_, Result<()>>| {
            let loaded = thread.join();
            loaded.map_err(|_| anyhow!("loading the kernel half panicked"))?
        };
        loading.into_iter().try_for_each(join)
    })?;
    Ok(of_trap)
}

/// Loads a program and attaches it to a tracepoint, until the kernel half is unloaded.
fn attach(ebpf: &mut Ebpf, btf: &Btf, name: &str, tracepoint: &str) -> Result<()> {
    let program = program(ebpf, name)?;
    program.load(tracepoint, btf).map_err(refused)?;
    program.attach()?;
    Ok(())
}

fn program<'a>(ebpf: &'a mut Ebpf, name: &str) -> Result<&'a mut BtfTracePoint> {
    Ok(ebpf
        .program_mut(name)
        .with_context(|| format!("no program {name}"))?
        .try_into()?)
}

/// What to say when the kernel does not take the program. The verifier's last words say why; the rest is its diary.
fn refused(error: impl Into<aya::EbpfError>) -> anyhow::Error {
    match error.into() {
        aya::EbpfError::ProgramError(ProgramError::LoadError {
            io_error,
            verifier_log,
        }) => {
            let log = verifier_log.to_string();
            let last = log
                .lines()
                .rev()
                .filter(|line| !line.trim().is_empty())
                .take(3)
                .collect::<Vec<_>>();
            let said = last.into_iter().rev().collect::<Vec<_>>().join(" / ");
            anyhow!(
                "the kernel refuses droprec's program: {io_error}: {said}; `droprec doctor` says what it lacks"
            )
        }
        error => anyhow!(error).context(
            "the kernel half cannot be loaded; `droprec doctor` says what the kernel lacks",
        ),
    }
}

impl Probe {
    /// From here on drops are recorded.
    pub fn attach(&mut self) -> Result<()> {
        for name in DROPS {
            let link = program(&mut self.ebpf, name)?
                .attach()
                .context("a program cannot be attached to the tracepoint skb:kfree_skb")?;
            self.links.push((name, link));
        }
        if self.trap_fd.is_some() {
            let link = program(&mut self.ebpf, TRAP)?.attach().context(
                "the program cannot be attached to the tracepoint devlink:devlink_trap_report",
            )?;
            self.links.push((TRAP, link));
        }
        Ok(())
    }

    /// From here on no drop is recorded any more. The first program goes last: by what it missed, the books know what the
    /// spare one has seen. When it went is given: what comes behind that takes its time.
    pub fn detach(&mut self) -> Result<Instant> {
        let mut ended = Instant::now();
        while let Some((name, link)) = self.links.pop() {
            ended = Instant::now();
            program(&mut self.ebpf, name)?
                .detach(link)
                .context("a program cannot be detached")?;
        }
        // Whoever is about to begin with a program, and has not come to say so, is through with it after this: it waits for
        // the kernel's RCU readers, which programs are (`__bpf_trace_run`). Kernels with undisturbed processors
        // (`nohz_full`) refuse it.
        // SAFETY: a system call that takes no address.
        let _ = unsafe { libc::syscall(libc::SYS_membarrier, libc::MEMBARRIER_CMD_GLOBAL, 0, 0) };
        Ok(ended)
    }
}
