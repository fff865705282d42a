//! Overdue invoices (T34): limited, suspended, terminated, closed; lifted until a date; ended by the covering payment in its commit.

stories! {
    an_unpaid_invoice_goes_all_the_way: "
        at 2026-06-01 09:00
        customer Ada
        invoice Ada 1042 of 120 due 2026-06-16 limits 5 suspends 15 terminates 45 closes 30
        expect Ada active
        expect Ada next limited: service limited on 22 June unless paid
        # The due date is inclusive: overdue from 17 June on, five days later is the 22nd.
        at 2026-06-21 23:59
        expect Ada active
        at 2026-06-22
        expect Ada limited: invoice 1042 of 120.00 EUR was due on 16 June, service limited since 22 June
        expect Ada next suspended: suspended on 2 July unless paid
        at 2026-07-02
        expect Ada suspended: invoice 1042 of 120.00 EUR was due on 16 June, suspended since 2 July
        expect Ada all suspended
        expect Ada next provisionally_terminated: terminated provisionally on 1 August unless paid
        at 2026-08-01
        expect Ada provisionally_terminated: invoice 1042 of 120.00 EUR was due on 16 June, provisionally terminated on 1 August
        at 2026-08-31
        expect Ada closed
    ";

    the_covering_payment_lifts_the_suspension_at_once_and_nothing_else_does: "
        at 2026-06-01 09:00
        customer Ada
        invoice Ada 1042 of 120 due 2026-06-16 limits 5 suspends 15 terminates 45
        at 2026-07-02
        expect Ada suspended
        # There is no way to end a suspension by hand.
        refused not_so: unblock Ada
        refused not_so: restore Ada
        credit Ada 120
        expect Ada suspended
        pay Ada 100
        expect Ada suspended: invoice 1042 of 120.00 EUR (20.00 EUR still open) was due on 16 June, suspended since 2 July
        pay Ada 20
        expect Ada active
        expect Ada nothing_next
        at 2026-10-01
        expect Ada active
    ";

    paid_in_time_nothing_happens: "
        at 2026-06-01 09:00
        customer Ada
        invoice Ada 1042 of 120 due 2026-06-16 limits 5 suspends 15
        at 2026-06-16 23:59
        pay Ada 120
        expect Ada nothing_next
        at 2026-07-05
        expect Ada active
    ";

    a_lifted_suspension_comes_back_when_its_date_passes: "
        at 2026-06-01 09:00
        customer Ada
        invoice Ada 1042 of 120 due 2026-06-16 suspends 5
        refused nothing_to_lift: lift Ada through 2026-06-20
        at 2026-06-22 10:00
        expect Ada suspended
        refused lift_date_out_of_range: lift Ada through 2026-06-21
        refused lift_date_out_of_range: lift Ada through 2026-09-21
        lift Ada through 2026-06-30
        expect Ada suspension_delayed: invoice 1042 of 120.00 EUR was due on 16 June, suspended since 22 June; lifted until 1 July at 00:00
        expect Ada next suspended: suspended again on 1 July at 00:00 unless paid
        at 2026-06-30 23:59
        expect Ada suspension_delayed
        at 2026-07-01
        expect Ada suspended
        lift Ada through 2026-07-01
        expect Ada suspension_delayed
        lift Ada through 2026-07-10
        at 2026-07-09
        expect Ada suspension_delayed
        at 2026-07-11
        expect Ada suspended
    ";

    a_payment_erases_the_date_of_a_lifted_suspension: "
        at 2026-06-01 09:00
        customer Ada
        invoice Ada 1042 of 120 due 2026-06-16 suspends 5
        at 2026-06-22 10:00
        lift Ada through 2026-06-30
        pay Ada 120
        expect Ada active
        expect Ada nothing_next
        # A later suspension is not lifted by the old date.
        invoice Ada 1043 of 10 due 2026-06-23 suspends 0
        at 2026-06-24 00:00
        expect Ada suspended
    ";

    a_lifted_limitation_and_the_suspension_that_follows_it: "
        at 2026-06-01 09:00
        customer Ada
        invoice Ada 1042 of 120 due 2026-06-16 limits 0 suspends 10
        at 2026-06-17
        expect Ada limited
        lift Ada through 2026-07-05
        expect Ada limiting_delayed: invoice 1042 of 120.00 EUR was due on 16 June, service limited since 17 June; lifted until 6 July at 00:00
        # The suspension replaces the limitation and rests until the same date.
        at 2026-06-27
        expect Ada suspension_delayed
        expect Ada all suspension_delayed
        at 2026-07-06
        expect Ada suspended
    ";

    the_oldest_invoice_drives_and_the_status_ends_when_none_is_overdue: "
        at 2026-06-01 09:00
        customer Ada
        invoice Ada 1 of 10 due 2026-06-05 suspends 0
        at 2026-06-02 09:00
        invoice Ada 2 of 10 due 2026-06-06 suspends 0
        at 2026-06-08
        expect Ada suspended: invoice 1 of 10.00 EUR was due on 5 June, suspended since 6 June
        pay Ada 10
        expect Ada suspended: invoice 2 of 10.00 EUR was due on 6 June, suspended since 7 June
        pay Ada 9.99
        expect Ada suspended: invoice 2 of 10.00 EUR (0.01 EUR still open) was due on 6 June, suspended since 7 June
        pay Ada 5
        expect Ada active
        expect Ada unallocated 4.99
    ";

    funds_for_the_fees_lift_their_suspension: "
        at 2026-06-01 09:00
        customer Bob prepaid
        pay Bob 5
        fees Bob 12.50
        expect Bob suspended: the funds did not cover subscription fees of 12.50 EUR, suspended since 1 June
        pay Bob 7.49999
        expect Bob suspended
        pay Bob 0.00001
        expect Bob active
    ";

    a_termination_that_has_begun_is_not_ended_by_a_payment: "
        at 2026-06-01 09:00
        customer Ada
        invoice Ada 1 of 10 due 2026-06-05 terminates 0 closes 10
        at 2026-06-06
        expect Ada provisionally_terminated
        pay Ada 10
        expect Ada provisionally_terminated
        restore Ada
        expect Ada active
        at 2026-07-01
        expect Ada active
    ";

    a_restored_customer_that_has_not_paid_is_what_its_invoice_makes_of_it: "
        at 2026-06-01 09:00
        customer Ada
        invoice Ada 1042 of 120 due 2026-06-16 suspends 15 terminates 45 closes 30
        at 2026-08-01
        expect Ada provisionally_terminated
        restore Ada
        expect Ada suspended: invoice 1042 of 120.00 EUR was due on 16 June, suspended since 2 July
        # The invoice has terminated once and does not do so again.
        expect Ada nothing_next
        refused not_so: restore Ada
        at 2026-12-01
        expect Ada suspended
        pay Ada 120
        expect Ada active
    ";

    restoring_ends_what_has_begun_and_not_what_another_invoice_has_planned: "
        at 2026-06-01 09:00
        customer Ada
        invoice Ada 1 of 10 due 2026-06-05 terminates 0 closes 10
        invoice Ada 2 of 20 due 2026-06-20 terminates 0 closes 10
        at 2026-06-06
        expect Ada provisionally_terminated: invoice 1 of 10.00 EUR was due on 5 June, provisionally terminated on 6 June
        restore Ada
        expect Ada active
        expect Ada next provisionally_terminated: terminated provisionally on 21 June unless paid
        at 2026-06-21
        expect Ada provisionally_terminated: invoice 2 of 20.00 EUR was due on 20 June, provisionally terminated on 21 June
        at 2026-07-01
        expect Ada closed
    ";

    staff_overtake_a_planned_termination: "
        at 2026-06-01 09:00
        customer Ada
        invoice Ada 1 of 10 due 2026-06-05 terminates 20 closes 10
        terminate Ada closing 2026-06-10
        expect Ada next closed: closes on 10 June unless restored
        restore Ada
        expect Ada active
        at 2026-07-30
        expect Ada active
    ";
}
