// Owns the English words of the pages that are loaded when they are asked for, a file a room. Does not own those that come with the
// program (index.ts): the frame, the grid and the customer list.
import { account } from './account';
import { catalogue } from './catalogue';
import { customerAccount } from './customer_account';
import { customerAction } from './customer_action';
import { customerClass } from './customer_class';
import { list } from './list';

export const pages = { ...account, ...catalogue, ...customerAccount, ...customerAction, ...customerClass, ...list } as const;
