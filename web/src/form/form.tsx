// Owns how a form looks: fields with their labels and faults, what went wrong, the buttons at its end. Does not own what
// was typed (use_form.ts).
import { Button } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { failureOf } from '../api/failure';
import type { Field } from './field';
import { FormField } from './form_field';
import { LeaveGuard } from './leave_guard';
import type { Form } from './use_form';
import styles from './form.module.css';

interface FormViewProps {
  form: Form;
  /** What the form is, for those who do not see where it stands. */
  label: string;
  save: string;
  /** Red, where it stops a service or cannot be undone. */
  isDestructive?: boolean;
  cancel?: () => void;
  /** Groups of fields under a heading each; without it the form is one group. */
  groups?: { title: string; names: string[] }[];
  children?: ReactNode;
  /** A dialog puts the focus where it is told; on a page the form does it. */
  isDialog?: boolean;
}

export function FormView({ form, label, save, isDestructive = false, cancel, groups, children, isDialog = false }: FormViewProps) {
  const { t } = useTranslation();
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!isDialog) element.current?.querySelector<HTMLElement>('input, select, textarea')?.focus();
  }, [isDialog]);
  useEffect(() => {
    if (form.attempts > 0 && !form.isSaving) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [form.attempts, form.isSaving]);
  const fieldOf = (name: string) => form.fields.find((field) => field.name === name);
  return (
    <form
      ref={element}
      className={styles.form}
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      {form.wasOvertaken && <OvertakenNotice form={form} />}
      {groups?.map(({ title, names }) => (
        <fieldset key={title} className={styles.group}>
          <legend className={styles.legend}>{title}</legend>
          <FieldGrid form={form} fields={names.flatMap((name) => fieldOf(name) ?? [])} />
        </fieldset>
      )) ?? <FieldGrid form={form} fields={form.fields} isDialog={isDialog} />}
      {children}
      <div role="alert">{form.error && !form.wasOvertaken && <FormError error={form.error} />}</div>
      <div className={styles.buttons}>
        <Button type="submit" data-autofocus={(isDialog && form.fields.length === 0) || undefined} aria-disabled={form.isSaving} className={isDestructive ? styles.destructive : undefined}>
          {form.isSaving ? t('form.saving') : save}
        </Button>
        {cancel && (
          <Button variant="default" onClick={cancel}>
            {t('form.cancel')}
          </Button>
        )}
      </div>
      <LeaveGuard isOn={form.isChanged} isDone={form.isDone} />
    </form>
  );
}

function FieldGrid({ form, fields, isDialog = false }: { form: Form; fields: Field[]; isDialog?: boolean }) {
  return (
    <div className={styles.grid}>
      {fields.map((field, index) => (
        <FormField
          key={field.name}
          field={field}
          text={form.texts[field.name] ?? ''}
          fault={form.faultAt(field)}
          type={(text) => form.type(field.name, text)}
          isFirst={isDialog && index === 0}
        />
      ))}
    </div>
  );
}

export function FormError({ error }: { error: Error }) {
  const { t } = useTranslation();
  const failure = failureOf(error, t);
  return (
    <p className={styles.error}>
      <strong>{failure.title}.</strong> {failure.detail}
    </p>
  );
}

function OvertakenNotice({ form }: { form: Form }) {
  const { t } = useTranslation();
  return (
    <div role="alert" className={styles.overtaken}>
      <p>{t('form.overtaken')}</p>
      {form.overtaken.length > 0 && (
        <ul>
          {form.overtaken.map(({ field, now, isTyped }) => {
            const words = {
              field: field.label,
              now: field.options?.find(({ value }) => value === now)?.label ?? (now === '' ? t('form.empty') : now),
            };
            return <li key={field.name}>{t(isTyped ? 'form.nowButTyped' : 'form.now', words)}</li>;
          })}
        </ul>
      )}
    </div>
  );
}
