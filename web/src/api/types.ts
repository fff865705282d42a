// Owns the shapes of the native API as this UI uses them. Does not own the requests (client.ts) nor any rule.
// Written by hand from the contract; it is replaced by types taken from the server's OpenAPI document (`npm run api-types`).

export type Id = number;
/** A decimal string, always exact. Never turn it into a number: see money/format.ts. */
export type Money = string;
/** RFC 3339 in UTC. */
export type Moment = string;

export interface FieldError {
  field: string;
  code: string;
  message: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: FieldError[];
  request_id: string;
}

export type Role = 'administrator' | 'support' | 'finance' | 'network' | 'auditor' | 'reseller';

export interface Session {
  staff: { id: Id; login: string; name: string; role: Role; reseller_id: Id | null };
  expires_at: Moment;
  permissions: string[];
  server_time: Moment;
  version: string;
}

export type RowsPerPage = 10 | 25 | 50 | 100 | 250;
export type Theme = 'light' | 'dark' | 'system';
export type Density = 'comfortable' | 'compact' | 'dense';
export type Match = 'starts_with' | 'contains' | 'exactly' | 'ends_with';

export interface ListPreferences {
  columns?: string[];
  widths?: Record<string, number>;
  sort?: string;
  search_fields?: string[];
  match?: Match;
}

export interface Preferences {
  rows_per_page?: RowsPerPage;
  theme?: Theme;
  density?: Density;
  striped?: boolean;
  lists?: Record<string, ListPreferences>;
  language?: string;
}

export type StatusCode =
  | 'active'
  | 'closed'
  | 'exported'
  | 'blocked'
  | 'reseller_blocked'
  | 'billing_paused'
  | 'suspended'
  | 'reseller_suspended'
  | 'provisionally_terminated'
  | 'reseller_provisionally_terminated'
  | 'limited'
  | 'limiting_delayed'
  | 'credit_exceeded'
  | 'no_available_funds'
  | 'spending_limit_reached'
  | 'suspension_delayed'
  | 'frozen';

export type Tone = 'red' | 'amber' | 'orange' | 'blue' | 'grey' | 'none';

export interface Permits {
  calls_out: 'full' | 'limited' | 'free_only' | 'emergency_only' | 'none';
  calls_in: 'full' | 'free_only' | 'none';
  emergency: boolean;
  self_care: 'full' | 'pay_only' | 'read_only' | 'none';
  usage_charges: 'all' | 'free_only' | 'none';
  subscription_fees: boolean;
  did_fees: boolean;
  period_close: 'yes' | 'final_only' | 'no';
  data: 'full' | 'limited_speed' | 'none';
  messages: 'full' | 'free_only' | 'none';
}

export interface StatusInfo {
  code: StatusCode;
  label: string;
  icon: string;
  tone: Tone;
  outlined: boolean;
  summary: string;
  permits: Permits;
}

export interface Status {
  code: StatusCode;
  label: string;
  since: Moment | null;
  reason: string | null;
  next: { at: Moment; code: StatusCode | null; sentence: string } | null;
  all: StatusCode[];
}

export interface Page<Row> {
  items: Row[];
  page: { next: string | null; previous: string | null; first_position: number | null };
  total: { count: number; exact: boolean } | null;
}

export interface CustomerRow {
  id: Id;
  name: string;
  company_name: string | null;
  email: string | null;
  phone: string | null;
  type: 'retail' | 'reseller';
  balance_control: 'prepaid' | 'postpaid';
  currency: string;
  currency_digits: number;
  balance: Money | null;
  credit_limit: Money | null;
  available_funds: Money | null;
  status: Status;
  class: { id: Id; name: string };
  reseller: { id: Id; name: string } | null;
  created_at: Moment;
  version: number;
}

export interface CustomerCondition {
  code: StatusCode;
  label: string;
  since: Moment | null;
  until: Moment | null;
  reason: string | null;
}

export interface Customer extends CustomerRow {
  permits: Permits;
  conditions: CustomerCondition[];
  first_name: string | null;
  last_name: string | null;
  time_zone: string;
  login: string | null;
}
