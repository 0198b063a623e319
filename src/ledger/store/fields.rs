//! Takes fixed-width big-endian fields from the front of a byte slice; knows no layout.

/// What is left of a record while its fields are taken one after the other.
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

impl Fields<'_> {
    /// The next `N` bytes, or `None` where fewer are left.
    pub(crate) fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    pub(crate) fn take_u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_be_bytes)
    }

    pub(crate) fn take_u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_be_bytes)
    }
}
