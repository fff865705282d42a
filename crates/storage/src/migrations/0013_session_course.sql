-- What the switch of an open session was asked for besides what was granted: since when it has the limited speed, and since when staff want
-- its end. Written apart from what usage moves.
alter table charge_session add column limited_at integer; --@sqlite
alter table charge_session add column limited_at bigint; --@postgres
alter table charge_session add column end_wanted_at integer; --@sqlite
alter table charge_session add column end_wanted_at bigint; --@postgres
