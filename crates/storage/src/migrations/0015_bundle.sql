-- Bundles: what products include, what accounts have taken of it, and what a session holds or an xDR took of it.
create table bundle (
  bundle_id bigint not null,
  name text not null,
  name_key text collate "C" not null,
  across text not null,
  created_at bigint not null,
  version bigint not null,
  primary key (bundle_id)
);

create unique index bundle_by_name on bundle (name_key);

-- The prefixes are one text, separated by spaces: they are written and read whole.
create table bundle_item (
  bundle_id bigint not null,
  item_id bigint not null,
  service text not null,
  direction text not null,
  prefixes text not null,
  measure text not null,
  volume bigint,
  renewal text not null,
  rollover_periods bigint not null,
  used_up text not null,
  first_period text not null,
  primary key (bundle_id, item_id)
);

-- What an account has taken of an item in the period that begins on a day, with what its open sessions hold.
create table bundle_use (
  customer_id bigint not null,
  account_id bigint not null,
  item_id bigint not null,
  first_day bigint not null,
  taken bigint not null,
  primary key (customer_id, account_id, item_id, first_day)
);

create index bundle_use_by_item on bundle_use (item_id);

alter table product add column bundle_id integer; --@sqlite
alter table product add column bundle_id bigint; --@postgres
alter table charge_session add column taken text;
alter table xdr add column taken text;
-- 1 and 2: the parts of a session in which a volume ended.
alter table xdr add column split_no integer; --@sqlite
alter table xdr add column split_no bigint; --@postgres
