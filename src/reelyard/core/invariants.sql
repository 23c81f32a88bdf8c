-- Each query finds rows that break one invariant; the line above it names the invariant and says what must hold.
-- Read by invariants.py; SQLite and PostgreSQL read them alike.

-- I1: The counters of a batch are the numbers of its items in each state.
SELECT b.id, b.total, COALESCE(c.n, 0)
FROM batches b
LEFT JOIN (SELECT i.batch_id, COUNT(*) AS n, SUM(CASE WHEN i.status = 'uploading' THEN 1 ELSE 0 END) AS uploading, SUM(CASE WHEN i.status = 'processing' THEN 1 ELSE 0 END) AS processing, SUM(CASE WHEN i.status = 'completed' THEN 1 ELSE 0 END) AS completed, SUM(CASE WHEN i.status = 'failed' THEN 1 ELSE 0 END) AS failed, SUM(CASE WHEN i.status = 'cancelled' THEN 1 ELSE 0 END) AS cancelled
FROM items i
GROUP BY i.batch_id) c ON c.batch_id = b.id
WHERE b.deleted_at IS NULL
AND (b.total <> COALESCE(c.n, 0)
OR b.uploading <> COALESCE(c.uploading, 0)
OR b.processing <> COALESCE(c.processing, 0)
OR b.completed <> COALESCE(c.completed, 0)
OR b.failed <> COALESCE(c.failed, 0)
OR b.cancelled <> COALESCE(c.cancelled, 0));

-- I1: Positions of a batch's items are 1 to n, each once.
SELECT b.id, b.total, MIN(i.position), MAX(i.position)
FROM batches b
JOIN items i ON i.batch_id = b.id
WHERE b.deleted_at IS NULL
GROUP BY b.id, b.total
HAVING MIN(i.position) <> 1
OR MAX(i.position) <> b.total
OR COUNT(DISTINCT i.position) <> b.total;

-- I2: No more items of a batch are at work than its concurrency allows.
--   (A concurrency that was lowered lets what runs end: only a claim after the last change counts.)
SELECT b.id, b.concurrency, COUNT(*)
FROM batches b
JOIN items i ON i.batch_id = b.id
WHERE i.status = 'processing'
GROUP BY b.id, b.concurrency
HAVING COUNT(*) > b.concurrency
AND COALESCE((SELECT MAX(s.seq)
FROM events s
WHERE s.batch_id = b.id
AND s.kind = 'item.started'), 0) > COALESCE((SELECT MAX(s.seq)
FROM events s
WHERE s.batch_id = b.id
AND s.kind = 'batch.changed'), 0);

-- I2: An item at work has one attempt under way, not more.
SELECT i.id, COUNT(*)
FROM items i
JOIN stage_runs r ON r.subject_id = i.id
WHERE i.status = 'processing'
AND r.status IN ('running', 'queued')
AND r.generation = i.generation
AND (r.token = i.token
OR r.status = 'queued')
GROUP BY i.id
HAVING COUNT(*) > 1;

-- I3: All items of a batch that has ended have ended.
SELECT b.id, b.status, i.id, i.status
FROM batches b
JOIN items i ON i.batch_id = b.id
WHERE b.deleted_at IS NULL
AND b.status IN ('completed', 'failed', 'cancelled')
AND i.status NOT IN ('completed', 'failed', 'cancelled');

-- I4: A batch that has ended goes on only by a retry or a redo, a cancelled one never.
SELECT batch_id, before, after, kind
FROM (SELECT e.batch_id, e.kind, (e.data->'batch')->>'status' AS after, LAG((e.data->'batch')->>'status') OVER (PARTITION BY e.batch_id ORDER BY e.seq) AS before
FROM events e
WHERE e.batch_id IS NOT NULL) t
WHERE before IN ('completed', 'failed', 'cancelled')
AND after <> before
AND after NOT IN ('completed', 'failed', 'cancelled')
AND (before = 'cancelled'
OR kind NOT IN ('batch.retried', 'batch.redone'));

-- I4: An item that has ended goes on only by a retry or a redo, a cancelled one never.
SELECT item_id, before, after, kind
FROM (SELECT e.item_id, e.kind, (e.data->'item')->>'status' AS after, LAG((e.data->'item')->>'status') OVER (PARTITION BY e.item_id ORDER BY e.owner_seq) AS before
FROM events e
WHERE e.item_id IS NOT NULL
AND (e.data->'item')->>'status' IS NOT NULL) t
WHERE before IN ('completed', 'failed', 'cancelled')
AND after <> before
AND (before = 'cancelled'
OR kind NOT IN ('item.retried', 'item.redone'));

-- I5: What is served of an item is its last completed generation; nothing else is kept of one that does not work.
SELECT i.id, i.status, i.generation, i.served_generation
FROM items i
WHERE (i.status = 'completed'
AND (i.served_generation IS NULL
OR i.served_generation <> i.generation))
OR i.served_generation > i.generation
OR EXISTS (SELECT 1
FROM artifacts a
WHERE a.subject_id = i.id
AND a.run_id IS NOT NULL -- what its user wrote is kept for ever
AND a.generation <> i.generation
AND (i.served_generation IS NULL
OR a.generation <> i.served_generation)
AND i.status IN ('completed', 'failed', 'cancelled'));

