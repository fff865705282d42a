// Owns the examples that fix how money reads. Does not own layout: alignment is looked at in the browser.
import { describe, expect, it } from 'vitest';
import { blankFraction, formatMoney, moneyFromText, typedMoney } from './format';

const cases: [sent: string, digits: number, locale: string, text: string][] = [
  ['0', 2, 'en', '0.00'],
  ['0.00000', 0, 'en', '0'],
  ['-0.00', 2, 'en', '0.00'],
  ['12.50000', 2, 'en', '12.50'],
  ['12.5', 3, 'en', '12.500'],
  ['1234567.8', 2, 'en', '1,234,567.80'],
  ['-1234.5', 2, 'en', '\u22121,234.50'],
  ['1234567', 0, 'en', '1,234,567'],
  ['1234.5678', 4, 'en', '1,234.5678'],
  ['1234567.8', 2, 'de', '1.234.567,80'],
  ['1234567.8', 2, 'en-IN', '12,34,567.80'],
  ['1234.5', 2, 'fr', '1\u202f234,50'],
  // Rounded half away from zero, with the carry going as far as it must.
  ['1.005', 2, 'en', '1.01'],
  ['-1.005', 2, 'en', '\u22121.01'],
  ['1.0049', 2, 'en', '1.00'],
  ['9.995', 2, 'en', '10.00'],
  ['999.5', 0, 'en', '1,000'],
  ['0.004', 2, 'en', '0.00'],
  ['-0.004', 2, 'en', '\u22120.00'],
  // Figures that a double would lose.
  ['9007199254740993.01', 2, 'en', '9,007,199,254,740,993.01'],
  ['0.145', 2, 'en', '0.15'],
];

describe('formatMoney', () => {
  it.each(cases)('%s with %i digits in %s', (sent, digits, locale, text) => {
    expect(formatMoney(sent, digits, locale).text).toBe(text);
  });

  it('keeps the exact value where it rounds, and says so', () => {
    const money = formatMoney('-1234.567891', 2, 'en');
    expect(money).toMatchObject({
      text: '\u22121,234.57',
      exact: '\u22121,234.567891',
      isRounded: true,
      isNegative: true,
      isZero: false,
    });
  });

  it('does not call a zero what only rounds to one', () => {
    expect(formatMoney('0.004', 2, 'en')).toMatchObject({
      isZero: false,
      isRoundedToZero: true,
      exact: '0.004',
    });
    expect(formatMoney('0.014', 2, 'en')).toMatchObject({ isRounded: true, isRoundedToZero: false });
    expect(formatMoney('-0.000', 2, 'en')).toMatchObject({ isZero: true, isNegative: false, isRoundedToZero: false });
  });

  it("writes the locale's own digits", () => {
    expect(formatMoney('1204.5', 2, 'ar-EG').text).toBe('١٬٢٠٤٫٥٠');
  });

  it.each(['', '1e3', '1,5', '.5', '5.', 'NaN'])('refuses %j', (sent) => {
    expect(() => formatMoney(sent, 2, 'en')).toThrow('Not a decimal amount');
  });
});

describe('blankFraction', () => {
  it.each([
    [3, 2, '0'],
    [3, 0, '.000'],
    [2, 2, ''],
    [0, 0, ''],
  ])('%i digits of room, %i shown', (digits, shown, text) => {
    expect(blankFraction(digits, shown, 'en')).toBe(text);
  });
});

describe('moneyFromText', () => {
  it.each([
    ['12.50', 'en', '12.50'],
    [' -12.5 ', 'en', '-12.5'],
    ['1,234.50', 'en', '1234.50'],
    ['1234', 'en', '1234'],
    ['12,50', 'de', '12.50'],
    ['1.234,5', 'de', '1234.5'],
    ['1.234', 'de', '1234'],
    ['12,34,567.8', 'en-IN', '1234567.8'],
    ['1 234,5', 'fr', '1234.5'],
    ['\u22125', 'en', '-5'],
    ['١٢٫٥', 'ar-EG', '12.5'],
  ])('%s in %s is %s', (text, locale, amount) => {
    expect(moneyFromText(text, locale)).toBe(amount);
  });

  // What would be another amount in another place is none.
  it.each([
    ['12.50', 'de'],
    ['12,50', 'en'],
    ['1,2345', 'en'],
    ['1.2.3', 'en'],
    ['12 50', 'en'],
    ['', 'en'],
    ['ten', 'en'],
  ])('%s in %s is none', (text, locale) => {
    expect(moneyFromText(text, locale)).toBeNull();
  });
});

it.each([
  ['500.00000', 'en', '500'],
  ['-12.5', 'de', '-12,5'],
])('typedMoney writes %s in %s as %s', (amount, locale, text) => {
  expect(typedMoney(amount, locale)).toBe(text);
  expect(moneyFromText(text, locale)).toBe(amount.replace(/\.0+$/, ''));
});
