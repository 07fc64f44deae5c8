-- The hours are kept by these triggers alone, like the books, and for the same reasons with the owner's rights: for each
-- unit, and for each community as a whole. Settling locks a community anyway: one more row of it keeps nobody waiting.

CREATE FUNCTION duties_ended_at(
  fact text, done_at timestamptz, waived_at timestamptz, missed_at timestamptz, lapses_at timestamptz, void_at timestamptz
) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  -- What nobody did is over when it lapsed, not when somebody closed the day.
  SELECT CASE fact WHEN 'void' THEN void_at WHEN 'waived' THEN waived_at WHEN 'missed' THEN least(missed_at, lapses_at)
                   ELSE done_at END
$$;

-- Rows are counted by unit before they are told apart by event and level: a million of one round is a few thousand then.
CREATE FUNCTION duties_hours_of_new() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  WITH told AS MATERIALIZED (
    SELECT left(area_code, 19) AS area_code, kind, due_at, fact, greatest(opens_at, booked_at) AS began,
           duties_ended_at(fact, done_at, waived_at, missed_at, lapses_at, void_at) AS ended, count(*) AS amount
    FROM new_rows GROUP BY 1, 2, 3, 4, 5, 6
  )
  INSERT INTO duties_hour AS kept (width, hour, area_code, kind, due_at, fact, amount)
    SELECT width, date_trunc('hour', event.at), left(area_code, width), kind, due_at, event.fact, sum(amount)
    FROM told, LATERAL (VALUES ('owed', began), (fact, ended)) AS event(fact, at), (VALUES (12), (19)) AS level(width)
    WHERE event.at IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (width, hour, area_code, kind, due_at, fact) DO UPDATE SET amount = kept.amount + excluded.amount;
  RETURN NULL;
END $$;

CREATE FUNCTION duties_hours_of_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  WITH changes AS (
    SELECT *, -1 AS sign FROM old_rows UNION ALL SELECT *, 1 FROM new_rows
  ), told AS MATERIALIZED (
    SELECT left(area_code, 19) AS area_code, kind, due_at, fact, greatest(opens_at, booked_at) AS began,
           duties_ended_at(fact, done_at, waived_at, missed_at, lapses_at, void_at) AS ended, sum(sign) AS amount
    FROM changes GROUP BY 1, 2, 3, 4, 5, 6
  )
  INSERT INTO duties_hour AS kept (width, hour, area_code, kind, due_at, fact, amount)
    SELECT width, date_trunc('hour', event.at), left(area_code, width), kind, due_at, event.fact, sum(amount)
    FROM told, LATERAL (VALUES ('owed', began), (fact, ended)) AS event(fact, at), (VALUES (12), (19)) AS level(width)
    WHERE event.at IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(amount) <> 0 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (width, hour, area_code, kind, due_at, fact) DO UPDATE SET amount = kept.amount + excluded.amount;
  RETURN NULL;
END $$;

CREATE TRIGGER keep_hours_of_new AFTER INSERT ON duties_duty
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION duties_hours_of_new();
CREATE TRIGGER keep_hours_of_changed AFTER UPDATE ON duties_duty
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION duties_hours_of_changed();

-- What was owed before there were hours.
INSERT INTO duties_hour (width, hour, area_code, kind, due_at, fact, amount)
  SELECT width, date_trunc('hour', event.at), left(area_code, width), kind, due_at, event.fact, count(*)
  FROM duties_duty, LATERAL (VALUES
    ('owed', greatest(opens_at, booked_at)),
    (fact, duties_ended_at(fact, done_at, waived_at, missed_at, lapses_at, void_at))
  ) AS event(fact, at), (VALUES (12), (19)) AS level(width)
  WHERE event.at IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6;
