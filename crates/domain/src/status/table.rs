//! Owns the one table of customer statuses: rank, words, icon and what each permits.
//! Does not own: which of them hold (mod.rs).

use super::permits::{CallsIn, CallsOut, Data, Messages, PeriodClose, Permits, SelfCare, UsageCharges};

/// Every status a customer can be in, in the order in which one is shown before the others (docs/domain.md, Status order).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CustomerStatus {
    Closed,
    Exported,
    Blocked,
    ResellerBlocked,
    BillingPaused,
    Suspended,
    ResellerSuspended,
    ProvisionallyTerminated,
    ResellerProvisionallyTerminated,
    Limited,
    LimitingDelayed,
    CreditExceeded,
    NoAvailableFunds,
    SpendingLimitReached,
    SuspensionDelayed,
    Frozen,
    Active,
}

/// How strongly a status speaks. Red stops service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Grey,
    Blue,
    Red,
    Amber,
    Orange,
    None,
}

impl Tone {
    pub const fn code(self) -> &'static str {
        match self {
            Tone::Grey => "grey",
            Tone::Blue => "blue",
            Tone::Red => "red",
            Tone::Amber => "amber",
            Tone::Orange => "orange",
            Tone::None => "none",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusRow {
    pub status: CustomerStatus,
    /// The word of the APIs.
    pub code: &'static str,
    pub label: &'static str,
    /// Name of the shape; empty for active, which has no icon.
    pub icon: &'static str,
    pub tone: Tone,
    pub outlined: bool,
    /// What it means, in a line.
    pub meaning: &'static str,
    /// What ends it, in a line.
    pub ending: &'static str,
    pub permits: Permits,
}

const ALL: Permits = Permits {
    calls_out: CallsOut::Full,
    calls_in: CallsIn::Full,
    emergency: true,
    self_care: SelfCare::Full,
    usage_charges: UsageCharges::All,
    subscription_fees: true,
    did_fees: true,
    period_close: PeriodClose::Yes,
    data: Data::Full,
    messages: Messages::Full,
};

const NOTHING: Permits = Permits {
    calls_out: CallsOut::None,
    calls_in: CallsIn::None,
    emergency: false,
    self_care: SelfCare::None,
    usage_charges: UsageCharges::None,
    subscription_fees: false,
    did_fees: false,
    period_close: PeriodClose::No,
    data: Data::None,
    messages: Messages::None,
};

/// No service, but fees go on and the period closes.
const BLOCKED: Permits = Permits { emergency: true, subscription_fees: true, did_fees: true, period_close: PeriodClose::Yes, ..NOTHING };

const SUSPENDED: Permits = Permits { calls_out: CallsOut::EmergencyOnly, self_care: SelfCare::Full, ..BLOCKED };

const PROVISIONALLY_TERMINATED: Permits = Permits { self_care: SelfCare::PayOnly, period_close: PeriodClose::FinalOnly, ..NOTHING };

/// Only what costs nothing stays usable.
const EXHAUSTED: Permits = Permits {
    calls_out: CallsOut::FreeOnly,
    calls_in: CallsIn::FreeOnly,
    usage_charges: UsageCharges::FreeOnly,
    data: Data::None,
    messages: Messages::FreeOnly,
    ..ALL
};

impl CustomerStatus {
    /// The table, by rank.
    pub const TABLE: [StatusRow; 17] = [
        StatusRow {
            status: CustomerStatus::Closed,
            code: "closed",
            label: "Closed",
            icon: "closed",
            tone: Tone::Grey,
            outlined: false,
            meaning: "Permanently terminated and kept for the record only: nothing can be done with it any more.",
            ending: "It never ends.",
            permits: NOTHING,
        },
        StatusRow {
            status: CustomerStatus::Exported,
            code: "exported",
            label: "Exported",
            icon: "exported",
            tone: Tone::Grey,
            outlined: false,
            meaning: "Moved to another installation and not operational here; its data is kept for audit.",
            ending: "Ends when the move is taken back.",
            permits: Permits { self_care: SelfCare::ReadOnly, ..NOTHING },
        },
        StatusRow {
            status: CustomerStatus::Blocked,
            code: "blocked",
            label: "Blocked",
            icon: "blocked",
            tone: Tone::Red,
            outlined: false,
            meaning: "Staff have blocked all services and self-care; subscription and number fees go on.",
            ending: "Ends when staff unblock it.",
            permits: BLOCKED,
        },
        StatusRow {
            status: CustomerStatus::ResellerBlocked,
            code: "reseller_blocked",
            label: "Reseller blocked",
            icon: "reseller_blocked",
            tone: Tone::Red,
            outlined: false,
            meaning: "The reseller is blocked, and its customers with it.",
            ending: "Ends when the reseller is unblocked.",
            permits: BLOCKED,
        },
        StatusRow {
            status: CustomerStatus::BillingPaused,
            code: "billing_paused",
            label: "Export in progress (billing paused)",
            icon: "export_in_progress",
            tone: Tone::Blue,
            outlined: false,
            meaning: "Being moved to another installation: services work, billing rests.",
            ending: "Ends with the move; if that fails, all is as it was before.",
            permits: Permits { subscription_fees: false, did_fees: false, period_close: PeriodClose::No, ..ALL },
        },
        StatusRow {
            status: CustomerStatus::Suspended,
            code: "suspended",
            label: "Suspended",
            icon: "suspended",
            tone: Tone::Red,
            outlined: false,
            meaning: "Services rest because of an overdue invoice or too little funds for the fees.",
            ending: "A payment that covers what is open ends it at once.",
            permits: SUSPENDED,
        },
        StatusRow {
            status: CustomerStatus::ResellerSuspended,
            code: "reseller_suspended",
            label: "Reseller suspended",
            icon: "reseller_suspended",
            tone: Tone::Red,
            outlined: false,
            meaning: "The reseller is suspended, and its customers with it.",
            ending: "Ends when the reseller has paid.",
            permits: SUSPENDED,
        },
        StatusRow {
            status: CustomerStatus::ProvisionallyTerminated,
            code: "provisionally_terminated",
            label: "Provisionally terminated",
            icon: "provisionally_terminated",
            tone: Tone::Red,
            outlined: false,
            meaning: "All services have stopped; a last invoice is still made.",
            ending: "Closes by itself on its date unless staff restore it before.",
            permits: PROVISIONALLY_TERMINATED,
        },
        StatusRow {
            status: CustomerStatus::ResellerProvisionallyTerminated,
            code: "reseller_provisionally_terminated",
            label: "Reseller provisionally terminated",
            icon: "reseller_provisionally_terminated",
            tone: Tone::Red,
            outlined: false,
            meaning: "The reseller is provisionally terminated, and its customers with it.",
            ending: "Ends when the reseller is restored.",
            permits: PROVISIONALLY_TERMINATED,
        },
        StatusRow {
            status: CustomerStatus::Limited,
            code: "limited",
            label: "Service limited",
            icon: "limited",
            tone: Tone::Amber,
            outlined: false,
            meaning: "Less service, such as lower speed, because of an overdue invoice; incoming and emergency calls work.",
            ending: "Ends with payment.",
            permits: Permits { calls_out: CallsOut::EmergencyOnly, data: Data::LimitedSpeed, messages: Messages::FreeOnly, ..ALL },
        },
        StatusRow {
            status: CustomerStatus::LimitingDelayed,
            code: "limiting_delayed",
            label: "Service limitation delayed",
            icon: "lifted_limitation",
            tone: Tone::Amber,
            outlined: true,
            meaning: "Staff have put the limitation off until a date: full service until then.",
            ending: "Ends with payment; otherwise it limits again on that date.",
            permits: ALL,
        },
        StatusRow {
            status: CustomerStatus::CreditExceeded,
            code: "credit_exceeded",
            label: "Credit exceeded",
            icon: "credit_exceeded",
            tone: Tone::Orange,
            outlined: false,
            meaning: "The balance has reached the credit limit: only free services work.",
            ending: "Ends when the balance falls below the limit, or the limit is raised.",
            permits: EXHAUSTED,
        },
        StatusRow {
            status: CustomerStatus::NoAvailableFunds,
            code: "no_available_funds",
            label: "No available funds",
            icon: "no_available_funds",
            tone: Tone::Orange,
            outlined: false,
            meaning: "The prepaid funds are used up: only free services work.",
            ending: "Ends with the next payment or credit.",
            permits: EXHAUSTED,
        },
        StatusRow {
            status: CustomerStatus::SpendingLimitReached,
            code: "spending_limit_reached",
            label: "Spending limit reached",
            icon: "spending_limit_reached",
            tone: Tone::Orange,
            outlined: true,
            meaning: "The day's spending has reached its limit: no new paid sessions.",
            ending: "Renewed at 00:00:00 in the customer's time zone.",
            permits: Permits { calls_out: CallsOut::EmergencyOnly, data: Data::None, messages: Messages::FreeOnly, ..ALL },
        },
        StatusRow {
            status: CustomerStatus::SuspensionDelayed,
            code: "suspension_delayed",
            label: "Suspension lifted",
            icon: "lifted_suspension",
            tone: Tone::Amber,
            outlined: true,
            meaning: "Staff have lifted the suspension until a date: full service until then.",
            ending: "Ends with payment; otherwise it suspends again on that date.",
            permits: ALL,
        },
        StatusRow {
            status: CustomerStatus::Frozen,
            code: "frozen",
            label: "Payment frozen",
            icon: "frozen",
            tone: Tone::Blue,
            outlined: false,
            meaning: "Automatic payment rests after repeated errors; services and payment by hand work.",
            ending: "Ends with a working means of payment.",
            permits: ALL,
        },
        StatusRow {
            status: CustomerStatus::Active,
            code: "active",
            label: "Active",
            icon: "",
            tone: Tone::None,
            outlined: false,
            meaning: "All services work.",
            ending: "Lasts until something else holds.",
            permits: ALL,
        },
    ];

    /// The status's row. The table lies in the order of the enum, which a test holds.
    pub fn row(self) -> &'static StatusRow {
        static TABLE: [StatusRow; 17] = CustomerStatus::TABLE;
        &TABLE[self.rank()]
    }

    /// 0 is shown before everything else; active is last.
    pub const fn rank(self) -> usize {
        match self {
            CustomerStatus::Closed => 0,
            CustomerStatus::Exported => 1,
            CustomerStatus::Blocked => 2,
            CustomerStatus::ResellerBlocked => 3,
            CustomerStatus::BillingPaused => 4,
            CustomerStatus::Suspended => 5,
            CustomerStatus::ResellerSuspended => 6,
            CustomerStatus::ProvisionallyTerminated => 7,
            CustomerStatus::ResellerProvisionallyTerminated => 8,
            CustomerStatus::Limited => 9,
            CustomerStatus::LimitingDelayed => 10,
            CustomerStatus::CreditExceeded => 11,
            CustomerStatus::NoAvailableFunds => 12,
            CustomerStatus::SpendingLimitReached => 13,
            CustomerStatus::SuspensionDelayed => 14,
            CustomerStatus::Frozen => 15,
            CustomerStatus::Active => 16,
        }
    }

    /// The number that storage sorts by. It leaves room between neighbours, so that a new status moves no stored one.
    pub const fn order(self) -> i64 {
        match self {
            CustomerStatus::Closed => 100,
            CustomerStatus::Exported => 200,
            CustomerStatus::Blocked => 300,
            CustomerStatus::ResellerBlocked => 400,
            CustomerStatus::BillingPaused => 500,
            CustomerStatus::Suspended => 600,
            CustomerStatus::ResellerSuspended => 700,
            CustomerStatus::ProvisionallyTerminated => 800,
            CustomerStatus::ResellerProvisionallyTerminated => 900,
            CustomerStatus::Limited => 1000,
            CustomerStatus::LimitingDelayed => 1100,
            CustomerStatus::CreditExceeded => 1200,
            CustomerStatus::NoAvailableFunds => 1300,
            CustomerStatus::SpendingLimitReached => 1400,
            CustomerStatus::SuspensionDelayed => 1500,
            CustomerStatus::Frozen => 1600,
            CustomerStatus::Active => 1700,
        }
    }

    pub fn from_order(order: i64) -> Option<CustomerStatus> {
        CustomerStatus::TABLE.into_iter().map(|row| row.status).find(|status| status.order() == order)
    }

    pub fn code(self) -> &'static str {
        self.row().code
    }

    pub fn label(self) -> &'static str {
        self.row().label
    }

    pub fn parse(code: &str) -> Option<CustomerStatus> {
        CustomerStatus::TABLE.into_iter().find(|row| row.code == code).map(|row| row.status)
    }
}
