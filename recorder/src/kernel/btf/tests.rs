use std::sync::Arc;

use super::{
    Btf, BtfError, TypeId,
    builder::Builder,
    entry::{ARRAY, ENUM, ENUM64, FUNC_PROTO, INT, PTR, STRUCT, TYPEDEF, UNION},
};

const FLAG: u32 = 1 << 7;

fn int(builder: &mut Builder, size: u32, bits: u32) -> TypeId {
    builder.entry(INT, "int", 0, size, &[bits])
}

#[test]
fn a_member_is_found_within_anonymous_structures_and_unions() {
    let mut builder = Builder::new();
    let int = int(&mut builder, 4, 32);
    let inner = builder.structure(STRUCT, "", &[("a", int, 0), ("b", int, 32)]);
    let union = builder.structure(UNION, "", &[("", inner, 0), ("whole", int, 0)]);
    let outer = builder.structure(STRUCT, "outer", &[("first", int, 0), ("", union, 64)]);
    let btf = builder.btf();
    assert_eq!(btf.structure("outer"), Some(outer));
    assert_eq!(btf.member(outer, "b").unwrap().bit_offset, 96);
    assert_eq!(btf.member(outer, "whole").unwrap().bit_offset, 64);
    assert_eq!(btf.member(outer, "c"), None);
}

#[test]
fn a_path_goes_through_named_structures_behind_typedefs() {
    let mut builder = Builder::new();
    let int = int(&mut builder, 4, 32);
    let net = builder.structure(STRUCT, "net", &[("inum", int, 64)]);
    let pointer = builder.entry(PTR, "", 0, net, &[]);
    let possible = builder.structure(STRUCT, "", &[("net", pointer, 32)]);
    let typedef = builder.entry(TYPEDEF, "possible_net_t", 0, possible, &[]);
    let dev = builder.structure(STRUCT, "net_device", &[("nd_net", typedef, 128)]);
    let btf = builder.btf();
    let member = btf.member(dev, "nd_net.net").unwrap();
    assert_eq!(member.bit_offset, 160);
    assert_eq!(btf.pointee(member.type_id), Some(net));
}

#[test]
fn both_ways_to_write_a_bit_field_give_its_place_and_width() {
    let mut builder = Builder::new();
    let byte = int(&mut builder, 1, 8);
    let three_bits = int(&mut builder, 1, 3);
    let old = builder.structure(
        STRUCT,
        "old",
        &[("pkt_type", three_bits, 13), ("len", byte, 16)],
    );
    let new = builder.name("new");
    let member = builder.name("pkt_type");
    builder.words(&[
        new,
        (STRUCT | FLAG) << 24 | 1,
        4,
        member,
        byte,
        (3 << 24) + 13,
    ]);
    builder.count += 1;
    let new = builder.count;
    let btf = builder.btf();
    for structure in [old, new] {
        let member = btf.member(structure, "pkt_type").unwrap();
        assert_eq!((member.bit_offset, member.bit_width), (13, 3));
    }
    assert_eq!(btf.member(old, "len").unwrap().bit_width, 0);
}

#[test]
fn an_integer_of_more_bits_than_can_be_counted_is_as_wide_as_it_says() {
    let mut builder = Builder::new();
    let int = int(&mut builder, u32::MAX, 32);
    let structure = builder.structure(STRUCT, "s", &[("a", int, 0)]);
    let member = builder.btf().member(structure, "a").unwrap();
    assert_eq!(member.bit_width, 32);
}

#[test]
fn a_type_takes_the_bytes_of_what_is_behind_its_names() {
    let mut builder = Builder::new();
    let long = int(&mut builder, 8, 64);
    let row = builder.entry(ARRAY, "", 0, 0, &[long, long, 4]);
    let table = builder.entry(ARRAY, "", 0, 0, &[row, long, 3]);
    let stack = builder.structure(UNION, "thread_union", &[("stack", table, 0)]);
    let typedef = builder.entry(TYPEDEF, "stack_t", 0, stack, &[]);
    let pointer = builder.entry(PTR, "", 0, stack, &[]);
    let own = builder.structure(STRUCT, "thread_union", &[]);
    let itself = builder.entry(ARRAY, "", 0, 0, &[own + 1, long, 1]);
    let btf = builder.btf();
    assert_eq!(btf.structure("thread_union"), Some(own));
    assert_eq!(btf.size_of(table), Some(96));
    assert_eq!(btf.size_of(typedef), Some(64));
    assert_eq!(btf.size_of(pointer), Some(8));
    assert_eq!(btf.size_of(itself), None);
    assert_eq!(btf.size_of(0), None);
}

