-- Each endpoint owns a database; nobody else reads or writes it.
CREATE DATABASE bank_accounts;
CREATE DATABASE bank_transfers;
CREATE DATABASE bank_projections;
CREATE DATABASE bank_insights;
CREATE DATABASE bank_channels;
