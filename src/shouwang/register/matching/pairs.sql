-- Who may be meant: each row beside the people that share something with it. Plain SQL, so that any engine can run it.
-- Given: written, person, household, hit, key_of, refused (see inputs.sql). Made: same_number, by_phone, by_door, spelt, pair.

CREATE TABLE same_number AS
SELECT k.number, k.kind, h.person
FROM key_of k JOIN hit h ON h.key = k.key
WHERE k.key NOT IN (SELECT key FROM hit GROUP BY key HAVING count(*) > {crowd});

CREATE TABLE by_phone AS
SELECT s.number, p.household, max(CASE WHEN o.owners > 2 THEN 1 ELSE 0 END) AS shared
FROM same_number s
JOIN person p ON p.id = s.person
JOIN (SELECT t.number, count(DISTINCT q.household) AS owners
      FROM same_number t JOIN person q ON q.id = t.person WHERE t.kind = 'phone' GROUP BY t.number) o
  ON o.number = s.number
WHERE s.kind = 'phone'
GROUP BY s.number, p.household;

CREATE TABLE by_door AS
SELECT w.number, h.kept AS household, max(CASE WHEN w.unit = h.unit THEN 1 ELSE 0 END) AS whole
FROM written w JOIN household h ON h.compound = w.compound AND h.building = w.building AND h.room = w.room
 AND (w.community = '' OR w.community = h.community)
WHERE w.room <> '' AND w.compound <> '' AND (w.unit = h.unit OR w.unit = '' OR h.unit = '')
GROUP BY w.number, h.kept;

CREATE TABLE spelt AS
SELECT replace(sound, ' ', '') AS letters, id FROM person
WHERE replace(sound, ' ', '') IN (SELECT letters FROM written UNION SELECT turned FROM written)
  AND sound IN (SELECT sound FROM person GROUP BY sound HAVING count(*) <= {namesakes});

CREATE TABLE pair AS
SELECT made.number, made.person
FROM (
  SELECT number, person FROM same_number WHERE kind IN ('id', 'id15', 'phone')
  UNION SELECT s.number, s.person FROM same_number s
        JOIN written w ON w.number = s.number JOIN person p ON p.id = s.person
        WHERE s.kind = 'id10' AND w.number_state <> 'whole' -- a tenth of a city shares these digits with somebody
          AND (w.signs = '' OR p.name = '' OR split_part(p.sound, ' ', 1) = split_part(w.sound, ' ', 1))
  UNION SELECT b.number, p.id FROM by_phone b JOIN person p ON p.household = b.household
  UNION SELECT b.number, p.id FROM by_door b JOIN person p ON p.household = b.household
  UNION SELECT w.number, p.id FROM written w JOIN person p ON p.name = w.signs
        WHERE w.signs <> ''
          AND w.signs IN (SELECT name FROM person GROUP BY name HAVING count(*) <= {namesakes})
  UNION SELECT w.number, p.id FROM written w JOIN spelt p ON p.letters = w.letters WHERE w.letters <> ''
  UNION SELECT w.number, p.id FROM written w JOIN spelt p ON p.letters = w.turned WHERE w.turned <> ''
  UNION SELECT w.number, p.id FROM written w JOIN person p ON p.born = w.born AND p.sound = w.sound
        WHERE w.born <> '' AND w.sound <> ''
) made
LEFT JOIN refused r ON r.number = made.number AND r.person = made.person
WHERE r.person IS NULL;
