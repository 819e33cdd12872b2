DROP TABLE payouts;
DROP TABLE remittance_allocations;
DROP TABLE remittances;
DROP TABLE journal_postings;
DROP TABLE journal_entries;
DROP TABLE accounting_periods;
DROP TABLE accounts;
