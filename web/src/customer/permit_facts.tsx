// Owns what a status permits, as a list of facts: on the page of a customer and in the legend. Does not own what that is (the server's).
import { useTranslation } from 'react-i18next';
import type { Permits } from '../api/types';
import { Fact, Facts } from '../page/page';

export function PermitFacts({ permits }: { permits: Permits }) {
  const { t } = useTranslation();
  const permit = (value: Exclude<Permits[keyof Permits], boolean> | boolean) =>
    t(`customers.permit.${value === true ? 'yes' : value === false ? 'no' : value}`);
  const rows = [
    ['callsOut', permits.calls_out],
    ['callsIn', permits.calls_in],
    ['emergency', permits.emergency],
    ['data', permits.data],
    ['messages', permits.messages],
    ['selfCare', permits.self_care],
    ['usageCharges', permits.usage_charges],
    ['subscriptionFees', permits.subscription_fees],
    ['didFees', permits.did_fees],
    ['periodClose', permits.period_close],
  ] as const;
  return (
    <Facts>
      {rows.map(([key, value]) => (
        <Fact key={key} label={t(`customers.details.${key}`)}>
          {permit(value)}
        </Fact>
      ))}
    </Facts>
  );
}
