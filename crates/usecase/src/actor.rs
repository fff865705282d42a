//! Owns who wants something: a member of staff with a role and perhaps a reseller's scope, or the system itself.
//! Does not own: signing in (login.rs) and the table of roles (domain/staff.rs).

use trunkline_domain::id::Id;
use trunkline_domain::staff::{Permission, Role};
use trunkline_storage::request::RequestKey;

use crate::error::Error;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// None: the system itself, or an operator at the command line.
    pub staff_id: Option<Id>,
    pub login: String,
    pub name: String,
    pub role: Role,
    /// Staff of a reseller see and change nothing but its customers.
    pub reseller_id: Option<Id>,
}

impl Actor {
    pub fn system() -> Actor {
        Actor { staff_id: None, login: "system".into(), name: "system".into(), role: Role::Administrator, reseller_id: None }
    }

    /// As the audit trail and idempotency keys name it.
    pub fn label(&self) -> String {
        self.staff_id.map_or_else(|| "system".to_owned(), |id| format!("staff:{id}"))
    }

    /// Refuses what the role may not do.
    pub fn must(&self, permission: Permission) -> Result<(), Error> {
        if self.role.may(permission) { Ok(()) } else { Err(Error::Forbidden(permission)) }
    }

    /// The reseller whose customers alone the actor sees. Staff with the role but without a reseller see none.
    pub fn scope(&self) -> Option<Id> {
        if self.role == Role::Reseller { Some(self.reseller_id.unwrap_or(-1)) } else { self.reseller_id }
    }

    pub fn permissions(&self) -> Vec<&'static str> {
        Permission::ALL.into_iter().filter(|permission| self.role.may(*permission)).map(Permission::code).collect()
    }
}

/// A request of an actor: who, and under which idempotency key.
#[derive(Clone, Debug)]
pub struct Context {
    pub actor: Actor,
    pub request_key: Option<RequestKey>,
}

impl Context {
    pub fn of(actor: Actor) -> Context {
        Context { actor, request_key: None }
    }

    pub fn system() -> Context {
        Context::of(Actor::system())
    }

    /// With the key the request was sent under. `fingerprint` is a digest of everything the request says.
    pub fn keyed(actor: Actor, key: Option<String>, fingerprint: &str) -> Context {
        let request_key = key.map(|key| RequestKey { actor: actor.label(), key, fingerprint: fingerprint.to_owned() });
        Context { actor, request_key }
    }
}
