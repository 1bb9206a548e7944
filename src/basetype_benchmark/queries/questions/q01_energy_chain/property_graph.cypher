MATCH (m:Meter {id: $meter_id})-[:FEEDS*1..10]->(n)
WITH DISTINCT n
WHERE n.id <> $meter_id
RETURN n.id AS node_id, labels(n)[0] AS node_type, n.name AS name
ORDER BY node_id
