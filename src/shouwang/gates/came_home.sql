-- Who came home on a pass, and when it had gone out: those who are told of now, and whoever came next on the same pass, told before.
-- Somebody was out only where the last that was seen of the pass is that it went out, and not to a doctor.
-- Parameter: rows of card, at.
SELECT DISTINCT came.id, came.at AS came_at, came.should_code, card.kind, went.at AS went_at
FROM jsonb_to_recordset(%(rows)s::jsonb) AS told(card uuid, at timestamptz)
JOIN standing_pass AS card ON card.id = told.card
LEFT JOIN LATERAL (
  SELECT next.at FROM gates_passage AS next
  WHERE next.card_id = told.card AND next.at > told.at AND next.decision = 'admit' AND next.void_at IS NULL
  ORDER BY next.at LIMIT 1
) AS next ON true
JOIN gates_passage AS came ON came.card_id = told.card AND (came.at = told.at OR came.at = next.at)
  AND came.direction = 'in' AND came.should_code IN ('home', 'home_late') AND came.void_at IS NULL
LEFT JOIN LATERAL (
  SELECT CASE WHEN before.direction = 'out' AND NOT before.medical THEN before.at END AS at FROM gates_passage AS before
  WHERE before.card_id = told.card AND before.at < came.at AND before.at > came.at - interval '32 days'
    AND before.decision = 'admit' AND before.void_at IS NULL
  ORDER BY before.at DESC, before.id DESC LIMIT 1
) AS went ON true
