//! Stories in plain text. A line is a step; what a step is called is in `Teller::step`. Moments without a zone are Kyiv's.
//! Whenever the clock has moved, the stored status of every customer is compared with what its facts say at that moment.

use std::collections::HashMap;

use trunkline_storage::payment::{AttemptOutcome, add_attempt, enable_auto};
use trunkline_storage::spending::{SpendingPlan, add_plan, set_day};
use trunkline_storage::{Engine, customer as stored_customer, export, hold, invoice};
use trunkline_usecase::customer::{self, CustomerChange, CustomerFilter, CustomerNew, ListRequest, MatchMode, Termination, TextSearch};
use trunkline_usecase::domain::balance::PostingAction;
use trunkline_usecase::domain::customer::{BalanceControl, CustomerType, TemporaryLimit};
use trunkline_usecase::domain::customer_class::CollectionPolicy;
use trunkline_usecase::domain::export::ExportPhase;
use trunkline_usecase::domain::hold::{Hold, HoldCause, HoldKind};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::invoice::{OpenInvoice, collection_steps};
use trunkline_usecase::domain::money::{Currency, Money};
use trunkline_usecase::domain::time::{Timestamp, Zone};
use trunkline_usecase::error::Result;

use crate::world::{World, admin, day, done, id_of, money, new_customer, utc};

/// Tells one story on both engines.
pub fn tell(text: &str) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        Teller::start(engine, text).tell(text);
    }
}

/// Makes a test of each story.
macro_rules! stories {
    ($($name:ident: $text:literal;)+) => {$(
        #[test]
        fn $name() {
            crate::story::tell($text);
        }
    )+};
}

struct Teller {
    world: World,
    engine: Engine,
    people: HashMap<String, Id>,
}

/// `2026-06-16 08:00` in Kyiv, `2026-06-16` as its first moment, or RFC 3339.
fn moment(text: &str) -> Timestamp {
    if text.contains('T') {
        return utc(text);
    }
    let (date, clock) = text.split_once(' ').unwrap_or((text, "00:00"));
    let (hours, minutes) = clock.split_once(':').unwrap();
    let seconds = hours.parse::<i64>().unwrap() * 3_600 + minutes.parse::<i64>().unwrap() * 60;
    Zone::parse("Europe/Kyiv").unwrap().start_of(day(date)).plus_seconds(seconds)
}

/// What follows `word` in a step: `limit 50` in `customer Ada postpaid limit 50`.
fn after<'t>(words: &[&'t str], word: &str) -> Option<&'t str> {
    let at = words.iter().position(|known| *known == word)?;
    words.get(at + 1).copied()
}

impl Teller {
    fn start(engine: Engine, text: &str) -> Teller {
        let first = text.lines().find_map(|line| line.trim().strip_prefix("at ")).expect("a story begins with its moment");
        Teller { world: World::at(engine, moment(first)), engine, people: HashMap::new() }
    }

