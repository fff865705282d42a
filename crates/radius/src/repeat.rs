//! Owns telling a repeated packet from a new one, and the first answer that a repeat gets.
//! Does not own: repeats that a switch makes as new packets; sessions tell those by their ids.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use crate::limits::{REPEAT_BYTES_MAX, REPEAT_DURATION_MAX, REPEATS_MAX};
use crate::wire::packet::{Authenticator, Code};

/// What makes two packets one request (RFC 2865, 5080).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub source: SocketAddr,
    pub code: Code,
    pub identifier: u8,
    pub authenticator: Authenticator,
}

/// What is to be done with a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It is new, and from now on being decided.
    New(Turn),
    /// The first one is still being decided.
    Deciding,
    Answered(Arc<[u8]>),
}

/// A request's place in the order of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn(u64);

#[derive(Debug)]
struct Entry {
    turn: Turn,
    answer: Option<Arc<[u8]>>,
}

/// The requests of the last while.
#[derive(Debug, Default)]
pub struct Repeats {
    entries: HashMap<Key, Entry>,
    order: VecDeque<(Key, Turn, Instant)>,
    bytes: usize,
    next: u64,
}

impl Repeats {
    pub fn look(&mut self, key: Key, now: Instant) -> Seen {
        self.forget_old(now);
        match self.entries.get(&key) {
            Some(Entry { answer: Some(answer), .. }) => return Seen::Answered(Arc::clone(answer)),
            Some(Entry { answer: None, .. }) => return Seen::Deciding,
            None => {}
        }
        let turn = Turn(self.next);
        self.next += 1;
        self.entries.insert(key, Entry { turn, answer: None });
        self.order.push_back((key, turn, now));
        Seen::New(turn)
    }

    /// Keeps the answer for repeats.
    pub fn keep(&mut self, key: &Key, turn: Turn, answer: &Arc<[u8]>) {
        if let Some(entry) = self.entries.get_mut(key).filter(|entry| entry.turn == turn) {
            self.bytes += answer.len();
            entry.answer = Some(Arc::clone(answer));
        }
    }

    /// There is no answer: a repeat is decided anew.
    pub fn forget(&mut self, key: &Key, turn: Turn) {
        if self.entries.get(key).is_some_and(|entry| entry.turn == turn) {
            self.remove(key);
        }
    }

    fn remove(&mut self, key: &Key) {
        let answer = self.entries.remove(key).and_then(|entry| entry.answer);
        self.bytes -= answer.map_or(0, |answer| answer.len());
    }

    /// Makes room: what is too old, and the oldest of what is too many or too large.
    fn forget_old(&mut self, now: Instant) {
        while let Some((key, turn, since)) = self.order.front().copied() {
            let is_old = now.saturating_duration_since(since) >= REPEAT_DURATION_MAX;
            if !is_old && self.order.len() < REPEATS_MAX && self.bytes <= REPEAT_BYTES_MAX {
                break;
            }
            self.order.pop_front();
            self.forget(&key, turn);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;
    use std::time::Duration;

    fn key(port: u16, identifier: u8) -> Key {
        Key { source: SocketAddr::from(([192, 0, 2, 1], port)), code: Code::AccessRequest, identifier, authenticator: [7; 16] }
    }

    fn new(repeats: &mut Repeats, key: Key, now: Instant) -> Turn {
        match repeats.look(key, now) {
            Seen::New(turn) => turn,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_repeat_waits_for_the_first_answer_and_gets_it_for_a_while() {
        let (mut repeats, begin) = (Repeats::default(), Instant::now());
        let answer: Arc<[u8]> = Arc::from([1, 2, 3]);
        let turn = new(&mut repeats, key(1, 1), begin);
        assert_eq!(repeats.look(key(1, 1), begin), Seen::Deciding);
        repeats.keep(&key(1, 1), turn, &answer);
        assert_eq!(repeats.look(key(1, 1), begin + Duration::from_secs(29)), Seen::Answered(answer.clone()));
        // Another port, identifier or authenticator is another request.
        new(&mut repeats, key(2, 1), begin);
        new(&mut repeats, key(1, 2), begin);
        new(&mut repeats, Key { authenticator: [8; 16], ..key(1, 1) }, begin);
        new(&mut repeats, Key { code: Code::AccountingRequest, ..key(1, 1) }, begin);
        let again = new(&mut repeats, key(1, 1), begin + REPEAT_DURATION_MAX);
        // The first one's answer came too late to be the second one's.
        repeats.keep(&key(1, 1), turn, &answer);
        assert_eq!(repeats.look(key(1, 1), begin + REPEAT_DURATION_MAX), Seen::Deciding);
        repeats.forget(&key(1, 1), turn);
        assert_eq!(repeats.look(key(1, 1), begin + REPEAT_DURATION_MAX), Seen::Deciding);
        repeats.forget(&key(1, 1), again);
        new(&mut repeats, key(1, 1), begin + REPEAT_DURATION_MAX);
    }

    #[test]
    fn what_is_kept_is_bounded_in_number_and_bytes() {
        let (mut repeats, begin) = (Repeats::default(), Instant::now());
        let answer: Arc<[u8]> = vec![0; 4_096].into();
        for count in 0..REPEATS_MAX + 1_000 {
            let key = key(u16::try_from(count / 256).unwrap(), u8::try_from(count % 256).unwrap());
            let turn = new(&mut repeats, key, begin);
            if count % 8 == 0 {
                repeats.keep(&key, turn, &answer);
            }
        }
        assert!(repeats.entries.len() <= REPEATS_MAX && repeats.order.len() <= REPEATS_MAX);
        assert!(repeats.bytes <= REPEAT_BYTES_MAX + answer.len(), "{}", repeats.bytes);
        let kept: usize = repeats.entries.values().filter_map(|entry| entry.answer.as_ref()).map(|answer| answer.len()).sum();
        assert_eq!(repeats.bytes, kept);
        repeats.look(key(0, 0), begin + REPEAT_DURATION_MAX);
        assert_eq!((repeats.entries.len(), repeats.order.len(), repeats.bytes), (1, 1, 0));
    }
}
