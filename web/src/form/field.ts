// Owns what a form is told of a field, and how the text in it becomes a value of a request. Does not own how a field is
// drawn (form_field.tsx).
import type { LookupSource } from './lookup_source';
import { formatLocale } from '../language/locale';
import { moneyFromText } from '../money/format';

export interface FieldOption {
  value: string;
  label: string;
}

export interface Field {
  /** As the server names it, so that its word on a field finds the field; a point leads into an object. */
  name: string;
  label: string;
  takes: 'text' | 'long_text' | 'amount' | 'count' | 'choice' | 'id' | 'yes_no' | 'day' | 'moment';
  /** A sentence below the label. */
  help?: string;
  options?: FieldOption[];
  /** One of many, found by typing. */
  lookup?: LookupSource;
  /** What is proposed while one types, without being all that is allowed. */
  proposals?: string[];
  charactersMax?: number;
  isRequired?: boolean;
  isWide?: boolean;
  /** What is always written from left to right: addresses of e-mail, numbers, codes. */
  isCode?: boolean;
  /** Earliest and latest day. */
  days?: { from: string; to: string };
}

/** The text in each field, by name. */
export type Texts = Record<string, string>;

export type Value = string | number | boolean | null | { [name: string]: Value };

export type FieldFault = 'required' | 'no_amount' | 'no_count' | 'no_moment';

export function faultOf({ takes, isRequired }: Field, text: string): FieldFault | null {
  const trimmed = text.trim();
  if (trimmed === '') return isRequired ? 'required' : null;
  if (takes === 'amount' && moneyFromText(trimmed, formatLocale()) === null) return 'no_amount';
  if (takes === 'count' && !/^\d{1,9}$/.test(trimmed)) return 'no_count';
  if (takes === 'moment' && Number.isNaN(Date.parse(trimmed))) return 'no_moment';
  return null;
}

function valueOf({ takes }: Field, text: string): Value {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  switch (takes) {
    case 'amount':
      return moneyFromText(trimmed, formatLocale());
    case 'count':
    case 'id':
      return Number(trimmed);
    case 'yes_no':
      return trimmed === 'true';
    case 'moment':
      return new Date(trimmed).toISOString();
    case 'long_text':
      return text;
    case 'text':
    case 'choice':
    case 'day':
      return trimmed;
  }
}

/** The values of these fields as the body of a request. */
export function bodyOf(fields: Field[], texts: Texts): Record<string, Value> {
  const body: Record<string, Value> = {};
  for (const field of fields) {
    const [outer = '', inner] = field.name.split('.');
    const value = valueOf(field, texts[field.name] ?? '');
    if (inner === undefined) body[outer] = value;
    else body[outer] = { ...(body[outer] as Record<string, Value> | undefined), [inner]: value };
  }
  return body;
}

/** For a new thing: what was left empty is left out. */
export function givenOf(fields: Field[], texts: Texts): Record<string, Value> {
  return bodyOf(fields.filter(({ name }) => (texts[name] ?? '').trim() !== ''), texts);
}

/** A moment as the browser's own field for it has it, on the clock of the person. */
export function momentText(moment: string): string {
  const date = new Date(moment);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