    fn tell(&mut self, text: &str) {
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let place = format!("{:?}, line {}: {line}", self.engine, number + 1);
            if let Some(rest) = line.strip_prefix("expect ") {
                self.expect(rest, &place);
            } else if let Some(rest) = line.strip_prefix("refused ") {
                let (code, step) = rest.split_once(": ").unwrap();
                let before = self.world.traces();
                match self.step(step) {
                    Err(problem) => assert_eq!(problem.code(), code, "{place}: {problem}"),
                    Ok(()) => panic!("{place}: it was done"),
                }
                assert_eq!(self.world.traces(), before, "{place}: it left something behind");
            } else if let Err(problem) = self.step(line) {
                panic!("{place}: {problem}");
            }
            let has_moved = line.starts_with("at ") || line == "work";
            self.check_stored(has_moved, &place);
        }
    }

    fn id(&self, name: &str) -> Id {
        *self.people.get(name).unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    /// The stored status is the derived one. Customers of a reseller follow when its job has run.
    fn check_stored(&self, has_moved: bool, place: &str) {
        for (name, id) in &self.people {
            let Ok(view) = self.world.get(*id) else { continue };
            if view.customer.reseller_id.is_some() && !has_moved {
                continue;
            }
            let derived = (view.standing.shown(), view.standing.changes_at);
            assert_eq!(self.world.stored(*id), derived, "{place}: what is stored of {name}");
            let is_erased = view.facts.lifted_until.is_none_or(|until| self.world.now() < until);
            assert!(is_erased, "{place}: the date of {name}'s lifted suspension has passed and is still there");
        }
    }

    fn expect(&self, rest: &str, place: &str) {
        let (head, words) = rest.split_once(": ").map_or((rest, None), |(head, words)| (head, Some(words)));
        let parts: Vec<&str> = head.split_whitespace().collect();
        let id = self.id(parts[0]);
        let view = self.world.get(id).unwrap_or_else(|problem| panic!("{place}: {problem}"));
        match parts[1] {
            "next" => {
                let next = view.next.as_ref().map(|next| (next.shown.code(), next.explanation.sentence.clone()));
                let wanted = words.map(|words| (parts[2], words.to_owned()));
                assert_eq!(next, wanted, "{place}");
            }
            "nothing_next" => assert_eq!(view.next, None, "{place}"),
            "all" => {
                let all: Vec<&str> = view.standing.conditions.iter().map(|condition| condition.status.code()).collect();
                assert_eq!(all, parts[2..], "{place}");
            }
            "balance" => assert_eq!(view.facts.balance, money(parts[2]), "{place}"),
            "unallocated" => assert_eq!(view.facts.unallocated, money(parts[2]), "{place}"),
            "stored" => assert_eq!(self.world.stored(id).0.code(), parts[2], "{place}"),
            "version" => assert_eq!(view.customer.version.to_string(), parts[2], "{place}"),
            "open_accounts" => {
                let open = self.world.number_of("select count(*) from account where customer_id = $1 and state <> 'closed'", id);
                assert_eq!(open.to_string(), parts[2], "{place}");
            }
            status => {
                assert_eq!(view.standing.shown().code(), status, "{place}");
                if let Some(words) = words {
                    assert_eq!(view.explanations.first().map(|told| told.sentence.as_str()), Some(words), "{place}");
                }
                let search = Some(TextSearch::name(MatchMode::Exactly, &view.customer.name));
                let filter = CustomerFilter { search, ..CustomerFilter::default() };
                let page = self.world.list(&admin(), ListRequest { filter, limit: 5, ..ListRequest::default() }).unwrap();
                assert_eq!(page.rows.len(), 1, "{place}: in the list");
                assert_eq!(page.rows[0].status.code(), status, "{place}: in the list");
                assert_eq!(page.rows[0].reason, view.explanations.first().cloned(), "{place}: in the list");
                assert_eq!(page.rows[0].next, view.next, "{place}: in the list");
            }
        }
    }

    fn step(&mut self, line: &str) -> Result<()> {
        let (head, comment) = line.split_once(" because ").map_or((line, None), |(head, why)| (head, Some(why.to_owned())));
        let words: Vec<&str> = head.split_whitespace().collect();
        let (verb, rest) = (words[0], &words[1..]);
        let app = &self.world.app;
        match verb {
            "at" => drop(trunkline_usecase::job::advance_test_clock(app, &admin(), moment(&rest.join(" ")))?),
            "work" => drop(self.world.work()),
            "restart" => self.world.restart(),
            "customer" => self.customer(rest)?,
            "account" => {
                let new = crate::account::new_account(self.id(rest[0]), rest[1]);
                done(trunkline_usecase::account::create(app, &admin(), new, |_| String::new()))?;
            }
            "charge" => self.post(rest, PostingAction::ManualCharge)?,
            "credit" => self.post(rest, PostingAction::ManualCredit)?,
            "pay" => self.post(rest, PostingAction::ManualPayment)?,
            "promote" => self.post(rest, PostingAction::PromotionalCredit)?,
            "refund" => self.post(rest, PostingAction::Refund)?,
            "block" => drop(done(customer::block(app, &admin(), self.id(rest[0]), comment, id_of))?),
            "unblock" => drop(done(customer::unblock(app, &admin(), self.id(rest[0]), id_of))?),
            "restore" => drop(done(customer::restore(app, &admin(), self.id(rest[0]), id_of))?),
            "terminate" => {
                let closes_on = after(rest, "closing").map(day);
                let how = Termination::Provisional { closes_on };
                drop(done(customer::terminate(app, &admin(), self.id(rest[0]), how, comment, id_of))?);
            }
            "close" => drop(done(customer::terminate(app, &admin(), self.id(rest[0]), Termination::Permanent, comment, id_of))?),
            "lift" => drop(done(customer::lift_suspension(app, &admin(), self.id(rest[0]), day(after(rest, "through").unwrap()), id_of))?),
            "delete" => drop(done(customer::delete(app, &admin(), self.id(rest[0])))?),
            "limit" => self.change(
                rest[0],
                CustomerChange {
                    credit_limit: Some(if rest[1] == "none" { None } else { Some(money(rest[1])) }),
                    ..CustomerChange::default()
                },
            )?,
            "temporary" => {
                let until = moment(&rest[rest.iter().position(|word| *word == "until").unwrap() + 1..].join(" "));
                let limit = TemporaryLimit { amount: money(rest[1]), until };
                self.change(rest[0], CustomerChange { temporary_limit: Some(Some(limit)), ..CustomerChange::default() })?;
            }
            "move" => self.change(rest[0], CustomerChange { time_zone: Some(rest[1].to_owned()), ..CustomerChange::default() })?,
            _ => self.fact(verb, rest),
        }
        Ok(())
    }

    fn change(&self, name: &str, change: CustomerChange) -> Result<()> {
        done(customer::update(&self.world.app, &admin(), self.id(name), change, id_of)).map(drop)
    }

    fn post(&self, rest: &[&str], action: PostingAction) -> Result<()> {
        self.world.post(self.id(rest[0]), action, rest[1]).map(drop)
    }

    fn customer(&mut self, rest: &[&str]) -> Result<()> {
        let plan = after(rest, "plan").map(|limit| {
            let (plan_id, now) = (self.world.app.new_id(self.world.now())?, self.world.now());
            let plan = SpendingPlan {
                spending_plan_id: plan_id,
                name: "Daily".into(),
                currency: Currency::parse("EUR").unwrap(),
                daily_limit: money(limit),
                warning_percent: None,
            };
            self.world.write(move |tx| Ok(add_plan(tx, &plan, now)?));
            Ok::<Id, trunkline_usecase::error::Error>(plan_id)
        });
        let new = CustomerNew {
            balance_control: if rest.contains(&"prepaid") { BalanceControl::Prepaid } else { BalanceControl::Postpaid },
            customer_type: if rest.contains(&"reseller") { CustomerType::Reseller } else { CustomerType::Retail },
            reseller_id: after(rest, "of").map(|name| self.id(name)),
            credit_limit: after(rest, "limit").map(money),
            opening_balance: after(rest, "opening").map_or(Money::ZERO, money),
            time_zone: after(rest, "in").unwrap_or("Europe/Kyiv").to_owned(),
            spending_plan_id: plan.transpose()?,
            ..new_customer(&self.world, rest[0])
        };
        let id = done(customer::create(&self.world.app, &admin(), new, id_of))?.parse().unwrap();
        self.people.insert(rest[0].to_owned(), id);
        Ok(())
    }

    /// What other parts of the product will come to know: invoices, spending, automatic payments, exports.
    fn fact(&self, verb: &str, rest: &[&str]) {
        let id = self.id(rest[0]);
        let ids = self.world.app.new_ids::<4>(self.world.now()).unwrap();
        let zone = self.world.get(id).unwrap().facts.zone;
        let number = |word: &str| after(rest, word).map(|days| days.parse::<i64>().unwrap());
        match verb {
            "invoice" => {
                let (due_on, total) = (day(after(rest, "due").unwrap()), money(after(rest, "of").unwrap()));
                let policy = CollectionPolicy {
                    payment_terms_days: 15,
                    limit_after_days: number("limits"),
                    suspend_after_days: number("suspends"),
                    terminate_after_days: number("terminates"),
                    close_after_days: number("closes").unwrap_or(30),
                };
                let document = rest[1].parse().unwrap();
                self.world.facts(id, move |tx, now| {
                    let open = OpenInvoice { invoice_id: ids[0], number: document, issued_at: now, due_on, total, outstanding: total };
                    invoice::add(tx, id, &invoice::NewInvoice { invoice: open, period_from: now.plus_days(-30), period_to: now })?;
                    for (step, hold_id) in collection_steps(due_on, &policy, &zone).into_iter().zip(&ids[1..]) {
                        let cause = HoldCause::Invoice { invoice_id: ids[0] };
                        let planned =
                            Hold { hold_id: *hold_id, kind: step.kind, cause, since: step.since, until: None, closes_at: step.closes_at };
                        hold::add(tx, id, &planned, None, now)?;
                    }
                    Ok(())
                });
            }
            "fees" => {
                let needed = money(rest[1]);
                self.world.facts(id, move |tx, now| {
                    let cause = HoldCause::InsufficientFunds { needed };
                    hold::add(
                        tx,
                        id,
                        &Hold { hold_id: ids[0], kind: HoldKind::Suspension, cause, since: now, until: None, closes_at: None },
                        None,
                        now,
                    )
                });
            }
            "spend" => {
                let spent = money(rest[1]);
                self.world.facts(id, move |tx, now| set_day(tx, id, zone.date_of(now), spent, Some(now)));
            }
            "card" => {
                let method = rest[1..].join(" ");
                self.world.facts(id, move |tx, now| enable_auto(tx, id, &method, now));
            }
            "fails" => self
                .world
                .facts(id, move |tx, now| add_attempt(tx, id, ids[0], AttemptOutcome::HardFailure, Some("card was cancelled"), now)),
            "succeeds" => self.world.facts(id, move |tx, now| add_attempt(tx, id, ids[0], AttemptOutcome::Success, None, now)),
            "export" => {
                let phase = rest[1].to_owned();
                self.world.facts(id, move |tx, now| match phase.as_str() {
                    "starts" => export::start(tx, id, ids[0], "Trunkline North", now),
                    "finishes" => {
                        let sql = "select max(export_id) from customer_export where customer_id = $1";
                        let latest = tx.query_first(sql, &[id.into()], |row| row.get::<Id>(0))?.unwrap();
                        export::end(tx, id, latest, ExportPhase::Finished, now)
                    }
                    _ => export::roll_back_latest(tx, id, now),
                });
            }
            "has" => {
                let found = self.world.read(move |tx| Ok(stored_customer::dependants(tx, id)?));
                assert_eq!(found.join(","), rest[1..].join(","));
            }
            other => panic!("no step is called {other}"),
        }
    }
}
