// Owns a small group of radio buttons under one label. Does not own what is chosen.
import { useId } from 'react';
import styles from './preferences.module.css';

interface ChoiceGroupProps<Value extends string> {
  label: string;
  choices: readonly { value: Value; label: string; /** Of the label, where it is not the page's. */ lang?: string }[];
  value: Value;
  onChange: (value: Value) => void;
}

export function ChoiceGroup<Value extends string>({ label, choices, value, onChange }: ChoiceGroupProps<Value>) {
  const name = useId();
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className={styles.choice}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          {choice.lang === undefined ? choice.label : <bdi lang={choice.lang}>{choice.label}</bdi>}
        </label>
      ))}
    </fieldset>
  );
}
