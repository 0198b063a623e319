//! Values only: no input or output, no clock, no randomness, no floats.
