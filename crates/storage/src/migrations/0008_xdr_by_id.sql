-- Everybody's xDRs, the latest first. On SQLite they lie so; on PostgreSQL they lie by customer.
create index xdr_by_id on xdr (xdr_id); --@postgres
