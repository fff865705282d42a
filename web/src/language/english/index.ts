// Owns the English words that come with the program, a file a room; further languages have the same shape. Does not own those of other
// pages (pages.ts), nor what the server words (reasons, refusals). \u2068 and \u2069 keep what a person wrote from turning the sentence
// around it.
import { app } from './app';
import { customer } from './customer';
import { customerPage } from './customer_page';
import { form } from './form';
import { grid } from './grid';
import { live } from './live';
import type { pages } from './pages';
import { status } from './status';

export const first = { ...app, ...grid, ...status, ...customer, ...customerPage, ...form, ...live } as const;

/** All words, those of pages.ts too. */
export type English = typeof first & typeof pages;
