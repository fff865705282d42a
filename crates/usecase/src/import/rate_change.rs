//! Owns what a file of rates would change of the prices that hold: for each row the rate that goes before it, and whether usage
//! becomes dearer.
//! Does not own: reading the rows and what holds (rate.rs).

use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_domain::rate::{Rate, RateStanding};
use trunkline_domain::rate_table::Prefix;
use trunkline_domain::rating::{PEAK, charge};
use trunkline_domain::tariff::Tariff;
use trunkline_domain::time::Timestamp;

use crate::rate::is_same;

/// Changes that a preview tells; the rest are counted.
pub const CHANGES_TOLD_MAX: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateChangeKind {
    /// The prefix has no rate of its own at that moment.
    Added,
    /// As much usage as a price is for becomes dearer, at peak.
    Raised,
    Lowered,
    /// It costs the same, and is counted in another way.
    Altered,
    /// Usage was allowed and is not any more.
    Closed,
    /// Usage was not allowed and is from then on.
    Opened,
    Unchanged,
}

impl RateChangeKind {
    pub const ALL: [RateChangeKind; 7] = [
        RateChangeKind::Added,
        RateChangeKind::Raised,
        RateChangeKind::Lowered,
        RateChangeKind::Altered,
        RateChangeKind::Closed,
        RateChangeKind::Opened,
        RateChangeKind::Unchanged,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            RateChangeKind::Added => "added",
            RateChangeKind::Raised => "raised",
            RateChangeKind::Lowered => "lowered",
            RateChangeKind::Altered => "altered",
            RateChangeKind::Closed => "closed",
            RateChangeKind::Opened => "opened",
            RateChangeKind::Unchanged => "unchanged",
        }
    }

    pub fn parse(code: &str) -> Option<RateChangeKind> {
        RateChangeKind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What one row would change. Prices are of as many units as a price of the tariff is for, at peak, with all fees; none where usage
/// is not allowed, or the price leaves the range of amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateChange {
    /// Where the row begins, from 1.
    pub line: u64,
    pub kind: RateChangeKind,
    pub tariff_id: Id,
    pub tariff_name: String,
    pub prefix: String,
    pub effective_from: Timestamp,
    pub price_before: Option<Money>,
    pub price_after: Option<Money>,
}

/// What the good rows of a file would change, beside what stands before the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateChanges {
    pub added: u64,
    pub raised: u64,
    pub lowered: u64,
    pub altered: u64,
    pub closed: u64,
    pub opened: u64,
    pub unchanged: u64,
    /// The first changes, by line, without what stays as it is.
    pub told: Vec<RateChange>,
}

impl RateChanges {
    /// Notes a good row. `known` are the rates that the prefix has.
    pub(super) fn note(&mut self, line: u64, tariff: &Tariff, prefix: &Prefix, known: &[Rate], rate: &Rate) {
        let before = known.iter().filter(|known| known.effective_from <= rate.effective_from).max_by_key(|known| known.effective_from);
        let price_of = |rate: &Rate| {
            let price = charge(rate, &tariff.terms, tariff.service.price_units(), &PEAK).ok().map(|charge| charge.amount);
            price.filter(|_| rate.standing == RateStanding::Open)
        };
        let (price_before, price_after) = (before.and_then(price_of), price_of(rate));
        let kind = kind_of(before, rate, price_before, price_after);
        *self.count_of(kind) += 1;
        if kind != RateChangeKind::Unchanged && self.told.len() < CHANGES_TOLD_MAX {
            self.told.push(RateChange {
                line,
                kind,
                tariff_id: tariff.tariff_id,
                tariff_name: tariff.name.clone(),
                prefix: prefix.digits().to_owned(),
                effective_from: rate.effective_from,
                price_before,
                price_after,
            });
        }
    }

    fn count_of(&mut self, kind: RateChangeKind) -> &mut u64 {
        match kind {
            RateChangeKind::Added => &mut self.added,
            RateChangeKind::Raised => &mut self.raised,
            RateChangeKind::Lowered => &mut self.lowered,
            RateChangeKind::Altered => &mut self.altered,
            RateChangeKind::Closed => &mut self.closed,
            RateChangeKind::Opened => &mut self.opened,
            RateChangeKind::Unchanged => &mut self.unchanged,
        }
    }
}

fn kind_of(before: Option<&Rate>, rate: &Rate, price_before: Option<Money>, price_after: Option<Money>) -> RateChangeKind {
    let Some(before) = before else { return RateChangeKind::Added };
    // What differs is more than the moment.
    let earlier = Rate { effective_from: rate.effective_from, ..before.clone() };
    match (before.standing == RateStanding::Open, rate.standing == RateStanding::Open, price_before.cmp(&price_after)) {
        _ if is_same(&earlier, rate) => RateChangeKind::Unchanged,
        (true, false, _) => RateChangeKind::Closed,
        (false, true, _) => RateChangeKind::Opened,
        (_, _, std::cmp::Ordering::Less) => RateChangeKind::Raised,
        (_, _, std::cmp::Ordering::Greater) => RateChangeKind::Lowered,
        (_, _, std::cmp::Ordering::Equal) => RateChangeKind::Altered,
    }
}
