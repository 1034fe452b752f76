//! What a droprec may do while it records: nothing that any user may not, and less.

mod file_capabilities;
mod process;
mod sandbox;
mod user;
