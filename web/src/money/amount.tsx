// Owns how an amount is drawn: aligned on its separator, its exact value at hand. Does not own the digits (format.ts).
import type { Money } from '../api/types';
import { formatLocale } from '../language/locale';
import { blankFraction, formatMoney } from './format';
import styles from './amount.module.css';

interface AmountProps {
  amount: Money;
  digits: number;
  /** Digits of the longest fraction in the column; the difference is left blank. */
  alignTo?: number;
}

export function Amount({ amount, digits, alignTo = digits }: AmountProps) {
  const locale = formatLocale();
  const money = formatMoney(amount, digits, locale);
  const blank = blankFraction(alignTo, digits, locale);
  return (
    // Numbers read left to right in every script; the isolate keeps the minus sign at its place.
    <span
      dir="ltr"
      className={styles.amount}
      title={money.isRounded ? money.exact : undefined}
      data-zero={money.isZero || undefined}
      data-rounded-to-zero={money.isRoundedToZero || undefined}
    >
      {money.whole}
      {money.fraction}
      {blank !== '' && (
        <span aria-hidden="true" className={styles.blank}>
          {blank}
        </span>
      )}
    </span>
  );
}
