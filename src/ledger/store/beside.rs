//! A thread that writes pieces of one file while the next ones are made. It decides nothing: what failed is told to who made the pieces.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::store::medium::Medium;

/// Pieces that may wait to be written.
const QUEUE: usize = 1;

/// The thread, as who makes the pieces sees it.
pub(crate) struct Beside {
    pieces: SyncSender<(u64, Vec<u8>)>,
    /// Memory of pieces that are written, to be filled again: fresh memory costs more than what is written into it.
    written: Mutex<Receiver<Vec<u8>>>,
    thread: JoinHandle<io::Result<()>>,
}

impl Beside {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// Where the system gives no thread.
    pub(crate) fn new(path: PathBuf, file: Arc<File>, medium: Arc<dyn Medium>) -> io::Result<Beside> {
        let (pieces, queue) = sync_channel::<(u64, Vec<u8>)>(QUEUE);
        let (back, written) = channel();
        let work = move || write_all(&queue, &back, |from, piece| medium.write_at(&path, &file, from, piece));
        let thread = std::thread::Builder::new().name("pcf-stage".into()).spawn(work)?;
        Ok(Beside { pieces, written: Mutex::new(written), thread })
    }

    /// Hands over a piece that begins at `from`, and gives other memory for the next one. False where an earlier piece could not be written:
    /// [`Beside::end`] says why.
    pub(crate) fn write(&mut self, from: u64, piece: &mut Vec<u8>) -> bool {
        let written = self.written.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut next = written.try_recv().unwrap_or_default();
        next.clear();
        self.pieces.send((from, std::mem::replace(piece, next))).is_ok()
    }

    /// Waits until all is written.
    ///
    /// # Errors
    ///
    /// Whatever the medium answered first.
    pub(crate) fn end(self) -> io::Result<()> {
        drop(self.pieces);
        self.thread
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the thread that writes it ended in a fault")))
    }
}

fn write_all(
    queue: &Receiver<(u64, Vec<u8>)>,
    back: &Sender<Vec<u8>>,
    write: impl Fn(u64, &[u8]) -> io::Result<()>,
) -> io::Result<()> {
    for (from, piece) in queue {
        write(from, &piece)?;
        // Nobody wants it any more where the last piece was handed over.
        let _ = back.send(piece);
    }
    Ok(())
}
