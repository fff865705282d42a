-- Switches and access servers that ask over RADIUS. The secret is kept as it is: the protocol needs it so.
create table nas (
  nas_id bigint not null,
  name text not null,
  name_key text collate "C" not null,
  network text collate "C" not null,
  identifier text collate "C" not null,
  secret text not null,
  reauthorizes boolean not null,
  interim_interval_seconds bigint,
  message_authenticator_required boolean not null,
  reply_template text,
  dynamic_authorization_port bigint,
  created_at bigint not null,
  changed_at bigint not null,
  version bigint not null,
  primary key (nas_id)
);

create unique index nas_by_name on nas (name_key);
create unique index nas_by_place on nas (network, identifier);
