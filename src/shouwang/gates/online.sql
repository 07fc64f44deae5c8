-- Everything that must be known before a passage can be judged: the phone, who holds it, the gate, the host,
-- the plan, and whether it was asked before.
SELECT
  device.role, device.area_codes, device.revoked_at, device.wipe_asked_at, device.last_seen_at, worker.id AS worker,
  gate.id AS gate, gate.area_code, gate.kind, host.id AS host, event.id AS told, passage.should, passage.should_code,
  (SELECT held.plan_id FROM plans_activation AS held
   WHERE held.area_code = ANY (ARRAY[left(gate.area_code, 6), left(gate.area_code, 9), left(gate.area_code, 12), gate.area_code])
     AND held.from_at <= %(at)s::timestamptz AND (held.until IS NULL OR held.until > %(at)s::timestamptz)
   ORDER BY length(held.area_code) DESC LIMIT 1) AS plan
FROM devices_device AS device
LEFT JOIN access_user AS worker ON worker.id = %(worker)s::bigint AND worker.is_active AND worker.id = ANY (device.workers)
LEFT JOIN gates_gate AS gate ON gate.id = %(gate)s::uuid AND gate.closed_at IS NULL
LEFT JOIN register_household AS host ON host.id = %(host)s::bigint
LEFT JOIN devices_event AS event ON event.id = %(event)s::uuid
LEFT JOIN gates_passage AS passage ON passage.id = event.id AND passage.online
WHERE device.id = %(device)s::uuid
