// Owns how a price of a tariff stands on a page, with every decimal it has, and the steps that led to an amount. Does not own what is charged, which is an amount of a
// currency (money/amount.tsx).
import type { Money, PriceStep } from '../api/types';
import { formatLocale } from '../language/locale';
import { formatMoney } from '../money/format';
import styles from './tariff.module.css';

export function Price({ amount, currency }: { amount: Money; currency?: string }) {
  // "0.1" reads as 0.10; whole prices stay whole.
  const { exact } = formatMoney(amount, amount.includes('.') ? 2 : 0, formatLocale());
  return (
    <bdi dir="ltr">
      {exact}
      {currency !== undefined && `\u00a0${currency}`}
    </bdi>
  );
}

export function PriceSteps({ steps }: { steps: PriceStep[] }) {
  return (
    <ol className={styles.steps}>
      {steps.map((step, index) => (
        // Steps are told in their order and never change.
        <li key={index}>
          <span dir="auto">{step.text}</span>
          {step.amount !== null && <Price amount={step.amount} />}
        </li>
      ))}
    </ol>
  );
}
