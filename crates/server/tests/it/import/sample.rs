//! The files of samples/, loaded as they are.

use super::{classes, done};
use crate::world::World;

on_both! {
    fn the_samples_load_in_the_order_of_the_tutorial(world: &World) {
        for name in ["classes.csv", "customers.csv", "accounts.csv"] {
            let sample = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples").join(name);
            world.file(name, std::fs::read(sample).unwrap());
        }
        assert_eq!(world.run(&["import", "classes", "classes.csv"]).timeless(), done("imported 6 classes from classes.csv in _ s\n"));
        assert_eq!(world.run(&["import", "customers", "customers.csv"]).timeless(), done("imported 28 customers from customers.csv in _ s\n"));
        assert_eq!(world.run(&["import", "accounts", "accounts.csv"]).timeless(), done("imported 35 accounts from accounts.csv in _ s\n"));
        assert_eq!(world.must(&["check"]), "checked 28 customers: everything stored is as derived\n");

        let rows = world.texts(
            "select c.name || '|' || c.customer_type || '|' || coalesce(r.name, '') || '|' || k.name || '|' || c.balance_control || '|' || \
             c.currency || '|' || cast(c.opening_balance as text) || '|' || coalesce(cast(c.credit_limit as text), '') || '|' || c.time_zone \
             || '|' || c.billing_period from customer c join customer_class k on k.customer_class_id = c.customer_class_id \
             left join customer r on r.customer_id = c.reseller_id where c.name in ('Aurelia Quinn', '株式会社青鷺', 'Talofa Sails', \
             'شركة الصقر الأزرق', 'Reef & Ridge') order by c.customer_id",
        );
        assert_eq!(
            rows,
            [
                "شركة الصقر الأزرق|reseller||Resellers|postpaid|KWD|0|5000500000|Asia/Kuwait|monthly",
                "Aurelia Quinn|retail|Blue Heron Telecom|Prepaid|prepaid|USD|-20000000||America/Juneau|monthly",
                "株式会社青鷺|retail||法人（日本）|postpaid|JPY|0|300000000000|Asia/Tokyo|monthly",
                "Reef & Ridge|retail||Business|postpaid|AUD|0||Australia/Lord_Howe|thirty_days",
                "Talofa Sails|retail||Business|postpaid|WST|35400000|900000000|Pacific/Apia|monthly",
            ]
        );
        let note = world.texts("select notes from customer where name = 'Whitcombe & Daughters'");
        assert_eq!(note, ["Two lines of notes\nare one field in quotes."]);
        let rows = world.texts(
            "select identity || '|' || model || '|' || state || '|' || cast(balance as text) || '|' || coalesce(cast(active_from as text), '') \
             || '|' || coalesce(batch, '') from account where identity in ('card-0002@reefridge.example', '442079460103') order by identity_key",
        );
        assert_eq!(rows, ["442079460103|credit|inactive|0|1798761600000000|Eastbury", "card-0002@reefridge.example|debit|open|-25500000||Visitors"]);
        assert_eq!(world.number("select count(*) from account where blocked"), 1);
    }

    fn an_import_leaves_one_audit_row_and_one_event(world: &World) {
        classes(world);
        world.file("people.csv", "name,iso_4217,customer_class\nAnna,EUR,Home\nBruno,USD,Home\n");
        world.must(&["import", "customers", "people.csv"]);
        let audit = world.texts("select actor || ' ' || action || ' ' || detail from audit order by audit_id");
        let events = world.texts("select event_type || ' ' || payload from outbox order by event_id");
        assert_eq!((audit.len(), events.len()), (2, 2), "{audit:?} {events:?}");
        let ids = world.texts("select cast(customer_id as text) from customer order by customer_id");
        // As `sha256sum people.csv` says.
        let detail = format!(
            "{{\"file\":\"people.csv\",\"first_id\":{},\"last_id\":{},\"left_out\":0,\"loaded\":2,\"rows\":2,\
             \"sha256\":\"465f4d31dadf05496cb54c4a87de5ff2f54e700aa696e92ca737507f05898a0d\"}}",
            ids[0], ids[1]
        );
        assert_eq!(audit[1], format!("system customer.import {detail}"));
        assert_eq!(events[1], format!("customers.imported {detail}"));
        assert!(events[0].starts_with("customer_classes.imported {\"file\":\"classes.csv\","), "{events:?}");
    }
}
