//! The newest drops in memory, and the files that are made of them: `--flight-recorder`.

mod failing;
mod newest;
mod place;
mod scene;
