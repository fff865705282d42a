//! Owns the query of the list of accounts, of its figures and of its file.
//! Does not own: what a filter means (usecase), and the answers (mod.rs, summary.rs).

use schemars::JsonSchema;
use serde::Deserialize;
use trunkline_usecase::account::{AccountListRequest, AccountSort, BATCH_CHARACTERS_MAX};
use trunkline_usecase::domain::id::Id;

use crate::error::Problem;
use crate::page::{page_wanted, rows_wanted};
use crate::word::{self, Shown};

/// A query with the filter of the list of accounts and fields of its own; unknown ones are refused, which rules out nesting.
macro_rules! with_filter {
    ($(#[$doc:meta])* $name:ident { $($(#[$meta:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Default, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            customer_id: Option<Id>,
            /// An identity, or a part of one.
            #[schemars(length(max = 128))]
            search: Option<String>,
            /// starts_with where left out. `contains` and `ends_with` need 3 characters.
            #[serde(rename = "match")]
            match_mode: Option<word::Match>,
            /// not_closed where left out.
            state: Option<word::AccountStateFilter>,
            /// Looked at for it, and refused beyond 10,000 accounts that the other conditions leave.
            status: Option<word::AccountStatuses>,
            model: Option<word::AccountModel>,
            #[schemars(length(max = 64))]
            batch: Option<String>,
            $($(#[$meta])* $field: $kind,)*
        }

        impl $name {
            /// The filter, as a request for the first page.
            fn filter(&mut self) -> Result<AccountListRequest, Problem> {
                let (state, not_closed) = match self.state.take().map_or(Shown::NotClosed, |state| state.0) {
                    Shown::Only(state) => (Some(state), false),
                    Shown::NotClosed => (None, true),
                    Shown::Any => (None, false),
                };
                if self.batch.as_ref().is_some_and(|batch| batch.chars().count() > BATCH_CHARACTERS_MAX) {
                    return Err(Problem::field("batch", "too_long", format!("at most {BATCH_CHARACTERS_MAX} characters")));
                }
                Ok(AccountListRequest {
                    customer_id: self.customer_id,
                    identity: self.search.take(),
                    mode: self.match_mode.take().map(|mode| mode.0),
                    state,
                    not_closed,
                    statuses: self.status.take().map(|statuses| statuses.0).unwrap_or_default(),
                    model: self.model.take().map(|model| model.0),
                    batch: self.batch.take(),
                    ..AccountListRequest::default()
                })
            }
        }
    };
}

with_filter! {
    /// What the list is asked for. Everything given must hold.
    ListQuery {
        /// identity where left out. The others are refused beyond 10,000 accounts.
        sort: Option<word::AccountSort>,
        #[schemars(range(min = 1, max = 250))]
        limit: Option<usize>,
        #[schemars(length(max = 2000))]
        after: Option<String>,
        #[schemars(length(max = 2000))]
        before: Option<String>,
        /// The last page.
        at: Option<word::At>,
        /// bounded where left out: exact up to 10,000.
        total: Option<word::BoundedTotal>,
    }
}

with_filter! {
    /// Of which accounts the figures are wanted. Everything given must hold.
    SummaryQuery {}
}

impl ListQuery {
    pub fn request(mut self) -> Result<AccountListRequest, Problem> {
        let filter = self.filter()?;
        let limit = rows_wanted(self.limit)?;
        let (sort, descending) = self.sort.map_or((AccountSort::Identity, false), |sort| sort.0);
        Ok(AccountListRequest {
            sort,
            descending,
            limit,
            page: page_wanted(self.after, self.before, self.at.is_some())?,
            with_total: self.total.is_none_or(|total| total.0),
            ..filter
        })
    }
}

impl SummaryQuery {
    pub fn request(mut self) -> Result<AccountListRequest, Problem> {
        self.filter()
    }
}
