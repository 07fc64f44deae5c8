-- What is known of whoever stands at a gate, for many at once: the pass, whose it is, what holds them, and when it was used.
-- Parameter: rows of n, gate, card, person, plate, expected, at (when they stood there).
SELECT
  asked.n, card.kind, card.from_at, card.until, card.area_code, card.gates,
  card.lost_at IS NOT NULL AND card.lost_at <= asked.at AS lost, card.replaced_by_id IS NOT NULL AS replaced,
  who.kept_id AS person, coalesce(who.area_code, CASE WHEN card.household_id IS NOT NULL THEN card.area_code END) AS home,
  who.left_at IS NOT NULL AND who.left_at <= asked.at AS has_left,
  (SELECT max(coalesce(held.ended_at, held.until))
   FROM standing_hold AS held JOIN register_person AS row ON row.id = held.person_id
   WHERE row.kept_id = who.kept_id AND held.from_at <= asked.at AND coalesce(held.ended_at, held.until) > asked.at) AS held_until,
  -- A household's pass in whose hand? Where somebody of the home is held, the guard has to ask.
  CASE WHEN who.kept_id IS NULL THEN (
    SELECT max(coalesce(held.ended_at, held.until))
    FROM standing_hold AS held JOIN register_person AS row ON row.id = held.person_id
    WHERE row.household_id = card.household_id AND held.from_at <= asked.at AND coalesce(held.ended_at, held.until) > asked.at
  ) END AS one_held_until,
  greatest(barred.card_until, CASE WHEN card.taken_until > asked.at THEN card.taken_until END) AS withdrawn_until,
  barred.until AS barred_until, coalesce(used.exits, '{}') AS exits, coalesce(used.copied, false) AS copied, used.went_at,
  EXISTS (
    SELECT FROM gates_expected AS visitor WHERE visitor.id = asked.expected AND visitor.cancelled_at IS NULL
      AND visitor.from_at <= asked.at AND visitor.until > asked.at
  ) AS announced
FROM jsonb_to_recordset(%(rows)s::jsonb) AS asked(n int, gate uuid, card uuid, person bigint, plate text, expected uuid, at timestamptz)
LEFT JOIN standing_pass AS card ON card.id = asked.card
-- One by one through the key, and never a walk through all who live here. CASE, as row-level security calls coalesce leaky
-- and lets no index see it.
LEFT JOIN LATERAL (
  SELECT kept_id, area_code, left_at FROM register_person WHERE id = CASE WHEN asked.person IS NULL THEN card.person_id ELSE asked.person END LIMIT 1
) AS who ON true
LEFT JOIN LATERAL (
  SELECT max(coalesce(bar.ended_at, bar.until)) FILTER (WHERE bar.card_id = card.id) AS card_until,
    max(coalesce(bar.ended_at, bar.until)) FILTER (WHERE bar.person_id = who.kept_id OR (bar.plate <> '' AND bar.plate = asked.plate)) AS until
  FROM standing_bar AS bar
  WHERE (bar.card_id = card.id OR bar.person_id = who.kept_id OR (bar.plate <> '' AND bar.plate = asked.plate))
    AND bar.from_at <= asked.at AND coalesce(bar.ended_at, bar.until) > asked.at
) AS barred ON true
LEFT JOIN LATERAL (
  SELECT array_agg(passage.at ORDER BY passage.at) FILTER (
      WHERE passage.decision = 'admit' AND NOT passage.medical AND passage.at < asked.at
        AND passage.direction = CASE WHEN card.person_id IS NOT NULL OR card.household_id IS NOT NULL THEN 'out' ELSE 'in' END
    ) AS exits,
    (array_agg(CASE WHEN passage.direction = 'out' AND NOT passage.medical THEN passage.at END ORDER BY passage.at DESC, passage.id DESC)
      FILTER (WHERE passage.decision = 'admit' AND passage.at < asked.at))[1] AS went_at,
    bool_or(passage.gate_id <> asked.gate AND passage.at >= asked.at - interval '1 minute') AS copied
  FROM gates_passage AS passage
  WHERE passage.card_id = card.id AND passage.at <= asked.at AND passage.at > asked.at - interval '32 days' AND passage.void_at IS NULL
) AS used ON true
ORDER BY asked.n
