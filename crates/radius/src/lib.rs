//! Owns the RADIUS face: what switches ask over UDP, and the answers in their words.
//! Does not own: what is allowed and what it costs (usecase, domain).

pub mod wire;
