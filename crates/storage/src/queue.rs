//! Owns a bounded queue between the threads that ask and the threads that work.
//! Does not own: the work.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard};

use crate::error::{Result, StorageError};

pub struct Queue<T> {
    name: &'static str,
    length_max: usize,
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    waiting: VecDeque<T>,
    closed: bool,
}

impl<T> Queue<T> {
    pub fn new(name: &'static str, length_max: usize) -> Queue<T> {
        Queue { name, length_max, state: Mutex::new(State { waiting: VecDeque::new(), closed: false }), changed: Condvar::new() }
    }

    /// A panic of one worker leaves the queue usable: it holds no half-made state.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub fn push(&self, work: T) -> Result<()> {
        let mut state = self.lock();
        if state.closed {
            return Err(StorageError::Stopped);
        }
        if state.waiting.len() >= self.length_max {
            return Err(StorageError::Overloaded { queue: self.name });
        }
        state.waiting.push_back(work);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for work and takes up to `count_max` pieces; none only when the queue is closed and empty.
    pub fn take(&self, count_max: usize) -> Vec<T> {
        let mut state = self.lock();
        while state.waiting.is_empty() && !state.closed {
            state = self.changed.wait(state).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        let count = state.waiting.len().min(count_max);
        state.waiting.drain(..count).collect()
    }

    /// Takes up to `count_max` pieces of what waits now, without waiting.
    pub fn take_waiting(&self, count_max: usize) -> Vec<T> {
        let mut state = self.lock();
        let count = state.waiting.len().min(count_max);
        state.waiting.drain(..count).collect()
    }

    pub fn is_closed(&self) -> bool {
        self.lock().closed
    }

    pub fn length(&self) -> usize {
        self.lock().waiting.len()
    }

    /// No more work is taken in; what waits is still handed out.
    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }
}
