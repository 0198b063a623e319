//! What holds for the whole process: where its memory comes from, and what a panic says. sled panics over damaged files of the index, which the
//! library catches and tells as an error: nothing is printed for those.

use mimalloc::MiMalloc;
use pcf_ledger::store::index;

/// An import reads its tables on one thread and signs and writes what they say on others: the system's allocator makes them wait for each other.
/// Without huge pages: to clear two megabytes for a few kilobytes took more time than was won.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

/// Keeps quiet about panics that are caught, and leaves every other to the hook that was there.
pub fn quiet_where_contained() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !index::panic_is_contained() {
            before(panic);
        }
    }));
}
