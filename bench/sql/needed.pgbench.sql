-- What the product's own approval needs on top: whose company, who is signed in, whether what the
-- form names is there, and an event for the job as well.
\set i :i + 1
\set id :first + :client_id * :share + :i
BEGIN;
SELECT set_config('role', 'none', true), set_config('app.company', :company::text, true);
SELECT * FROM web_session
JOIN staff ON staff.id = web_session.staff_id AND staff.company_id = :company
JOIN company ON company.id = web_session.company_id
WHERE web_session.token_digest = ':token' AND web_session.company_id = :company
  AND web_session.ended_at IS NULL AND web_session.expires_at > now();
SELECT * FROM request LEFT JOIN customer ON request.customer_id = customer.id
LEFT JOIN location ON request.location_id = location.id
WHERE request.company_id = :company AND request.id = :id FOR UPDATE OF request;
SELECT 'category' AS noun, id, NULL::bigint AS parent, NULL::int AS sla_hours
FROM service_category WHERE company_id = :company AND id = :category AND archived_at IS NULL
UNION ALL
SELECT 'customer', id, NULL, sla_hours FROM customer
WHERE company_id = :company AND id = 1 AND archived_at IS NULL
UNION ALL
SELECT 'location', id, customer_id, NULL FROM location
WHERE company_id = :company AND id = 1 AND archived_at IS NULL;
UPDATE request SET state = 'approved', state_since = now(), outcome = 'won', waiting_on = NULL,
       event_seq = 2, event_digest = md5(:id::text) WHERE id = :id;
INSERT INTO job (company_id, ref, customer_id, location_id, category_id, request_id, title,
                 description, priority, created_at, workflow_version_id, state, state_since,
                 waiting_on, event_seq, event_digest, said)
VALUES (:company, 'b' || :id, 1, 1, :category, :id, 'The tap drips', 'The tap drips.', 'normal',
        now(), :job_version, 'scheduled', now(), 'dispatcher', 1, md5(:id::text), '{}')
RETURNING id;
INSERT INTO outbox_message (company_id, key, topic, payload, subject, subject_id, recipient,
                            channel, created_at, due_at, attempts)
VALUES (:company, 'b' || :id, 'message', '{"message": "booking.approved"}', 'request', :id,
        'customer:1', 'email', now(), now(), 0) RETURNING id;
INSERT INTO event (company_id, subject, subject_id, seq, workflow_version_id, trigger, from_state,
                   to_state, actor_ref, actor_name, actor_role, at, input, effects, key,
                   payload_digest, previous_digest, digest)
VALUES (:company, 'job', :id, 1, :job_version, 'submit', NULL, 'scheduled', 'staff:2',
        'Dispatcher', 'dispatcher', now(), '{}', '[]', NULL, md5('p'), '', md5('s')),
       (:company, 'request', :id, 2, :version, 'approve', 'submitted', 'approved', 'staff:2',
        'Dispatcher', 'dispatcher', now(), '{}', '["create_job"]', 'b' || :id, md5('p'), md5('q'),
        md5('r'));
COMMIT;
