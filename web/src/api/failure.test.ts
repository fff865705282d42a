// Owns the examples of what people are told when something goes wrong. Does not own the server's own words.
import i18next, { t } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { first } from '../language/english';
import { ApiError, UnreachableError } from './client';
import { failureOf } from './failure';
import type { Problem } from './types';

const refusal = (change: Partial<Problem>) =>
  new ApiError(
    { type: '', title: 'Title', status: 500, code: 'internal', detail: 'Detail.', ...change },
    null,
  );

beforeAll(() => i18next.init({ lng: 'en', showSupportNotice: false, resources: { en: { translation: first } } }));

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
