-- Keys and indexes of the relational model, made after the rows are in: one sorted build per index
-- in place of an insertion per row. Every foreign key that people navigate is indexed from its
-- other end, every junction table both ways. No index is made for one question only.

ALTER TABLE site ADD PRIMARY KEY (id);
ALTER TABLE building ADD PRIMARY KEY (id);
ALTER TABLE floor ADD PRIMARY KEY (id);
ALTER TABLE space ADD PRIMARY KEY (id);
ALTER TABLE zone ADD PRIMARY KEY (id);
ALTER TABLE tenant ADD PRIMARY KEY (id);
ALTER TABLE equipment ADD PRIMARY KEY (id);
ALTER TABLE meter ADD PRIMARY KEY (id);
ALTER TABLE point ADD PRIMARY KEY (id);

ALTER TABLE zone_space ADD PRIMARY KEY (zone_id, space_id);
ALTER TABLE space_adjacency ADD PRIMARY KEY (space_id, adjacent_id);
ALTER TABLE serves_space ADD PRIMARY KEY (equipment_id, space_id);
ALTER TABLE serves_zone ADD PRIMARY KEY (equipment_id, zone_id);
ALTER TABLE controls ADD PRIMARY KEY (controller_id, equipment_id);
ALTER TABLE monitors_equipment ADD PRIMARY KEY (sensor_id, equipment_id);
ALTER TABLE monitors_space ADD PRIMARY KEY (sensor_id, space_id);
ALTER TABLE space_metered_by ADD PRIMARY KEY (space_id, meter_id);
ALTER TABLE equipment_metered_by ADD PRIMARY KEY (equipment_id, meter_id);
ALTER TABLE occupies ADD PRIMARY KEY (tenant_id, space_id);
ALTER TABLE relation_properties ADD PRIMARY KEY (rel_type, src_id, dst_id);
-- Two media may flow between the same two ends.
ALTER TABLE meter_feeds_meter ADD UNIQUE NULLS NOT DISTINCT (meter_id, fed_meter_id, medium);
ALTER TABLE meter_feeds_equipment
    ADD UNIQUE NULLS NOT DISTINCT (meter_id, fed_equipment_id, medium);
ALTER TABLE equipment_feeds_equipment
    ADD UNIQUE NULLS NOT DISTINCT (equipment_id, fed_equipment_id, medium);

ALTER TABLE building ADD FOREIGN KEY (site_id) REFERENCES site;
ALTER TABLE floor ADD FOREIGN KEY (building_id) REFERENCES building;
ALTER TABLE space
    ADD FOREIGN KEY (building_id) REFERENCES building,
    ADD FOREIGN KEY (floor_id) REFERENCES floor;
ALTER TABLE zone
    ADD FOREIGN KEY (building_id) REFERENCES building,
    ADD FOREIGN KEY (floor_id) REFERENCES floor;
ALTER TABLE tenant
    ADD FOREIGN KEY (building_id) REFERENCES building,
    ADD FOREIGN KEY (floor_id) REFERENCES floor;
ALTER TABLE equipment
    ADD FOREIGN KEY (building_id) REFERENCES building,
    ADD FOREIGN KEY (floor_id) REFERENCES floor,
    ADD FOREIGN KEY (space_id) REFERENCES space,
    ADD FOREIGN KEY (located_in) REFERENCES space,
    ADD FOREIGN KEY (part_of) REFERENCES equipment;
ALTER TABLE meter
    ADD FOREIGN KEY (building_id) REFERENCES building,
    ADD FOREIGN KEY (floor_id) REFERENCES floor,
    ADD FOREIGN KEY (space_id) REFERENCES space,
    ADD FOREIGN KEY (located_in) REFERENCES space;
ALTER TABLE point
    ADD FOREIGN KEY (building_id) REFERENCES building,
    ADD FOREIGN KEY (floor_id) REFERENCES floor,
    ADD FOREIGN KEY (space_id) REFERENCES space;