#[test]
fn enumerators_have_values_of_either_width() {
    let mut builder = Builder::new();
    let (a, b) = (builder.name("A"), builder.name("B"));
    builder.entry(ENUM, "narrow", 2, 4, &[a, 0, b, 7]);
    builder.entry(ENUM64, "wide", 1, 8, &[b, 1, 2]);
    let btf = builder.btf();
    assert_eq!(btf.enumerators("narrow"), Some(vec![("A", 0), ("B", 7)]));
    assert_eq!(btf.enumerators("wide"), Some(vec![("B", 2 << 32 | 1)]));
    assert_eq!(btf.enumerators("none"), None);
}

#[test]
fn a_tracepoints_arguments_are_those_behind_the_first() {
    let mut builder = Builder::new();
    let skb = builder.structure(STRUCT, "sk_buff", &[]);
    let pointer = builder.entry(PTR, "", 0, skb, &[]);
    let void = builder.entry(PTR, "", 0, 0, &[]);
    let prototype = builder.entry(FUNC_PROTO, "", 3, 0, &[0, void, 0, pointer, 0, void]);
    let to = builder.entry(PTR, "", 0, prototype, &[]);
    builder.entry(TYPEDEF, "btf_trace_kfree_skb", 0, to, &[]);
    let btf = builder.btf();
    assert_eq!(btf.tracepoint("kfree_skb"), Some(vec![pointer, void]));
    assert_eq!(btf.tracepoint("other"), None);
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let mut builder = Builder::new();
    let int = int(&mut builder, 4, 32);
    builder.structure(STRUCT, "s", &[("a", int, 0)]);
    let bytes = builder.bytes();
    for cut in 0..bytes.len() {
        assert!(Btf::parse(bytes[..cut].to_vec()).is_err(), "cut at {cut}");
    }
    assert!(Btf::parse(bytes).is_ok());
}

#[test]
fn a_kind_of_the_future_is_refused_by_its_number() {
    let mut builder = Builder::new();
    builder.entry(30, "x", 0, 0, &[]);
    assert!(matches!(
        Btf::parse(builder.bytes()),
        Err(BtfError::UnknownKind { id: 1, kind: 30 })
    ));
}

#[test]
fn a_structure_that_holds_itself_ends_the_search_however_often_it_does() {
    for times in [1, 2, 1000] {
        let mut builder = Builder::new();
        let id = builder.structure(STRUCT, "loop", &vec![("", 1, 0); times]);
        assert_eq!(builder.btf().member(id, "x"), None);
    }
}

/// A kernel with an enumeration and a structure, and a module with its own.
fn kernel_and_module() -> (Builder, Builder) {
    let mut kernel = Builder::new();
    let int = int(&mut kernel, 4, 32);
    kernel.structure(STRUCT, "sk_buff", &[("len", int, 96)]);
    kernel.enumeration("drop_reason", &[("CORE", 2)]);
    let mut module = Builder::on(&kernel);
    let skb = module.entry(TYPEDEF, "skb_t", 0, 2, &[]);
    module.structure(STRUCT, "own", &[("skb", skb, 64)]);
    let values = [("OWN", 0x2_0001), ("CORE", 0x2_0002)];
    module.enumeration("own_drop_reason", &values);
    (kernel, module)
}

#[test]
fn a_modules_file_goes_on_where_the_kernels_ends() {
    let (kernel, module) = kernel_and_module();
    let kernel = Arc::new(kernel.btf());
    let module = Btf::parse_split(module.bytes(), kernel.clone()).unwrap();
    assert_eq!((kernel.len(), module.len()), (3, 3));
    let own = module.structure("own").unwrap();
    assert_eq!(own, 5);
    assert_eq!(module.member(own, "skb.len").unwrap().bit_offset, 160);
    assert_eq!(module.structure("sk_buff"), Some(2));
    assert_eq!(kernel.structure("own"), None);
}

#[test]
fn names_that_the_kernel_has_too_are_found_in_the_kernels_file() {
    let (kernel, module) = kernel_and_module();
    let kernel = Arc::new(kernel.btf());
    let module = Btf::parse_split(module.bytes(), kernel.clone()).unwrap();
    let own = vec![("OWN", 0x2_0001), ("CORE", 0x2_0002)];
    assert_eq!(module.enumerators("own_drop_reason"), Some(own.clone()));
    assert_eq!(module.enumerations("drop_reason"), [own]);
    assert_eq!(kernel.enumerations("drop_reason"), [[("CORE", 2)]]);
}

#[test]
fn a_modules_file_cut_anywhere_is_refused() {
    let (kernel, module) = kernel_and_module();
    let (kernel, bytes) = (Arc::new(kernel.btf()), module.bytes());
    for cut in 0..bytes.len() {
        let parsed = Btf::parse_split(bytes[..cut].to_vec(), kernel.clone());
        assert!(parsed.is_err(), "cut at {cut}");
    }
}
