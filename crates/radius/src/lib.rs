//! Owns the RADIUS face: what switches ask over UDP, and the answers in their words.
//! Does not own: what is allowed and what it costs (usecase, domain).

mod cisco;
pub mod client;
pub mod course;
pub mod directory;
pub mod dynamic;
pub mod face;
pub mod limits;
pub mod listener;
pub mod party;
mod refusal;
mod repeat;
pub mod reply;
pub mod request;
pub mod wire;
