// Owns how a decimal string from the server becomes the digits that a person reads, and what a person typed such a string.
// Does not own arithmetic: no amount is ever added or compared here, and none passes through a floating-point number.
import type { Money } from '../api/types';

export interface FormattedMoney {
  /** Sign and whole units, grouped: "−1,234". */
  whole: string;
  /** Separator and fraction: ".50"; empty for a currency without one. */
  fraction: string;
  /** Whole and fraction together. */
  text: string;
  /** Every digit the server sent, grouped; differs from `text` only where `isRounded`. */
  exact: string;
  isRounded: boolean;
  isNegative: boolean;
  /** Exactly zero, not merely rounded to it. */
  isZero: boolean;
  /** Not zero, though every digit shown is. */
  isRoundedToZero: boolean;
}

interface LocaleSigns {
  minus: string;
  decimal: string;
  digits: string[];
  group: (whole: bigint) => string;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const signsByLocale = new Map<string, LocaleSigns>();

export function formatMoney(amount: Money, currencyDigits: number, locale: string): FormattedMoney {
  const parts = DECIMAL.exec(amount);
  if (!parts) throw new Error(`Not a decimal amount: "${amount}"`);
  const [, minus = '', whole = '', sentFraction = ''] = parts;
  // Trailing noughts carry nothing: "12.50000" is exactly 12.50 in a currency of two digits.
  const fraction = sentFraction.replace(/0+$/, '');
  const isZero = /^0*$/.test(whole) && fraction === '';
  const isNegative = minus === '-' && !isZero;
  const isRounded = fraction.length > currencyDigits;
  const signs = signsOf(locale);

  const shown = isRounded
    ? roundHalfAwayFromZero(whole, fraction, currencyDigits)
    : { whole, fraction: fraction.padEnd(currencyDigits, '0') };
  const shownText = write(shown.whole, shown.fraction, isNegative, signs);
  const exactText = isRounded ? write(whole, fraction, isNegative, signs) : shownText;
  return {
    ...shownText,
    text: shownText.whole + shownText.fraction,
    exact: exactText.whole + exactText.fraction,
    isRounded,
    isNegative,
    isZero,
    isRoundedToZero: !isZero && /^0*$/.test(shown.whole + shown.fraction),
  };
}

/** What takes the room of a fraction of `digits`, so that amounts of several currencies align on the separator. */
export function blankFraction(digits: number, shownDigits: number, locale: string): string {
  const signs = signsOf(locale);
  const missing = (signs.digits[0] ?? '0').repeat(Math.max(0, digits - shownDigits));
  return shownDigits === 0 && digits > 0 ? signs.decimal + missing : missing;
}

/** As one types it: the locale's separator, and nothing between thousands. */
export function typedMoney(amount: Money, locale: string): string {
  const [whole = '', fraction = ''] = amount.split('.');
  const digits = fraction.replace(/0+$/, '');
  return digits === '' ? whole : whole + signsOf(locale).decimal + digits;
}

/**
 * What was typed, as the server takes it; null where it is no amount. Thousands may be separated, but only where this
 * locale has them: "12.50" must not become 1250 for somebody whose point separates thousands.
 */
export function moneyFromText(text: string, locale: string): Money | null {
  const signs = signsOf(locale);
  const separator = new Intl.NumberFormat(locale).formatToParts(1_234_567).find(({ type }) => type === 'group')?.value ?? ',';
  const plain = Array.from(text.trim(), (sign) => {
    const digit = signs.digits.indexOf(sign);
    return digit >= 0 ? String(digit) : sign === '\u2212' ? '-' : sign;
  }).join('');
  const [whole = '', fraction, ...more] = plain.split(signs.decimal);
  // Blanks that separate thousands look alike and are typed alike.
  const groups = whole.split(separator.trim() === '' ? /[\s\u00a0\u202f]/ : separator);
  const isGrouped = groups.length === 1 || /^-?\d{1,3}(\|\d{2,3})*\|\d{3}$/.test(groups.join('|'));
  const amount = fraction === undefined ? groups.join('') : `${groups.join('')}.${fraction}`;
  return more.length === 0 && isGrouped && DECIMAL.test(amount) ? amount : null;
}

function roundHalfAwayFromZero(whole: string, fraction: string, digits: number) {
  const kept = BigInt(whole + fraction.slice(0, digits));
  const roundsUp = (fraction[digits] ?? '0') >= '5';
  const text = String(roundsUp ? kept + 1n : kept).padStart(digits + 1, '0');
  const split = text.length - digits;
  return { whole: text.slice(0, split), fraction: text.slice(split) };
}

function write(whole: string, fraction: string, isNegative: boolean, signs: LocaleSigns) {
  const localeFraction = Array.from(fraction, (digit) => signs.digits[Number(digit)] ?? digit).join('');
  return {
    whole: (isNegative ? signs.minus : '') + signs.group(BigInt(whole)),
    fraction: localeFraction === '' ? '' : signs.decimal + localeFraction,
  };
}

function signsOf(locale: string): LocaleSigns {
  const known = signsByLocale.get(locale);
  if (known) return known;
  const plain = new Intl.NumberFormat(locale, { useGrouping: false });
  const grouped = new Intl.NumberFormat(locale);
  const part = (value: number, type: string, otherwise: string) =>
    plain.formatToParts(value).find((piece) => piece.type === type)?.value ?? otherwise;
  // Arabic keeps its sign in place with a mark, which the isolate around an amount does for us.
  const minus = part(-1, 'minusSign', '-').replace(/[\u061c\u200e\u200f]/g, '');
  const signs: LocaleSigns = {
    // The hyphen is too short to be seen beside figures; the true minus sign is as wide as a digit.
    minus: minus === '-' ? '\u2212' : minus,
    decimal: part(0.5, 'decimal', '.'),
    digits: Array.from({ length: 10 }, (_, digit) => plain.format(digit)),
    group: (whole) => grouped.format(whole),
  };
  signsByLocale.set(locale, signs);
  return signs;
}
