// Owns how the component library is made to look like the rest: our tokens in, its own palette out. Does not own the
// tokens (style/tokens.css).
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eef8f6',
  '#d9efeb',
  '#b2ded7',
  '#87ccc1',
  '#6cc7b9',
  '#36a08f',
  '#0f8072',
  '#0b6e63',
  '#085a51',
  '#05463f',
];

export const theme = createTheme({
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 4 },
  defaultRadius: 'sm',
  fontFamily: 'var(--font)',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Input: {
      vars: (_theme: unknown, { size }: { size?: unknown }) => ({
        wrapper: {
          '--input-bd': 'var(--line-strong)',
          '--input-bg': 'var(--paper)',
          ...(size === 'xs' ? { '--input-fz': 'var(--text-small)' } : {}),
        },
      }),
    },
    Button: {
      vars: (_theme: unknown, { variant = 'filled' }: { variant?: string }) => ({
        root: variant === 'filled' ? { '--button-color': 'var(--on-accent)' } : {},
      }),
    },
    Popover: { defaultProps: { transitionProps: { duration: 80 } } },
    Modal: { defaultProps: { transitionProps: { duration: 100 } } },
    Drawer: { defaultProps: { transitionProps: { duration: 120 } } },
  },
});

const ours = {
  '--mantine-color-body': 'var(--paper)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-quiet)',
  '--mantine-color-placeholder': 'var(--ink-quiet)',
  '--mantine-color-default': 'var(--paper)',
  '--mantine-color-default-hover': 'var(--row-hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-error': 'var(--tone-red)',
};

export const ourVariables: CSSVariablesResolver = () => ({ variables: {}, light: ours, dark: ours });
