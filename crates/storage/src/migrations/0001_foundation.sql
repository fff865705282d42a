-- The first schema. One statement each, ended by a semicolon at the end of a line.
-- A line that ends in --@sqlite or --@postgres is for that engine alone. Layout differs by engine, the queries do not:
-- append-only tables lie in order of arrival on SQLite and by customer on PostgreSQL.

create table installation (
  name text not null,
  value text not null,
  primary key (name)
);

create table signing_key (
  key_id text not null,
  private_pem text not null,
  created_at bigint not null,
  primary key (key_id)
);

create table customer_class (
  customer_class_id bigint not null,
  name text not null,
  name_key text collate "C" not null,
  currency text,
  payment_terms_days bigint not null,
  limit_after_days bigint,
  suspend_after_days bigint,
  terminate_after_days bigint,
  close_after_days bigint not null,
  suspend_on_insufficient_funds boolean not null,
  created_at bigint not null,
  version bigint not null,
  primary key (customer_class_id)
);

create unique index customer_class_by_name on customer_class (name_key);

create table spending_plan (
  spending_plan_id bigint not null,
  name text not null,
  currency text not null,
  daily_limit bigint not null,
  warning_percent bigint,
  created_at bigint not null,
  primary key (spending_plan_id)
);

create table staff (
  staff_id bigint not null,
  login text not null,
  login_key text collate "C" not null,
  name text not null,
  email text,
  role text not null,
  reseller_id bigint,
  password_hash text not null,
  created_at bigint not null,
  disabled_at bigint,
  version bigint not null,
  primary key (staff_id)
);

create unique index staff_by_login on staff (login_key);

create table staff_preference (
  staff_id bigint not null,
  document text not null,
  changed_at bigint not null,
  version bigint not null,
  primary key (staff_id)
);

create table login (
  token_hash text not null,
  login_id text not null,
  refresh_hash text,
  staff_id bigint not null,
  face text not null,
  created_at bigint not null,
  expires_at bigint not null,
  ended_at bigint,
  primary key (token_hash)
);

create table idempotency (
  id bigint not null, --@sqlite
  actor text not null,
  request_key text not null,
  fingerprint text not null,
  answer text not null,
  created_at bigint not null,
  primary key (id) --@sqlite
  primary key (request_key, actor) --@postgres
);

create table customer_name (
  name_key text collate "C" not null,
  customer_id bigint not null,
  primary key (name_key)
);

create table customer_login (
  login_key text collate "C" not null,
  customer_id bigint not null,
  primary key (login_key)
);

create table account_identity (
  identity_key text collate "C" not null,
  customer_id bigint not null,
  account_id bigint not null,
  primary key (identity_key)
);

create table number_sequence (
  scope text not null,
  next_number bigint not null,
  primary key (scope)
);

create table customer (
  customer_id bigint not null,
  name text not null,
  name_key text collate "C" not null,
  customer_type text not null,
  reseller_id bigint,
  customer_class_id bigint not null,
  balance_control text not null,
  currency text not null,
  time_zone text not null,
  billing_period text not null,
  created_at bigint not null,
  opening_balance bigint not null,
  credit_limit bigint,
  temporary_limit bigint,
  temporary_limit_until bigint,
  lifted_until bigint,
  spending_plan_id bigint,
  suspend_on_insufficient_funds boolean,
  login text,
  reference text,
  company_name text,
  salutation text,
  first_name text,
  middle_name text,
  last_name text,
  address_line_1 text,
  address_line_2 text,
  city text,
  state text,
  postal_code text,
  country text,
  contact text,
  phone_1 text,
  phone_2 text,
  fax text,
  email text,
  bcc text,
  tax_id text,
  notes text,
  version bigint not null,
  primary key (customer_id)
);

create index customer_by_reseller on customer (reseller_id, customer_id);

create table customer_balance (
  customer_id bigint not null,
  balance bigint not null,
  unallocated bigint not null,
  exhausted_since bigint,
  primary key (customer_id)
);

create table customer_entry (
  customer_id bigint not null,
  name_key text collate "C" not null,
  status_order bigint not null,
  status_changes_at bigint,
  balance_control text not null,
  currency text not null,
  customer_class_id bigint not null,
  reseller_id bigint not null,
  limit_kind bigint not null,
  credit_limit bigint not null,
  primary key (customer_id)
);

create table customer_amount (
  customer_id bigint not null,
  balance_control text not null,
  limit_part bigint not null,
  amount bigint not null,
  status_order bigint not null,
  currency text not null,
  customer_class_id bigint not null,
  primary key (customer_id)
);

create virtual table customer_search using fts5(name_key, content='', contentless_delete=1, tokenize='trigram case_sensitive 1'); --@sqlite

create extension if not exists pg_trgm; --@postgres

