//! Reading and writing a file at a position, whatever else uses the file: by one system call where
//! there is one (`pread`, `pwrite`), elsewhere by
//! seeking under one lock.

#[cfg(unix)]
pub(crate) use std::os::unix::fs::FileExt as Positioned;

#[cfg(not(unix))]
pub(crate) use seeking::Positioned;

/// A file has one cursor, also for its clones: whoever moves it holds the lock until it has read or
/// written.
#[cfg(any(not(unix), test))]
mod seeking {
    use std::fs::File;
    use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
    use std::sync::{Mutex, MutexGuard, PoisonError};

    static CURSORS: Mutex<()> = Mutex::new(());

    fn seek(mut file: &File, offset: u64) -> io::Result<MutexGuard<'static, ()>> {
        let held = CURSORS.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))?;
        Ok(held)
    }

    /// What Unix has as `FileExt`.
    pub(crate) trait Positioned {
        fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize>;
        fn read_exact_at(&self, into: &mut [u8], offset: u64) -> io::Result<()>;
        fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;
    }

    impl Positioned for File {
        fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
            let _held = seek(self, offset)?;
            let mut file = self;
            loop {
                match file.read(into) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    read => return read,
                }
            }
        }

        fn read_exact_at(&self, into: &mut [u8], offset: u64) -> io::Result<()> {
            let _held = seek(self, offset)?;
            let mut file = self;
            file.read_exact(into)
        }

        fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
            let _held = seek(self, offset)?;
            let mut file = self;
            file.write_all(bytes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::seeking::Positioned;

    #[test]
    fn seeking_reads_and_writes_like_the_system_also_with_several_threads() {
        let file = tempfile::tempfile().unwrap();
        let blocks = 64_u8;
        std::thread::scope(|scope| {
            for first in 0..4 {
                let file = &file;
                scope.spawn(move || {
                    for n in (first..blocks).step_by(4) {
                        Positioned::write_all_at(file, &[n; 100], u64::from(n) * 100).unwrap();
                        let mut read = [0; 100];
                        Positioned::read_exact_at(file, &mut read, u64::from(n) * 100).unwrap();
                        assert_eq!(read, [n; 100]);
                    }
                });
            }
        });
        let mut read = [0; 10];
        assert_eq!(Positioned::read_at(&file, &mut read, 6395).unwrap(), 5);
        assert_eq!(read, [63, 63, 63, 63, 63, 0, 0, 0, 0, 0]);
        let short = Positioned::read_exact_at(&file, &mut read, 6395).unwrap_err();
        assert_eq!(short.kind(), std::io::ErrorKind::UnexpectedEof);
    }
}
