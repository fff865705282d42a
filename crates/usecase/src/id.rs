//! Owns reserving blocks of ids in the database, so that no two processes and no two lives of a process hand out one id.
//! Does not own: the shape of ids (domain/id.rs).

use trunkline_domain::id::{Id, IdMaker, lowest_at, seconds_after};
use trunkline_domain::time::Timestamp;
use trunkline_storage::{Database, StorageError, installation};

use crate::error::Error;

/// A block lasts this long for ids made as time goes by; faster makers use it up sooner and take another.
const BLOCK_SECONDS: i64 = 120;
/// How often a block is fought for with other processes.
const TRIES: usize = 20;

pub struct Ids {
    maker: IdMaker,
    node: u8,
    until: Id,
}

/// What to reserve: ids of `node` that lie above `above`.
pub struct Plan {
    node: u8,
    above: Id,
}

impl Ids {
    pub fn new(node: u8) -> Ids {
        Ids { maker: IdMaker::new(node), node, until: 0 }
    }

    pub fn next(&mut self, now: Timestamp) -> Option<Id> {
        self.maker.next(now)
    }

    /// A further block, when less than half of this one is left.
    pub fn plan(&self, now: Timestamp) -> Option<Plan> {
        let above = self.maker.last().max(lowest_at(now));
        let is_wanted = seconds_after(above, BLOCK_SECONDS / 2) > self.until;
        is_wanted.then_some(Plan { node: self.node, above })
    }

    pub fn give(&mut self, (from, until): (Id, Id)) {
        // A block right behind the present one lengthens it; after a gap, ids go on in the new one.
        let from = if from == self.until { 0 } else { from };
        self.maker.give_block(from, until);
        self.until = until;
    }

    pub fn reserve(&mut self, database: &Database, now: Timestamp) -> Result<(), Error> {
        if let Some(plan) = self.plan(now) {
            let block = reserve_block(database, &plan)?;
            self.give(block);
        }
        Ok(())
    }
}

/// Takes the next block of the node for this process.
pub fn reserve_block(database: &Database, plan: &Plan) -> Result<(Id, Id), Error> {
    let name = format!("ids_taken_until_node_{}", plan.node);
    for _ in 0..TRIES {
        let (name, above) = (name.clone(), plan.above);
        let taken = database
            .write::<_, StorageError, _>(move |tx| {
                let before = installation::setting(tx, &name)?;
                let taken: Id = match &before {
                    None => 0,
                    Some(text) => text.parse().map_err(|_| StorageError::broken(format!("setting {name} is {text:?}")))?,
                };
                let until = seconds_after(taken.max(above), BLOCK_SECONDS);
                let is_ours = installation::replace(tx, &name, before.as_deref(), &until.to_string())?;
                Ok(is_ours.then_some((taken, until)))
            })
            .wait()??;
        if let Some(block) = taken {
            return Ok(block);
        }
    }
    Err(Error::Storage(StorageError::Conflict))
}
