DROP TABLE sign_in_failures;
DROP TABLE tokens;
DROP TABLE sessions;
DROP TABLE one_time_links;
DROP TABLE recovery_codes;
DROP TABLE users;
