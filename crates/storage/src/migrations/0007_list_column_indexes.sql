-- Indexes of the columns that migration 6 added, apart from them for the same reason as those of migration 2.
create index customer_entry_by_company on customer_entry (company_key, name_key, customer_id);
create index customer_entry_by_type on customer_entry (customer_type, name_key, customer_id);
create index customer_entry_by_period on customer_entry (billing_period, name_key, customer_id);
create index customer_entry_by_created on customer_entry (created_at, customer_id);
create index customer_entry_by_status_created on customer_entry (status_order, created_at, customer_id);
create index customer_entry_by_class_created on customer_entry (customer_class_id, created_at, customer_id);
create index customer_entry_by_currency_created on customer_entry (currency, created_at, customer_id);
create index customer_entry_by_control_created on customer_entry (balance_control, created_at, customer_id);
create index customer_amount_by_overdue on customer_amount (overdue_from, customer_id) where overdue_from is not null;
create index customer_text_by_text on customer_text using gin (name gin_trgm_ops, company gin_trgm_ops, contact gin_trgm_ops, email gin_trgm_ops, phone gin_trgm_ops, login gin_trgm_ops, address gin_trgm_ops, reference gin_trgm_ops); --@postgres
