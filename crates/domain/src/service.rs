//! Owns what can be used and is charged by its amount: the services, their units and what a price is for.
//! Does not own: what usage costs (rating) and names under which a carrier sells a service.

/// A kind of usage. Units are whole; what a network reports in smaller ones is rounded up to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// In seconds; prices are a minute's.
    Voice,
    /// In messages.
    Message,
    /// In kilobytes of 1,024 bytes; prices are a megabyte's.
    Data,
}

impl Service {
    pub const ALL: [Service; 3] = [Service::Voice, Service::Message, Service::Data];

    pub const fn code(self) -> &'static str {
        match self {
            Service::Voice => "voice",
            Service::Message => "message",
            Service::Data => "data",
        }
    }

    pub fn parse(code: &str) -> Option<Service> {
        Service::ALL.into_iter().find(|service| service.code() == code)
    }

    /// What one unit is called.
    pub const fn unit(self) -> &'static str {
        match self {
            Service::Voice => "second",
            Service::Message => "message",
            Service::Data => "kilobyte",
        }
    }

    /// What a price is for.
    pub const fn priced_unit(self) -> &'static str {
        match self {
            Service::Voice => "minute",
            Service::Message => "message",
            Service::Data => "megabyte",
        }
    }

    /// Units that a price is for.
    pub const fn price_units(self) -> u64 {
        match self {
            Service::Voice => 60,
            Service::Message => 1,
            Service::Data => 1_024,
        }
    }
}
