//! Owns which lists can have saved views, and how many and how large these may be.
//! Does not own: what a view's text means to a page, and who sees one (usecase).

use crate::staff::Permission;

/// Views that one member of staff keeps, at the most.
pub const VIEWS_PER_PERSON_MAX: i64 = 100;
/// Shared views of one list among staff who see each other's, at the most.
pub const VIEWS_SHARED_MAX: i64 = 200;
/// Longest text of filters, sort and search, in characters.
pub const QUERY_CHARACTERS_MAX: usize = 4_000;
/// Longest description of columns, in bytes of JSON.
pub const COLUMNS_BYTES_MAX: usize = 8 * 1024;

/// A list of which views are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SavedList {
    Customers,
    Accounts,
    Xdrs,
    Resellers,
    Classes,
    Products,
    Tariffs,
    Dids,
    Nases,
    Sessions,
}

impl SavedList {
    pub const ALL: [SavedList; 10] = [
        SavedList::Customers,
        SavedList::Accounts,
        SavedList::Xdrs,
        SavedList::Resellers,
        SavedList::Classes,
        SavedList::Products,
        SavedList::Tariffs,
        SavedList::Dids,
        SavedList::Nases,
        SavedList::Sessions,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            SavedList::Customers => "customers",
            SavedList::Accounts => "accounts",
            SavedList::Xdrs => "xdrs",
            SavedList::Resellers => "resellers",
            SavedList::Classes => "classes",
            SavedList::Products => "products",
            SavedList::Tariffs => "tariffs",
            SavedList::Dids => "dids",
            SavedList::Nases => "nas",
            SavedList::Sessions => "sessions",
        }
    }

    pub fn parse(code: &str) -> Option<SavedList> {
        SavedList::ALL.into_iter().find(|list| list.code() == code)
    }

    /// Whoever may read the list may keep views of it.
    pub const fn permission(self) -> Permission {
        match self {
            SavedList::Customers | SavedList::Resellers => Permission::CustomerRead,
            SavedList::Accounts => Permission::AccountRead,
            SavedList::Xdrs => Permission::XdrRead,
            SavedList::Classes => Permission::CustomerClassRead,
            SavedList::Products => Permission::ProductRead,
            SavedList::Tariffs => Permission::TariffRead,
            SavedList::Dids => Permission::DidRead,
            SavedList::Nases => Permission::NasRead,
            SavedList::Sessions => Permission::SessionRead,
        }
    }
}
