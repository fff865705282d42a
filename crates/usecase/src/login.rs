//! Owns signing in and out: passwords, tokens, how often one may try.
//! Does not own: how a token travels (the faces).

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use sha2::{Digest, Sha256};
use trunkline_domain::name::name_key;
use trunkline_domain::staff::PASSWORD_BYTES_MAX;
use trunkline_domain::time::Timestamp;
use trunkline_storage::login::{self, Login};
use trunkline_storage::staff::{self, Staff};
use trunkline_storage::{Ticket, audit};

use crate::App;
use crate::actor::{Actor, Context};
use crate::clock::Clock;
use crate::error::{Error, Result};

/// A login on the native face lives this long.
pub const NATIVE_HOURS: i64 = 12;
/// A login on the compatible face lives this long.
pub const PORTA_HOURS: i64 = 48;

/// Where a login is made. Its token is good there alone, for each face has its own rules for tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Native,
    Porta,
}

impl Face {
    const fn code(self) -> &'static str {
        match self {
            Face::Native => "native",
            Face::Porta => "porta",
        }
    }

    const fn hours(self) -> i64 {
        match self {
            Face::Native => NATIVE_HOURS,
            Face::Porta => PORTA_HOURS,
        }
    }
}

/// Attempts in a row for one login name, and for one address; then one more every so many seconds.
const ATTEMPTS_PER_LOGIN: NonZeroU32 = NonZeroU32::new(10).unwrap();
const ATTEMPTS_PER_ADDRESS: NonZeroU32 = NonZeroU32::new(60).unwrap();
const SECONDS_PER_ATTEMPT_OF_LOGIN: u64 = 10;
const SECONDS_PER_ATTEMPT_OF_ADDRESS: u64 = 1;

/// The system's clock as the counter of attempts reads it: a test clock holds it still too.
#[derive(Clone)]
struct AttemptClock(Arc<Clock>);

impl governor::clock::Clock for AttemptClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        // Before 1970 no time passes.
        let microseconds = u64::try_from(self.0.now().microseconds()).unwrap_or(0);
        Nanos::new(microseconds.saturating_mul(1_000))
    }
}

type Limiter = RateLimiter<String, DefaultKeyedStateStore<String>, AttemptClock, NoOpMiddleware<Nanos>>;

/// How often logins have been tried.
pub struct Attempts {
    clock: AttemptClock,
    of_login: Limiter,
    of_address: Limiter,
}

impl Attempts {
    pub(crate) fn new(clock: Arc<Clock>) -> Attempts {
        let clock = AttemptClock(clock);
        let limiter = |seconds: u64, burst| {
            let quota = Quota::with_period(Duration::from_secs(seconds)).unwrap_or(Quota::per_second(burst)).allow_burst(burst);
            RateLimiter::dashmap_with_clock(quota, clock.clone())
        };
        Attempts {
            of_login: limiter(SECONDS_PER_ATTEMPT_OF_LOGIN, ATTEMPTS_PER_LOGIN),
            of_address: limiter(SECONDS_PER_ATTEMPT_OF_ADDRESS, ATTEMPTS_PER_ADDRESS),
            clock,
        }
    }

    fn count(&self, login: &str, address: &str) -> Result<()> {
        use governor::clock::Clock as _;
        // Whoever is not trying any more is forgotten, so that made-up names do not fill the memory.
        self.of_login.retain_recent();
        self.of_address.retain_recent();
        for (limiter, key) in [(&self.of_address, address.to_owned()), (&self.of_login, name_key(login))] {
            if let Err(too_many) = limiter.check_key(&key) {
                let wait = too_many.wait_time_from(self.clock.now());
                return Err(Error::TooManyAttempts { retry_after_seconds: wait.as_secs() + 1 });
            }
        }
        Ok(())
    }
}

/// Somebody who has signed in. The tokens are shown once.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub token: String,
    pub refresh_token: String,
    pub login_id: String,
    pub actor: Actor,
    pub expires_at: Timestamp,
}

