-- Views of lists that staff keep under a name. Who sees a shared one follows from the owner's reseller, in `staff`.
create table saved_view (
  saved_view_id bigint not null,
  staff_id bigint not null,
  list_name text not null,
  name text not null,
  name_key text collate "C" not null,
  shared boolean not null,
  query_text text not null,
  shown_columns text,
  created_at bigint not null,
  changed_at bigint not null,
  changed_by bigint not null,
  version bigint not null,
  primary key (saved_view_id)
);

create unique index saved_view_by_owner on saved_view (staff_id, list_name, name_key);
create index saved_view_shared on saved_view (list_name, name_key) where shared;
