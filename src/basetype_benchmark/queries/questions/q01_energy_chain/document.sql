WITH RECURSIVE reached (id, type, doc, hops) AS (
    SELECT id, type, doc, 0
    FROM entity
    WHERE id = %(meter_id)s AND type = 'Meter'
    UNION
    SELECT fed.id, fed.type, fed.doc, reached.hops + 1
    FROM reached
    JOIN entity AS fed
        ON fed.id = ANY (ARRAY(SELECT jsonb_array_elements_text(reached.doc -> 'feeds')))
    WHERE reached.hops < 10
)
SELECT DISTINCT id AS node_id, type AS node_type, doc ->> 'name' AS name
FROM reached
WHERE id <> %(meter_id)s
ORDER BY node_id