/// A request's token, checked.
#[derive(Clone, Debug)]
pub struct Checked {
    pub actor: Actor,
    pub login_id: String,
    pub expires_at: Timestamp,
}

/// A new token of 256 bits.
fn new_token() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// Tokens are stored as their digest: whoever reads the database cannot sign in with it.
pub fn token_hash(token: &str) -> String {
    let digest = Sha256::digest(token.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(digest)
}

fn argon2() -> Argon2<'static> {
    // 19 MiB, two passes, one lane: the least that current guidance asks of argon2id.
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The argon2id hash of a password, in the PHC form. Takes some tens of milliseconds.
pub fn hash_password(password: &str) -> Result<String> {
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(Error::invalid("password", "too_long", format!("at most {PASSWORD_BYTES_MAX} bytes")));
    }
    argon2()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|problem| Error::invalid("password", "unusable", problem.to_string()))
}

fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Signs a member of staff in. Takes as long as a hash: not to be called from an async task.
/// `address` is where the attempt came from.
pub fn sign_in(app: &Arc<App>, login: &str, password: &str, face: Face, address: &str) -> Result<SignedIn> {
    if password.len() > PASSWORD_BYTES_MAX || login.len() > 4 * PASSWORD_BYTES_MAX {
        return Err(Error::InvalidCredentials);
    }
    app.attempts.count(login, address)?;
    let wanted = login.to_owned();
    let found = app.database.read::<_, Error, _>(move |tx| Ok(staff::find_by_login(tx, &wanted)?)).wait()??;
    // An unknown login costs as much time as a wrong password, so that nobody can tell them apart.
    let unknown = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let hash = found.as_ref().map_or(unknown, |staff| staff.password_hash.as_str());
    let is_right = verify(password, hash);
    match found {
        Some(staff) if is_right && staff.disabled_at.is_none() => begin(app, &staff, face),
        _ => Err(Error::InvalidCredentials),
    }
}

fn begin(app: &Arc<App>, staff: &Staff, face: Face) -> Result<SignedIn> {
    let now = app.now();
    let (token, refresh_token) = (new_token(), new_token());
    let expires_at = now.plus_seconds(face.hours() * 3_600);
    let login_id = BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 12]>());
    let record = Login {
        token_hash: token_hash(&token),
        login_id: login_id.clone(),
        refresh_hash: Some(token_hash(&refresh_token)),
        staff_id: staff.staff_id,
        face: face.code().to_owned(),
        created_at: now,
        expires_at,
        ended_at: None,
    };
    let actor = actor_of(staff);
    let (label, audit_id) = (actor.label(), app.id(now)?);
    app.database
        .write::<_, Error, _>(move |tx| {
            login::add(tx, &record)?;
            let entry = audit::Entry { customer_id: 0, audit_id, at: now, actor: &label, action: "login.begin", detail: "{}" };
            Ok(audit::append(tx, &entry)?)
        })
        .wait()??;
    Ok(SignedIn { token, refresh_token, login_id, actor, expires_at })
}

fn actor_of(staff: &Staff) -> Actor {
    Actor {
        staff_id: Some(staff.staff_id),
        login: staff.login.clone(),
        name: staff.name.clone(),
        role: staff.role,
        reseller_id: staff.reseller_id,
    }
}

/// Who a token of `face` belongs to.
pub fn check(app: &Arc<App>, token: &str, face: Face) -> Ticket<Result<Checked>> {
    let (hash, now) = (token_hash(token), app.now());
    app.database.read(move |tx| {
        let is_alive = |login: &Login, staff: &Staff| {
            login.face == face.code() && login.ended_at.is_none() && now < login.expires_at && staff.disabled_at.is_none()
        };
        let found = login::find_with_staff(tx, &hash)?.filter(|(login, staff)| is_alive(login, staff));
        let (login, staff) = found.ok_or(Error::Unauthenticated)?;
        Ok(Checked { actor: actor_of(&staff), login_id: login.login_id, expires_at: login.expires_at })
    })
}

