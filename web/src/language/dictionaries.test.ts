// Owns that each translation says all that English says: every word, every plural form of its language, every value in its
// place, and each refusal of the server. Does not own whether it says it well.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { served as arabicServed, words as arabic } from './arabic';
import { first } from './english';
import { pages } from './english/pages';
import { served as germanServed, words as german } from './german';

const forms = /_(zero|one|two|few|many|other)$/;

/** Every text under its whole key. */
function flat(words: object, path = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'string' ? [[path + key, value]] : Object.entries(flat(value as object, `${path}${key}.`)),
    ),
  );
}

/** The keys that a language has to have for those of English: of what is counted, one for each of its plural forms. */
function keysFor(englishKeys: string[], language: string): string[] {
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
  const counted = new Set(englishKeys.filter((key) => forms.test(key)).map((key) => key.replace(forms, '')));
  const plain = englishKeys.filter((key) => !forms.test(key));
  return [...plain, ...[...counted].flatMap((key) => pluralCategories.map((form) => `${key}_${form}`))].sort();
}

const placeholders = (text: string) => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? ''))].sort();

/** "One" and "two" may be said in words. */
const maySayInWords = (key: string) => /_(zero|one|two)$/.test(key);
const isFigure = (name: string) => name === 'count' || name === 'formatted';

function expectPlaceholders(key: string, text: string, expected: string[]): void {
  const found = placeholders(text);
  if (maySayInWords(key)) {
    expect(found.filter((name) => !isFigure(name)), key).toEqual(expected.filter((name) => !isFigure(name)));
    expect(expected, key).toEqual(expect.arrayContaining(found));
  } else {
    expect(found, key).toEqual(expected);
  }
}

/** docs/api.md, *Reasons*: the names of the values of each code. */
function documentedReasons(): Record<string, string[]> {
  const text = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');
  const table = text.split('\n| Reason code | Values |')[1]?.split('\n\n')[0] ?? '';
  const words = (cell = '') => [...cell.matchAll(/`(\w+)`/g)].map(([, word]) => word ?? '');
  const rows = table.split('\n').slice(2).map((line) => line.split('|'));
  return Object.fromEntries(rows.map(([, code, values]) => [words(code)[0] ?? '', words(values)]));
}

const englishTexts = flat({ ...first, ...pages });
const reasons = documentedReasons();

describe.each([
  ['German', 'de', german, germanServed],
  ['Arabic', 'ar', arabic, arabicServed],
] as const)('%s', (_, language, words, served) => {
  const texts = flat(words);

  it('has the words of English, with the plural forms of its own', () => {
    const expected = keysFor(Object.keys(englishTexts), language);
    // Told apart, so that a word that is missing is named alone.
    expect(expected.filter((key) => !(key in texts)), 'missing').toEqual([]);
    expect(Object.keys(texts).filter((key) => !expected.includes(key)), 'not in English').toEqual([]);
  });

  it('has nothing left empty', () => {
    expect(Object.entries({ ...texts, ...flat(served) }).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('puts every value into the text', () => {
    for (const [key, text] of Object.entries(texts)) {
      const base = key.replace(forms, '');
      const source = englishTexts[key] ?? englishTexts[`${base}_other`];
      if (source !== undefined) expectPlaceholders(key, text, placeholders(source));
    }
  });

  it('words each reason of the server, with its values', () => {
    const counted = (code: string) => reasons[code]?.includes('count') ?? false;
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    const keys = Object.keys(reasons).flatMap((code) => (counted(code) ? pluralCategories.map((form) => `${code}_${form}`) : [code]));
    expect(Object.keys(served.reason).sort()).toEqual(keys.sort());
    for (const [key, text] of Object.entries(served.reason)) {
      const code = key in reasons ? key : key.replace(forms, '');
      // A comment follows its sentence; what is counted stands in it as `formatted`.
      const values = (reasons[code] ?? []).filter((name) => name !== 'comment').map((name) => (name === 'count' ? 'formatted' : name));
      expectPlaceholders(key, text, values.sort());
    }
  });
});

it('reads the reasons from the document', () => {
  expect(Object.keys(reasons).length).toBeGreaterThan(40);
  expect(reasons.blocked).toEqual(['since', 'comment']);
  expect(reasons.account_blocked).toEqual([]);
});

/** The codes of a table of the server, such as "customer_closed". */
function codesIn(path: string): string[] {
  const text = readFileSync(new URL(`../../../crates/${path}`, import.meta.url), 'utf8');
  const table = text.split(/fn code\(&self\)/)[1]?.split('\n    }\n')[0] ?? '';
  return [...table.matchAll(/=> "(\w+)"/g)].map(([, code]) => code ?? '');
}

describe.each([
  ['refusal', 'domain/src/refusal.rs'],
  ['error', 'usecase/src/error.rs'],
])('each %s of the server', (_, path) => {
  it('has words, but for those whose sentence names fields or places of a list', () => {
    const codes = codesIn(path);
    expect(codes.length).toBeGreaterThan(12);
    const worded = Object.keys(germanServed.problem);
    expect(codes.filter((code) => !worded.includes(code) && !['validation_failed', 'invalid_cursor'].includes(code))).toEqual([]);
  });
});
