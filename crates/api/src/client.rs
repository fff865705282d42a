//! Owns what the server tells of a request's origin: address and transport, after proxies that are trusted.
//! Does not own: deciding which proxies are (server).

/// Put into each request's extensions by the server.
#[derive(Clone, Debug)]
pub struct Client {
    /// The address that attempts to sign in are counted by.
    pub address: String,
    /// The browser speaks TLS, to us or to a trusted proxy.
    pub is_secure: bool,
}
