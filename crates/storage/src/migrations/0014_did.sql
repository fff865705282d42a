-- The inventory of DID numbers, and the further identities of accounts. A number that an account has is one of them; how a call finds
-- the account is in account_identity, for each identity alike.
create table did_number (
  number text collate "C" not null,
  did_id bigint not null,
  description text,
  is_frozen boolean not null,
  is_free_of_charge boolean not null,
  activation_fee bigint not null,
  periodic_fee bigint not null,
  customer_id bigint,
  account_id bigint,
  assigned_at bigint,
  released_at bigint,
  created_at bigint not null,
  version bigint not null,
  primary key (number)
);

create index did_number_by_id on did_number (did_id);
create index did_number_by_customer on did_number (customer_id, number);

create table account_alias (
  customer_id bigint not null,
  alias_id bigint not null,
  account_id bigint not null,
  identity text not null,
  did_id bigint,
  created_at bigint not null,
  primary key (customer_id, alias_id)
);

create index account_alias_by_id on account_alias (alias_id);
create index account_alias_by_account on account_alias (customer_id, account_id, alias_id);
