//! Owns what a status can permit, and how the permissions of several conditions combine: the most restrictive wins.
//! Does not own: which status permits what (table.rs).
//!
//! Every scale runs from the most to the least restrictive, so that the lesser value wins.

/// An enum with the word of the APIs for each value, and the list of them; explanation.rs has one too.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($value:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($value),+ }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$value),+];

            pub const fn code(self) -> &'static str {
                match self { $($name::$value => $code),+ }
            }
        }
    };
}

words! {
    /// Calls the customer makes.
    CallsOut { None = "none", EmergencyOnly = "emergency_only", FreeOnly = "free_only", Full = "full" }
}
words! {
    /// Calls the customer gets.
    CallsIn { None = "none", FreeOnly = "free_only", Full = "full" }
}
words! {
    SelfCare { None = "none", ReadOnly = "read_only", PayOnly = "pay_only", Full = "full" }
}
words! {
    UsageCharges { None = "none", FreeOnly = "free_only", All = "all" }
}
words! {
    /// Closing of the billing period. `FinalOnly`: one last invoice, up to the day before the termination.
    PeriodClose { No = "no", FinalOnly = "final_only", Yes = "yes" }
}
words! {
    Data { None = "none", LimitedSpeed = "limited_speed", Full = "full" }
}
words! {
    Messages { None = "none", FreeOnly = "free_only", Full = "full" }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permits {
    pub calls_out: CallsOut,
    pub calls_in: CallsIn,
    pub emergency: bool,
    pub self_care: SelfCare,
    pub usage_charges: UsageCharges,
    pub subscription_fees: bool,
    pub did_fees: bool,
    pub period_close: PeriodClose,
    pub data: Data,
    pub messages: Messages,
}

impl Permits {
    /// What both permit.
    pub fn and(self, other: Permits) -> Permits {
        Permits {
            calls_out: self.calls_out.min(other.calls_out),
            calls_in: self.calls_in.min(other.calls_in),
            emergency: self.emergency && other.emergency,
            self_care: self.self_care.min(other.self_care),
            usage_charges: self.usage_charges.min(other.usage_charges),
            subscription_fees: self.subscription_fees && other.subscription_fees,
            did_fees: self.did_fees && other.did_fees,
            period_close: self.period_close.min(other.period_close),
            data: self.data.min(other.data),
            messages: self.messages.min(other.messages),
        }
    }
}
