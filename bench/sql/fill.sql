-- One company's past: customers with a place each, requests of which the newest wait, an event
-- each, and a job for every approved one. Values are put in by psycopg.
INSERT INTO customer (company_id, ref, name, email, language, channel, access, requests, created_at)
SELECT %(company)s, 'c' || i, 'Customer ' || i, 'c' || i || '@bench.example', 'en', 'email',
       'full', 'inherit', now() - interval '400 days'
FROM generate_series(1, %(customers)s) i;

INSERT INTO location (company_id, customer_id, street, postcode, city)
SELECT company_id, id, 'Long Street ' || id, lpad((id %% 99999)::text, 5, '0'), 'Benchtown'
FROM customer WHERE company_id = %(company)s ORDER BY id;

INSERT INTO request (company_id, id, ref, customer_id, location_id, category_id, kind, description,
                     urgency, extra, proposal_rounds, form_key, form_digest, submitted_at,
                     workflow_version_id, state, state_since, outcome, waiting_on, event_seq,
                     event_digest, said)
SELECT %(company)s, i, 'r' || i, c.id, c.id, %(category)s, 'one_time',
       'The tap in room ' || i %% 40 || ' drips, and has for some days now. '
           || md5(i::text) || ' is what is written on it.',
       CASE WHEN i %% 7 = 0 THEN 'urgent' ELSE 'normal' END, '{}', 0, 'key' || i,
       md5(i::text), now() - (%(rows)s - i) * interval '30 seconds', %(version)s,
       s.state, now() - (%(rows)s - i) * interval '20 seconds', s.outcome,
       CASE WHEN s.outcome IS NULL THEN 'dispatcher' END,
       CASE WHEN s.outcome IS NULL THEN 1 ELSE 2 END, md5('e' || i), '{}'
FROM generate_series(1, %(rows)s) i
CROSS JOIN LATERAL (SELECT 1 + i %% %(customers)s AS id) c
CROSS JOIN LATERAL (
    SELECT CASE WHEN i > %(rows)s - %(waiting)s THEN 'submitted'
                WHEN i %% 3 = 0 THEN 'declined' ELSE 'approved' END AS state,
           CASE WHEN i > %(rows)s - %(waiting)s THEN NULL
                WHEN i %% 3 = 0 THEN 'lost' ELSE 'won' END AS outcome
) s;

INSERT INTO event (company_id, subject, subject_id, seq, workflow_version_id, trigger, from_state,
                   to_state, actor_ref, actor_name, actor_role, at, input, effects,
                   payload_digest, previous_digest, digest)
SELECT company_id, 'request', id, event_seq, workflow_version_id, 'submit', NULL, state,
       'customer:' || customer_id, 'Customer', 'customer', submitted_at, '{}', '[]',
       md5('p' || id), '', event_digest
FROM request WHERE company_id = %(company)s;

INSERT INTO job (company_id, ref, customer_id, location_id, category_id, request_id, title,
                 description, priority, created_at, workflow_version_id, state, state_since,
                 outcome, event_seq, event_digest, said)
SELECT company_id, 'j' || id, customer_id, location_id, category_id, id, left(description, 60),
       description, 'normal', state_since, %(job_version)s, 'completed', state_since, 'won', 1,
       event_digest, '{}'
FROM request WHERE company_id = %(company)s AND state = 'approved' AND id %% 2 = 0;

SELECT setval(pg_get_serial_sequence('request', 'id'), %(rows)s + 10000000);
