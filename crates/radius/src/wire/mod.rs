//! Owns the bytes of RADIUS: packets, attributes, their digests and names. No sockets and no clock.
//! Does not own: what a packet asks for (request.rs) and who may send it (listener.rs).

pub mod attribute;
pub mod authenticator;
pub mod dictionary;
pub mod digest;
pub mod known;
pub mod packet;
pub mod password;
pub mod value;
