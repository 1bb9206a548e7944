-- Made after the rows: one sorted build. Serves a point's window, whatever the question.
CREATE INDEX sample_point_id_time_idx ON sample (point_id, time);
