//! Owns the numbers and names that services have here.
//! Does not own: what a service is (domain/service.rs).

use crate::reply::Object;

/// A service by our code: its number and its name. 3 is the vendor's; for the others public samples show none that is the same everywhere.
const SERVICES: [(&str, i64, &str); 6] = [
    ("adjustments", 1, "Credits / Adjustments"),
    ("payments", 2, "Payments"),
    ("voice", 3, "Voice Calls"),
    ("promotions", 5, "Credits / Promotions"),
    ("message", 6, "Messaging"),
    ("data", 7, "Data"),
];

/// The number of a service.
pub fn number(code: &str) -> Option<i64> {
    SERVICES.iter().find(|(ours, _, _)| *ours == code).map(|(_, number, _)| *number)
}

/// Writes which service it is.
pub fn write(out: &mut Object, code: &str) {
    out.int_or_null("i_service", number(code));
    let name = SERVICES.iter().find(|(ours, _, _)| *ours == code).map_or(code, |(_, _, name)| *name);
    out.text("service", name);
}
