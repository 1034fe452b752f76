//! `droprec -r`: what others write is read as tshark and tcpdump read it, and damage ends it where it is. Needs no rights.

mod agreement;
mod classic;
mod closed;
mod compressed;
mod cut_short;
mod damage;
mod expressions;
mod filters;
mod hostile;
mod json;
mod link_types;
mod make;
mod memory;
mod mutated;
mod not_a_capture;
mod others_blocks;
mod samples;
mod sections;
mod stack;
mod stage;
mod summary;
mod times;
