//! Owns the SQL of NASes: switches and access servers that ask over RADIUS.
//! Does not own: which of them a packet comes from (domain).

use serde_json::from_str;
use trunkline_domain::id::Id;
use trunkline_domain::name::name_key;
use trunkline_domain::nas::{Nas, Network};
use trunkline_domain::secret::Secret;

use crate::customer_class::Saved;
use crate::engine::Tx;
use crate::error::{Result, StorageError};
use crate::row::Row;
use crate::values;

const COLUMNS: &str = "nas_id, name, network, identifier, secret, reauthorizes, interim_interval_seconds, message_authenticator_required, \
     reply_template, dynamic_authorization_port, created_at, changed_at, version";

fn read(row: &Row<'_>) -> Result<Nas> {
    let network: String = row.get(2)?;
    let identifier: String = row.get(3)?;
    let secret: String = row.get(4)?;
    let reply_template: Option<String> = row.get(8)?;
    let port: Option<i64> = row.get(9)?;
    Ok(Nas {
        nas_id: row.get(0)?,
        name: row.get(1)?,
        network: Network::parse(&network).map_err(StorageError::unreadable)?,
        identifier: Some(identifier).filter(|identifier| !identifier.is_empty()),
        secret: Secret::new(secret),
        reauthorizes: row.get(5)?,
        interim_interval_seconds: row.get(6)?,
        message_authenticator_required: row.get(7)?,
        reply_template: reply_template.map(|text| from_str(&text).map_err(StorageError::unreadable)).transpose()?,
        dynamic_authorization_port: port.map(|port| u16::try_from(port).map_err(StorageError::unreadable)).transpose()?,
        created_at: row.get(10)?,
        changed_at: row.get(11)?,
        version: row.get(12)?,
    })
}

/// All of them by name. They are few: a catalogue.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Nas>> {
    tx.query(&format!("select {COLUMNS} from nas order by name_key"), &[], read)
}

pub fn load(tx: &mut Tx<'_>, nas_id: Id) -> Result<Option<Nas>> {
    tx.query_first(&format!("select {COLUMNS} from nas where nas_id = $1"), values![nas_id], read)
}

pub fn count(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(tx.query_first("select count(*) from nas", &[], |row| row.get(0))?.unwrap_or(0))
}

/// What of a NAS another one has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Name,
    /// Its network together with its identifier.
    Place,
}

/// What another NAS has of what this one is to have.
pub fn taken(tx: &mut Tx<'_>, nas: &Nas) -> Result<Option<Taken>> {
    let (key, network) = (name_key(&nas.name), nas.network.to_string());
    let identifier = nas.identifier.as_deref().unwrap_or_default();
    let others = tx.query(
        "select name_key from nas where nas_id <> $1 and (name_key = $2 or (network = $3 and identifier = $4))",
        values![nas.nas_id, &key, &network, identifier],
        |row| row.get::<String>(0),
    )?;
    let has_name = others.contains(&key);
    Ok(if has_name { Some(Taken::Name) } else { others.first().map(|_| Taken::Place) })
}

fn template(nas: &Nas) -> Option<String> {
    nas.reply_template.as_ref().map(|lines| serde_json::Value::from(lines.as_slice()).to_string())
}

/// Adds a NAS. False: another has its name, or its network and identifier.
pub fn add(tx: &mut Tx<'_>, nas: &Nas) -> Result<bool> {
    let (key, network, template) = (name_key(&nas.name), nas.network.to_string(), template(nas));
    let made = tx.execute(
        "insert into nas (nas_id, name, name_key, network, identifier, secret, reauthorizes, interim_interval_seconds, \
         message_authenticator_required, reply_template, dynamic_authorization_port, created_at, changed_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing",
        values![
            nas.nas_id,
            &nas.name,
            &key,
            &network,
            nas.identifier.as_deref().unwrap_or_default(),
            nas.secret.exposed(),
            nas.reauthorizes,
            nas.interim_interval_seconds,
            nas.message_authenticator_required,
            &template,
            nas.dynamic_authorization_port.map(i64::from),
            nas.created_at,
            nas.changed_at,
            nas.version
        ],
    )?;
    Ok(made == 1)
}

/// Writes the NAS anew if its version is still the one before.
pub fn save(tx: &mut Tx<'_>, nas: &Nas) -> Result<Saved> {
    let (key, network, template) = (name_key(&nas.name), nas.network.to_string(), template(nas));
    let changed = tx.execute(
        "update nas set name = $2, name_key = $3, network = $4, identifier = $5, secret = $6, reauthorizes = $7, \
         interim_interval_seconds = $8, message_authenticator_required = $9, reply_template = $10, dynamic_authorization_port = $11, \
         changed_at = $12, version = $13 where nas_id = $1 and version = $14",
        values![
            nas.nas_id,
            &nas.name,
            &key,
            &network,
            nas.identifier.as_deref().unwrap_or_default(),
            nas.secret.exposed(),
            nas.reauthorizes,
            nas.interim_interval_seconds,
            nas.message_authenticator_required,
            &template,
            nas.dynamic_authorization_port.map(i64::from),
            nas.changed_at,
            nas.version,
            nas.version - 1
        ],
    );
    Saved::of(changed)
}

pub fn delete(tx: &mut Tx<'_>, nas_id: Id) -> Result<()> {
    tx.execute("delete from nas where nas_id = $1", values![nas_id])?;
    Ok(())
}
