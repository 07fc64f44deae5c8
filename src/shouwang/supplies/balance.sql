-- Balances are kept by this trigger alone, with the owner's rights: the app role can read them and not write them. What
-- would go below zero is refused by the table itself, whoever writes the movement.

CREATE FUNCTION supplies_keep_balance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO supplies_balance (area_code, site_id, lot_id, quantity)
    SELECT DISTINCT area_code, site, lot_id, 0
    FROM new_rows, LATERAL (VALUES (from_site_id), (to_site_id)) AS side(site)
    WHERE site IS NOT NULL ORDER BY site, lot_id
    ON CONFLICT (site_id, lot_id) DO NOTHING;
  UPDATE supplies_balance kept SET quantity = kept.quantity + changes.change
  FROM (
    SELECT site, lot_id, sum(change) AS change
    FROM new_rows, LATERAL (VALUES (from_site_id, -quantity), (to_site_id, quantity)) AS side(site, change)
    WHERE site IS NOT NULL GROUP BY site, lot_id
  ) AS changes
  WHERE kept.site_id = changes.site AND kept.lot_id = changes.lot_id;
  RETURN NULL;
END $$;

CREATE TRIGGER keep_balance AFTER INSERT ON supplies_movement
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION supplies_keep_balance();