create table customer_search ( --@postgres
  customer_id bigint not null, --@postgres
  name_key text collate "C" not null, --@postgres
  primary key (customer_id) --@postgres
); --@postgres

create table hold (
  customer_id bigint not null,
  hold_id bigint not null,
  kind text not null,
  cause text not null,
  comment text,
  invoice_id bigint,
  needed bigint,
  since bigint not null,
  ends_at bigint,
  closes_at bigint,
  created_at bigint not null,
  staff_id bigint,
  primary key (customer_id, hold_id)
);

create table invoice (
  customer_id bigint not null,
  invoice_id bigint not null,
  number bigint not null,
  issued_at bigint not null,
  due_on bigint not null,
  period_from bigint not null,
  period_to bigint not null,
  total bigint not null,
  primary key (invoice_id) --@sqlite
  primary key (customer_id, invoice_id) --@postgres
);

create index invoice_by_customer on invoice (customer_id, issued_at);

create table open_invoice (
  customer_id bigint not null,
  invoice_id bigint not null,
  number bigint not null,
  issued_at bigint not null,
  due_on bigint not null,
  total bigint not null,
  outstanding bigint not null,
  primary key (customer_id, invoice_id)
);

create table posting (
  customer_id bigint not null,
  posting_id bigint not null,
  account_id bigint,
  xdr_id bigint not null,
  kind text not null,
  owed bigint not null,
  posted_at bigint not null,
  primary key (posting_id) --@sqlite
  primary key (customer_id, posting_id) --@postgres
);

create table xdr (
  customer_id bigint not null,
  xdr_id bigint not null,
  account_id bigint,
  service text not null,
  cli text,
  cld text,
  description text,
  visible_comment text,
  internal_comment text,
  started_at bigint not null,
  ended_at bigint not null,
  bill_time bigint not null,
  quantity bigint not null,
  owed bigint not null,
  staff_id bigint,
  primary key (xdr_id) --@sqlite
  primary key (customer_id, xdr_id) --@postgres
);

create index xdr_by_customer on xdr (customer_id, bill_time);

create table payment (
  customer_id bigint not null,
  payment_id bigint not null,
  posting_id bigint not null,
  kind text not null,
  amount bigint not null,
  paid_at bigint not null,
  primary key (payment_id) --@sqlite
  primary key (customer_id, payment_id) --@postgres
);

create index payment_by_customer on payment (customer_id, paid_at);

create table invoice_allocation (
  customer_id bigint not null,
  payment_id bigint not null,
  invoice_id bigint not null,
  amount bigint not null,
  allocated_at bigint not null,
  primary key (payment_id, invoice_id) --@sqlite
  primary key (customer_id, payment_id, invoice_id) --@postgres
);

create index invoice_allocation_by_customer on invoice_allocation (customer_id, invoice_id);

create table spending_day (
  customer_id bigint not null,
  day bigint not null,
  spent bigint not null,
  reached_at bigint,
  primary key (customer_id)
);

create table auto_payment (
  customer_id bigint not null,
  method text not null,
  enabled_at bigint not null,
  primary key (customer_id)
);

create table auto_payment_attempt (
  customer_id bigint not null,
  attempt_id bigint not null,
  attempted_at bigint not null,
  outcome text not null,
  reason text,
  primary key (customer_id, attempt_id)
);

create table customer_export (
  customer_id bigint not null,
  export_id bigint not null,
  phase text not null,
  target text not null,
  started_at bigint not null,
  finished_at bigint,
  primary key (customer_id, export_id)
);

create table account (
  customer_id bigint not null,
  account_id bigint not null,
  identity text not null,
  identity_key text collate "C" not null,
  model text not null,
  state text not null,
  blocked boolean not null,
  opening_balance bigint not null,
  balance bigint not null,
  credit_limit bigint,
  suspended boolean not null,
  screening text,
  payment_frozen boolean not null,
  active_from bigint,
  expires_at bigint,
  life_time_days bigint,
  idle_days_max bigint,
  first_used_at bigint,
  last_used_at bigint,
  batch text,
  created_at bigint not null,
  version bigint not null,
  primary key (customer_id, account_id)
);

create table audit (
  customer_id bigint not null,
  audit_id bigint not null,
  at bigint not null,
  actor text not null,
  action text not null,
  detail text not null,
  primary key (audit_id) --@sqlite
  primary key (customer_id, audit_id) --@postgres
);

create table outbox (
  customer_id bigint not null,
  event_id bigint not null,
  event_type text not null,
  payload text not null,
  created_at bigint not null,
  primary key (event_id) --@sqlite
  primary key (customer_id, event_id) --@postgres
);

create table job (
  customer_id bigint not null,
  job_id bigint not null,
  kind text not null,
  payload text not null,
  run_at bigint not null,
  lease_until bigint not null,
  attempts bigint not null,
  last_error text,
  primary key (customer_id, job_id)
);

create index job_due on job (run_at, customer_id, job_id);
