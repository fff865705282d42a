// Owns the shape of a translation: that of the English words, with the plural forms of its own language, and words for what
// the server says by code. Does not own words.
import type { AccountStatusCode, ReasonCode, StatusCode } from '../api/types';

type PluralForm = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other';

/** The words of `English` in a language with these plural forms: a word that is missing, or one too many, does not compile. */
type Translation<English, Form extends PluralForm> = {
  [Key in keyof English as Key extends `${string}_${PluralForm}` ? never : Key]: English[Key] extends string
    ? string
    : Translation<English[Key], Form>;
} & {
  [Key in keyof English as Key extends `${infer Counted}_${PluralForm}` ? `${Counted}_${Form}` : never]: string;
};

export type German<Words> = Translation<Words, 'one' | 'other'>;
export type Arabic<Words> = Translation<Words, PluralForm>;

/** Why the server does not do something, by the codes of its errors and refusals; a test holds it against the server's tables. */
export type ProblemCode =
  | 'unauthenticated'
  | 'invalid_credentials'
  | 'too_many_attempts'
  | 'forbidden'
  | 'not_found'
  | 'changed_meanwhile'
  | 'idempotency_key_reused'
  | 'overloaded'
  | 'conflict'
  | 'outcome_unknown'
  | 'unavailable'
  | 'deadline_exceeded'
  | 'cancelled'
  | 'internal'
  | 'search_too_short'
  | 'sort_needs_filter'
  | 'range_reversed'
  | 'not_shown_for_prepaid'
  | 'not_shown_for_postpaid'
  | 'customer_closed'
  | 'customer_exported'
  | 'billing_paused'
  | 'account_closed'
  | 'already_so'
  | 'not_so'
  | 'so_already'
  | 'amount_not_positive'
  | 'amount_too_precise'
  | 'amount_too_large'
  | 'xdr_is_payment'
  | 'xdr_is_correction'
  | 'more_than_left'
  | 'currency_of_class'
  | 'lift_date_out_of_range'
  | 'nothing_to_lift'
  | 'closing_date_later'
  | 'has_open_subcustomers'
  | 'customer_not_deletable';

/** What the server says in English, by its codes; the values are those of docs/api.md, *Reasons*. */
export interface Served {
  status: Record<StatusCode, { label: string; meaning: string; ending: string }>;
  accountStatus: Record<AccountStatusCode, string>;
  reason: Partial<Record<ReasonCode | `${ReasonCode}_${PluralForm}`, string>>;
  /** Whole sentences. What is not here is told in the server's words. */
  problem: Record<ProblemCode, string>;
  /** Kinds of records, as they stand in a list of them: what hinders deleting a customer. */
  record: Record<'accounts' | 'subcustomers' | 'invoices' | 'dids' | 'xdrs' | 'balance', string>;
  /** Of a field, by the word that says what is wrong with it. */
  fieldProblem: Record<'required' | 'unknown_field' | 'taken', string>;
}
