//! Owns the shape of ids: they ascend with time, carry the node that made them, and fit a JSON number.
//! Does not own: reading the clock (the moment is an argument), and storing which ids are taken.

use crate::time::Timestamp;

/// An id of any record. 1 to 2^53-1: milliseconds since 2024-01-01 (41 bits), node (4 bits), count (8 bits).
pub type Id = i64;

/// 2^53 - 1, the largest whole number that every JSON reader keeps exactly.
pub const ID_MAX: Id = 9_007_199_254_740_991;
/// Node numbers are 0 to 15.
pub const NODE_MAX: u8 = 15;

const EPOCH_MILLISECONDS: i64 = 1_704_067_200_000;
const NODE_SHIFT: u32 = 8;
const TIME_SHIFT: u32 = 12;
const COUNT_MASK: i64 = 0xff;

/// The lowest id that could be made at `moment`.
pub fn lowest_at(moment: Timestamp) -> Id {
    (moment.milliseconds() - EPOCH_MILLISECONDS).clamp(0, ID_MAX >> TIME_SHIFT) << TIME_SHIFT
}

/// The lowest id that could be made `seconds` after `id`.
pub fn seconds_after(id: Id, seconds: i64) -> Id {
    let ticks = (id >> TIME_SHIFT).saturating_add(seconds.saturating_mul(1_000));
    ticks.clamp(0, ID_MAX >> TIME_SHIFT) << TIME_SHIFT
}

/// Hands out ids of one node, from a block that was reserved for it. A lower id is never handed out, whatever the clock
/// says: when the clock stands still, goes back, or more than 256 ids are wanted in a millisecond, ids run on from the
/// last one; so they do when the clock has jumped beyond the block, until the next block is given.
#[derive(Debug)]
pub struct IdMaker {
    node: i64,
    last: Id,
    until: Id,
}

impl IdMaker {
    /// `node` is 0 to 15. Nothing is handed out before a block is given.
    pub fn new(node: u8) -> IdMaker {
        IdMaker { node: i64::from(node.min(NODE_MAX)), last: 0, until: 0 }
    }

    /// Ids above `from` up to `until` may be handed out from now on.
    pub fn give_block(&mut self, from: Id, until: Id) {
        self.last = self.last.max(from);
        self.until = until.min(ID_MAX);
    }

    /// The last id handed out.
    pub fn last(&self) -> Id {
        self.last
    }

    /// The next id, or none when the block is used up.
    pub fn next(&mut self, now: Timestamp) -> Option<Id> {
        let from_clock = lowest_at(now) | (self.node << NODE_SHIFT);
        let is_of_clock = self.last < from_clock && from_clock <= self.until;
        let next = if is_of_clock { from_clock } else { self.after_last() };
        if next > self.until {
            return None;
        }
        self.last = next;
        Some(next)
    }

    fn after_last(&self) -> Id {
        let count = self.last & COUNT_MASK;
        let tick = self.last >> TIME_SHIFT;
        if (self.last >> NODE_SHIFT) & 0xf == self.node && count < COUNT_MASK {
            self.last + 1
        } else {
            ((tick + 1) << TIME_SHIFT) | (self.node << NODE_SHIFT)
        }
    }
}
