-- The seven statements any approval is: lock, new state, job, event, promised mail, in a commit.
\set i :i + 1
\set id :first + :client_id * :share + :i
BEGIN;
SELECT id, state, event_seq, event_digest, customer_id, location_id, category_id, description
FROM request WHERE company_id = :company AND id = :id FOR UPDATE;
UPDATE request SET state = 'approved', state_since = now(), outcome = 'won', waiting_on = NULL,
       event_seq = 2, event_digest = md5(:id::text) WHERE id = :id;
INSERT INTO job (company_id, ref, customer_id, location_id, category_id, request_id, title,
                 description, priority, created_at, workflow_version_id, state, state_since,
                 waiting_on, event_seq, event_digest, said)
VALUES (:company, 'b' || :id, 1, 1, :category, :id, 'The tap drips', 'The tap drips.', 'normal',
        now(), :job_version, 'scheduled', now(), 'dispatcher', 1, md5(:id::text), '{}')
RETURNING id;
INSERT INTO event (company_id, subject, subject_id, seq, workflow_version_id, trigger, from_state,
                   to_state, actor_ref, actor_name, actor_role, at, input, effects, key,
                   payload_digest, previous_digest, digest)
VALUES (:company, 'request', :id, 2, :version, 'approve', 'submitted', 'approved', 'staff:2',
        'Dispatcher', 'dispatcher', now(), '{}', '["create_job"]', 'b' || :id, md5('p'), md5('q'),
        md5('r'));
INSERT INTO outbox_message (company_id, key, topic, payload, subject, subject_id, recipient,
                            channel, created_at, due_at, attempts)
VALUES (:company, 'b' || :id, 'message', '{"message": "booking.approved"}', 'request', :id,
        'customer:1', 'email', now(), now(), 0) RETURNING id;
COMMIT;
