-- Products and who has them; sessions; what an xDR says of a session.
create table product (
  product_id bigint not null,
  name text not null,
  name_key text collate "C" not null,
  kind text not null,
  priority bigint not null,
  currency text not null,
  calls_max bigint,
  calls_outgoing_max bigint,
  calls_incoming_max bigint,
  created_at bigint not null,
  version bigint not null,
  primary key (product_id)
);

create unique index product_by_name on product (name_key);

create table product_tariff (
  product_id bigint not null,
  service text not null,
  direction text not null,
  tariff_id bigint not null,
  primary key (product_id, service, direction)
);

create index product_tariff_by_tariff on product_tariff (tariff_id, product_id);

-- Which products an account has, and from when to when. Account 0: what a reseller pays by for the usage of its customers.
create table account_product (
  customer_id bigint not null,
  account_id bigint not null,
  product_id bigint not null,
  active_from bigint not null,
  active_to bigint,
  primary key (customer_id, account_id, product_id)
);

create index account_product_by_product on account_product (product_id, customer_id);

-- Sessions that are open. The legs are one text: they are written and read whole.
create table charge_session (
  customer_id bigint not null,
  session_id bigint not null,
  session_key text collate "C" not null,
  account_id bigint not null,
  service text not null,
  direction text not null,
  cli text,
  cld text not null,
  is_emergency boolean not null,
  opened_at bigint not null,
  started_at bigint,
  used_units bigint not null,
  granted_units bigint not null,
  expires_at bigint not null,
  legs text not null,
  primary key (session_id) --@sqlite
  primary key (customer_id, session_id) --@postgres
);

create unique index charge_session_by_key on charge_session (customer_id, session_key); --@postgres
create index charge_session_of_key on charge_session (session_key); --@postgres
create index charge_session_by_expiry on charge_session (expires_at, customer_id, session_id); --@postgres

-- What open sessions hold of a balance; SQLite's writer sums it up in memory.
alter table customer_balance add column held bigint; --@postgres
alter table account add column held bigint; --@postgres

-- paid_by: null where the customer pays, `account` where a debit account does by itself.
alter table xdr add column paid_by text;
alter table xdr add column session_key text; --@sqlite
alter table xdr add column session_key text collate "C"; --@postgres
alter table xdr add column direction text;
alter table xdr add column units integer; --@sqlite
alter table xdr add column units bigint; --@postgres
alter table xdr add column tariff_id integer; --@sqlite
alter table xdr add column tariff_id bigint; --@postgres
alter table xdr add column prefix text;
alter table xdr add column rated_at integer; --@sqlite
alter table xdr add column rated_at bigint; --@postgres
alter table xdr add column trace text;
alter table xdr add column cause text;
alter table xdr add column refers_to integer; --@sqlite
alter table xdr add column refers_to bigint; --@postgres
