-- The series where TimescaleDB is present: a hypertable with chunks of one day, the same cut as
-- the native partitions. The default index on time alone is left out: the index on
-- (point_id, time) is made after the rows, as without TimescaleDB.

CREATE TABLE sample (
    time timestamptz NOT NULL,
    point_id text COLLATE "C" NOT NULL,
    value double precision NOT NULL
);

SELECT create_hypertable(
    'sample', by_range('time', INTERVAL '1 day'), create_default_indexes => false
);
