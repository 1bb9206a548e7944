WITH RECURSIVE affected (id, doc) AS (
    SELECT id, doc
    FROM entity
    WHERE id = %(equipment_id)s AND type = 'Equipment'
    UNION
    SELECT below.id, below.doc
    FROM affected
    JOIN entity AS below
        ON below.id = ANY (
            ARRAY(
                SELECT jsonb_array_elements_text(affected.doc -> 'has_part')
                UNION ALL
                SELECT jsonb_array_elements_text(affected.doc -> 'feeds')
            )
        )
),
served AS (
    SELECT id, doc
    FROM entity
    WHERE id = ANY (ARRAY(SELECT jsonb_array_elements_text(doc -> 'serves') FROM affected))
)
SELECT
    id AS space_id,
    doc ->> 'name' AS space_name,
    doc ->> 'space_type' AS space_type,
    doc ->> 'floor_id' AS floor_id
FROM entity
WHERE type = 'Space'
    AND id = ANY (
        ARRAY(
            SELECT id FROM served
            UNION ALL
            SELECT jsonb_array_elements_text(doc -> 'contains') FROM served
        )
    )
ORDER BY space_id
