// Owns the words for what the server says by code (statuses, reasons, what comes next): the person's language where it has
// them, the server's English otherwise. Does not own the words (language/) or the codes (the server's tables).
import type { AccountStatusCode, ReasonCode, ReasonValue, ReasonValues, StatusCode, StatusInfo } from '../api/types';
import { formatAmountIn, formatCount, formatDay, formatMomentOfClock } from '../language/locale';
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
  const texts: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(others)) {
    const text = valueText(value);
    if (text === null) return english;
    texts[name] = isolated(text);
    // What is counted chooses the form of its noun, and stands in the sentence as `formatted`.
    if (value.type === 'number') {
      texts[name] = value.number;
      texts.formatted = isolated(text);
    }
  }
  const sentence = served(`reason.${code}`, texts);
  if (sentence === null) return english;
  return comment?.type === 'text' ? `${sentence}: ${isolated(comment.text)}` : sentence;
}

function valueText(value: ReasonValue): string | null {
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
    case 'status':
      return served(`status.${value.code}.label`);
    case 'reason':
      return reasonText(value.reason_code, value.reason_values, null);
  }
}
