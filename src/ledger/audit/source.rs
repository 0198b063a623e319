//! Where an audit reads from: any store, or a directory that may be damaged.

use std::path::PathBuf;

use crate::store::salvage::{Piece, Salvage};
use crate::store::{Body, Head, Position, Reader, StoreError};

/// What an audit reads.
pub(super) trait Source: Sync {
    /// Everything in the order in which it lies.
    fn pieces(&self) -> Result<Box<dyn Iterator<Item = Piece> + Send + '_>, StoreError>;

    /// The head that the log must end with.
    fn head(&self) -> Result<Option<Head>, StoreError>;

    /// A head that the log must at least reach, where the one that counts cannot be read.
    fn head_left(&self) -> Option<Head> {
        None
    }

    /// What lies in the place of one statement.
    fn body(&self, at: Position) -> Result<Body, StoreError>;

    /// The file and offset of a position, where there are files.
    fn place(&self, at: Position) -> (Option<PathBuf>, Option<u64>);
}

/// Any store; what lies behind damage stays unread.
pub(super) struct Plain<'a, R>(pub(super) &'a R);

impl<R: Reader + Sync> Source for Plain<'_, R> {
    fn pieces(&self) -> Result<Box<dyn Iterator<Item = Piece> + Send + '_>, StoreError> {
        let size = self.0.head()?.size;
        // What is appended from now on is for the next audit.
        let upto = move |read: &Result<crate::store::StoredSubmission, _>| {
            read.as_ref().map_or(true, |stored| stored.index < size)
        };
        let mut last = Position { segment: 0, offset: 0 };
        let pieces = self.0.read(None)?.take_while(upto).map(move |read| match read {
            Ok(stored) => {
                last = stored.end;
                Piece::Whole(stored)
            }
            Err(why) => Piece::Lost { from: last, to: last, why },
        });
        Ok(Box::new(pieces))
    }

    fn head(&self) -> Result<Option<Head>, StoreError> {
        self.0.head().map(Some)
    }

    fn body(&self, at: Position) -> Result<Body, StoreError> {
        self.0.body(at)
    }

    fn place(&self, _: Position) -> (Option<PathBuf>, Option<u64>) {
        (None, None)
    }
}

impl Source for Salvage {
    fn pieces(&self) -> Result<Box<dyn Iterator<Item = Piece> + Send + '_>, StoreError> {
        Ok(Box::new(Self::pieces(self)?))
    }

    fn head(&self) -> Result<Option<Head>, StoreError> {
        Ok(Self::head(self))
    }

    fn head_left(&self) -> Option<Head> {
        Self::head_left(self)
    }

    fn body(&self, at: Position) -> Result<Body, StoreError> {
        Self::body(self, at)
    }

    fn place(&self, at: Position) -> (Option<PathBuf>, Option<u64>) {
        (Some(self.path(at)), Some(at.offset))
    }
}
