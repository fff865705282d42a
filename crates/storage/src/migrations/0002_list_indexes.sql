-- Indexes of the list tables: one for each sort alone and with each one filter. They are made after the tables and apart
-- from them, so that a bulk load can fill the tables first. Named <table>_by_<filter>_<sort>.
create index customer_entry_by_name on customer_entry (name_key, customer_id);
create index customer_entry_by_status on customer_entry (status_order, name_key, customer_id);
create index customer_entry_by_class on customer_entry (customer_class_id, name_key, customer_id);
create index customer_entry_by_currency on customer_entry (currency, name_key, customer_id);
create index customer_entry_by_control on customer_entry (balance_control, name_key, customer_id);
create index customer_entry_by_reseller on customer_entry (reseller_id, name_key, customer_id);
create index customer_entry_by_status_currency on customer_entry (status_order, currency, name_key, customer_id);
create index customer_entry_by_status_control on customer_entry (status_order, balance_control, name_key, customer_id);
create index customer_entry_by_class_status on customer_entry (customer_class_id, status_order, name_key, customer_id);
create index customer_entry_by_class_currency on customer_entry (customer_class_id, currency, name_key, customer_id);
create index customer_entry_by_class_control on customer_entry (customer_class_id, balance_control, name_key, customer_id);
create index customer_entry_by_currency_status on customer_entry (currency, status_order, name_key, customer_id);
create index customer_entry_by_currency_control on customer_entry (currency, balance_control, name_key, customer_id);
create index customer_entry_by_control_status on customer_entry (balance_control, status_order, name_key, customer_id);
create index customer_entry_by_control_currency on customer_entry (balance_control, currency, name_key, customer_id);
create index customer_entry_by_limit on customer_entry (limit_kind, credit_limit, name_key, customer_id);
create index customer_entry_by_status_limit on customer_entry (status_order, limit_kind, credit_limit, name_key, customer_id);
create index customer_entry_by_class_limit on customer_entry (customer_class_id, limit_kind, credit_limit, name_key, customer_id);
create index customer_entry_by_currency_limit on customer_entry (currency, limit_kind, credit_limit, name_key, customer_id);
create index customer_entry_due on customer_entry (status_changes_at, customer_id) where status_changes_at is not null;
create index customer_amount_by_balance on customer_amount (balance_control, amount, customer_id);
create index customer_amount_by_status_balance on customer_amount (status_order, balance_control, amount, customer_id);
create index customer_amount_by_class_balance on customer_amount (customer_class_id, balance_control, amount, customer_id);
create index customer_amount_by_currency_balance on customer_amount (currency, balance_control, amount, customer_id);
create index customer_search_by_name on customer_search using gin (name_key gin_trgm_ops); --@postgres
create index account_by_identity on account (identity_key);
