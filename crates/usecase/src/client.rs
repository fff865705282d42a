//! Owns what the server tells the faces of a request's origin: address and transport, after proxies that are trusted.
//! Does not own: deciding which proxies are (server); who asks (actor.rs).

/// Put into each request's extensions by the server. Where there is none, nothing is known.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// The address that attempts to sign in are counted by.
    pub address: String,
    /// The caller speaks TLS, to us or to a trusted proxy.
    pub is_secure: bool,
}
