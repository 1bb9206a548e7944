WITH RECURSIVE feeds (source_id, fed_id) AS (
    SELECT meter_id, fed_meter_id FROM meter_feeds_meter
    UNION ALL
    SELECT meter_id, fed_equipment_id FROM meter_feeds_equipment
    UNION ALL
    SELECT equipment_id, fed_equipment_id FROM equipment_feeds_equipment
),
reached (node_id, hops) AS (
    SELECT feeds.fed_id, 1
    FROM meter
    JOIN feeds ON feeds.source_id = meter.id
    WHERE meter.id = %(meter_id)s
    UNION
    SELECT feeds.fed_id, reached.hops + 1
    FROM reached
    JOIN feeds ON feeds.source_id = reached.node_id
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
