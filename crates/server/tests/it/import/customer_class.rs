//! Classes: their settings, what is said of bad ones.

use super::{done, refused};
use crate::world::World;

on_both! {
    fn classes_are_loaded_with_their_settings_and_bad_ones_told(world: &World) {
        world.file(
            "good.csv",
            "name,iso_4217,payment_terms_days,limit_after_days,suspend_after_days,terminate_after_days,close_after_days,suspend_on_insuff_funds\n\
             Plain,,,,,,,\nStrict,eur,14,0,10,30,5,yes\n",
        );
        assert_eq!(world.run(&["import", "classes", "good.csv"]).timeless(), done("imported 2 classes from good.csv in _ s\n"));
        let found = world.texts(
            "select name || '|' || coalesce(currency, '') || '|' || cast(payment_terms_days as text) || '|' || \
             coalesce(cast(limit_after_days as text), '') || '|' || coalesce(cast(suspend_after_days as text), '') || '|' || \
             coalesce(cast(terminate_after_days as text), '') || '|' || cast(close_after_days as text) || '|' || \
             case when suspend_on_insufficient_funds then 'Y' else 'N' end from customer_class order by name_key",
        );
        assert_eq!(found, ["Plain||0||||30|N", "Strict|EUR|14|0|10|30|5|Y"]);

        world.file(
            "bad.csv",
            "name,iso_4217,payment_terms_days,limit_after_days,suspend_after_days\n,EUR,,,\nstrict,,,,\nNew,,,,\nNEW,,,,\nOdd,ZZZ,soon,,\nFar,,9999,,\n\
             Late,,,20,10\n",
        );
        let told = "bad.csv: line 2, column name: is empty\n\
            bad.csv: line 3, column name: a class in the database has this name\n\
            bad.csv: line 5, column name: the same stands on line 4 already\n\
            bad.csv: line 6, column payment_terms_days: “soon” is not a whole number\n\
            bad.csv: line 6, column iso_4217: not an ISO 4217 currency code in use\n\
            bad.csv: line 7, column payment_terms_days: 0 to 3650 days\n\
            bad.csv: line 8, column suspend_after_days: limitation comes before suspension, and suspension before termination\n";
        let refusal = "bad.csv: 6 bad rows of 7; nothing was loaded (correct them, or load the rest with --skip-bad)\n";
        assert_eq!(world.run(&["import", "classes", "bad.csv"]), refused(&format!("{told}{refusal}")));
        assert_eq!(world.number("select count(*) from customer_class"), 2);
    }
}
