// Owns the table of what can be done to a customer from its page: who may, what is asked, what is sent. Whether it can be
// done as the customer stands, the server says (`actions`). Does not own the dialogs (action_dialog.tsx).
import type { TFunction } from 'i18next';
import type { Customer, CustomerAction, Permission, PostingAction } from '../api/types';
import { givenOf, type Field, type Texts } from '../form/field';
import type { Wish } from '../api/write';

/** The word in the address that opens a dialog: `?do=record_payment`. */
export type Doing = 'record_payment' | 'block' | 'unblock' | 'lift' | 'terminate' | 'close' | 'restore' | 'delete';

interface ActionRow {
  action: CustomerAction;
  permission: Permission;
  /** Behind which button it is offered. */
  place: 'button' | 'status' | 'delete';
  isDestructive?: boolean;
  fields?: (t: TFunction, customer: Customer) => Field[];
  first?: (customer: Customer) => Texts;
  wish: (customer: Customer, fields: Field[], texts: Texts) => Wish;
}

const LIFT_DAYS_MAX = 90;
const postings: PostingAction[] = ['manual_payment', 'manual_charge', 'manual_credit', 'promotional_credit', 'refund'];

const post = (path: string) => (customer: Customer, fields: Field[], texts: Texts): Wish => ({
  method: 'POST',
  path: `/customers/${customer.id}/${path}`,
  body: givenOf(fields, texts),
});

const comment = (t: TFunction): Field => ({
  name: 'comment',
  label: t('customerAction.fields.comment'),
  takes: 'text',
  charactersMax: 500,
  isWide: true,
  help: t('customerAction.help.comment'),
});

export const actionTable: Record<Doing, ActionRow> = {
  record_payment: {
    action: 'post',
    permission: 'transaction.post',
    place: 'button',
    fields: (t, { currency }) => [
      { name: 'amount', label: t('customerAction.fields.amount', { currency }), takes: 'amount', isRequired: true },
      {
        name: 'action',
        label: t('customerAction.fields.action'),
        takes: 'choice',
        options: postings.map((value) => ({ value, label: t(`customerAction.posting.${value}`) })),
      },
      { name: 'visible_comment', label: t('customerAction.fields.visible_comment'), takes: 'text', charactersMax: 500, isWide: true },
      { name: 'internal_comment', label: t('customerAction.fields.internal_comment'), takes: 'text', charactersMax: 500, isWide: true },
    ],
    first: () => ({ action: 'manual_payment' }),
    wish: post('transactions'),
  },
  block: {
    action: 'block',
    permission: 'customer.block',
    place: 'status',
    isDestructive: true,
    fields: (t) => [comment(t)],
    wish: post('block'),
  },
  unblock: {
    action: 'unblock',
    permission: 'customer.block',
    place: 'status',
    wish: post('unblock'),
  },
  lift: {
    action: 'lift_suspension',
    permission: 'customer.lift_suspension',
    place: 'status',
    fields: (t, customer) => [
      {
        name: 'until',
        label: t('customerAction.fields.until'),
        takes: 'day',
        isRequired: true,
        help: t('customerAction.help.until', { zone: customer.time_zone }),
        days: { from: dayIn(customer.time_zone, 0), to: dayIn(customer.time_zone, LIFT_DAYS_MAX) },
      },
    ],
    wish: post('lift-suspension'),
  },
  terminate: {
    action: 'terminate',
    permission: 'customer.terminate',
    place: 'status',
    isDestructive: true,
    fields: (t, customer) => [
      {
        name: 'closes_on',
        label: t('customerAction.fields.closes_on'),
        takes: 'day',
        isRequired: isTerminated(customer),
        help: t(isTerminated(customer) ? 'customerAction.help.closesEarlier' : 'customerAction.help.closes_on'),
      },
      ...(isTerminated(customer) ? [] : [comment(t)]),
    ],
    wish: (customer, fields, texts) => ending('provisional', customer, fields, texts),
  },
  close: {
    action: 'close',
    permission: 'customer.terminate',
    place: 'status',
    isDestructive: true,
    fields: (t) => [comment(t)],
    wish: (customer, fields, texts) => ending('permanent', customer, fields, texts),
  },
  restore: {
    action: 'restore',
    permission: 'customer.restore',
    place: 'status',
    wish: post('restore'),
  },
  delete: {
    action: 'delete',
    permission: 'customer.delete',
    place: 'delete',
    isDestructive: true,
    wish: ({ id }) => ({ method: 'DELETE', path: `/customers/${id}` }),
  },
};

export const doings = Object.keys(actionTable) as Doing[];

/** What this person can do to this customer now, in the order of the menu. */
export function offered(customer: Customer, may: (permission: Permission) => boolean): Doing[] {
  return doings.filter((doing) => {
    const { action, permission } = actionTable[doing];
    // A block is taken back by its own name.
    if (doing === 'restore' && restored(customer) === 'blocked') return false;
    return customer.actions.includes(action) && may(permission);
  });
}

/** What restoring takes back: one thing, in this order. */
export function restored({ conditions }: Customer): 'exported' | 'provisionally_terminated' | 'blocked' {
  const holds = (code: string) => conditions.some((condition) => condition.code === code);
  return holds('exported') ? 'exported' : holds('provisionally_terminated') ? 'provisionally_terminated' : 'blocked';
}

export function isTerminated({ conditions }: Customer): boolean {
  return conditions.some(({ code }) => code === 'provisionally_terminated');
}

function ending(kind: 'provisional' | 'permanent', { id }: Customer, fields: Field[], texts: Texts): Wish {
  return { method: 'POST', path: `/customers/${id}/terminate`, body: { kind, ...givenOf(fields, texts) } };
}

/** The day it is in a zone, or so many days after it, as a browser's field for days has it. */
function dayIn(zone: string, daysAhead: number): string {
  const moment = new Date(Date.now() + daysAhead * 86_400_000);
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(moment);
  } catch {
    // A zone that is younger than this browser; the server checks the day all the same.
    return moment.toISOString().slice(0, 10);
  }
}
