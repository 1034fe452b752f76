//! The kernel half of droprec: two programs on the tracepoint `skb:kfree_skb` that record each dropped skb, the second one
//! what the first has missed, and one on `devlink:devlink_trap_report` that records what the hardware has dropped.
#![cfg_attr(target_arch = "bpf", no_std, no_main)]
#![cfg_attr(target_arch = "bpf", feature(asm_experimental_arch))]

#[cfg(target_arch = "bpf")]
mod kernel;

#[cfg(target_arch = "bpf")]
mod program {
    use core::ptr::{read_volatile, write_volatile};

    use aya_ebpf::{
        EbpfContext as _,
        helpers::bpf_get_smp_processor_id,
        macros::{btf_tracepoint, fexit, map},
        maps::PerCpuArray,
        programs::{BtfTracePointContext, FExitContext},
    };
    use droprec_ebpf::{
        filter::ask,
        record::{Counters, FIRST, HAS_REASON, PROGRAMS, SPARE, TRAP, UNJUDGED},
    };

    use crate::kernel::{
        bytes,
        config::config,
        count::{count, count_limited},
        device,
        emit::{Scratch, emit, emit_module, lose, scratch},
        expression, fair,
        filter::{self, Answer},
        headers, lane, limit, owner, private, rest,
        skb::{self, Object, probe},
        spare, stack, trap, vlan,
    };

    /// What each of the programs has counted on this processor.
    #[map]
    static COUNTERS: PerCpuArray<Counters> = PerCpuArray::with_max_entries(PROGRAMS, 0);

    /// `skb:kfree_skb` (`include/trace/events/skb.h`). Since 5.17 the third argument is the reason; since 6.11 the fourth
    /// is the socket that the skb was for.
    #[btf_tracepoint(function = "kfree_skb")]
    fn kfree_skb(ctx: BtfTracePointContext) -> i32 {
        run(&ctx, FIRST);
        0
    }

    /// The same tracepoint, after the above.
    #[btf_tracepoint(function = "kfree_skb")]
    fn kfree_skb_spare(ctx: BtfTracePointContext) -> i32 {
        if spare::was_marked(&ctx) {
            return 0;
        }
        let Some(first) = COUNTERS.get_ptr(FIRST) else {
            return 0;
        };
        // SAFETY: the member of a value that is there. Volatile, as the other program writes it.
        let is_first_busy = unsafe { read_volatile(&raw const (*first).busy) } != 0;
        if is_first_busy {
            run(&ctx, SPARE);
        }
        0
    }

    /// `devlink:devlink_trap_report` (`include/trace/events/devlink.h`, since 5.10). The hardware has given the packet to the
    /// driver, which reports it and frees it otherwise than as a drop.
    #[btf_tracepoint(function = "devlink_trap_report")]
    fn devlink_trap_report(ctx: BtfTracePointContext) -> i32 {
        if trap::is_drop(ctx.arg(2)) {
            run(&ctx, TRAP);
        }
        0
    }

    /// What the program does with a drop.
    #[inline(always)]
    fn run(ctx: &BtfTracePointContext, program: u32) {
        let Some(counters) = COUNTERS.get_ptr_mut(program) else {
            return;
        };
        // SAFETY: a per-CPU value of this program alone. Only another run of it could use it at the same time, and that one
        // ends at the next lines, or has ended before them.
        let counters = unsafe { &mut *counters };
        let busy = &raw mut counters.busy;
        // SAFETY: the member of a value that is there. Volatile, since what is between the two stores is not to be moved
        // out from there.
        unsafe {
            if read_volatile(busy) != 0 {
                counters.nested += 1;
                return;
            }
            write_volatile(busy, 1);
        }
        if program == FIRST {
            spare::mark(ctx);
        }
        if let Some(scratch) = scratch(program) {
            counters.seen += 1;
            // SAFETY: as above; `busy` keeps others away from it.
            record(ctx, program, counters, unsafe { &mut *scratch });
        }
        // SAFETY: as above.
        unsafe { write_volatile(&raw mut counters.busy, 0) };
    }

