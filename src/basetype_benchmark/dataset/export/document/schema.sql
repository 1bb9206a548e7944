-- The document model of the building graph (P2): one row per node. Everything but id and type is
-- in the document, outgoing relations among it as arrays of ids: {"feeds": ["b01.ahu1"]}. Keys and
-- indexes come after the rows: constraints.sql.

CREATE TABLE entity (
    id text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    doc jsonb NOT NULL
);
