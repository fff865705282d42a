//! Owns finding a customer's rows in tables that lie in order of arrival on SQLite: what has arrived is appended to a tail,
//! the tail is sorted into runs, and runs are merged into longer ones, all in slices beside other work. An index would write
//! a page at a random place for each row instead.
//! Does not own: the rows themselves, and PostgreSQL, where they lie by customer.

use std::collections::VecDeque;

use trunkline_domain::id::Id;
use trunkline_domain::time::Timestamp;

use crate::engine::{Engine, Tx};
use crate::error::Result;
use crate::row::Value;
use crate::values;

const ROWS_PER_STATEMENT: usize = 32;

/// Tables whose rows are found so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Xdr,
    Payment,
    Audit,
}

impl Kind {
    const fn code(self) -> i64 {
        match self {
            Kind::Xdr => 1,
            Kind::Payment => 2,
            Kind::Audit => 3,
        }
    }

    /// The table and its id.
    const fn table(self) -> (&'static str, &'static str) {
        match self {
            Kind::Xdr => ("xdr", "xdr_id"),
            Kind::Payment => ("payment", "payment_id"),
            Kind::Audit => ("audit", "audit_id"),
        }
    }
}

/// Where one row is to be found. The order of the fields is the order of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    customer_id: Id,
    kind: i64,
    at: Timestamp,
    row_id: Id,
}

/// Says that the running transaction has appended a row. What is about no customer is not looked for.
pub fn note(tx: &mut Tx<'_>, kind: Kind, customer_id: Id, at: Timestamp, row_id: Id) {
    if tx.engine() == Engine::Sqlite && customer_id != 0 {
        tx.note_arrival(Entry { customer_id, kind: kind.code(), at, row_id });
    }
}

/// The table as `t` for a from clause. The statement goes on with `where t.customer_id = $1`, which is the customer.
pub fn of_customer(engine: Engine, kind: Kind) -> String {
    let (table, id) = kind.table();
    match engine {
        Engine::Sqlite => format!("({}) as f cross join {table} t on t.{id} = f.row_id", entries(kind, "customer_id = $1 and ")),
        Engine::Postgres => format!("{table} t"),
    }
}

/// What a reader sees of a kind: the tail behind the last sorted entry, and the finished runs. `whose` is a condition on
/// columns of both, ended by `and`.
fn entries(kind: Kind, whose: &str) -> String {
    let kind = kind.code();
    format!(
        "select customer_id, row_id from arrival_tail where {whose}kind = {kind} \
         and seq > (select coalesce(max(seq_to), 0) from arrival_run) union all select customer_id, row_id from arrival_run r \
         cross join arrival a on a.run = r.run and {whose}kind = {kind} where r.is_live"
    )
}

/// Moments and ids of a customer's rows between two places, both outside, in order: a look into each run and into the tail. SQLite.
pub(crate) fn places(
    tx: &mut Tx<'_>,
    kind: Kind,
    customer_id: Id,
    low: (Timestamp, Id),
    high: (Timestamp, Id),
    down: bool,
    count: i64,
) -> Result<Vec<(Timestamp, Id)>> {
    let read = |row: &crate::row::Row<'_>| Ok((row.get::<Timestamp>(0)?, row.get::<Id>(1)?));
    let direction = if down { " desc" } else { "" };
    let between = "(at, row_id) > ($3, $4) and (at, row_id) < ($5, $6)";
    let mut found = tx.query(
        &format!(
            "select at, row_id from arrival_tail where customer_id = $1 and kind = $2 and {between} \
             and seq > (select coalesce(max(seq_to), 0) from arrival_run) order by at{direction}, row_id{direction} limit $7"
        ),
        values![customer_id, kind.code(), low.0, low.1, high.0, high.1, count],
        read,
    )?;
    let runs = tx.query("select run from arrival_run where is_live order by run", &[], |row| row.get::<i64>(0))?;
    let in_run = format!(
        "select at, row_id from arrival where customer_id = $1 and kind = $2 and {between} and run = $8 \
         order by at{direction}, row_id{direction} limit $7"
    );
    for run in runs {
        found.extend(tx.query(&in_run, values![customer_id, kind.code(), low.0, low.1, high.0, high.1, count, run], read)?);
    }
    found.sort_unstable();
    if down {
        found.reverse();
    }
    found.truncate(usize::try_from(count).unwrap_or(usize::MAX));
    Ok(found)
}

