// Owns the examples of how a list's view is written into an address and read back. Does not own the browser's history.
import { describe, expect, it } from 'vitest';
import { addressOfView, isNarrowed, queryOfView, sortedBy, sortFromText, sortToText, viewFromAddress, type AddressParameters } from './view_state';

const vocabulary = {
  sortable: ['name', 'balance', 'currency', 'status'],
  defaultSort: 'name',
  searchFields: ['name', 'company', 'phone'],
  filters: ['status', 'currency', 'balance_min', 'remark'],
  textFilters: ['remark'],
};

const addresses: AddressParameters[] = [
  {},
  { search: 'Åsa & sons', match: 'contains' },
  { sort: '-balance', status: 'blocked,closed', after: 'b3BhcXVl' },
  { before: 'Zm9v' },
  { at: 'last', open: '42' },
  { search: '030', in: 'phone,company', view: '7' },
  { sort: '-balance,currency,name', balance_min: '-1.50', remark: 'late, again' },
];

describe('the address of a view', () => {
  it.each(addresses)('survives being read and written: %j', (address) => {
    expect(addressOfView(viewFromAddress(address, vocabulary), vocabulary)).toEqual(address);
  });

  it('drops what the list does not know', () => {
    const view = viewFromAddress(
      { sort: 'password', match: 'regex', open: '-3', colour: 'red', status: ',,', in: 'name', view: 'all' },
      vocabulary,
    );
    expect(addressOfView(view, vocabulary)).toEqual({});
  });

  it('takes one place at a time', () => {
    expect(viewFromAddress({ after: 'a', before: 'b', at: 'last' }, vocabulary).place).toEqual({ after: 'a' });
  });
});

describe('the order of a view', () => {
  it.each([
    ['balance', 'balance'],
    ['-balance,name', '-balance,name'],
    ['balance,-balance,password,name', 'balance,name'],
    ['name,balance,currency,status', 'name,balance,currency'],
    ['', 'name'],
    [undefined, 'name'],
  ])('%s is read as %s', (text, read) => {
    expect(sortToText(sortFromText(text, vocabulary))).toBe(read);
  });

  it.each([
    ['name', 'name', false, '-name'],
    ['-name', 'name', false, 'name'],
    ['name', 'balance', false, 'balance'],
    ['name,-balance', 'balance', false, '-balance'],
    ['name', 'balance', true, 'name,balance'],
    ['name,balance', 'balance', true, 'name,-balance'],
    ['name,balance', 'name', true, '-name,balance'],
    ['name,balance,currency', 'status', true, 'name,balance,status'],
  ])('%s, then %s (added: %s), is %s', (before, column, isAdded, after) => {
    expect(sortToText(sortedBy(sortFromText(before, vocabulary), column, isAdded))).toBe(after);
  });
});

describe('the query of a view', () => {
  it('asks for the plain first page', () => {
    expect(queryOfView(viewFromAddress({}, vocabulary), 25)).toEqual({ sort: 'name', limit: 25, total: 'bounded' });
  });

  it('carries search, filters and place, and never the open row', () => {
    const address = { search: ' ab ', match: 'ends_with', sort: '-balance', status: 'a,b', after: 'x', open: '9' };
    expect(queryOfView(viewFromAddress(address, vocabulary), 100)).toEqual({
      search: 'ab',
      match: 'ends_with',
      sort: '-balance',
      status: 'a,b',
      after: 'x',
      limit: 100,
      total: 'bounded',
    });
  });

  it('treats blanks as no search', () => {
    const view = viewFromAddress({ search: '   ', match: 'contains' }, vocabulary);
    expect(queryOfView(view, 25)).toEqual({ sort: 'name', limit: 25, total: 'bounded' });
    expect(isNarrowed(view)).toBe(false);
  });
});
