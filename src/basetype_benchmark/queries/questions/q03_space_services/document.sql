WITH space AS (
    SELECT id FROM entity WHERE id = %(space_id)s AND type = 'Space'
),
container AS MATERIALIZED (
    SELECT entity.id, entity.type
    FROM space
    JOIN entity ON entity.doc @> jsonb_build_object('contains', jsonb_build_array(space.id))
),
service (key, target_id, relation) AS (
    SELECT 'serves', id, 'serves' FROM space
    UNION ALL
    SELECT 'serves', id, 'serves_zone' FROM container WHERE type = 'Zone'
    UNION ALL
    SELECT 'located_in', id, 'located' FROM space
),
provider AS MATERIALIZED (
    SELECT entity.id, entity.type, entity.doc, service.relation
    FROM service
    JOIN entity
        ON entity.doc @> jsonb_build_object(service.key, jsonb_build_array(service.target_id))
)
SELECT DISTINCT
    id AS equipment_id,
    doc ->> 'name' AS name,
    doc ->> 'equipment_type' AS equipment_type,
    doc ->> 'domain' AS domain,
    relation COLLATE "C" AS relation
FROM provider
WHERE type = 'Equipment'
ORDER BY equipment_id, relation
