//! What a running process writes into a pipe, kept as it comes.

use std::{
    io::Read,
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

/// The bytes so far, and the thread that reads them.
#[derive(Debug)]
pub struct Output {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Output {
    /// Starts to read.
    #[must_use]
    pub fn read(mut pipe: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&bytes);
        let reader = thread::spawn(move || {
            let mut chunk = [0; 16_384];
            while let Ok(length @ 1..) = pipe.read(&mut chunk) {
                let mut bytes = kept.lock().unwrap_or_else(PoisonError::into_inner);
                bytes.extend_from_slice(&chunk[..length]);
            }
        });
        Self { bytes, reader }
    }

    /// What has come.
    #[must_use]
    pub fn so_far(&self) -> Vec<u8> {
        self.bytes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What came, as text. All of it must be UTF-8, but for a character of which a part has come so far.
    #[must_use]
    pub fn text(&self) -> String {
        let mut bytes = self.so_far();
        if let Err(error) = str::from_utf8(&bytes)
            && error.error_len().is_none()
            && !self.reader.is_finished()
        {
            bytes.truncate(error.valid_up_to());
        }
        String::from_utf8(bytes).unwrap_or_else(|error| {
            panic!(
                "the output is no UTF-8: {error}: {}",
                String::from_utf8_lossy(error.as_bytes())
            )
        })
    }

    /// All that came, once the other end is closed.
    #[must_use]
    pub fn to_end(self) -> Vec<u8> {
        let Self { bytes, reader } = self;
        assert!(
            reader.join().is_ok(),
            "the thread that reads a pipe panicked"
        );
        let mut bytes = bytes.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *bytes)
    }
}