    #[inline(always)]
    fn record(
        ctx: &BtfTracePointContext,
        program: u32,
        counters: &mut Counters,
        scratch: &mut Scratch,
    ) {
        let record = &mut scratch.place.record;
        record.reason = 0;
        record.flags = 0;
        let mut rx_sk = 0;
        let is_hardwares = program == TRAP;
        let skb = if is_hardwares {
            Object(ctx.arg(1))
        } else {
            record.location = ctx.arg(1);
            // The verifier takes only a constant for an argument's place, so each has its branch.
            if config(|c| &c.arguments) >= 3 {
                record.reason = ctx.arg(2);
                record.flags = HAS_REASON;
            }
            if config(|c| &c.arguments) >= 4 {
                rx_sk = ctx.arg(3);
            }
            Object(ctx.arg(0))
        };
        match filter::by_place(record, is_hardwares) {
            Answer::Yes => {}
            Answer::Unknown => record.flags |= UNJUDGED,
            Answer::No => return counters.filtered += 1,
            Answer::Noise => {
                counters.noise += 1;
                return counters.filtered += 1;
            }
        }
        let asked = config(|c| &c.filter);
        if asked & ask::HEADERS != 0 {
            headers::by_network_header(skb, program);
        }
        let is_refused = asked & ask::HEADERS != 0 && headers::is(program, Answer::No);
        if is_refused
            || !is_hardwares
                && (filter::is_elsewhere(skb) || filter::is_far(skb, &mut scratch.namespace))
        {
            return counters.filtered += 1;
        }
        if config(|c| &c.expression) != 0
            && expression::refuses(skb, record, &mut scratch.place.frame, &mut scratch.asked)
        {
            return counters.filtered += 1;
        }
        let found = skb::find(
            skb,
            rx_sk,
            record,
            &mut scratch.named,
            &scratch.known,
            &mut scratch.located,
        );
        if is_hardwares {
            // It came by a wire, so that it is nobody's own.
            trap::find(ctx.arg(2), record, &mut scratch.named);
        } else if private::is_suppressed(record, &found.socket) {
            return counters.suppressed += 1;
        }
        // Tags belong to what filters look at.
        let is_looked_at = asked & ask::TAGS != 0 || config(|c| &c.expression) != 0;
        // What the hardware has dropped, the stack has not had.
        if !is_hardwares && is_looked_at {
            vlan::recall(skb, &found.bytes, record);
        }
        if !filter::by_rest(record, &found.bytes, program)
            || !expression::wants(
                record,
                &found.bytes,
                &mut scratch.place.frame,
                &mut scratch.asked,
            )
        {
            return counters.filtered += 1;
        }
        // Long before it is copied: what was stored just now would be waited for.
        record.captured = bytes::captured(&found.bytes, record.len, skb::snaplen(record));
        device::name(&scratch.named, record, &mut scratch.known);
        record.stack = 0;
        if is_hardwares {
            trap::describe(ctx.arg(2), record, &mut scratch.place.frame);
        } else {
            stack::take(ctx, program, record);
        }
        // Of what the user half has yet to judge, it counts what filters want.
        if config(|c| &c.count) != 0 && record.flags & UNJUDGED == 0 {
            let is_counted = count(record, program, counters);
            if config(|c| &c.emit) == 0 {
                if is_counted {
                    return counters.recorded += 1;
                }
                return counters.lost += 1;
            }
        }
        // And of that it leaves out what is too much.
        if record.flags & UNJUDGED == 0 && !limit::allows(record) {
            return count_limited(record, program, counters);
        }
        skb::describe(skb, record);
        // SAFETY: a helper without arguments.
        let cpu = unsafe { bpf_get_smp_processor_id() };
        let lane = lane::Room::of(program, cpu);
        if !fair::has_room(record, &mut scratch.room, program, lane.is_there) {
            return lose(record, program, counters);
        }
        device::mark_time(record);
        record.cpu = cpu as u16;
        record.reserved = [0; 2];
        if !is_hardwares && !is_looked_at {
            vlan::recall(skb, &found.bytes, record);
        }
        let is_due = rest::send(skb, record, program, counters);
        let is_owned = owner::find(&found.socket, record, &mut scratch.place.owner);
        emit(
            scratch,
            &found.bytes,
            &lane,
            is_owned,
            is_due,
            program,
            counters,
        );
    }

    /// `bool vlan_do_receive(struct sk_buff **)` (net/8021q/vlan_core.c).
    #[fexit(function = "vlan_do_receive")]
    fn vlan_unknown(ctx: FExitContext) -> i32 {
        // The verifier lets nobody take an argument that points to a pointer; where it lies is no secret.
        let arguments = ctx.as_ptr() as u64;
        let skbp: u64 = probe(arguments, 0);
        let was_found: u8 = probe(arguments, 8);
        if was_found == 0 {
            vlan::note_unknown(skbp);
        }
        0
    }

    /// `net:netif_receive_skb` (`include/trace/events/net.h`), in place of the above.
    #[btf_tracepoint(function = "netif_receive_skb")]
    fn vlan_received(ctx: BtfTracePointContext) -> i32 {
        vlan::note_received(Object(ctx.arg(0)));
        0
    }

    /// `module:module_load` (`include/trace/events/module.h`), before the module's own code runs.
    #[btf_tracepoint(function = "module_load")]
    fn module_loaded(_: BtfTracePointContext) -> i32 {
        emit_module();
        0
    }

    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
        loop {}
    }

    /// What lets the kernel load programs that use its GPL-only helpers.
    #[unsafe(link_section = "license")]
    #[unsafe(no_mangle)]
    static LICENSE: [u8; 13] = *b"Dual MIT/GPL\0";
}

#[cfg(not(target_arch = "bpf"))]
fn main() {}
