-- The password of an account, as it is: CHAP and SIP digest are reckoned from it.
alter table account add column password text;
