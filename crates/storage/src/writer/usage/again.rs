//! Owns pricing usage that was charged once more, by the products, tariffs and payers as they are now, and appending what comes of it.
//! Does not own: taking back what was charged first (correction.rs), and moving balances, which a job does by itself.

use trunkline_domain::bundle::Included;
use trunkline_domain::id::Id;
use trunkline_domain::session::{Passage, Proof, UsageRefusal, Wanted};
use trunkline_domain::status::StatusPolicy;
use trunkline_domain::time::Timestamp;

use super::decide::End;
use super::save::{load_catalogue, save_record};
use super::sqlite::load_account;
use super::way::Way;
use super::{Opening, Record, USAGE_IDS, Usage, UsageFailure, UsageRequest, Verb};
use crate::catalogue::Catalogue;
use crate::correction::Charged;
use crate::engine::Tx;
use crate::error::Result;
use crate::writer::hot::WorkingSet;
use crate::{bundle, customer};

/// What usage costs everybody who pays for it: the own record first, those of the resellers above behind it.
#[derive(Clone, Debug)]
pub struct Recharged {
    usage: Usage,
    pub records: Vec<Record>,
}

/// Prices the usage of an own xDR. It moves nothing. `is_failed`: it ended for a cause that is not
/// charged. `lineage`: its customer and the resellers above, who are locked where it is to be
/// posted.
pub fn price_again(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    policy: &StatusPolicy,
    charged: &Charged,
    is_failed: bool,
    lineage: &[Id],
    ids: [Id; USAGE_IDS],
    now: Timestamp,
) -> Result<std::result::Result<Recharged, UsageFailure>> {
    let Some(of) = charged.usage() else { return Ok(Err(UsageRefusal::UnknownSession.into())) };
    let opening = Opening {
        service: of.service,
        direction: of.direction,
        cli: charged.cli.clone(),
        cld: of.cld.to_owned(),
        is_emergency: false,
        wanted: Wanted { slice_units: None, units_max: of.units },
        proof: Proof::Vouched,
    };
    // The account is known; the name under which the working set finds it does not matter.
    let identity_key = Some(of.key.to_owned());
    let request =
        UsageRequest { key: of.key.to_owned(), identity_key, verb: Verb::Expire { opened_before: None }, now, ids, interim_seconds: None };
    let mut set = WorkingSet::default();
    load_account(tx, &mut set, charged.customer_id, of.account_id)?;
    set.identities.insert(of.key.to_owned(), (charged.customer_id, of.account_id));
    for row in customer::load_hot(tx, lineage)? {
        set.rows.insert(row.facts.customer_id, row);
    }
    load_catalogue(tx, &mut set, catalogue, &[&request])?;
    let end =
        End { started_at: Some(charged.started_at), ended_at: charged.ended_at, units: of.units, cause: charged.cause.clone(), is_failed };
    let priced = (|| {
        let rated = set.rated(set.account(of.key)?, &opening, of.rated_at, of.units)?;
        let (customer_id, account_id) = (charged.customer_id, of.account_id);
        // What bundles covered they cover again, and nothing besides.
        let across = set.included(account_id, opening.service, opening.direction, &opening.cld, of.rated_at, &[]).across;
        let included = Included::again(&charged.taken, across);
        let way = Way { rated, included, ..Way::free(customer_id, account_id, Passage::Any) };
        set.charge(&request, &opening, &way, &end, of.rated_at, None, policy)
    })();
    Ok(priced.and_then(|(decided, _)| {
        let usage = decided.usage.ok_or(UsageRefusal::UnknownSession)?;
        Ok(Recharged { usage, records: decided.records })
    }))
}

/// Appends it, as another charge that refers to the one that was taken back.
pub fn append_again(tx: &mut Tx<'_>, recharged: &Recharged, original_id: Id, now: Timestamp) -> Result<()> {
    for (place, record) in recharged.records.iter().enumerate() {
        let refers_to = (place == 0).then_some(original_id);
        save_record(tx, &Record { refers_to, ..record.clone() }, &recharged.usage, now)?;
        if let Some(account_id) = record.account_id {
            bundle::take(tx, record.customer_id, account_id, &record.taken)?;
        }
    }
    Ok(())
}
