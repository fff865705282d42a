-- Tariffs and their dated rates. A rate that has begun is never changed: what follows it has a moment of its own.
create table tariff (
  tariff_id bigint not null,
  name text not null,
  name_key text collate "C" not null,
  service text not null,
  currency text not null,
  grace_units bigint not null,
  free_units bigint not null,
  connect_fee bigint not null,
  surcharge_millionths bigint not null,
  rounding_digits bigint not null,
  rounding text not null,
  is_split_by_peak boolean not null,
  time_zone text not null,
  off_peak text,
  rates_version bigint not null,
  created_at bigint not null,
  version bigint not null,
  primary key (tariff_id)
);

create unique index tariff_by_name on tariff (name_key);

create table rate (
  tariff_id bigint not null,
  prefix text collate "C" not null,
  effective_from bigint not null,
  rate_id bigint not null,
  standing text not null,
  is_payback boolean not null,
  interval_first bigint,
  interval_next bigint,
  price_first bigint,
  price_next bigint,
  formula text,
  off_peak_interval_first bigint,
  off_peak_interval_next bigint,
  off_peak_price_first bigint,
  off_peak_price_next bigint,
  off_peak_formula text,
  created_at bigint not null,
  primary key (tariff_id, prefix, effective_from)
);
