//! Every status of the seed, by its real cause: it comes when the cause comes, and goes when the cause goes.

stories! {
    blocked_until_staff_unblock: "
        at 2026-06-10 12:00
        customer Ada
        expect Ada active
        expect Ada nothing_next
        block Ada because fraud is suspected
        expect Ada blocked: blocked by staff since 10 June: fraud is suspected
        refused already_so: block Ada
        at 2027-01-05
        expect Ada blocked: blocked by staff since 10 June 2026: fraud is suspected
        unblock Ada
        expect Ada active
        refused not_so: unblock Ada
        block Ada
        restore Ada
        expect Ada active
        refused not_so: restore Ada
    ";

    credit_exceeded_when_the_balance_reaches_the_limit: "
        at 2026-06-10 12:00
        customer Ada limit 50
        charge Ada 49.99999
        expect Ada active
        charge Ada 0.00001
        expect Ada credit_exceeded: the balance of 50.00 EUR has reached the credit limit of 50.00 EUR
        limit Ada 50.00001
        expect Ada active
        limit Ada 50
        expect Ada credit_exceeded
        credit Ada 0.00001
        expect Ada active
        limit Ada 0
        expect Ada credit_exceeded: the balance of 50.00 EUR has reached the credit limit of 0.00 EUR
        limit Ada none
        expect Ada active
        expect Ada balance 49.99999
    ";

    no_available_funds_when_a_prepaid_customer_has_spent_all: "
        at 2026-06-10 12:00
        customer Bob prepaid
        expect Bob no_available_funds: the available funds are 0.00 EUR
        pay Bob 10
        expect Bob active
        expect Bob unallocated 10
        charge Bob 9.99999
        expect Bob active
        charge Bob 0.00001
        expect Bob no_available_funds
        charge Bob 5
        expect Bob no_available_funds: the available funds are -5.00 EUR
        promote Bob 5.00001
        expect Bob active
        limit Bob 3
        charge Bob 0.00001
        expect Bob active
        refund Bob 4
        expect Bob no_available_funds: the available funds are -1.00 EUR
        expect Bob unallocated 6
    ";

    a_temporary_limit_ends_by_itself: "
        at 2026-06-10 12:00
        customer Ada limit 50
        customer Bob prepaid
        charge Ada 60
        expect Ada credit_exceeded
        temporary Ada 100 until 2026-06-20 18:30
        expect Ada active
        expect Ada next credit_exceeded: changes to “Credit exceeded” on 20 June at 18:30
        refused validation_failed: temporary Ada 50 until 2026-06-15
        temporary Bob 5 until 2026-06-15
        expect Bob active
        at 2026-06-15
        expect Bob no_available_funds: the available funds are 0.00 EUR
        at 2026-06-20 18:29
        expect Ada active
        at 2026-06-20 18:30
        expect Ada credit_exceeded: the balance of 60.00 EUR has reached the credit limit of 50.00 EUR
        refused validation_failed: temporary Ada 100 until 2026-06-20 18:30
        temporary Ada 60 until 2026-07-01
        expect Ada credit_exceeded: the balance of 60.00 EUR has reached the credit limit of 60.00 EUR (temporary, until 1 July at 00:00)
    ";

    the_spending_limit_is_renewed_at_local_midnight: "
        at 2026-06-10 12:00
        customer Ada plan 10
        customer Kim in America/Los_Angeles plan 10
        spend Ada 9.99999
        expect Ada active
        spend Ada 10
        expect Ada spending_limit_reached: 10.00 EUR spent on 10 June of a daily limit of 10.00 EUR (plan Daily)
        expect Ada next active: renewed on 11 June at 00:00
        spend Kim 12
        expect Kim spending_limit_reached
        at 2026-06-10 23:59
        expect Ada spending_limit_reached
        at 2026-06-11
        expect Ada active
        # In Los Angeles it is 14:00 of the day before.
        expect Kim spending_limit_reached
        at 2026-06-11T06:59:59Z
        expect Kim spending_limit_reached
        at 2026-06-11T07:00:00Z
        expect Kim active
    ";

    the_spending_limit_is_renewed_after_a_day_of_25_hours: "
        at 2026-10-25T00:00:00Z
        customer Ada plan 10
        spend Ada 10
        # The clock in Kyiv is put back at 04:00: the day ends 22 hours later, not 21.
        at 2026-10-25T20:59:59Z
        expect Ada spending_limit_reached
        at 2026-10-25T21:59:59Z
        expect Ada spending_limit_reached
        at 2026-10-25T22:00:00Z
        expect Ada active
    ";

    the_spending_limit_is_renewed_after_a_day_of_23_hours: "
        at 2026-03-29T10:00:00Z
        customer Ada plan 10
        spend Ada 10
        at 2026-03-29T20:59:59Z
        expect Ada spending_limit_reached
        at 2026-03-29T21:00:00Z
        expect Ada active
    ";

    a_move_to_another_zone_moves_the_midnight: "
        at 2026-06-10 12:00
        customer Ada plan 10
        spend Ada 10
        move Ada America/Los_Angeles
        # The day is the same date there.
        expect Ada spending_limit_reached
        at 2026-06-11T06:59:59Z
        expect Ada spending_limit_reached
        at 2026-06-11T07:00:00Z
        expect Ada active
    ";

    automatic_payment_freezes_after_three_failures_and_a_success_or_a_new_card_ends_it: "
        at 2026-06-10 12:00
        customer Ada
        card Ada Visa 4242
        fails Ada
        at 2026-06-11
        fails Ada
        expect Ada active
        at 2026-06-12
        fails Ada
        expect Ada frozen: automatic payment by Visa 4242 failed 3 times in a row, last on 12 June: card was cancelled
        succeeds Ada
        expect Ada active
        fails Ada
        fails Ada
        fails Ada
        expect Ada frozen
        at 2026-06-13
        card Ada Mastercard 4444
        expect Ada active
    ";

    billing_pauses_while_an_export_runs_and_the_customer_is_gone_when_it_ends: "
        at 2026-06-10 12:00
        customer Ada
        invoice Ada 7 of 30 due 2026-06-16 suspends 5
        export Ada starts
        expect Ada billing_paused: moving to Trunkline North since 10 June at 12:00, billing is paused
        # Payments are taken and wait.
        pay Ada 30
        expect Ada unallocated 30
        export Ada backs_out
        expect Ada active
        export Ada starts
        at 2026-06-12 09:30
        export Ada finishes
        expect Ada exported: moved to Trunkline North on 12 June at 09:30
        refused customer_exported: charge Ada 1
        refused customer_exported: block Ada
        refused customer_exported: limit Ada 5
        refused customer_exported: terminate Ada
        refused customer_exported: account Ada 380441234567
        refused customer_exported: delete Ada
        restore Ada
        expect Ada active
        block Ada
        expect Ada blocked
    ";

    what_was_paid_during_an_export_pays_the_invoices_when_it_is_taken_back: "
        at 2026-06-10 12:00
        customer Ada
        invoice Ada 7 of 30 due 2026-06-16 suspends 5
        invoice Ada 8 of 10 due 2026-06-17 suspends 5
        export Ada starts
        pay Ada 25
        pay Ada 9
        expect Ada unallocated 34
        export Ada finishes
        at 2026-06-30
        expect Ada exported
        restore Ada
        expect Ada suspended: invoice 8 of 10.00 EUR (6.00 EUR still open) was due on 17 June, suspended since 23 June
        expect Ada unallocated 0
        pay Ada 6
        expect Ada active
    ";

    provisionally_terminated_closes_by_itself_with_its_accounts: "
        at 2026-06-10 12:00
        customer Ada
        account Ada 380441234567
        account Ada 380441234568
        terminate Ada because moved away
        expect Ada provisionally_terminated: provisionally terminated by staff on 10 June: moved away
        expect Ada next closed: closes on 10 July unless restored
        refused already_so: terminate Ada
        refused closing_date_later: terminate Ada closing 2026-07-11
        refused validation_failed: terminate Ada closing 2026-06-10
        terminate Ada closing 2026-07-01
        expect Ada next closed: closes on 1 July unless restored
        expect Ada open_accounts 2
        at 2026-06-30 23:59
        expect Ada provisionally_terminated
        at 2026-07-01
        expect Ada closed: provisionally terminated on 10 June and not restored, closed on 1 July
        expect Ada nothing_next
        expect Ada open_accounts 0
        at 2027-07-01
        expect Ada closed
        refused customer_closed: restore Ada
    ";

    restored_within_its_window: "
        at 2026-06-10 12:00
        customer Ada
        account Ada 380441234567
        terminate Ada
        at 2026-07-09 23:59
        restore Ada
        expect Ada active
        at 2026-08-01
        expect Ada active
        expect Ada open_accounts 1
    ";

    permanently_terminated_at_once: "
        at 2026-06-10 12:00
        customer Ada
        account Ada 380441234567
        block Ada
        charge Ada 5
        close Ada because of fraud
        expect Ada closed: permanently terminated by staff on 10 June: of fraud
        expect Ada all closed
        expect Ada open_accounts 0
        expect Ada balance 5
    ";

    the_strongest_condition_is_shown_and_all_are_told: "
        at 2026-06-10 12:00
        customer Ada limit 5 plan 10
        card Ada Visa 4242
        fails Ada
        fails Ada
        fails Ada
        expect Ada frozen
        spend Ada 10
        expect Ada spending_limit_reached
        charge Ada 5
        expect Ada credit_exceeded
        invoice Ada 1 of 5 due 2026-06-08 limits 0
        expect Ada limited
        invoice Ada 2 of 5 due 2026-06-08 suspends 0
        expect Ada suspended
        export Ada starts
        expect Ada billing_paused
        block Ada
        expect Ada blocked
        expect Ada all blocked billing_paused suspended limited credit_exceeded spending_limit_reached frozen
        unblock Ada
        export Ada backs_out
        pay Ada 10
        expect Ada all spending_limit_reached frozen
        at 2026-06-11
        expect Ada all frozen
        succeeds Ada
        expect Ada active
    ";

    a_restart_in_the_middle_changes_nothing: "
        at 2026-06-10 12:00
        customer Ada limit 50
        charge Ada 50
        invoice Ada 1 of 5 due 2026-06-16 suspends 3
        restart
        expect Ada credit_exceeded
        at 2026-06-20
        expect Ada suspended
        restart
        pay Ada 5
        expect Ada active
    ";
}