/// Signs out. A token that is not alive is signed out already.
pub fn sign_out(app: &Arc<App>, token: &str) -> Ticket<Result<()>> {
    let (hash, now) = (token_hash(token), app.now());
    app.database.write(move |tx| {
        login::end(tx, &hash, now)?;
        Ok(())
    })
}

/// Lets a login live on: a new refresh token for an old one. The token itself stays.
pub fn refresh(app: &Arc<App>, token: &str, refresh_token: &str) -> Ticket<Result<(String, Timestamp)>> {
    let (hash, refresh_hash, now) = (token_hash(token), token_hash(refresh_token), app.now());
    let (next, expires_at) = (new_token(), now.plus_seconds(PORTA_HOURS * 3_600));
    app.database.write(move |tx| {
        let login = login::find(tx, &hash)?.filter(|login| login.ended_at.is_none() && now < login.expires_at);
        let is_right = login.is_some_and(|login| login.refresh_hash.as_deref() == Some(&refresh_hash));
        if !is_right || !login::renew(tx, &hash, &token_hash(&next), expires_at)? {
            return Err(Error::Unauthenticated);
        }
        Ok((next.clone(), expires_at))
    })
}

/// Sets another password for the caller, who proves to know the present one. All of the caller's logins end.
/// Hashes passwords: not to be called from an async task.
pub fn change_password(app: &Arc<App>, context: &Context, present: &str, new: &str) -> Result<()> {
    let staff_id = context.actor.staff_id.ok_or(Error::Unauthenticated)?;
    let mut check = crate::customer::Check::default();
    crate::staff::check_password(&mut check, new);
    if !check.problems.is_empty() {
        return Err(Error::Invalid(check.problems));
    }
    let login = &context.actor.login;
    // Whoever found a session open must not guess the password through it either.
    app.attempts.count(login, &format!("{login}, changing the password"))?;
    let found = app.database.read::<_, Error, _>(move |tx| Ok(staff::load(tx, staff_id)?)).wait()??;
    let found = found.ok_or(Error::Unauthenticated)?;
    if present.len() > PASSWORD_BYTES_MAX || !verify(present, &found.password_hash) {
        return Err(Error::invalid("old_password", "wrong", "this is not the present password"));
    }
    let record = Staff { password_hash: hash_password(new)?, version: found.version + 1, ..found };
    let now = app.now();
    let (label, audit_id) = (context.actor.label(), app.id(now)?);
    app.database
        .write::<_, Error, _>(move |tx| {
            if !staff::save(tx, &record)? {
                return Err(Error::ChangedMeanwhile);
            }
            login::end_all_of(tx, record.staff_id, now)?;
            let action = "login.change_password";
            Ok(audit::append(tx, &audit::Entry { customer_id: 0, audit_id, at: now, actor: &label, action, detail: "{}" })?)
        })
        .wait()?
}

/// The key that signs access tokens: its id and its PEM. Made by `make` at first use.
pub fn signing_key(app: &Arc<App>, make: impl Fn() -> Result<(String, String)>) -> Result<(String, String)> {
    use trunkline_storage::installation;
    let known = app.database.read::<_, Error, _>(|tx| Ok(installation::signing_key(tx)?)).wait()??;
    if let Some(known) = known {
        return Ok(known);
    }
    let (key_id, pem) = make()?;
    let now = app.now();
    app.database
        .write::<_, Error, _>(move |tx| {
            // Another process may have been faster; then its key is used.
            if let Some(known) = installation::signing_key(tx)? {
                return Ok(known);
            }
            installation::add_signing_key(tx, &key_id, &pem, now)?;
            Ok((key_id.clone(), pem.clone()))
        })
        .wait()?
}
