// Owns the shape of a translation: that of the English words, with the plural forms of its own language, and words for what
// the server says by code. Does not own words.
import type { AccountStatusCode, ReasonCode, StatusCode } from '../api/types';

type PluralForm = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other';

/** Under the keys of the English words. What is missing falls back to English; dictionaries.test.ts says what is. */
export interface Dictionary {
  [key: string]: string | Dictionary;
}

/** What the server says in English, by its codes; the values are those of docs/api.md, *Reasons*. */
export interface Served {
  status: Record<StatusCode, { label: string; meaning: string; ending: string }>;
  accountStatus: Record<AccountStatusCode, string>;
  reason: Partial<Record<ReasonCode | `${ReasonCode}_${PluralForm}`, string>>;
  /** Whole sentences. What is not here is told in the server's words. */
  problem: Record<string, string>;
  /** Of a field, by the word that says what is wrong with it. */
  fieldProblem: Record<string, string>;
}
