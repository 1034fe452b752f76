//! A namespace with the number of one that is gone: the kernel gives numbers again as soon as they are free.

use crate::Namespace;

/// Namespaces to make until one has a certain number: there are some numbers below it that are free as well.
const TRIES: usize = 50;

impl Namespace {
    /// Makes namespaces until one has this inode number. `None`: somebody else's has it.
    #[must_use]
    pub fn heir_of(inode: u64) -> Option<Self> {
        let mut others = Vec::new();
        for _ in 0..TRIES {
            let made = Self::new("heir");
            if made.inode() == inode {
                return Some(made);
            }
            others.push(made);
        }
        None
    }
}
