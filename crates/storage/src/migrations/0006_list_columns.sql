-- What the list filters and sorts by besides: company, type, billing period, creation, overdue. The totals of a filter are read from
-- customer_amount alone, which therefore has every column that a filter names. Old rows are filled in by the program.
alter table customer_entry add column company_key text not null default ''; --@sqlite
alter table customer_entry add column customer_type text not null default 'retail'; --@sqlite
alter table customer_entry add column billing_period text not null default 'monthly'; --@sqlite
alter table customer_entry add column created_at integer not null default 0; --@sqlite
alter table customer_amount add column reseller_id integer not null default 0; --@sqlite
alter table customer_amount add column customer_type text not null default 'retail'; --@sqlite
alter table customer_amount add column billing_period text not null default 'monthly'; --@sqlite
alter table customer_amount add column created_at integer not null default 0; --@sqlite
alter table customer_amount add column limit_kind integer not null default 0; --@sqlite
alter table customer_amount add column credit_limit integer not null default 0; --@sqlite
alter table customer_amount add column overdue_from integer; --@sqlite
alter table customer_balance add column last_paid_at integer; --@sqlite
alter table customer_balance add column last_paid integer; --@sqlite
drop table customer_search;
create virtual table customer_search using fts5(name, company, contact, email, phone, login, address, reference, content='', contentless_delete=1, tokenize='trigram case_sensitive 1'); --@sqlite

alter table customer_entry add column company_key text collate "C" not null default ''; --@postgres
alter table customer_entry add column customer_type text not null default 'retail'; --@postgres
alter table customer_entry add column billing_period text not null default 'monthly'; --@postgres
alter table customer_entry add column created_at bigint not null default 0; --@postgres
alter table customer_entry alter column company_key drop default; --@postgres
alter table customer_entry alter column customer_type drop default; --@postgres
alter table customer_entry alter column billing_period drop default; --@postgres
alter table customer_entry alter column created_at drop default; --@postgres
alter table customer_amount add column reseller_id bigint not null default 0; --@postgres
alter table customer_amount add column customer_type text not null default 'retail'; --@postgres
alter table customer_amount add column billing_period text not null default 'monthly'; --@postgres
alter table customer_amount add column created_at bigint not null default 0; --@postgres
alter table customer_amount add column limit_kind bigint not null default 0; --@postgres
alter table customer_amount add column credit_limit bigint not null default 0; --@postgres
alter table customer_amount add column overdue_from bigint; --@postgres
alter table customer_amount alter column reseller_id drop default; --@postgres
alter table customer_amount alter column customer_type drop default; --@postgres
alter table customer_amount alter column billing_period drop default; --@postgres
alter table customer_amount alter column created_at drop default; --@postgres
alter table customer_amount alter column limit_kind drop default; --@postgres
alter table customer_amount alter column credit_limit drop default; --@postgres
alter table customer_balance add column last_paid_at bigint; --@postgres
alter table customer_balance add column last_paid bigint; --@postgres

-- The texts by which a customer is found, a column a field. On SQLite the trigrams of customer_search stand beside them.
create table customer_text (
  customer_id bigint not null,
  name text not null,
  company text not null,
  contact text not null,
  email text not null,
  phone text not null,
  login text not null,
  address text not null,
  reference text not null,
  primary key (customer_id)
);
