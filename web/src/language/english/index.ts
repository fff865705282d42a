// Owns every word of the UI in English, a file a room; further languages have the same shape. Does not own what the server
// words (reasons, refusals). \u2068 and \u2069 keep what a person wrote from turning the sentence around it.
import { account } from './account';
import { app } from './app';
import { customer } from './customer';
import { customerAccount } from './customer_account';
import { customerAction } from './customer_action';
import { customerClass } from './customer_class';
import { customerPage } from './customer_page';
import { form } from './form';
import { grid } from './grid';
import { list } from './list';
import { status } from './status';

export const english = { ...app, ...account, ...grid, ...list, ...status, ...customer, ...customerAccount, ...customerAction, ...customerClass, ...customerPage, ...form } as const;