ALTER TABLE zone_space
    ADD FOREIGN KEY (zone_id) REFERENCES zone,
    ADD FOREIGN KEY (space_id) REFERENCES space;
ALTER TABLE space_adjacency
    ADD FOREIGN KEY (space_id) REFERENCES space,
    ADD FOREIGN KEY (adjacent_id) REFERENCES space;
ALTER TABLE serves_space
    ADD FOREIGN KEY (equipment_id) REFERENCES equipment,
    ADD FOREIGN KEY (space_id) REFERENCES space;
ALTER TABLE serves_zone
    ADD FOREIGN KEY (equipment_id) REFERENCES equipment,
    ADD FOREIGN KEY (zone_id) REFERENCES zone;
ALTER TABLE meter_feeds_meter
    ADD FOREIGN KEY (meter_id) REFERENCES meter,
    ADD FOREIGN KEY (fed_meter_id) REFERENCES meter;
ALTER TABLE meter_feeds_equipment
    ADD FOREIGN KEY (meter_id) REFERENCES meter,
    ADD FOREIGN KEY (fed_equipment_id) REFERENCES equipment;
ALTER TABLE equipment_feeds_equipment
    ADD FOREIGN KEY (equipment_id) REFERENCES equipment,
    ADD FOREIGN KEY (fed_equipment_id) REFERENCES equipment;
ALTER TABLE controls
    ADD FOREIGN KEY (controller_id) REFERENCES equipment,
    ADD FOREIGN KEY (equipment_id) REFERENCES equipment;
ALTER TABLE monitors_equipment
    ADD FOREIGN KEY (sensor_id) REFERENCES equipment,
    ADD FOREIGN KEY (equipment_id) REFERENCES equipment;
ALTER TABLE monitors_space
    ADD FOREIGN KEY (sensor_id) REFERENCES equipment,
    ADD FOREIGN KEY (space_id) REFERENCES space;
ALTER TABLE space_metered_by
    ADD FOREIGN KEY (space_id) REFERENCES space,
    ADD FOREIGN KEY (meter_id) REFERENCES meter;
ALTER TABLE equipment_metered_by
    ADD FOREIGN KEY (equipment_id) REFERENCES equipment,
    ADD FOREIGN KEY (meter_id) REFERENCES meter;
ALTER TABLE occupies
    ADD FOREIGN KEY (tenant_id) REFERENCES tenant,
    ADD FOREIGN KEY (space_id) REFERENCES space;

CREATE INDEX ON building (site_id);
CREATE INDEX ON floor (building_id);
CREATE INDEX ON space (building_id);
CREATE INDEX ON space (floor_id);
CREATE INDEX ON zone (building_id);
CREATE INDEX ON tenant (building_id);
CREATE INDEX ON equipment (building_id);
CREATE INDEX ON equipment (located_in);
CREATE INDEX ON equipment (part_of);
CREATE INDEX ON meter (building_id);
CREATE INDEX ON meter (located_in);
CREATE INDEX ON point (building_id);
CREATE INDEX ON point (owner_id);

CREATE INDEX ON zone_space (space_id, zone_id);
CREATE INDEX ON space_adjacency (adjacent_id, space_id);
CREATE INDEX ON serves_space (space_id, equipment_id);
CREATE INDEX ON serves_zone (zone_id, equipment_id);
CREATE INDEX ON meter_feeds_meter (fed_meter_id, meter_id);
CREATE INDEX ON meter_feeds_equipment (fed_equipment_id, meter_id);
CREATE INDEX ON equipment_feeds_equipment (fed_equipment_id, equipment_id);
CREATE INDEX ON controls (equipment_id, controller_id);
CREATE INDEX ON monitors_equipment (equipment_id, sensor_id);
CREATE INDEX ON monitors_space (space_id, sensor_id);
CREATE INDEX ON space_metered_by (meter_id, space_id);
CREATE INDEX ON equipment_metered_by (meter_id, equipment_id);
CREATE INDEX ON occupies (space_id, tenant_id);
