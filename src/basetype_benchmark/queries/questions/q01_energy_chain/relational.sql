WITH RECURSIVE reached (node_id, hops) AS (
    SELECT meter.id, 0 FROM meter WHERE meter.id = %(meter_id)s
    UNION
    SELECT fed.node_id, reached.hops + 1
    FROM reached
    CROSS JOIN LATERAL (
        SELECT fed_meter_id FROM meter_feeds_meter WHERE meter_id = reached.node_id
        UNION ALL
        SELECT fed_equipment_id FROM meter_feeds_equipment WHERE meter_id = reached.node_id
        UNION ALL
        SELECT fed_equipment_id FROM equipment_feeds_equipment
        WHERE equipment_id = reached.node_id
    ) AS fed (node_id)
    WHERE reached.hops < 10
)
SELECT meter.id AS node_id, 'Meter' AS node_type, meter.name
FROM meter
WHERE meter.id IN (SELECT node_id FROM reached) AND meter.id <> %(meter_id)s
UNION ALL
SELECT equipment.id, 'Equipment', equipment.name
FROM equipment
WHERE equipment.id IN (SELECT node_id FROM reached)
ORDER BY node_id
