// Owns every word of the UI in Arabic, a file a room like the English ones. Does not own which words there are (english/).
// \u2068 and \u2069 keep names and figures, which may run the other way, from turning the sentence around them; digits are
// Latin (locale.ts).
import type { Arabic } from '../dictionary';
import type { English } from '../english';
import { account } from './account';
import { app } from './app';
import { catalogue } from './catalogue';
import { customer } from './customer';
import { customerAccount } from './customer_account';
import { customerAction } from './customer_action';
import { customerClass } from './customer_class';
import { customerPage } from './customer_page';
import { form } from './form';
import { grid } from './grid';
import { list } from './list';
import { live } from './live';
import { status } from './status';

export { served } from './served';
export const words: Arabic<English> = { ...app, ...account, ...catalogue, ...grid, ...list, ...status, ...customer, ...customerAccount, ...customerAction, ...customerClass, ...customerPage, ...form, ...live };
