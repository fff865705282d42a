//! Owns the shape of ids: they ascend with time, carry the node that made them, and fit a JSON number.
//! Does not own: reading the clock (the moment is an argument).

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

/// Hands out ids of one node. A lower id is never handed out, whatever the clock says: when the clock stands still,
/// goes back, or more than 256 ids are wanted in a millisecond, ids run on from the last one.
#[derive(Debug)]
pub struct IdMaker {
    node: i64,
    last: Id,
}

impl IdMaker {
    /// `last` is the highest id known to be in use (0 for none); `node` is 0 to 15.
    pub fn new(node: u8, last: Id) -> IdMaker {
        IdMaker { node: i64::from(node.min(NODE_MAX)), last }
    }

    pub fn next(&mut self, now: Timestamp) -> Id {
        let tick = (now.milliseconds() - EPOCH_MILLISECONDS).max(0);
        let from_clock = (tick << TIME_SHIFT) | (self.node << NODE_SHIFT);
        self.last = if from_clock > self.last { from_clock } else { self.after_last() };
        // A JSON reader must keep every id exactly; the range lasts until 2093.
        debug_assert!(self.last <= ID_MAX);
        self.last
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
