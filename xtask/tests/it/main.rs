//! Owns the list of xtask's tests on the built program. Does not own a test.

mod guard;