-- I5: An output belongs to a stage that has finished, and to the same generation.
SELECT a.id, a.role, r.status
FROM artifacts a
LEFT JOIN stage_runs r ON r.id = a.run_id
WHERE a.run_id IS NOT NULL
AND a.revision = 0
AND a.subject_kind = 'item'
AND (r.id IS NULL
OR r.status <> 'done'
OR r.generation <> a.generation
OR r.subject_id <> a.subject_id);

-- I6: No item is taken to work unless its batch is processing.
SELECT e.batch_id, e.item_id, (e.data->'batch')->>'status'
FROM events e
WHERE e.kind = 'item.started'
AND (e.data->'batch')->>'status' <> 'processing';

-- I7: A stage that has finished is not done again in the same generation.
SELECT subject_id, stage, generation, COUNT(*)
FROM stage_runs
WHERE status = 'done'
AND subject_kind = 'item'
GROUP BY subject_id, stage, generation
HAVING COUNT(*) > 1;

-- I8: No automatic retry once all are spent.
SELECT e.item_id, (e.data->'item')->>'retry_count'
FROM events e
WHERE e.kind = 'item.retrying'
AND CAST((e.data->'item')->>'retry_count' AS INTEGER) > CAST((e.data->'item')->>'max_retries' AS INTEGER);

-- I9: A batch at work or paused has an item that has not ended.
SELECT b.id, b.status
FROM batches b
WHERE b.deleted_at IS NULL
AND b.status IN ('processing', 'paused')
AND NOT EXISTS (SELECT 1
FROM items i
WHERE i.batch_id = b.id
AND i.status NOT IN ('completed', 'failed', 'cancelled'));

-- I10: No result stands of an attempt that a later one had taken the place of.
SELECT d.subject_id, d.stage, d.token, l.token
FROM stage_runs d
JOIN stage_runs l ON l.subject_id = d.subject_id
AND l.stage = d.stage
AND l.generation = d.generation
WHERE d.subject_kind = 'item'
AND d.status = 'done'
AND l.token > d.token;

-- I11: Progress is 0 to 100, and 100 when the item is completed.
SELECT id, status, progress
FROM items
WHERE progress < 0
OR progress > 100
OR (progress = 100) <> (status = 'completed');

-- I11: Progress does not go back within a generation.
SELECT item_id, generation, before, after
FROM (SELECT e.item_id, (e.data->'item')->>'generation' AS generation, CAST((e.data->'item')->>'progress' AS REAL) AS after, LAG(CAST((e.data->'item')->>'progress' AS REAL)) OVER (PARTITION BY e.item_id, (e.data->'item')->>'generation' ORDER BY e.owner_seq) AS before
FROM events e
WHERE e.item_id IS NOT NULL
AND (e.data->'item')->>'progress' IS NOT NULL) t
WHERE after < before;

-- I12: The events of a batch are numbered without a gap.
SELECT b.id, b.event_seq, COUNT(e.seq), MIN(e.seq), MAX(e.seq)
FROM batches b
JOIN events e ON e.batch_id = b.id
GROUP BY b.id, b.event_seq
HAVING MAX(e.seq) <> b.event_seq
OR COUNT(e.seq) <> MAX(e.seq) - MIN(e.seq) + 1;

-- I12: The events of an owner are numbered without a gap.
SELECT o.id, o.event_seq, COUNT(*), MIN(e.owner_seq), MAX(e.owner_seq)
FROM owners o
JOIN events e ON e.owner_id = o.id
GROUP BY o.id, o.event_seq
HAVING MAX(e.owner_seq) <> o.event_seq
OR COUNT(*) <> MAX(e.owner_seq) - MIN(e.owner_seq) + 1;

-- I14: Every attempt at an item has a token of its own, and none is newer than the item's.
SELECT r.subject_id, r.token, i.token, COUNT(*)
FROM stage_runs r
JOIN items i ON i.id = r.subject_id
WHERE r.worker IS NOT NULL
AND r.token > 0
GROUP BY r.subject_id, r.token, i.token
HAVING COUNT(*) > 1
OR r.token > i.token;

-- I15: Something is under way or queued for every item that is at work.
SELECT i.id, i.token, i.stage
FROM items i
WHERE i.status = 'processing'
AND NOT EXISTS (SELECT 1
FROM stage_runs r
WHERE r.subject_id = i.id
AND r.status IN ('running', 'queued')
AND (r.token = i.token
OR r.status = 'queued'));

-- I17: An export that has ended without a file keeps nothing, and one that can be fetched says for how long.
SELECT x.id, x.status
FROM exports x
WHERE (x.status IN ('failed', 'cancelled', 'expired')
AND EXISTS (SELECT 1
FROM export_entries n
WHERE n.export_id = x.id))
OR (x.status = 'completed'
AND (x.size IS NULL
OR x.expires_at IS NULL));
