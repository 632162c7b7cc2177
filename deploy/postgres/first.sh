#!/bin/sh
# Runs once, when the database is made: the role of the public web. Its rights are in grants.sql.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -v "word=$(cat /run/secrets/database_password_public)" <<'SQL'
create role komek_public login password :'word';
SQL
