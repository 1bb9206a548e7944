WITH leading_nowhere AS MATERIALIZED (
    SELECT id, doc
    FROM entity
    WHERE type = 'Equipment'
        AND NOT doc ?| ARRAY[
            'has_point', 'serves', 'feeds', 'has_part', 'controls', 'monitors'
        ]
)
SELECT
    e.id AS equipment_id,
    e.doc ->> 'equipment_type' AS equipment_type,
    e.doc ->> 'building_id' AS building_id
FROM leading_nowhere AS e
WHERE NOT EXISTS (
    SELECT FROM entity AS r
    WHERE r.doc @> jsonb_build_object('feeds', jsonb_build_array(e.id))
        OR r.doc @> jsonb_build_object('has_part', jsonb_build_array(e.id))
        OR r.doc @> jsonb_build_object('controls', jsonb_build_array(e.id))
        OR r.doc @> jsonb_build_object('monitors', jsonb_build_array(e.id))
)
ORDER BY equipment_id
