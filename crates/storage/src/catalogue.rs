//! Owns products and tariffs in memory, ready for charging: who asks for them as they are now, and who must not wait for a large
//! tariff to be read.
//! Does not own: their SQL (product.rs, tariff.rs, rate.rs).

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use trunkline_domain::bundle::Bundle;
use trunkline_domain::id::Id;
use trunkline_domain::product::Product;
use trunkline_domain::rate_table::RateTable;
use trunkline_domain::tariff::Tariff;

use crate::engine::Tx;
use crate::error::{Result, StorageError};
use crate::{bundle, product, rate, tariff};

/// Tariffs whose tables are kept.
const TARIFFS_MAX: usize = 1_000;

/// A tariff with its rates, ready to be looked up, as they were at one version.
#[derive(Debug)]
pub struct LoadedTariff {
    pub tariff: Tariff,
    pub table: RateTable,
    rates_version: i64,
}

impl LoadedTariff {
    fn read(tx: &mut Tx<'_>, tariff_id: Id, rates_version: i64) -> Result<Option<LoadedTariff>> {
        let rates = rate::of_tariff(tx, tariff_id)?;
        let table = RateTable::new(rates).map_err(StorageError::unreadable)?;
        Ok(tariff::load(tx, tariff_id)?.map(|tariff| LoadedTariff { tariff, table, rates_version }))
    }
}

/// What has been asked for.
#[derive(Default)]
pub struct Catalogue {
    known: Mutex<Known>,
    /// Grows whenever something known is replaced or gone.
    generation: AtomicU64,
}

#[derive(Default)]
struct Known {
    tariffs: HashMap<Id, Arc<LoadedTariff>>,
    products: HashMap<Id, Arc<Product>>,
    bundles: HashMap<Id, Arc<Bundle>>,
}

impl Catalogue {
    /// What whoever keeps parts of it compares.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    fn changed(&self) {
        self.generation.fetch_add(1, Ordering::Release);
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The tariff as it is now; none: there is no such one. Its table is read again where anything of it has changed; who still holds
    /// the one before keeps it.
    pub fn tariff(&self, tx: &mut Tx<'_>, tariff_id: Id) -> Result<Option<Arc<LoadedTariff>>> {
        let Some(version) = tariff::rates_version(tx, tariff_id)? else {
            if self.lock().tariffs.remove(&tariff_id).is_some() {
                self.changed();
            }
            return Ok(None);
        };
        if let Some(known) = self.lock().tariffs.get(&tariff_id).filter(|known| known.rates_version == version) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(loaded) = LoadedTariff::read(tx, tariff_id, version)?.map(Arc::new) else { return Ok(None) };
        let mut known = self.lock();
        if known.tariffs.len() >= TARIFFS_MAX {
            known.tariffs.clear();
        }
        known.tariffs.insert(tariff_id, Arc::clone(&loaded));
        self.changed();
        Ok(Some(loaded))
    }

    /// The tariff as it was when it was last looked at, which is read only when it never was.
    pub fn known_tariff(&self, tx: &mut Tx<'_>, tariff_id: Id) -> Result<Option<Arc<LoadedTariff>>> {
        let known = self.lock().tariffs.get(&tariff_id).map(Arc::clone);
        if known.is_some() { Ok(known) } else { self.tariff(tx, tariff_id) }
    }

    /// The product as it was when it was last looked at, which is read only when it never was.
    pub fn known_product(&self, tx: &mut Tx<'_>, product_id: Id) -> Result<Option<Arc<Product>>> {
        if let Some(known) = self.lock().products.get(&product_id) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(loaded) = product::load(tx, product_id)?.map(Arc::new) else { return Ok(None) };
        self.lock().products.insert(product_id, Arc::clone(&loaded));
        Ok(Some(loaded))
    }

    /// The bundle as it was when it was last looked at, which is read only when it never was.
    pub fn known_bundle(&self, tx: &mut Tx<'_>, bundle_id: Id) -> Result<Option<Arc<Bundle>>> {
        if let Some(known) = self.lock().bundles.get(&bundle_id) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(loaded) = bundle::load(tx, bundle_id)?.map(Arc::new) else { return Ok(None) };
        self.lock().bundles.insert(bundle_id, Arc::clone(&loaded));
        Ok(Some(loaded))
    }

    /// Looks at everything known again: what has changed is read, what is gone goes.
    pub fn refresh(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (tariffs, products) = {
            let known = self.lock();
            (known.tariffs.iter().map(|(id, tariff)| (*id, tariff.rates_version)).collect::<Vec<_>>(), known.products.clone())
        };
        let versions = if tariffs.is_empty() { HashMap::new() } else { tariff::rates_versions(tx)? };
        for (tariff_id, known) in tariffs {
            if versions.get(&tariff_id) != Some(&known) {
                self.tariff(tx, tariff_id)?;
            }
        }
        self.refresh_bundles(tx)?;
        if products.is_empty() {
            return Ok(());
        }
        let versions = product::versions(tx)?;
        let changed = products.values().filter(|known| versions.get(&known.product_id) != Some(&known.version));
        for product_id in changed.map(|known| known.product_id) {
            let found = product::load(tx, product_id)?;
            let mut known = self.lock();
            match found {
                Some(found) => known.products.insert(product_id, Arc::new(found)),
                None => known.products.remove(&product_id),
            };
            self.changed();
        }
        Ok(())
    }

    fn refresh_bundles(&self, tx: &mut Tx<'_>) -> Result<()> {
        let bundles = self.lock().bundles.clone();
        if bundles.is_empty() {
            return Ok(());
        }
        let versions = bundle::versions(tx)?;
        let changed = bundles.values().filter(|known| versions.get(&known.bundle_id) != Some(&known.version));
        for bundle_id in changed.map(|known| known.bundle_id) {
            let found = bundle::load(tx, bundle_id)?;
            let mut known = self.lock();
            match found {
                Some(found) => known.bundles.insert(bundle_id, Arc::new(found)),
                None => known.bundles.remove(&bundle_id),
            };
            self.changed();
        }
        Ok(())
    }
}
