//! Pure calculation: an inventory in, footprints and their trace out. Never sees a store, a key or a clock.
