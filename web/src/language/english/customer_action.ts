// Owns the English words of what is done to a customer: buttons, dialogs, what will happen. Does not own how they are put
// together (index.ts).
export const customerAction = {
  customerAction: {
    menu: 'Change status',
    open: {
      block: 'Block…',
      unblock: 'Unblock…',
      lift: 'Lift the suspension until…',
      terminate: 'Terminate provisionally…',
      hasten: 'Bring the closing forward…',
      close: 'Terminate permanently…',
      restore: 'Restore…',
      record_payment: 'Record payment…',
      delete: 'Delete…',
    },
    notNow: 'This cannot be done to the customer as it stands now, or your role does not include it.',
    done: 'Done. The status is now: {{status}}.',
    inherited: 'All customers of this reseller stop with it.',
    fields: {
      comment: 'Comment',
      until: 'Last day of full service',
      closes_on: 'Closes on',
      action: 'What',
      amount: 'Amount in {{currency}}',
      visible_comment: 'Comment that the customer sees',
      internal_comment: 'Comment for staff',
    },
    help: {
      comment: 'Staff read it beside the status.',
      until: 'From today up to 90 days ahead, by the customer’s clock ({{zone}}).',
      closes_on: 'Left empty: after as many days as the class says. It can be earlier, not later.',
      closesEarlier: 'Before the day that is set now.',
    },
    posting: {
      manual_payment: 'Payment',
      manual_charge: 'Charge',
      manual_credit: 'Credit',
      promotional_credit: 'Promotional credit',
      refund: 'Refund',
    },
    record_payment: {
      open: 'Record payment',
      title: 'Record a payment, charge or credit',
      button: 'Record',
      consequences: {
        payment: 'A payment covers the oldest open invoice first and lifts what it covers in the same moment.',
        credit: 'A credit lowers the balance, but is no payment: it covers no invoice and ends no suspension.',
        undone: 'It cannot be taken away afterwards; a mistake is put right by another entry.',
      },
      done: 'Recorded. The balance is now {{balance}}.',
      donePrepaid: 'Recorded.',
      settled_one: 'Invoice {{numbers}} is paid.',
      settled_other: 'Invoices {{numbers}} are paid.',
    },
    block: {
      title: 'Block {{name}}?',
      button: 'Block',
      consequences: {
        stops: 'Calls, data, messages and self-care stop at once. Emergency calls stay possible, unless this installation rules them out.',
        goesOn: 'Subscription and number fees go on, and invoices keep coming.',
        undone: 'It can be undone at any time: unblock.',
      },
    },
    unblock: {
      title: 'Unblock {{name}}?',
      button: 'Unblock',
      consequences: {
        begins: 'The block ends at once.',
        stays: 'What else restricts the customer stays as it is.',
      },
    },
    lift: {
      title: 'Lift the suspension of {{name}}',
      button: 'Lift',
      consequences: {
        begins: 'Service is full again until the end of the day that you choose. The debt stays.',
        ends: 'After that day the customer is suspended or limited again, unless it has paid.',
        undone: 'It can be lifted anew, but not taken back before its day.',
      },
    },
    terminate: {
      title: 'Terminate {{name}} provisionally?',
      button: 'Terminate provisionally',
      consequences: {
        stops: 'All service stops at once, emergency calls too. Fees end, and one last invoice is made.',
        goesOn: 'The customer can still sign in to pay.',
        undone: 'It can be undone until the day on which it closes: restore. After that day it is closed for good.',
      },
    },
    hasten: {
      title: 'Close {{name}} earlier',
      button: 'Bring forward',
      consequences: {
        ends: 'The customer closes for good on the day that you choose.',
        undone: 'The day can be brought forward again, not put back. Until then the customer can be restored.',
      },
    },
    close: {
      title: 'Terminate {{name}} permanently?',
      button: 'Terminate permanently',
      consequences: {
        stops: 'All service stops at once, and the accounts are closed.',
        goesOn: 'The record is kept; nothing can be done to it any more, not even taking a payment.',
        undone: 'This cannot be undone.',
      },
    },
    restore_exported: {
      title: 'Restore {{name}} from its export?',
      button: 'Restore',
      consequences: {
        begins: 'The customer is operational here again. Take care that it is not operational elsewhere as well.',
        payments: 'Payments that waited go to the open invoices, the oldest first.',
      },
    },
    restore_provisionally_terminated: {
      title: 'Restore {{name}}?',
      button: 'Restore',
      consequences: {
        begins: 'The termination ends at once, and fees go on.',
        stays: 'An invoice that is still unpaid keeps its limitation or suspension, and does not terminate again.',
      },
    },
    restore_blocked: {
      title: 'Restore {{name}}?',
      button: 'Restore',
      consequences: { begins: 'The block ends at once.' },
    },
    delete: {
      open: 'Delete',
      title: 'Delete {{name}}?',
      button: 'Delete this customer',
      consequences: {
        only: 'Only a customer without accounts, xDRs, invoices, customers of its own and balance can be deleted.',
        undone: 'This cannot be undone.',
      },
      done: '“\u2068{{name}}\u2069” has been deleted.',
    },
  },
} as const;
