// Owns the words for what the server says by code (statuses, reasons, what comes next, refusals): the person's language where it has
// them, the server's English otherwise. Does not own the words (language/) or the codes (the server's tables).
import type { AccountStatusCode, ReasonCode, ReasonValue, ReasonValues, StatusCode, StatusInfo } from '../api/types';
import { formatAll, formatAmountIn, formatCount, formatDay, formatMomentOfClock } from '../language/locale';
import { isolated, served } from '../language/served';

export function statusLabel(code: StatusCode, english: string): string {
  return served(`status.${code}.label`) ?? english;
}

export function accountStatusLabel(code: AccountStatusCode, english: string): string {
  return served(`accountStatus.${code}`) ?? english;
}

export function inWords(status: StatusInfo): StatusInfo {
  const { code, label, meaning, ending } = status;
  return {
    ...status,
    label: statusLabel(code, label),
    meaning: served(`status.${code}.meaning`) ?? meaning,
    ending: served(`status.${code}.ending`) ?? ending,
  };
}

/** A reason, or what comes next, as part of a sentence; `english` is how the server says it. */
export function reasonText(code: ReasonCode | null, values: ReasonValues | null, english: string | null): string | null {
  if (code === null) return english;
  const { comment, ...others } = values ?? {};
  const texts = textsOf(others);
  const sentence = texts && served(`reason.${code}`, texts);
  if (sentence === null) return english;
  return comment?.type === 'text' ? `${sentence}: ${isolated(comment.text)}` : sentence;
}

/** A refusal as a sentence; `english` is how the server says it. */
export function problemText(code: string, values: ReasonValues | null | undefined, english: string): string {
  const texts = textsOf(values ?? {});
  return (texts && served(`problem.${code}`, texts)) ?? english;
}

/** Null: there is one that this page has no words for. */
function textsOf(values: ReasonValues): Record<string, string | number> | null {
  const texts: Record<string, string | number> = {};
  const isList = ([, { type }]: [string, ReasonValue]) => Number(type === 'records');
  // What a list of records tells of them stands in values beside it.
  for (const [name, value] of Object.entries(values).sort((one, other) => isList(one) - isList(other))) {
    const text = valueText(value, texts);
    if (text === null) return null;
    texts[name] = isolated(text);
    // What is counted chooses the form of its noun, and stands in the sentence as `formatted`.
    if (value.type === 'number') {
      texts[name] = value.number;
      texts.formatted = isolated(text);
    }
  }
  return texts;
}

function valueText(value: ReasonValue, others: Record<string, string | number>): string | null {
  switch (value.type) {
    case 'amount':
      return formatAmountIn(value.amount, value.currency, value.currency_digits);
    case 'date':
      return formatDay(value.date);
    case 'moment':
      return formatMomentOfClock(value.moment, value.time_zone);
    case 'number':
      return formatCount(value.number);
    case 'text':
      return value.text;
    case 'records':
      // Its figure is told with it.
      return formatAll(value.records.map((record) => served(`record.${record}`, others) ?? record));
    case 'status':
      return served(`status.${value.code}.label`);
    case 'reason':
      return reasonText(value.reason_code, value.reason_values, null);
  }
}
