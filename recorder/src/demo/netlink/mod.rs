//! Asks the kernel over netlink(7) for interfaces, addresses, queues and filters, so that no `ip`, `tc` or `nft` need be installed.

mod message;
pub(crate) mod nftables;
pub(crate) mod route;
mod transaction;

pub(crate) use transaction::is_unsupported;
