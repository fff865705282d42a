//! Owns a second, naive telling of the rules, which shares nothing with the first but the types that go in.
//! Does not own: being fast. What the program runs lies in `domain`; tests compare the two.

pub mod rating;
