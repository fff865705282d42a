// Owns choosing one of many by typing a part of its name: a field with the list of what was found below it. Does not own where
// the choices come from (lookup_source.ts).
import { TextInput, type TextInputProps } from '@mantine/core';
import { useId, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { intoSight, useActiveOption } from '../app/active_option';
import { useFound, useLabels, type LookupOption, type LookupSource } from './lookup_source';
import styles from './lookup.module.css';

interface LookupProps extends Omit<TextInputProps, 'value' | 'label'> {
  label: string;
  source: LookupSource;
  value: string;
  choose: (value: string) => void;
}

export function Lookup({ source, value, choose, ...field }: LookupProps) {
  const { t } = useTranslation();
  const listId = useId();
  const [chosen = ''] = useLabels(value === '' ? [] : [{ source, value }]);
  // Null: nothing is being typed, and what is chosen stands in the field.
  const [typed, setTyped] = useState<string | null>(null);
  const isOpen = typed !== null;
  const { options, isSettled, isError, keep } = useFound(source, typed ?? '', isOpen);
  const { active, setActive, walk } = useActiveOption(options.length, typed, typed !== null && typed !== '');

  const take = (option: LookupOption) => {
    keep(option);
    choose(option.value);
    setTyped(null);
  };
  const type = (text: string) => {
    setTyped(text);
    if (text === '') choose('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen && event.key === 'ArrowDown') return setTyped('');
    if (!isOpen || walk(event)) return;
    const option = options[active];
    if (event.key === 'Enter') {
      // What is typed is no value yet: it must not be sent off with the form.
      event.preventDefault();
      if (option && isSettled) take(option);
    }
    if (event.key === 'Escape') {
      event.stopPropagation();
      setTyped(null);
    }
  };
  return (
    <div className={styles.lookup}>
      <TextInput
        {...field}
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && options[active] ? `${listId}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        dir="auto"
        placeholder={field.placeholder ?? t('lookup.find')}
        value={typed ?? (value === '' ? '' : chosen)}
        onFocus={(event) => event.currentTarget.select()}
        onClick={() => isOpen || setTyped('')}
        onBlur={() => setTyped(null)}
        onKeyDown={onKeyDown}
        onChange={(event) => type(event.currentTarget.value)}
      />
      <div id={listId} role="listbox" aria-label={field.label} className={styles.list} hidden={!isOpen}>
        {isOpen && <Options id={listId} {...{ options, value, active, setActive, take }} />}
      </div>
      <p role="status" className={styles.nothing}>
        {isOpen && isError && t('lookup.failed')}
        {isOpen && !isError && isSettled && options.length === 0 && t('lookup.nothing')}
      </p>
    </div>
  );
}

interface OptionsProps {
  id: string;
  options: LookupOption[];
  value: string;
  active: number;
  setActive: (index: number) => void;
  take: (option: LookupOption) => void;
}

function Options({ id, options, value, active, setActive, take }: OptionsProps) {
  return options.map((option, index) => (
    <div
      key={option.value}
      id={`${id}-${index}`}
      ref={intoSight(index === active)}
      role="option"
      aria-selected={option.value === value}
      data-active={index === active || undefined}
      className={styles.option}
      onPointerMove={() => index === active || setActive(index)}
      // The field would lose the focus, and the list with it.
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => take(option)}
    >
      <bdi>{option.label}</bdi>
    </div>
  ));
}
