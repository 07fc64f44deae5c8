-- The books are kept by these triggers alone. They run with the owner's rights, so that the counts are whole
-- whatever the scope of the one who writes; the app role may read the books and cannot write them.

CREATE OR REPLACE FUNCTION duties_booked_at(wanted timestamptz, community text) RETURNS timestamptz LANGUAGE sql STABLE
  SECURITY DEFINER SET search_path = public AS $$
  -- A closed day never changes: what arrives later is booked on the day on which it arrives.
  SELECT greatest(wanted, (SELECT max(until) FROM duties_dayclose WHERE area_code = community COLLATE "C"))
$$;

CREATE OR REPLACE FUNCTION duties_after_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO duties_count AS kept (area_code, kind, opens_at, due_at, lapses_at, fact, amount)
    SELECT left(area_code, 19), kind, opens_at, due_at, lapses_at, fact, count(*)
    FROM new_rows GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (area_code, kind, opens_at, due_at, lapses_at, fact)
    DO UPDATE SET amount = kept.amount + excluded.amount;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION duties_after_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  WITH changes AS (
    SELECT left(area_code, 19) AS area_code, kind, opens_at, due_at, lapses_at, fact, -1 AS amount FROM old_rows
    UNION ALL
    SELECT left(area_code, 19), kind, opens_at, due_at, lapses_at, fact, 1 FROM new_rows
  )
  INSERT INTO duties_count AS kept (area_code, kind, opens_at, due_at, lapses_at, fact, amount)
    SELECT area_code, kind, opens_at, due_at, lapses_at, fact, sum(amount)
    FROM changes GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(amount) <> 0 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (area_code, kind, opens_at, due_at, lapses_at, fact)
    DO UPDATE SET amount = kept.amount + excluded.amount;

  WITH changes AS (
    SELECT n.id, n.kind, n.booked_at AS planned_at, greatest(n.changed_at, o.changed_at) AS booked_at, o.fact AS was, n.fact AS became,
           o.area_code AS from_area, n.area_code AS to_area, left(o.area_code, 12) <> left(n.area_code, 12) AS moved
    FROM old_rows o JOIN new_rows n USING (id)
  ), lines AS (
    SELECT id, kind, planned_at, booked_at, to_area AS area_code, was, became FROM changes
      WHERE was <> became AND NOT (moved AND was = 'owed')
    UNION ALL
    SELECT id, kind, planned_at, booked_at, from_area, 'owed', 'elsewhere' FROM changes WHERE moved AND was = 'owed'
    UNION ALL
    SELECT id, kind, planned_at, booked_at, to_area, 'elsewhere', became FROM changes WHERE moved AND was = 'owed'
  ), wanted AS MATERIALIZED (  -- few moments and communities, however many lines
    SELECT DISTINCT booked_at, left(area_code, 12) AS community FROM lines
  ), days AS MATERIALIZED (
    SELECT booked_at, community, duties_booked_at(booked_at, community) AS on_day FROM wanted
  )
  INSERT INTO duties_entry (duty, area_code, community, kind, was, became, planned_at, booked_at)
    SELECT id, area_code, community, kind, was, became, planned_at, on_day
    FROM lines JOIN days ON days.booked_at = lines.booked_at AND days.community = left(lines.area_code, 12) ORDER BY id;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER keep_books_of_new AFTER INSERT ON duties_duty
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION duties_after_insert();
CREATE OR REPLACE TRIGGER keep_books_of_changed AFTER UPDATE ON duties_duty
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION duties_after_update();