/// For each kind: its table, how many rows about a customer it has, and how many of them are found. Equal but for a fault.
pub fn findable(tx: &mut Tx<'_>) -> Result<Vec<(&'static str, i64, i64)>> {
    if tx.engine() == Engine::Postgres {
        return Ok(Vec::new());
    }
    let count = |tx: &mut Tx<'_>, text: &str| Ok(tx.query_first(text, &[], |row| row.get::<i64>(0))?.unwrap_or(0));
    let mut all = Vec::new();
    for kind in [Kind::Xdr, Kind::Payment, Kind::Audit] {
        let (table, id) = kind.table();
        let rows = count(tx, &format!("select count(*) from {table} where customer_id <> 0"))?;
        let found = format!(
            "select count(distinct t.{id}) from ({}) as f cross join {table} t on t.{id} = f.row_id and t.customer_id = f.customer_id",
            entries(kind, "")
        );
        all.push((table, rows, count(tx, &found)?));
    }
    Ok(all)
}

/// How much is done at once, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Rows of the tail that are sorted into a run: as many as a reader passes in a few milliseconds.
    pub tail_max: usize,
    /// Runs of one level that are merged into one of the next.
    pub runs_max: usize,
    /// Rows that one commit moves: about half a millisecond.
    pub slice: usize,
}

impl Default for Sizes {
    fn default() -> Sizes {
        Sizes { tail_max: 20_000, runs_max: 32, slice: 500 }
    }
}

/// What the writer of a SQLite file has under way.
pub struct Arrivals {
    sizes: Sizes,
    /// The tail, in order of arrival.
    tail: Vec<Entry>,
    last_seq: i64,
    work: Option<Work>,
}

enum Work {
    /// The tail up to `seq_to`, sorted, on its way into `run`.
    Seal { run: i64, entries: VecDeque<Entry>, seq_to: i64 },
    /// Runs of a level on their way into `run`.
    Merge { run: i64, level: i64, sources: Vec<Source> },
    /// Rows that no reader looks at any more go.
    Clear { tail_to: i64, runs: Vec<i64> },
}

/// A run that is being merged: what was read of it and not yet taken.
struct Source {
    run: i64,
    read: VecDeque<Entry>,
    last: Option<Entry>,
}

impl Arrivals {
    /// Reads the tail. A run that was not finished goes with those that are no longer live.
    pub(crate) fn load(tx: &mut Tx<'_>, sizes: Sizes) -> Result<Arrivals> {
        let sealed = sealed_to(tx)?;
        let tail =
            tx.query("select customer_id, kind, at, row_id from arrival_tail where seq > $1 order by seq", values![sealed], read_entry)?;
        let last_seq = tx.query_first("select max(seq) from arrival_tail", &[], |row| row.get::<Option<i64>>(0))?.flatten();
        let mut arrivals = Arrivals { sizes, tail, last_seq: last_seq.unwrap_or(0).max(sealed), work: None };
        arrivals.clear_next(tx)?;
        Ok(arrivals)
    }

    pub(crate) fn sizes(&self) -> Sizes {
        self.sizes
    }

    /// Appends what has arrived to the tail, within the transaction that wrote the rows.
    pub(crate) fn append(&self, tx: &mut Tx<'_>, arrived_before: usize, entries: &[Entry]) -> Result<()> {
        let first = self.last_seq + 1 + i64::try_from(arrived_before).unwrap_or(i64::MAX);
        let rows: Vec<_> = entries.iter().zip(first..).map(|(entry, seq)| (seq, *entry)).collect();
        insert(tx, "arrival_tail (seq, customer_id, kind, at, row_id)", &rows)
    }

