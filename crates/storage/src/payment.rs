//! Owns the SQL of automatic payment: the means that is charged, and its attempts.
//! Does not own: payments themselves, which the writer appends with their postings.

use trunkline_domain::id::Id;
use trunkline_domain::payment::AutoPayment;
use trunkline_domain::time::Timestamp;

use crate::engine::Tx;
use crate::error::{Result, StorageError};
use crate::row::Row;
use crate::{arrival, values};

/// The customer's payments that are not wholly allocated, the oldest first, each with its rest in millionths.
pub fn with_rest(tx: &mut Tx<'_>, customer_id: Id) -> Result<Vec<(Id, i64)>> {
    // The sum of integers is wider than one on PostgreSQL; the difference fits again.
    let text = format!(
        "select t.payment_id, cast(t.amount - coalesce(sum(a.amount), 0) as bigint) from {} left join invoice_allocation a \
         on a.customer_id = t.customer_id and a.payment_id = t.payment_id where t.customer_id = $1 and t.amount > 0 \
         group by t.payment_id, t.amount, t.paid_at having t.amount - coalesce(sum(a.amount), 0) > 0 order by t.paid_at, t.payment_id",
        arrival::of_customer(tx.engine(), arrival::Kind::Payment)
    );
    tx.query(&text, values![customer_id], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptOutcome {
    Success,
    /// The means will not work again by itself: cancelled, expired, refused for good.
    HardFailure,
    /// Worth another try: a time-out, a limit of the day.
    SoftFailure,
}

impl AttemptOutcome {
    pub const ALL: [AttemptOutcome; 3] = [AttemptOutcome::Success, AttemptOutcome::HardFailure, AttemptOutcome::SoftFailure];

    pub const fn code(self) -> &'static str {
        match self {
            AttemptOutcome::Success => "success",
            AttemptOutcome::HardFailure => "hard_failure",
            AttemptOutcome::SoftFailure => "soft_failure",
        }
    }

    pub fn parse(code: &str) -> Option<AttemptOutcome> {
        AttemptOutcome::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// Sets the means, with a clean row of attempts from `now` on.
pub fn enable_auto(tx: &mut Tx<'_>, customer_id: Id, method: &str, now: Timestamp) -> Result<()> {
    tx.execute(
        "insert into auto_payment (customer_id, method, enabled_at) values ($1, $2, $3) on conflict (customer_id) \
         do update set method = excluded.method, enabled_at = excluded.enabled_at",
        values![customer_id, method, now],
    )?;
    tx.touch(customer_id);
    Ok(())
}

pub fn add_attempt(
    tx: &mut Tx<'_>,
    customer_id: Id,
    attempt_id: Id,
    outcome: AttemptOutcome,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "insert into auto_payment_attempt (customer_id, attempt_id, attempted_at, outcome, reason) values ($1, $2, $3, $4, $5)",
        values![customer_id, attempt_id, now, outcome.code(), reason],
    )?;
    tx.touch(customer_id);
    Ok(())
}

/// The automatic payment of those that have one, a row for each attempt or one without, as rows of facts (fact.rs).
pub(crate) const FACTS: &str = "select p.customer_id, cast(4 as bigint), a.attempt_id, a.attempted_at, cast(null as bigint), cast(null as bigint), \
     cast(null as bigint), cast(null as bigint), p.method, a.outcome, a.reason from auto_payment p left join auto_payment_attempt a \
     on a.customer_id = p.customer_id and a.attempted_at >= p.enabled_at where p.customer_id in ({ids})";

/// One attempt, or the means alone.
pub(crate) struct AutoFact {
    pub method: String,
    /// Orders the attempts.
    pub attempt_id: Option<Id>,
    attempted_at: Option<Timestamp>,
    outcome: Option<AttemptOutcome>,
    reason: Option<String>,
}

pub(crate) fn read_fact(row: &Row<'_>) -> Result<AutoFact> {
    let outcome = row.get::<Option<String>>(9)?;
    let unknown = |code: &String| StorageError::broken(format!("unknown outcome of an attempt: {code}"));
    let outcome = outcome.map(|code| AttemptOutcome::parse(&code).ok_or_else(|| unknown(&code))).transpose()?;
    Ok(AutoFact { method: row.get(8)?, attempt_id: row.get(2)?, attempted_at: row.get(3)?, outcome, reason: row.get(10)? })
}

/// The unbroken row of hard failures up to now. `facts` are one customer's, in the order of the attempts.
pub(crate) fn auto_payment_of(facts: Vec<AutoFact>) -> Option<AutoPayment> {
    let clean = |method| AutoPayment { method, failures: 0, last_failure_at: None, last_failure_reason: None };
    let mut payment = clean(facts.first()?.method.clone());
    for fact in facts {
        match fact.outcome {
            Some(AttemptOutcome::Success) => payment = clean(fact.method),
            Some(AttemptOutcome::HardFailure) => {
                payment.failures += 1;
                payment.last_failure_at = fact.attempted_at;
                payment.last_failure_reason = fact.reason;
            }
            Some(AttemptOutcome::SoftFailure) | None => {}
        }
    }
    Some(payment)
}
