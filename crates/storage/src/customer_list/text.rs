//! Owns the texts by which customers are searched: a column a field, and on SQLite the trigrams beside them.
//! Does not own: which texts a field has (domain/search.rs), and the conditions of a search (filter.rs).

use trunkline_domain::customer::Customer;
use trunkline_domain::id::Id;
use trunkline_domain::search::SearchField;

use crate::engine::{Engine, Tx};
use crate::error::Result;
use crate::row::Value;

/// Each text of a field stands between these, so that one look for a part of the column tells its start and its end as well.
pub const START: char = '\u{2}';
pub const END: char = '\u{3}';

const COLUMNS: &str = "name, company, contact, email, phone, login, address, reference";
const FIELDS: usize = SearchField::ALL.len();

/// The searched texts of a customer, marked, in the order of `SearchField::ALL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchTexts {
    pub customer_id: Id,
    pub columns: [String; FIELDS],
}

impl SearchTexts {
    pub fn of(customer: &Customer) -> SearchTexts {
        SearchTexts { customer_id: customer.customer_id, columns: SearchField::ALL.map(|field| marked(&field.texts(customer))) }
    }

    fn values(&self) -> Vec<Value<'_>> {
        std::iter::once(Value::from(self.customer_id)).chain(self.columns.iter().map(Value::from)).collect()
    }
}

/// The texts of a field as its column holds them.
pub fn marked(texts: &[String]) -> String {
    texts.iter().map(|text| format!("{START}{text}{END}")).collect()
}

/// The first text of a column.
pub(super) fn first_of(column: &str) -> &str {
    column.trim_start_matches(START).split(END).next().unwrap_or("")
}

/// Adds the texts of new customers.
pub fn add_texts(tx: &mut Tx<'_>, texts: &[SearchTexts]) -> Result<()> {
    let values: Vec<Value<'_>> = texts.iter().flat_map(SearchTexts::values).collect();
    tx.insert_many(&format!("customer_text (customer_id, {COLUMNS})"), FIELDS + 1, &values, "", |_| Ok(()))?;
    if tx.engine() == Engine::Sqlite {
        tx.insert_many(&format!("customer_search (rowid, {COLUMNS})"), FIELDS + 1, &values, "", |_| Ok(()))?;
    }
    Ok(())
}

/// Writes the texts anew where they differ from what is stored.
pub fn save_texts(tx: &mut Tx<'_>, texts: &SearchTexts) -> Result<()> {
    if load_texts(tx, &[texts.customer_id])?.pop().as_ref() == Some(texts) {
        return Ok(());
    }
    delete_texts(tx, texts.customer_id)?;
    add_texts(tx, std::slice::from_ref(texts))
}

pub(super) fn delete_texts(tx: &mut Tx<'_>, customer_id: Id) -> Result<()> {
    tx.execute("delete from customer_text where customer_id = $1", &[customer_id.into()])?;
    if tx.engine() == Engine::Sqlite {
        tx.execute("delete from customer_search where rowid = $1", &[customer_id.into()])?;
    }
    Ok(())
}

/// The texts of these customers, in the order of their ids.
pub fn load_texts(tx: &mut Tx<'_>, customers: &[Id]) -> Result<Vec<SearchTexts>> {
    let text = format!("select customer_id, {COLUMNS} from customer_text where customer_id in ({{ids}})");
    let mut found = tx.query_by_ids(&text, customers, |row| {
        let mut columns: [String; FIELDS] = Default::default();
        for (index, column) in columns.iter_mut().enumerate() {
            *column = row.get(index + 1)?;
        }
        Ok(SearchTexts { customer_id: row.get(0)?, columns })
    })?;
    found.sort_by_key(|texts| texts.customer_id);
    found.dedup_by_key(|texts| texts.customer_id);
    Ok(found)
}
