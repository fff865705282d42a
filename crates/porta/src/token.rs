//! Owns access tokens: the RSA key, signing claims and checking a token's signature.
//! Does not own: whether the login that a token names is alive (usecase/login.rs).

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use rsa::pkcs1::{EncodeRsaPrivateKey, EncodeRsaPublicKey};
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use rsa::{RsaPrivateKey, RsaPublicKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use trunkline_usecase::domain::staff::Role;
use trunkline_usecase::domain::time::Timestamp;
use trunkline_usecase::error::{Error, Result};
use trunkline_usecase::{Actor, App, login};

use crate::error::Fault;

const KEY_BITS: usize = 2048;
/// One installation is one environment.
const ENVIRONMENT: i64 = 1;
/// Who tokens are for.
const AUDIENCE: [&str; 3] = ["portabilling-api", "portasip-api", "espf-api"];

/// What a token says: these claims and no others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub exp: i64,
    pub i_user: i64,
    pub i_env: i64,
    pub login: String,
    /// What the role may, as words with a space between them.
    pub scopes: String,
    pub iat: i64,
    /// The session id. It names the login, which is looked up on each request: a token outlives no signing out.
    pub jti: String,
    pub realm: String,
    pub aud: Vec<String>,
    pub is_super_user: i64,
}

impl Claims {
    pub fn of(actor: &Actor, session_id: &str, issued_at: Timestamp, expires_at: Timestamp) -> Claims {
        Claims {
            exp: expires_at.seconds(),
            i_user: actor.staff_id.unwrap_or(0),
            i_env: ENVIRONMENT,
            login: actor.login.clone(),
            scopes: actor.permissions().join(" "),
            iat: issued_at.seconds(),
            jti: session_id.to_owned(),
            realm: if actor.role == Role::Reseller { "reseller" } else { "admin" }.to_owned(),
            aud: AUDIENCE.map(str::to_owned).to_vec(),
            is_super_user: i64::from(actor.role == Role::Administrator),
        }
    }
}

/// The key pair, ready for use.
pub struct Keys {
    header: Header,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

fn broken(what: &str) -> Error {
    Error::Storage(trunkline_usecase::StorageError::broken(format!("the key of access tokens cannot be {what}")))
}

/// A new key: its id and its PEM.
fn make() -> Result<(String, String)> {
    let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, KEY_BITS).map_err(|_| broken("made"))?;
    let public = RsaPublicKey::from(&key).to_pkcs1_der().map_err(|_| broken("written"))?;
    let digest = Sha256::digest(public.as_bytes());
    let key_id = BASE64_URL_SAFE_NO_PAD.encode(digest.get(..12).unwrap_or_default());
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| broken("written"))?;
    Ok((key_id, pem.to_string()))
}

impl Keys {
    /// Reads the installation's key, or makes it. Blocking.
    pub fn load(app: &Arc<App>) -> Result<Keys, Fault> {
        let (key_id, pem) = login::signing_key(app, make).map_err(Fault::from)?;
        Keys::read(key_id, &pem).map_err(Fault::from)
    }

    fn read(key_id: String, pem: &str) -> Result<Keys> {
        let key = RsaPrivateKey::from_pkcs8_pem(pem).map_err(|_| broken("read"))?;
        let private = key.to_pkcs1_der().map_err(|_| broken("read"))?;
        let public = RsaPublicKey::from(&key).to_pkcs1_der().map_err(|_| broken("read"))?;
        // RS256 and nothing else: what a token itself says of its algorithm decides nothing.
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_audience(&AUDIENCE[..1]);
        validation.set_required_spec_claims(&["exp", "aud"]);
        // The time is the system's own clock, which tests move; `check` looks at it.
        validation.validate_exp = false;
        Ok(Keys {
            header: Header { kid: Some(key_id), ..Header::new(Algorithm::RS256) },
            encoding: EncodingKey::from_rsa_der(private.as_bytes()),
            decoding: DecodingKey::from_rsa_der(public.as_bytes()),
            validation,
        })
    }

    /// Signs a token. Takes some milliseconds: not to be called from an async task.
    pub fn sign(&self, claims: &Claims) -> Result<String, Fault> {
        encode(&self.header, claims, &self.encoding).map_err(|_| Fault::from(broken("used")))
    }

    /// The claims of a token that this installation signed and that has not expired.
    pub fn check(&self, token: &str, now: Timestamp) -> Option<Claims> {
        let claims = decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        (now.seconds() < claims.exp).then_some(claims)
    }
}