    /// The transaction that appended `entries` is committed.
    pub(crate) fn committed(&mut self, entries: &[Entry]) {
        self.tail.extend_from_slice(entries);
        self.last_seq += i64::try_from(entries.len()).unwrap_or(i64::MAX);
    }

    /// Is there something to be done although nothing arrives?
    pub(crate) fn is_busy(&self) -> bool {
        self.work.is_some() || self.tail.len() >= self.sizes.tail_max
    }

    /// One slice of what is to be done, in the running transaction. What follows from it counts when it is committed: after a
    /// roll-back the runs are loaded anew.
    pub(crate) fn step(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let slice = self.sizes.slice;
        match self.work.take() {
            None => {
                if self.tail.len() >= self.sizes.tail_max {
                    let mut entries = std::mem::take(&mut self.tail);
                    entries.sort_unstable();
                    self.work = Some(Work::Seal { run: begin_run(tx, 1)?, entries: entries.into(), seq_to: self.last_seq });
                }
            }
            Some(Work::Seal { run, mut entries, seq_to }) => {
                let count = entries.len().min(slice);
                let moved: Vec<Entry> = entries.drain(..count).collect();
                insert_into_run(tx, run, &moved)?;
                if entries.is_empty() {
                    finish_run(tx, run, seq_to)?;
                    self.merge_or_clear(tx, 1)?;
                } else {
                    self.work = Some(Work::Seal { run, entries, seq_to });
                }
            }
            Some(Work::Merge { run, level, mut sources }) => {
                let merged = take_smallest(tx, &mut sources, slice)?;
                insert_into_run(tx, run, &merged)?;
                if merged.len() < slice {
                    for source in &sources {
                        tx.execute("update arrival_run set is_live = false where run = $1", values![source.run])?;
                    }
                    let seq_to = sealed_to(tx)?;
                    finish_run(tx, run, seq_to)?;
                    self.merge_or_clear(tx, level)?;
                } else {
                    self.work = Some(Work::Merge { run, level, sources });
                }
            }
            Some(Work::Clear { tail_to, runs }) => {
                let limit = i64::try_from(slice).unwrap_or(i64::MAX);
                let tail_left = tx.query_first(
                    "select seq from arrival_tail where seq <= $1 order by seq limit 1 offset $2",
                    values![tail_to, limit],
                    |row| row.get::<i64>(0),
                )?;
                tx.execute("delete from arrival_tail where seq <= $1", values![tail_left.map_or(tail_to, |seq| seq - 1)])?;
                let mut left = runs;
                if tail_left.is_none()
                    && let Some(run) = left.last().copied()
                    && clear_run(tx, run, limit)?
                {
                    left.pop();
                }
                if tail_left.is_some() || !left.is_empty() {
                    self.work = Some(Work::Clear { tail_to, runs: left });
                }
            }
        }
        Ok(())
    }

    /// After a new run of `level`: the next thing to do.
    fn merge_or_clear(&mut self, tx: &mut Tx<'_>, level: i64) -> Result<()> {
        let runs =
            tx.query("select run from arrival_run where level = $1 and is_live order by run", values![level], |row| row.get::<i64>(0))?;
        if runs.len() < self.sizes.runs_max {
            return self.clear_next(tx);
        }
        let sources = runs.into_iter().map(|run| Source { run, read: VecDeque::new(), last: None }).collect();
        self.work = Some(Work::Merge { run: begin_run(tx, level + 1)?, level: level + 1, sources });
        Ok(())
    }

    fn clear_next(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let runs = tx.query("select run from arrival_run where not is_live order by run", &[], |row| row.get::<i64>(0))?;
        self.work = Some(Work::Clear { tail_to: sealed_to(tx)?, runs });
        Ok(())
    }
}

fn read_entry(row: &crate::row::Row<'_>) -> Result<Entry> {
    Ok(Entry { customer_id: row.get(0)?, kind: row.get(1)?, at: row.get(2)?, row_id: row.get(3)? })
}

fn sealed_to(tx: &mut Tx<'_>) -> Result<i64> {
    let found = tx.query_first("select coalesce(max(seq_to), 0) from arrival_run", &[], |row| row.get::<i64>(0))?;
    Ok(found.unwrap_or(0))
}

