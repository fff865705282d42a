// Owns how one field is drawn, with its label, its help and its fault. Does not own what is typed (use_form.ts).
import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useId } from 'react';
import type { Field } from './field';
import { Lookup } from './lookup';
import styles from './form.module.css';

interface FormFieldProps {
  field: Field;
  text: string;
  fault: string | null;
  type: (text: string) => void;
  /** The one a dialog begins at. */
  isFirst: boolean;
}

export function FormField({ field, text, fault, type, isFirst }: FormFieldProps) {
  const listId = useId();
  const shared = {
    name: field.name,
    label: field.label,
    required: field.isRequired,
    description: field.help,
    error: fault,
    value: text,
    // Fields in a line stand in a line, whether or not there is something to say of them.
    inputWrapperOrder: ['label' as const, 'input' as const, 'error' as const, 'description' as const],
    autoComplete: 'off',
    'data-autofocus': isFirst || undefined,
    className: field.isWide ? styles.wide : undefined,
    onChange: (event: { currentTarget: { value: string } }) => type(event.currentTarget.value),
  };
  if (field.takes === 'yes_no' && !field.options) {
    return (
      <div className={styles.wide}>
        <label className={styles.box}>
          <input type="checkbox" checked={text === 'true'} onChange={(event) => type(String(event.currentTarget.checked))} />
          {field.label}
        </label>
        {field.help && <p className={styles.boxHelp}>{field.help}</p>}
      </div>
    );
  }
  if (field.lookup) {
    return <Lookup {...shared} source={field.lookup} choose={type} />;
  }
  if (field.options) {
    return <NativeSelect {...shared} data={field.options} />;
  }
  if (field.takes === 'long_text') {
    return <Textarea {...shared} rows={5} maxLength={field.charactersMax} dir="auto" />;
  }
  const isAmount = field.takes === 'amount';
  return (
    <>
      <TextInput
        {...shared}
        type={field.takes === 'day' ? 'date' : field.takes === 'moment' ? 'datetime-local' : 'text'}
        inputMode={isAmount ? 'decimal' : field.takes === 'count' ? 'numeric' : undefined}
        dir={isAmount || field.isCode || field.takes === 'count' ? 'ltr' : field.takes === 'text' ? 'auto' : undefined}
        list={field.proposals ? listId : undefined}
        min={field.days?.from}
        max={field.days?.to}
        maxLength={field.charactersMax}
        spellCheck={false}
      />
      {field.proposals && (
        <datalist id={listId}>
          {field.proposals.map((proposal) => (
            <option key={proposal} value={proposal} />
          ))}
        </datalist>
      )}
    </>
  );
}
