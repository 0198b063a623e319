//! What a panic says. sled panics over damaged files of the index, which the library catches and tells as an error: nothing is printed for those.

use pcf_ledger::store::index;

/// Keeps quiet about panics that are caught, and leaves every other to the hook that was there.
pub fn quiet_where_contained() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !index::panic_is_contained() {
            before(panic);
        }
    }));
}
