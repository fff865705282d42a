// Owns the look-up of a number in a tariff: its rate, and the price of a sample explained step by step. Does not own the reckoning,
// which is the server's.
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { request } from '../api/client';
import { failureOf } from '../api/failure';
import type { Price as PriceAnswer, Tariff } from '../api/types';
import { MomentText } from '../language/moment';
import { Price, PriceSteps } from './price';
import { unitText } from './tariff_list';
import styles from './tariff.module.css';

const UNITS_AT_FIRST: Record<Tariff['service'], string> = { voice: '60', message: '1', data: '1024' };

export function Sample({ tariff }: { tariff: Tariff }) {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const [units, setUnits] = useState(UNITS_AT_FIRST[tariff.service]);
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () =>
      request<PriceAnswer>('GET', `/tariffs/${tariff.id}/price`, {
        query: { number: number.replace(/\D/g, '') || undefined, units: units.trim() || undefined },
      }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) mutate();
  };
  const failure = error && failureOf(error, t);
  return (
    <>
      <form className={styles.sample} onSubmit={submit} noValidate aria-label={t('price.title')}>
        <TextInput
          label={t('price.number')}
          description={t('price.numberHelp')}
          inputMode="tel"
          dir="ltr"
          maxLength={32}
          value={number}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <TextInput
          label={unitText(t, tariff.unit)}
          inputMode="numeric"
          dir="ltr"
          maxLength={13}
          value={units}
          onChange={(event) => setUnits(event.currentTarget.value)}
        />
        <Button type="submit">{t('price.ask')}</Button>
      </form>
      <div role="alert">
        {failure && (
          <p className={styles.fault}>
            <strong>{failure.title}.</strong> {failure.detail}
          </p>
        )}
      </div>
      {/* An answer and a refusal do not stand beside each other. */}
      {data && !error && <Explanation price={data} />}
    </>
  );
}

function Explanation({ price }: { price: PriceAnswer }) {
  const { t } = useTranslation();
  const { rate, tariff, amount, steps } = price;
  return (
    <section aria-label={t('price.steps')} aria-live="polite">
      <p className={styles.rate}>
        {rate.prefix === '' ? t('rates.every') : <bdi dir="ltr">{rate.prefix}</bdi>} · {t('rates.from')} <MomentText moment={rate.effective_from} />
      </p>
      {amount === null ? (
        <p>{t('price.forbidden')}</p>
      ) : (
        <>
          <PriceSteps steps={steps} />
          <p className={styles.total}>
            <strong>{t('price.total')}</strong> <Price amount={amount} currency={tariff.currency} />
          </p>
        </>
      )}
    </section>
  );
}
