//! Owns the demo's inventory of DID numbers: some ring at accounts, some wait at customers, one in twenty is kept back.
//! Does not own: what may be done with a number (usecase).

use std::sync::Arc;

use trunkline_domain::id::Id;
use trunkline_domain::money::Money;
use trunkline_usecase::did::{self, DidHolder, DidNew};
use trunkline_usecase::{App, Context};

use crate::Failure;

/// North America's 555-0100 to 555-0199 are kept for fiction, in every area.
const AREAS: [(&str, &str); 3] = [("202", "Washington"), ("312", "Chicago"), ("415", "San Francisco")];
const NUMBERS_PER_AREA: usize = 40;

/// `holders` are accounts with their customers, to whom nothing has happened.
pub fn fill(app: &Arc<App>, holders: &[(Id, Id)]) -> Result<(), Failure> {
    let context = Context::system();
    let mut holders = holders.iter();
    for (number, (area, city)) in (0..NUMBERS_PER_AREA).flat_map(|number| AREAS.map(|area| (number, area))) {
        let new = DidNew {
            number: format!("1{area}55501{number:02}"),
            description: Some(city.to_owned()),
            is_frozen: number % 20 == 19,
            is_free_of_charge: number % 10 == 9,
            activation_fee: Money::from_units(5).unwrap_or_default(),
            periodic_fee: Money::from_millionths(1_500_000),
        };
        let did_id = did::create(app, &context, new, |view| view.did.did_id.to_string()).wait()??;
        let did_id: Id = did_id.parse().map_err(|_| Failure::Unusable("a number has no id".into()))?;
        let holder = match number % 4 {
            0 => holders.next().map(|(_, account_id)| DidHolder::Account(*account_id)),
            1 if number % 8 == 1 => holders.next().map(|(customer_id, _)| DidHolder::Customer(*customer_id)),
            _ => None,
        };
        if let Some(holder) = holder {
            did::assign(app, &context, did_id, holder, |_| String::new()).wait()??;
        }
    }
    Ok(())
}
