//! Owns what the Customer list and its figures are asked for.
//! Does not own: what the conditions mean (usecase/customer/filter.rs), how answers are written (shape.rs).

use schemars::JsonSchema;
use serde::Deserialize;
use trunkline_usecase::customer::{AmountRange, CustomerFilter, ListRequest, MatchMode, TextSearch, TotalWanted};
use trunkline_usecase::domain::id::Id;
use trunkline_usecase::domain::money::Currency;
use trunkline_usecase::domain::search::SearchField;

use crate::error::Problem;
use crate::page::{page_wanted, rows_wanted};
use crate::value::{Amount, Moment};
use crate::word;

/// A query with the conditions of a filter among its parameters: they cannot be a part of their own, which would come as texts.
macro_rules! with_filter {
    ($(#[$doc:meta])* $name:ident { $($(#[$meta:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Default, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// A text, compared whatever its capitals and spaces.
            #[schemars(length(max = 100))]
            search: Option<String>,
            /// starts_with where left out; contains and ends_with need three characters.
            #[serde(rename = "match")]
            match_mode: Option<word::Match>,
            /// Where to search; name where left out. Any of the fields may match.
            #[serde(rename = "in")]
            fields: Option<word::SearchFields>,
            status: Option<word::Statuses>,
            balance_control: Option<word::BalanceControl>,
            /// ISO 4217.
            #[schemars(length(equal = 3))]
            currency: Option<String>,
            class_id: Option<Id>,
            /// A reseller's id, or `none`.
            #[schemars(regex(pattern = "^([0-9]{1,16}|none)$"))]
            reseller_id: Option<String>,
            #[serde(rename = "type")]
            customer_type: Option<word::CustomerType>,
            billing_period: Option<word::BillingPeriod>,
            /// Made at this moment or later.
            created_from: Option<Moment>,
            /// Made before this moment.
            created_before: Option<Moment>,
            /// Postpaid customers that owe this or more.
            balance_min: Option<Amount>,
            /// Postpaid customers that owe this or less.
            balance_max: Option<Amount>,
            /// Postpaid customers with this limit or a higher one; who is unlimited has none.
            credit_limit_min: Option<Amount>,
            /// Postpaid customers with this limit or a lower one.
            credit_limit_max: Option<Amount>,
            /// Prepaid customers that have this or more.
            available_funds_min: Option<Amount>,
            /// Prepaid customers that have this or less.
            available_funds_max: Option<Amount>,
            /// With an invoice that is overdue, or without one.
            overdue: Option<bool>,
            $($(#[$meta])* $field: $kind,)*
        }

        impl $name {
            fn filter(&self) -> Result<CustomerFilter, Problem> {
                let currency = self.currency.as_deref().map(|code| {
                    Currency::parse(code).map_err(|problem| Problem::field("currency", "unknown_currency", problem.to_string()))
                });
                let reseller_id = self.reseller_id.as_deref().map(|text| match text {
                    "none" => Ok(None),
                    number => number.parse().map(Some).map_err(|_| Problem::field("reseller_id", "malformed", "an id, or none")),
                });
                let search = self.search.as_ref().filter(|text| !text.is_empty()).map(|text| TextSearch {
                    text: text.clone(),
                    mode: self.match_mode.map_or(MatchMode::StartsWith, |mode| mode.0),
                    fields: self.fields.as_ref().map_or_else(|| vec![SearchField::Name], |fields| fields.0.clone()),
                });
                let range = |min: Option<Amount>, max: Option<Amount>| AmountRange { min: min.map(|min| min.0), max: max.map(|max| max.0) };
                Ok(CustomerFilter {
                    search,
                    statuses: self.status.as_ref().map(|statuses| statuses.0.clone()).unwrap_or_default(),
                    balance_control: self.balance_control.map(|control| control.0),
                    currency: currency.transpose()?,
                    customer_class_id: self.class_id,
                    reseller_id: reseller_id.transpose()?,
                    customer_type: self.customer_type.map(|kind| kind.0),
                    billing_period: self.billing_period.map(|period| period.0),
                    created_from: self.created_from.map(|from| from.0),
                    created_before: self.created_before.map(|before| before.0),
                    balance: range(self.balance_min, self.balance_max),
                    credit_limit: range(self.credit_limit_min, self.credit_limit_max),
                    available_funds: range(self.available_funds_min, self.available_funds_max),
                    overdue: self.overdue,
                })
            }
        }
    };
}

with_filter! {
    /// What the list is asked for. Everything given must hold.
    ListQuery {
        /// name where left out.
        sort: Option<word::CustomerSorts>,
        /// Rows of the page.
        #[schemars(range(min = 1, max = 250))]
        limit: Option<usize>,
        /// The page after this cursor.
        #[schemars(length(max = 2000))]
        after: Option<String>,
        /// The page before this cursor.
        #[schemars(length(max = 2000))]
        before: Option<String>,
        /// The last page.
        at: Option<word::At>,
        /// bounded where left out: exact up to 10,000.
        total: Option<word::Total>,
    }
}

with_filter! {
    /// Of which customers the figures are wanted. Everything given must hold.
    SummaryQuery {}
}

impl ListQuery {
    pub fn request(self) -> Result<ListRequest, Problem> {
        let filter = self.filter()?;
        let limit = rows_wanted(self.limit)?;
        Ok(ListRequest {
            filter,
            order: self.sort.map(|sorts| sorts.0).unwrap_or_default(),
            limit,
            page: page_wanted(self.after, self.before, self.at.is_some())?,
            total: self.total.map_or(TotalWanted::Bounded, |total| total.0),
            without_reasons: false,
        })
    }
}

impl SummaryQuery {
    pub fn wanted(&self) -> Result<CustomerFilter, Problem> {
        self.filter()
    }
}
