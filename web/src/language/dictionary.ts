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
