-- The rights of the public web's role. The same script is in docs/database.md; a test compares them.
revoke all on schema public from public;
grant usage on schema public to komek_public;

grant select (id, salt, mac, until) on block to komek_public;             -- is somebody blocked? slow hashes, and mostly none
grant select on alembic_version to komek_public;                          -- is the database up to date?
grant select (id, country, facts) on service to komek_public;             -- what may be promised, public names and telephones; no work telephone
grant select on term to komek_public;                                     -- by what these are found: needs, languages, regions
grant select (session) on gone to komek_public;                           -- was it erased lately?
grant select (session, shown, until, restart), insert, update (restart) on talk to komek_public;  -- consent screens that were shown
grant select, insert, update (calls) on departure to komek_public;        -- how many calls were left on which screen
grant select, insert on request to komek_public;
grant update (keys_seen, state, due, updated, language, "window", zone, place, need,
              others_may_answer, may_leave_message, may_name_us, may_sms, days, hour, since,
              age_band, risk, kind, cover, operator_sex, operator_language, sex, state_line, felt, other,
              ended, promised_from, promised_to, outcome, frozen_at,
              more_services, more_agreed) on request to komek_public;
grant insert (request, sealed), select (request), delete on vault to komek_public;  -- seals, and erases unread
revoke select on offer from komek_public;                                 -- it may have had the whole table
grant select (id, request, line, service, seq, state, draws, opened, "until", closed, shown_in, claimed, reminded, shown_at,
              left_at, "override", owner, mac), update (state, closed) on offer to komek_public;  -- withdrawing makes offers void; a claim needs a code of the contact key
grant select (id, category, at, done), insert on inbox to komek_public;    -- has a stop come that nobody has read?
grant select, delete on bridge to komek_public;                           -- a call that was answered; each number under its own session's key
grant select (name) on lock to komek_public;                              -- is the raid lock on?
grant select (id, dedupe, state), insert, update (queue, due, state, lease, error, failures), delete on outbox to komek_public;
grant usage on sequence outbox_id_seq to komek_public;

revoke update, delete, truncate on audit from komek;