/// A run that no reader looks at before it is finished.
fn begin_run(tx: &mut Tx<'_>, level: i64) -> Result<i64> {
    let last = tx.query_first("select coalesce(max(run), 0) from arrival_run", &[], |row| row.get::<i64>(0))?;
    let run = last.unwrap_or(0) + 1;
    tx.execute("insert into arrival_run (run, level, seq_to, is_live) values ($1, $2, 0, false)", values![run, level])?;
    Ok(run)
}

fn finish_run(tx: &mut Tx<'_>, run: i64, seq_to: i64) -> Result<()> {
    tx.execute("update arrival_run set is_live = true, seq_to = $2 where run = $1", values![run, seq_to])?;
    Ok(())
}

fn insert_into_run(tx: &mut Tx<'_>, run: i64, entries: &[Entry]) -> Result<()> {
    let rows: Vec<_> = entries.iter().map(|entry| (run, *entry)).collect();
    insert(tx, "arrival (run, customer_id, kind, at, row_id)", &rows)
}

/// Inserts entries, each behind its sequence number or its run. Few statements are prepared: one of many rows, one of one.
fn insert(tx: &mut Tx<'_>, table_and_columns: &str, rows: &[(i64, Entry)]) -> Result<()> {
    let many = rows.len() - rows.len() % ROWS_PER_STATEMENT;
    for slice in rows[..many].chunks(ROWS_PER_STATEMENT).chain(rows[many..].chunks(1)) {
        let values: Vec<Value<'_>> = slice
            .iter()
            .flat_map(|(number, entry)| {
                [(*number).into(), entry.customer_id.into(), entry.kind.into(), entry.at.into(), entry.row_id.into()]
            })
            .collect();
        tx.insert_many(table_and_columns, 5, &values, "", |_| Ok(()))?;
    }
    Ok(())
}

/// The next `count` entries of all sources in their order; fewer when the sources are at their ends.
fn take_smallest(tx: &mut Tx<'_>, sources: &mut [Source], count: usize) -> Result<Vec<Entry>> {
    let mut taken = Vec::with_capacity(count);
    while taken.len() < count {
        for source in sources.iter_mut() {
            if source.read.is_empty() {
                source.fill(tx, count)?;
            }
        }
        let smallest = sources.iter_mut().filter(|source| !source.read.is_empty()).min_by_key(|source| source.read[0]);
        let Some(entry) = smallest.and_then(|source| source.read.pop_front()) else { break };
        taken.push(entry);
    }
    Ok(taken)
}

impl Source {
    fn fill(&mut self, tx: &mut Tx<'_>, count: usize) -> Result<()> {
        let first = Entry { customer_id: i64::MIN, kind: 0, at: Timestamp::from_microseconds(0), row_id: 0 };
        let after = self.last.unwrap_or(first);
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let rows = tx.query(
            "select customer_id, kind, at, row_id from arrival where run = $1 and (customer_id, kind, at, row_id) > ($2, $3, $4, $5) \
             order by customer_id, kind, at, row_id limit $6",
            values![self.run, after.customer_id, after.kind, after.at, after.row_id, count],
            read_entry,
        )?;
        self.last = rows.last().copied().or(self.last);
        self.read.extend(rows);
        Ok(())
    }
}

/// Deletes a slice of a run; true when nothing is left of it.
fn clear_run(tx: &mut Tx<'_>, run: i64, count: i64) -> Result<bool> {
    let rows = tx.query(
        "select customer_id, kind, at, row_id from arrival where run = $1 order by customer_id, kind, at, row_id limit $2",
        values![run, count],
        read_entry,
    )?;
    match rows.last() {
        Some(last) => {
            tx.execute(
                "delete from arrival where run = $1 and (customer_id, kind, at, row_id) <= ($2, $3, $4, $5)",
                values![run, last.customer_id, last.kind, last.at, last.row_id],
            )?;
            Ok(false)
        }
        None => {
            tx.execute("delete from arrival_run where run = $1", values![run])?;
            Ok(true)
        }
    }
}
