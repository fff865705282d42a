// Owns the examples of what people are told when something goes wrong. Does not own the server's own words.
import i18next, { t } from 'i18next';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { served as arabic } from '../language/arabic';
import { first } from '../language/english';
import { served as english } from '../language/english/served';
import { served as german } from '../language/german';
import { ApiError, UnreachableError } from './client';
import { failureOf, reasonOf } from './failure';
import type { Problem, ReasonValues } from './types';

const refusal = (change: Partial<Problem>) =>
  new ApiError(
    { type: '', title: 'Title', status: 500, code: 'internal', detail: 'Detail.', ...change },
    null,
  );

vi.stubGlobal('navigator', { languages: [] });
beforeAll(() =>
  i18next.init({
    lng: 'en',
    fallbackLng: 'en',
    showSupportNotice: false,
    resources: { en: { translation: first, served: english }, de: { served: german }, ar: { served: arabic } },
  }),
);

describe('failureOf', () => {
  it('tells a silent network from a server that refuses', () => {
    expect(failureOf(new UnreachableError('down'), t)).toMatchObject({ title: 'The server cannot be reached', remedy: 'retry' });
    expect(failureOf(refusal({}), t)).toEqual({ title: 'The server failed', detail: 'Detail.', field: null, remedy: 'retry' });
  });

  it('names what is known by code', () => {
    expect(failureOf(refusal({ status: 503, code: 'overloaded' }), t).title).toBe('The server is busy');
  });

  it('asks for other input with the words for the field', () => {
    const errors = [{ field: 'search', code: 'search_too_short', message: 'at least 3 characters' }];
    expect(failureOf(refusal({ status: 422, code: 'search_too_short', errors }), t)).toMatchObject({
      title: 'The search is too short',
      detail: 'At least 3 characters.',
      field: 'search',
      remedy: 'other_input',
    });
  });

  it('leads away from a cursor that is refused', () => {
    expect(failureOf(refusal({ status: 422, code: 'invalid_cursor' }), t).remedy).toBe('first_page');
  });
});

describe('reasonOf', () => {
  const closed = { code: 'customer_closed', message: 'The customer is closed.', values: null };
  const unknown = { code: 'of_a_newer_server', message: 'Something new.', values: null };
  afterEach(() => i18next.changeLanguage('en'));

  it.each([
    ['en', 'The customer is closed.'],
    ['de', 'Der Kunde ist geschlossen; es ist nichts mehr möglich.'],
    ['ar', 'العميل مغلق؛ لم يعد أي إجراء ممكنًا.'],
  ])('words a refusal by its code in %s', async (language, words) => {
    await i18next.changeLanguage(language);
    expect(reasonOf(closed)).toBe(words);
  });

  it('keeps the words of the server for a code that is not known here', async () => {
    await i18next.changeLanguage('de');
    expect(reasonOf(unknown)).toBe('Something new.');
  });

  it('is nothing where all went well', () => {
    expect(reasonOf({ code: null, message: null, values: null })).toBeNull();
  });
});

const values: ReasonValues = {
  records: { type: 'records', records: ['accounts', 'xdrs', 'balance'] },
  balance: { type: 'amount', amount: '1234.5', currency: 'EUR', currency_digits: 2 },
};

it.each([
  ['de', 'Was noch dagegen steht: \u2068Konten, xDRs und ein Saldo von \u20681.234,50\u00a0EUR\u2069\u2069.'],
  ['ar', 'ما يحول دون ذلك: \u2068حسابات وسجلات xDR ورصيد قدره \u20681,234.50\u00a0EUR\u2069\u2069.'],
])('puts figures and names into a refusal in %s', async (language, end) => {
  await i18next.changeLanguage(language);
  const told = reasonOf({ code: 'customer_not_deletable', message: 'It has accounts.', values });
  expect(told?.slice(told.indexOf('. ') + 2)).toBe(end);
  expect(reasonOf({ code: 'not_so', message: 'It is not.', values: { status: { type: 'status', code: 'blocked' } } })).toContain(
    language === 'de' ? '„\u2068Gesperrt\u2069“' : '«\u2068محظور\u2069»',
  );
});

it('words the refusal of a single write by its code too', async () => {
  await i18next.changeLanguage('de');
  const error = refusal({ status: 409, code: 'customer_not_deletable', values, detail: 'The customer cannot be deleted: it has accounts.' });
  expect(failureOf(error, t).detail).toMatch(/^Der Kunde kann nicht gelöscht werden\. /);
  await i18next.changeLanguage('en');
  expect(failureOf(error, t).detail).toBe('The customer cannot be deleted: it has accounts.');
});
