//! Owns the physical bound of `bench charge` in the same run: bare updates of balances with bare rows of usage, in tables of their own, many in a
//! commit; and on PostgreSQL a ledger as one writes it by hand, a function that is called once a call.
//! Does not own: Trunkline's own way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use trunkline_storage::row::Value;
use trunkline_storage::{Engine, StorageError, Ticket, Tx};
use trunkline_usecase::App;

use super::count;
use crate::Failure;

/// Pairs in a commit: about as many as calls come together in a batch at full load.
const PAIRS: u64 = 128;
/// Calls of the function that wait at once.
const CALLS_WAITING: usize = 256;

const TABLES: &str = "create table bench_balance (customer_id bigint not null, balance bigint not null, primary key (customer_id));
create table bench_xdr (xdr_id bigint not null, customer_id bigint not null, cli text not null, cld text not null, tariff_id bigint not null, prefix text not null, started_at bigint not null, ended_at bigint not null, quantity bigint not null, owed bigint not null, primary key (xdr_id));";
const FUNCTION: &str =
    "create function bench_charge(of_customer bigint, of_xdr bigint, amount bigint) returns bigint language plpgsql as $body$
declare found bigint;
begin
  update bench_balance set balance = balance + amount where customer_id = of_customer returning balance into found;
  insert into bench_xdr values (of_xdr, of_customer, '15550100', '442071234567', 1, '4420', of_xdr, of_xdr, 60, amount);
  return found;
end $body$;";

/// What each second could bring at most.
pub struct Floor {
    /// Pairs of a balance and a row.
    pub pairs_per_second: f64,
    /// PostgreSQL only: calls of the function, each a transaction.
    pub function_per_second: Option<f64>,
}

pub fn measure(app: &Arc<App>, customers: usize, lasting: Duration) -> Result<Floor, Failure> {
    let customers = i64::try_from(customers)?;
    let is_postgres = app.database.engine() == Engine::Postgres;
    write(app, move |tx| {
        // SQLite's rows lie by an integer primary key.
        let tables = if is_postgres {
            TABLES.to_owned()
        } else {
            TABLES
                .replace("xdr_id bigint not null", "xdr_id integer primary key")
                .replace(", primary key (xdr_id)", "")
                .replace("customer_id bigint not null, balance", "customer_id integer primary key, balance")
                .replace(", primary key (customer_id)", "")
        };
        tx.batch(&tables)?;
        if is_postgres {
            tx.batch(FUNCTION)?;
        }
        (1..=customers).try_for_each(|id| {
            tx.execute("insert into bench_balance (customer_id, balance) values ($1, $2)", &[Value::from(id), Value::from(0)]).map(|_| ())
        })
    })
    .wait()??;
    let pairs_per_second = pairs(app, customers, lasting)?;
    let function_per_second = if is_postgres { Some(function(app, customers, lasting)?) } else { None };
    write(app, move |tx| {
        if is_postgres {
            tx.batch("drop function bench_charge(bigint, bigint, bigint)")?;
        }
        tx.batch("drop table bench_xdr; drop table bench_balance;")
    })
    .wait()??;
    Ok(Floor { pairs_per_second, function_per_second })
}

fn write<F>(app: &Arc<App>, work: F) -> Ticket<Result<(), StorageError>>
where
    F: Fn(&mut Tx<'_>) -> Result<(), StorageError> + Send + 'static,
{
    app.database.write(work)
}

fn pairs(app: &Arc<App>, customers: i64, lasting: Duration) -> Result<f64, Failure> {
    let started = Instant::now();
    let mut commits = 0_u64;
    while started.elapsed() < lasting {
        let first = i64::try_from(commits * PAIRS)?;
        let seed = commits;
        write(app, move |tx| {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            for xdr_id in first..first + i64::try_from(PAIRS).unwrap_or(0) {
                let customer_id = random.random_range(1..=customers);
                tx.execute(
                    "update bench_balance set balance = balance + $2 where customer_id = $1",
                    &[Value::from(customer_id), Value::from(50_000)],
                )?;
                let row = [xdr_id, customer_id, 1, xdr_id, xdr_id, 60, 50_000].map(Value::from);
                tx.execute(
                    "insert into bench_xdr (xdr_id, customer_id, cli, cld, tariff_id, prefix, started_at, ended_at, quantity, owed) \
                     values ($1, $2, '15550100', '442071234567', $3, '4420', $4, $5, $6, $7)",
                    &row,
                )?;
            }
            Ok(())
        })
        .wait()??;
        commits += 1;
    }
    Ok(count(commits * PAIRS) / started.elapsed().as_secs_f64())
}

fn function(app: &Arc<App>, customers: i64, lasting: Duration) -> Result<f64, Failure> {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let started = Instant::now();
    let mut waiting = std::collections::VecDeque::new();
    let (mut asked, mut done) = (1_i64 << 40, 0_u64);
    while started.elapsed() < lasting {
        while waiting.len() < CALLS_WAITING {
            let (customer_id, xdr_id) = (random.random_range(1..=customers), asked);
            asked += 1;
            waiting.push_back(write(app, move |tx| {
                let values = [customer_id, xdr_id, 50_000].map(Value::from);
                tx.query_first("select bench_charge($1, $2, $3)", &values, |_| Ok(())).map(|_| ())
            }));
        }
        if let Some(ticket) = waiting.pop_front() {
            ticket.wait()??;
            done += 1;
        }
    }
    let took = started.elapsed().as_secs_f64();
    for ticket in waiting {
        ticket.wait()??;
    }
    Ok(count(done) / took)
}
