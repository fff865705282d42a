//! Owns the sessions that are open, as the writer holds them: found by key, with the money they hold and the calls they are.
//! Does not own: deciding about them (decide.rs) and their rows (storage/session.rs).

use std::collections::HashMap;

use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::product::{Direction, OpenCalls};
use trunkline_domain::service::Service;
use trunkline_domain::session::{Payer, Session};

/// Sessions that are open, and what they hold.
#[derive(Default)]
pub struct OpenSessions {
    by_key: HashMap<String, Session>,
    calls: HashMap<Id, OpenCalls>,
    held: HashMap<Payer, Money>,
}

impl OpenSessions {
    pub fn find(&self, key: &str) -> Option<&Session> {
        self.by_key.get(key)
    }

    pub fn held(&self, payer: Payer) -> Money {
        self.held.get(&payer).copied().unwrap_or(Money::ZERO)
    }

    /// PostgreSQL: what is known of a payer from its row.
    pub fn set_held(&mut self, payer: Payer, held: Money) {
        self.held.insert(payer, held);
    }

    pub fn calls(&self, account_id: Id) -> OpenCalls {
        self.calls.get(&account_id).copied().unwrap_or_default()
    }

    /// PostgreSQL: how many calls of an account are under way.
    pub fn set_calls(&mut self, account_id: Id, calls: OpenCalls) {
        self.calls.insert(account_id, calls);
    }

    /// PostgreSQL: a session whose money and call are in the figures already.
    pub fn know(&mut self, session: Session) {
        self.by_key.insert(session.key.clone(), session);
    }

    /// Puts a session in, or in the place of its former self.
    pub fn put(&mut self, session: Session) {
        self.take_out(&session.key.clone());
        self.count(&session, 1);
        for leg in &session.legs {
            self.hold(leg.payer, leg.reserved);
        }
        self.by_key.insert(session.key.clone(), session);
    }

    pub fn take_out(&mut self, key: &str) -> Option<Session> {
        let session = self.by_key.remove(key)?;
        self.count(&session, -1);
        for leg in &session.legs {
            self.hold(leg.payer, leg.reserved.checked_neg().unwrap_or(Money::ZERO));
        }
        Some(session)
    }

    fn count(&mut self, session: &Session, by: i64) {
        if session.service != Service::Voice {
            return;
        }
        let calls = self.calls.entry(session.account_id).or_default();
        match session.direction {
            Direction::Outgoing => calls.outgoing += by,
            Direction::Incoming => calls.incoming += by,
        }
        if *calls == OpenCalls::default() {
            self.calls.remove(&session.account_id);
        }
    }

    fn hold(&mut self, payer: Payer, amount: Money) {
        let held = self.held.entry(payer).or_insert(Money::ZERO);
        // What is held was affordable when it was granted: the sum stays within the range of amounts.
        *held = held.checked_add(amount).unwrap_or(*held);
    }
}
