-- The series where TimescaleDB is absent: one partition per UTC day, made by the loader, so that a
-- window reads the days it touches and no others. Within a day the rows lie in the order of the
-- dataset: by point, then time.

CREATE TABLE sample (
    time timestamptz NOT NULL,
    point_id text COLLATE "C" NOT NULL,
    value double precision NOT NULL
) PARTITION BY RANGE (time);

-- TimescaleDB's function of the same name, with its origin (a Monday), so that one text serves both.
CREATE FUNCTION time_bucket(bucket_width interval, ts timestamptz) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN date_bin(bucket_width, ts, TIMESTAMPTZ '2000-01-03 00:00:00+00');
