-- The relational model of the building graph (P1): one table per node type. A relation with one
-- counterpart is a column, the others are junction tables. Keys and indexes come after the rows:
-- constraints.sql.
--
-- `building_id`, `floor_id` and `space_id` say where a node belongs, as the dataset states it.
-- `located_in` is the relation LOCATED_IN: a part of a machine belongs to a space without a
-- relation of its own.

CREATE TABLE site (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    brick_class text COLLATE "C",
    properties jsonb
);

CREATE TABLE building (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    site_id text COLLATE "C",               -- CONTAINS
    brick_class text COLLATE "C",
    properties jsonb
);

CREATE TABLE floor (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    building_id text COLLATE "C",           -- CONTAINS
    brick_class text COLLATE "C",
    properties jsonb
);

CREATE TABLE space (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    building_id text COLLATE "C",
    floor_id text COLLATE "C",              -- CONTAINS
    space_type text COLLATE "C",
    brick_class text COLLATE "C",
    properties jsonb
);

CREATE TABLE zone (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    building_id text COLLATE "C",
    floor_id text COLLATE "C",
    zone_kind text COLLATE "C",
    domain text COLLATE "C",
    brick_class text COLLATE "C",
    properties jsonb
);

CREATE TABLE tenant (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    building_id text COLLATE "C",
    floor_id text COLLATE "C",
    brick_class text COLLATE "C",
    properties jsonb
);

CREATE TABLE equipment (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    building_id text COLLATE "C",
    floor_id text COLLATE "C",
    space_id text COLLATE "C",
    located_in text COLLATE "C",            -- LOCATED_IN
    part_of text COLLATE "C",               -- HAS_PART, from the part's side
    equipment_type text COLLATE "C",
    domain text COLLATE "C",
    brick_class text COLLATE "C",
    properties jsonb
);

CREATE TABLE meter (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    building_id text COLLATE "C",
    floor_id text COLLATE "C",
    space_id text COLLATE "C",
    located_in text COLLATE "C",            -- LOCATED_IN
    equipment_type text COLLATE "C",
    domain text COLLATE "C",
    end_use text COLLATE "C",
    brick_class text COLLATE "C",
    properties jsonb
);

-- A point belongs to a site, a space, a piece of equipment or a meter: `owner_type` says which, so
-- `owner_id` has no foreign key.
CREATE TABLE point (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    building_id text COLLATE "C",
    floor_id text COLLATE "C",
    space_id text COLLATE "C",
    owner_id text COLLATE "C",              -- HAS_POINT, from the point's side
    owner_type text COLLATE "C",
    domain text COLLATE "C",
    point_type text COLLATE "C",
    quantity text COLLATE "C",
    unit text COLLATE "C",
    role text COLLATE "C",
    signal text COLLATE "C",
    brick_class text COLLATE "C",
    properties jsonb
);

CREATE TABLE zone_space (                   -- CONTAINS
    zone_id text COLLATE "C" NOT NULL,
    space_id text COLLATE "C" NOT NULL,
    properties jsonb
);

CREATE TABLE space_adjacency (              -- ADJACENT_TO, once per wall
    space_id text COLLATE "C" NOT NULL,
    adjacent_id text COLLATE "C" NOT NULL,
    properties jsonb
);

CREATE TABLE serves_space (                 -- SERVES
    equipment_id text COLLATE "C" NOT NULL,
    space_id text COLLATE "C" NOT NULL,
    properties jsonb
);

CREATE TABLE serves_zone (                  -- SERVES
    equipment_id text COLLATE "C" NOT NULL,
    zone_id text COLLATE "C" NOT NULL,
    properties jsonb
);

CREATE TABLE meter_feeds_meter (            -- FEEDS
    meter_id text COLLATE "C" NOT NULL,
    fed_meter_id text COLLATE "C" NOT NULL,
    medium text COLLATE "C",
    properties jsonb
);

CREATE TABLE meter_feeds_equipment (        -- FEEDS
    meter_id text COLLATE "C" NOT NULL,
    fed_equipment_id text COLLATE "C" NOT NULL,
    medium text COLLATE "C",
    properties jsonb
);

CREATE TABLE equipment_feeds_equipment (    -- FEEDS
    equipment_id text COLLATE "C" NOT NULL,
    fed_equipment_id text COLLATE "C" NOT NULL,
    medium text COLLATE "C",
    properties jsonb
);

CREATE TABLE controls (                     -- CONTROLS
    controller_id text COLLATE "C" NOT NULL,
    equipment_id text COLLATE "C" NOT NULL,
    properties jsonb
);

CREATE TABLE monitors_equipment (           -- MONITORS
    sensor_id text COLLATE "C" NOT NULL,
    equipment_id text COLLATE "C" NOT NULL,
    properties jsonb
);

CREATE TABLE monitors_space (               -- MONITORS
    sensor_id text COLLATE "C" NOT NULL,
    space_id text COLLATE "C" NOT NULL,
    properties jsonb
);

CREATE TABLE space_metered_by (             -- IS_METERED_BY
    space_id text COLLATE "C" NOT NULL,
    meter_id text COLLATE "C" NOT NULL,
    properties jsonb
);

CREATE TABLE equipment_metered_by (         -- IS_METERED_BY
    equipment_id text COLLATE "C" NOT NULL,
    meter_id text COLLATE "C" NOT NULL,
    properties jsonb
);

CREATE TABLE occupies (                     -- OCCUPIES
    tenant_id text COLLATE "C" NOT NULL,
    space_id text COLLATE "C" NOT NULL,
    properties jsonb
);

-- Properties of those relations that are columns above; few have any.
CREATE TABLE relation_properties (
    rel_type text COLLATE "C" NOT NULL,
    src_id text COLLATE "C" NOT NULL,
    dst_id text COLLATE "C" NOT NULL,
    properties jsonb NOT NULL
);
