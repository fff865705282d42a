//! For random postings: what moves adds up to what was posted, and invoices are paid oldest first.

use proptest::prelude::*;
use trunkline_domain::balance::{PostingAction, decide_posting};
use trunkline_domain::customer::CustomerFacts;
use trunkline_domain::invoice::OpenInvoice;
use trunkline_domain::money::Money;
use trunkline_domain::status::StatusPolicy;

use crate::fixture::{invoice, now, postpaid, suspension};

fn sum(amounts: impl Iterator<Item = Money>) -> i64 {
    amounts.map(Money::millionths).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// T3.
    #[test]
    fn what_moves_adds_up(
        outstanding in prop::collection::vec(1_i64..5_000, 0..6),
        postings in prop::collection::vec((prop::sample::select(PostingAction::ALL.to_vec()), 1_i64..8_000), 1..12),
    ) {
        // Amounts are in hundred-thousandths, the smallest that can be posted.
        let amount = |units: i64| Money::from_millionths(units * 10);
        let open_invoices: Vec<OpenInvoice> = (100_i64..).zip(&outstanding).collect::<Vec<_>>().into_iter().rev().map(|(invoice_id, units)| OpenInvoice {
            invoice_id, number: invoice_id, total: amount(*units), outstanding: amount(*units), ..invoice()
        }).collect();
        let holds = open_invoices.iter().map(|invoice| suspension(invoice.invoice_id, "2026-07-01")).collect();
        let mut facts = CustomerFacts { credit_limit: None, open_invoices, holds, ..postpaid() };
        for (action, units) in postings {
            let effects = decide_posting(&facts, None, &StatusPolicy::default(), action, amount(units), now()).unwrap();
            let after = &effects.after;
            // The balance moves by the posting, and by nothing else.
            prop_assert_eq!(effects.owed, action.owed(amount(units)).unwrap());
            prop_assert_eq!(after.balance.millionths() - facts.balance.millionths(), effects.owed.millionths());
            // Every millionth of a payment is on an invoice or waits; nothing else pays an invoice.
            let allocated = sum(effects.allocations.iter().map(|part| part.amount));
            let paid = sum(facts.open_invoices.iter().map(|invoice| invoice.outstanding)) - sum(after.open_invoices.iter().map(|invoice| invoice.outstanding));
            prop_assert_eq!(allocated, paid);
            let waiting = after.unallocated.millionths() - facts.unallocated.millionths();
            match action {
                PostingAction::ManualPayment => prop_assert_eq!(allocated + waiting, amount(units).millionths()),
                PostingAction::Refund => prop_assert_eq!(-waiting, amount(units).min(facts.unallocated).millionths()),
                PostingAction::ManualCharge | PostingAction::ManualCredit | PostingAction::PromotionalCredit => prop_assert_eq!((allocated, waiting), (0, 0)),
            }
            // Oldest first: only the last part leaves its invoice open, and money waits only when no invoice does.
            let ids: Vec<i64> = effects.allocations.iter().map(|part| part.invoice_id).collect();
            prop_assert!(ids.is_sorted());
            prop_assert!(effects.allocations.iter().rev().skip(1).all(|part| part.settles));
            prop_assert!(action != PostingAction::ManualPayment || waiting == 0 || after.open_invoices.is_empty());
            prop_assert!(after.open_invoices.iter().all(|invoice| invoice.outstanding.is_positive() && invoice.outstanding <= invoice.total));
            // A suspension stands for each invoice that is open, and for no other.
            let mut held: Vec<i64> = after.holds.iter().filter_map(|hold| hold.invoice_id()).collect();
            let mut open: Vec<i64> = after.open_invoices.iter().map(|invoice| invoice.invoice_id).collect();
            held.sort_unstable();
            open.sort_unstable();
            prop_assert_eq!(held, open);
            facts = effects.after;
        }
    }
}
