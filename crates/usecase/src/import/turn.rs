//! Owns what a file can hold, who may import one, and that a process does it one file at a time.
//! Does not own: the import itself (mod.rs).

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use trunkline_domain::staff::Permission;
use trunkline_storage::StorageError;

use super::account::Accounts;
use super::customer::Customers;
use super::customer_class::CustomerClasses;
use super::file::{CsvFile, Table, account, customer, customer_class, rate, xdr};
use super::rate::Rates;
use super::{Failure, Report, Watch, Wish, run};
use crate::App;
use crate::actor::Context;
use crate::error::Error;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Customers,
    Accounts,
    Classes,
    Rates,
    Xdrs,
}

impl Kind {
    fn table(self) -> &'static Table {
        match self {
            Kind::Customers => &customer::TABLE,
            Kind::Accounts => &account::TABLE,
            Kind::Classes => &customer_class::TABLE,
            Kind::Rates => &rate::TABLE,
            Kind::Xdrs => &xdr::TABLE,
        }
    }

    /// What whoever imports such a file must be allowed.
    fn permission(self) -> Permission {
        match self {
            Kind::Customers | Kind::Accounts | Kind::Classes => Permission::ImportRun,
            Kind::Rates => Permission::TariffWrite,
            Kind::Xdrs => Permission::UsageCharge,
        }
    }

    /// Such as `customer`.
    pub fn singular(self) -> &'static str {
        self.table().singular
    }

    /// Such as `customers`.
    pub fn plural(self) -> &'static str {
        self.table().plural
    }
}

/// An import knows all names of its file by heart, and on SQLite nobody else writes while it does: one at a time.
#[derive(Default)]
pub struct Turns {
    is_taken: AtomicBool,
}

/// The right to import one file; given back when it is dropped.
pub struct Turn {
    app: Arc<App>,
    context: Context,
    kind: Kind,
}

impl Turn {
    /// Takes the turn, for those who may import files of this kind.
    pub fn take(app: &Arc<App>, context: &Context, kind: Kind) -> Result<Turn, Error> {
        let permission = kind.permission();
        context.actor.must(permission)?;
        if context.actor.scope().is_some() {
            // A file can name any reseller's customers; staff of one reseller make theirs one by one.
            return Err(Error::Forbidden(permission));
        }
        if app.imports.is_taken.swap(true, Ordering::Acquire) {
            return Err(Error::Storage(StorageError::Overloaded { queue: "imports" }));
        }
        Ok(Turn { app: Arc::clone(app), context: context.clone(), kind })
    }

    /// The key under which a repeat gets the first report.
    pub fn keyed(mut self, key: Option<String>, fingerprint: &str) -> Turn {
        self.context = Context::keyed(self.context.actor.clone(), key, fingerprint);
        self
    }

    /// Imports a CSV file. Blocking.
    pub fn run(self, file: File, wish: &Wish, watch: Arc<dyn Watch>) -> Result<Report, Failure> {
        let (app, context, table) = (&self.app, &self.context, self.kind.table());
        match self.kind {
            Kind::Customers => run::<Customers>(app, context, Arc::new(CsvFile::open(file, table, customer::read)?), wish, watch),
            Kind::Accounts => run::<Accounts>(app, context, Arc::new(CsvFile::open(file, table, account::read)?), wish, watch),
            Kind::Classes => run::<CustomerClasses>(app, context, Arc::new(CsvFile::open(file, table, customer_class::read)?), wish, watch),
            Kind::Rates => run::<Rates>(app, context, Arc::new(CsvFile::open(file, table, rate::read)?), wish, watch),
            Kind::Xdrs => super::xdr::load(app, context, &CsvFile::open(file, table, xdr::read)?, wish, watch.as_ref()),
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.app.imports.is_taken.store(false, Ordering::Release);
    }
}
