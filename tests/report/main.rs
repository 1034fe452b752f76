//! The page that `-r FILE --report PAGE` makes, as others see it: Python's parser, and Chromium, from its network to its paper.
//!
//! It needs no rights, but the programs `chromium`, `pdftotext` and `python3`, without which it fails.

mod browser;
mod hostile;
mod looks;
mod numbers;
mod outputs;
mod recording;
mod report;
mod structure;
