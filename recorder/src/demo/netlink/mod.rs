//! Asks the kernel over netlink(7) for interfaces, addresses, queues and filters, so that no `ip`, `tc` or `nft` need be installed.

pub(crate) mod nftables;
pub(crate) mod route;
