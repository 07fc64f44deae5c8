-- What was sent never changes. Until then one thing can happen to it: that somebody checks it, or takes it back.
CREATE FUNCTION ledgers_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE fixed ledgers_snapshot;
BEGIN
  IF OLD.checked_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL THEN
    RAISE EXCEPTION 'a snapshot that was sent or taken back never changes' USING ERRCODE = 'check_violation';
  END IF;
  fixed := OLD;
  fixed.checked_at := NEW.checked_at; fixed.checked_by_id := NEW.checked_by_id;
  fixed.stored := NEW.stored; fixed.sha256 := NEW.sha256;
  fixed.withdrawn_at := NEW.withdrawn_at; fixed.withdrawn_by_id := NEW.withdrawn_by_id;
  IF fixed IS DISTINCT FROM NEW THEN
    RAISE EXCEPTION 'what was prepared never changes' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledgers_keep BEFORE UPDATE ON ledgers_snapshot FOR EACH ROW EXECUTE FUNCTION ledgers_keep();
