-- On SQLite a customer's rows in tables that lie in order of arrival are found through sorted runs (arrival.rs), for an index
-- would write a page at a random place for each row. PostgreSQL keeps its indexes. Below them are look-ups that the first schema lacked.
drop index xdr_by_customer; --@sqlite
drop index payment_by_customer; --@sqlite

create table arrival ( --@sqlite
  run bigint not null, --@sqlite
  customer_id bigint not null, --@sqlite
  kind bigint not null, --@sqlite
  at bigint not null, --@sqlite
  row_id bigint not null, --@sqlite
  primary key (run, customer_id, kind, at, row_id) --@sqlite
); --@sqlite

create table arrival_run ( --@sqlite
  run bigint not null, --@sqlite
  level bigint not null, --@sqlite
  seq_to bigint not null, --@sqlite
  is_live boolean not null, --@sqlite
  primary key (run) --@sqlite
); --@sqlite

create table arrival_tail ( --@sqlite
  seq bigint not null, --@sqlite
  customer_id bigint not null, --@sqlite
  kind bigint not null, --@sqlite
  at bigint not null, --@sqlite
  row_id bigint not null, --@sqlite
  primary key (seq) --@sqlite
); --@sqlite

insert into arrival (run, customer_id, kind, at, row_id) select 1, customer_id, 1, bill_time, xdr_id from xdr order by customer_id, bill_time, xdr_id; --@sqlite
insert into arrival (run, customer_id, kind, at, row_id) select 1, customer_id, 2, paid_at, payment_id from payment; --@sqlite
insert into arrival (run, customer_id, kind, at, row_id) select 1, customer_id, 3, at, audit_id from audit where customer_id <> 0; --@sqlite
insert into arrival_run (run, level, seq_to, is_live) values (1, 1, 0, true); --@sqlite

create index account_by_id on account (account_id, customer_id);
create index outbox_by_event on outbox (event_id, customer_id); --@postgres

-- The id of a customer's last event, under the customer's lock: each event gets one above it.
alter table customer_balance add column last_event_id bigint not null default 0; --@postgres
alter table customer_balance alter column last_event_id drop default; --@postgres
