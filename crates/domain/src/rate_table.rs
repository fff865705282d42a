//! Owns finding the rate of a number: longest prefix first, then what holds at the moment.
//! Does not own: what a rate says (rate.rs) and what usage costs by it (rating).

use thiserror::Error;

use crate::rate::{Rate, RateStanding};
use crate::time::Timestamp;

/// Digits of a prefix.
pub const PREFIX_DIGITS_MAX: usize = 24;

/// Leading digits of the numbers that a rate is for. None at all stands for every number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a prefix is 0 to {PREFIX_DIGITS_MAX} digits")]
pub struct NotPrefix;

impl Prefix {
    pub fn parse(text: &str) -> Result<Prefix, NotPrefix> {
        let is_prefix = text.len() <= PREFIX_DIGITS_MAX && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_prefix { Ok(Prefix(text.to_owned())) } else { Err(NotPrefix) }
    }

    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// Rates of a tariff, ready to be looked up: a tree of digits in one piece of memory.
#[derive(Clone, Debug, Default)]
pub struct RateTable {
    nodes: Vec<Node>,
    /// Prefix by prefix, the latest first.
    rates: Vec<Rate>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Node {
    /// Where the next digit leads; 0, the root, which nothing leads to, for nowhere.
    next: [u32; 10],
    /// The rates of the prefix that ends here.
    first: u32,
    count: u32,
}

/// A rate and the prefix that led to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundRate<'a> {
    pub rate: &'a Rate,
    /// Digits of the number that the prefix took.
    pub prefix_digits: usize,
}

/// A table holds at most this many rates and tree nodes.
const SIZE_MAX: usize = 50_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a tariff has at most {SIZE_MAX} rates")]
pub struct TooManyRates;

impl RateTable {
    /// Of two rates with one prefix and one moment the later one in `rates` holds.
    pub fn new(mut rates: Vec<(Prefix, Rate)>) -> Result<RateTable, TooManyRates> {
        rates.reverse();
        rates
            .sort_by(|(prefix, rate), (other_prefix, other)| prefix.cmp(other_prefix).then(other.effective_from.cmp(&rate.effective_from)));
        let mut table = RateTable { nodes: vec![Node::default()], rates: Vec::with_capacity(rates.len()) };
        for (prefix, rate) in rates {
            if table.rates.len() >= SIZE_MAX || table.nodes.len() + PREFIX_DIGITS_MAX >= SIZE_MAX {
                return Err(TooManyRates);
            }
            let at = u32::try_from(table.rates.len()).map_err(|_| TooManyRates)?;
            table.rates.push(rate);
            let node = table.grow(&prefix)?;
            if node.count == 0 {
                node.first = at;
            }
            node.count += 1;
        }
        Ok(table)
    }

    fn grow(&mut self, prefix: &Prefix) -> Result<&mut Node, TooManyRates> {
        let mut at = 0;
        for digit in prefix.0.bytes().map(|byte| usize::from(byte - b'0')) {
            let next = self.nodes.get(at).and_then(|node| node.next.get(digit)).copied().unwrap_or(0);
            at = if next == 0 {
                let new = self.nodes.len();
                self.nodes.push(Node::default());
                if let Some(place) = self.nodes.get_mut(at).and_then(|node| node.next.get_mut(digit)) {
                    *place = u32::try_from(new).map_err(|_| TooManyRates)?;
                }
                new
            } else {
                usize::try_from(next).map_err(|_| TooManyRates)?
            };
        }
        self.nodes.get_mut(at).ok_or(TooManyRates)
    }

    pub fn len(&self) -> usize {
        self.rates.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rates.is_empty()
    }

    /// The rate of the longest prefix of `number` that has one at the moment, be it forbidden. A prefix whose rate is discontinued
    /// by then has none.
    pub fn find(&self, number: &str, at: Timestamp) -> Option<FoundRate<'_>> {
        let mut node = self.nodes.first()?;
        let mut found = self.of_node(node, at).map(|rate| FoundRate { rate, prefix_digits: 0 });
        for (index, byte) in number.bytes().enumerate() {
            let digit = byte.checked_sub(b'0').map(usize::from).unwrap_or(usize::MAX);
            let Some(next) = node.next.get(digit).filter(|next| **next != 0) else { break };
            let Some(below) = usize::try_from(*next).ok().and_then(|next| self.nodes.get(next)) else { break };
            node = below;
            if let Some(rate) = self.of_node(node, at) {
                found = Some(FoundRate { rate, prefix_digits: index + 1 });
            }
        }
        found
    }

    fn of_node(&self, node: &Node, at: Timestamp) -> Option<&Rate> {
        let (first, count) = (usize::try_from(node.first).ok()?, usize::try_from(node.count).ok()?);
        let rates = self.rates.get(first..first + count)?;
        rates.iter().find(|rate| rate.effective_from <= at).filter(|rate| rate.standing != RateStanding::Discontinued)
    }
}
