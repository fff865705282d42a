-- Which xDRs correct which: looked for by the one that is corrected, which itself is never changed.
create table xdr_correction (
  customer_id bigint not null,
  original_id bigint not null,
  xdr_id bigint not null,
  kind text not null,
  owed bigint not null,
  is_hidden boolean not null,
  corrected_at bigint not null,
  primary key (customer_id, original_id, xdr_id)
);

create index xdr_correction_by_original on xdr_correction (original_id);
create index xdr_correction_by_xdr on xdr_correction (xdr_id);
