-- The key serves forward steps, from an id in a document to its row. The GIN index serves reverse
-- ones, and any equality inside documents: doc @> '{"feeds": ["b01.ahu1"]}'. Its operator class
-- knows containment only, and is smaller and faster for it than the default one.

ALTER TABLE entity ADD PRIMARY KEY (id);
CREATE INDEX ON entity (type);
CREATE INDEX ON entity USING gin (doc jsonb_path_ops);
