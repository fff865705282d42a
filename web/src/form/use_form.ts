// Owns what has been typed into a form: kept over refusals and over what others change meanwhile, and given up only when
// the person says so. Does not own fields (field.ts) nor their look (form.tsx).
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client';
import { adviceOf } from '../api/failure';
import { useWrite, type Wish } from '../api/write';
import { faultOf, type Field, type Texts } from './field';

/** A field that somebody else has changed while it was open here. */
export interface Overtaken {
  field: Field;
  /** What it is now. */
  now: string;
  /** This person has typed something else into it. */
  isTyped: boolean;
}

interface FormOptions<Answer> {
  /** Which fields there are, as the form stands. */
  fields: (texts: Texts) => Field[];
  /** What else is filled in when this is chosen. */
  follows?: (name: string, text: string) => Texts;
  /** What is stored, as texts. A new object is a newer state; it has to stay the same one until then. */
  stored: Texts;
  /** What to send for what has been typed; null when there is nothing to send. */
  wish: (texts: Texts, changed: string[], fields: Field[]) => Wish | null;
  onDone: (answer: Answer | null) => void;
  /** Somebody else was faster: fetches the newer state. */
  onOvertaken?: () => void;
}

export type Form = ReturnType<typeof useForm>;

export function useForm<Answer>({ fields: fieldsOf, follows, stored, wish, onDone, onOvertaken }: FormOptions<Answer>) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<Texts>({});
  const [base, setBase] = useState(stored);
  const [overtaken, setOvertaken] = useState<Overtaken[]>([]);
  const [missed, setMissed] = useState<Record<string, string | null>>({});
  const [attempts, setAttempts] = useState(0);
  // Known at once, where state would be known at the next drawing: what is done leads to another page.
  const isDone = useRef(false);
  const { send, isPending, error, reset } = useWrite<Answer>(
    (answer) => {
      isDone.current = true;
      onDone(answer);
    },
    (failure) => {
      if (isOvertaken(failure)) onOvertaken?.();
    },
  );
  const texts = { ...stored, ...typed };
  const fields = fieldsOf(texts);
  if (stored !== base) {
    setBase(stored);
    setOvertaken(
      fields
        .filter(({ name }) => (stored[name] ?? '') !== (base[name] ?? ''))
        .map((field) => ({ field, now: stored[field.name] ?? '', isTyped: field.name in typed })),
    );
  }
  const changed = fields.map(({ name }) => name).filter((name) => (texts[name] ?? '') !== (stored[name] ?? ''));
  const problem = error instanceof ApiError ? error.problem : null;

  const faultAt = (field: Field): string | null => {
    const said = problem?.errors?.find((one) => one.field === field.name);
    return missed[field.name] ?? (said && problem ? adviceOf(said, problem) : null);
  };
  const submit = () => {
    const faults = fields.flatMap((field) => {
      const fault = faultOf(field, texts[field.name] ?? '');
      return fault === null ? [] : [[field.name, t(`form.fault.${fault}`)] as const];
    });
    setMissed(Object.fromEntries(faults));
    setAttempts(attempts + 1);
    reset();
    if (faults.length > 0) return;
    const wanted = wish(texts, changed, fields);
    if (wanted) send(wanted);
    else onDone(null);
  };
  return {
    fields,
    texts,
    type: (name: string, text: string) => {
      setTyped({ ...typed, [name]: text, ...follows?.(name, text) });
      setMissed({ ...missed, [name]: null });
    },
    faultAt,
    submit,
    /** Counts up with every attempt, for the focus to go to what was refused. */
    attempts,
    isSaving: isPending,
    isChanged: changed.length > 0,
    isDone,
    /** What went wrong and is said of no field here. */
    error: error !== null && !fields.some((field) => faultAt(field) !== null) ? error : null,
    wasOvertaken: isOvertaken(error) || overtaken.length > 0,
    overtaken,
  };
}

function isOvertaken(error: Error | null): boolean {
  return error instanceof ApiError && error.problem.code === 'changed_meanwhile';
}
