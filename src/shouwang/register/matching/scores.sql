-- What speaks for each pair, what against, and how much. Given: the tables of pairs.sql, compared, weight, alike.
-- Made: judged (one line for each pair), with the words of its evidence and its score in bits.

CREATE TABLE rarity AS
SELECT w.number,
       log2(({everybody} + {usual_names}) / (coalesce(max(n.people), 0) + 1.0)) AS name_bits
FROM written w
LEFT JOIN (SELECT name, count(*) AS people FROM person GROUP BY name) n ON n.name = w.signs AND w.signs <> ''
GROUP BY w.number;

CREATE TABLE behind AS SELECT household, count(*) AS people FROM person GROUP BY household;

CREATE TABLE named AS
SELECT DISTINCT pr.number, p.household
FROM pair pr JOIN written w ON w.number = pr.number JOIN person p ON p.id = pr.person
WHERE p.name = w.signs AND w.signs <> '';

CREATE TABLE slip AS -- names in which one sign differs, and which
SELECT number, person, substr(written_name, place, 1) AS mine, substr(name, place, 1) AS theirs
FROM (
  SELECT pr.number, pr.person, p.name, w.signs AS written_name,
    CASE WHEN substr(p.name, 2) = substr(w.signs, 2) THEN 1
         WHEN substr(p.name, 1, 1) <> substr(w.signs, 1, 1) THEN 0
         WHEN substr(p.name, 3) = substr(w.signs, 3) THEN 2
         WHEN substr(p.name, 1, 2) = substr(w.signs, 1, 2) AND substr(p.name, 4) = substr(w.signs, 4) THEN 3
         WHEN substr(p.name, 1, 3) = substr(w.signs, 1, 3) AND substr(p.name, 5) = substr(w.signs, 5) THEN 4
         ELSE 0 END AS place
  FROM pair pr JOIN written w ON w.number = pr.number JOIN person p ON p.id = pr.person
  WHERE w.signs <> '' AND p.name <> w.signs AND length(p.name) = length(w.signs)
) differing
WHERE place > 0;

CREATE TABLE evidence AS
SELECT pr.number, pr.person, p.household, p.gone, p.head, w.elsewhere,
  CASE WHEN same.id = 1 THEN 'id'
       WHEN same.id10 = 1 AND w.number_state = 'masked' THEN 'id_masked'
       WHEN c.says IS NOT NULL THEN c.says
       WHEN w.number_state IN ('whole', 'masked') AND p.number_state = 'whole' THEN 'not_id'
       ELSE '' END AS number_says,
  CASE WHEN p.name = '' OR (w.signs = '' AND w.letters = '' AND w.pattern = '') THEN ''
       WHEN p.name = w.signs THEN CASE WHEN w.traditional = 1 THEN 'name_traditional' ELSE 'name' END
       WHEN w.letters <> '' AND replace(p.sound, ' ', '') IN (w.letters, w.turned) THEN 'name_pinyin'
       WHEN f.household IS NOT NULL THEN 'name_of_family'
       WHEN w.sound <> '' AND p.sound = w.sound THEN 'name_sound'
       WHEN a.one IS NOT NULL THEN 'name_shape'
       WHEN w.pattern <> '' AND p.name LIKE w.pattern THEN 'surname'
       WHEN w.letters <> '' AND levenshtein(replace(p.sound, ' ', ''), w.letters) <= 1 THEN 'name_near'
       WHEN w.signs <> '' AND substr(p.name, 1, 1) = substr(w.signs, 1, 1)
            AND levenshtein(p.sound, w.sound) <= 1 THEN 'name_near'
       WHEN l.mine IS NOT NULL AND (length(w.signs) > 2 OR substr(p.name, 1, 1) = substr(w.signs, 1, 1))
            THEN 'name_near'
       WHEN w.signs <> '' AND length(w.signs) = length(p.name) + 1 AND length(p.name) > 1
            AND substr(p.name, 1, 1) = substr(w.signs, 1, 1)
            AND (substr(p.name, 2) = substr(w.signs, 2, length(p.name) - 1)
                 OR substr(p.name, 2) = substr(w.signs, 3)) THEN 'name_near'
       WHEN w.signs <> '' AND length(p.name) = length(w.signs) + 1 AND length(w.signs) > 1
            AND substr(p.name, 1, 1) = substr(w.signs, 1, 1)
            AND (substr(w.signs, 2) = substr(p.name, 2, length(w.signs) - 1)
                 OR substr(w.signs, 2) = substr(p.name, 3)) THEN 'name_near'
       ELSE 'not_name' END AS name_says,
  CASE WHEN ph.shared = 1 THEN 'phone_shared'
       WHEN same.phone = 1 THEN 'phone'
       WHEN ph.household IS NOT NULL THEN 'phone_of_family'
       ELSE '' END AS phone_says,
  CASE WHEN d.whole = 1 THEN CASE WHEN w.in_words = 1 THEN 'door_words' ELSE 'door' END
       WHEN d.whole = 0 THEN 'door_no_unit'
       WHEN w.elsewhere = 1 THEN 'door_elsewhere'
       WHEN w.room = '' THEN ''
       WHEN w.compound <> '' THEN 'not_door'
       WHEN h.building = w.building AND h.room = w.room AND h.unit = w.unit
            AND (w.community = '' OR w.community = h.community) THEN 'door_no_compound'
       ELSE 'not_door' END AS door_says,
  CASE WHEN w.born = '' OR p.born = '' THEN ''
       WHEN w.born = p.born THEN 'born'
       WHEN p.number_state = 'look' THEN '' -- a birthday read from a wrong number
       ELSE 'not_born' END AS born_says,
  CASE WHEN w.sex <> '' AND p.sex <> '' AND w.sex <> p.sex THEN 'not_sex' ELSE '' END AS sex_says,
  CASE WHEN ph.household IS NOT NULL OR d.household IS NOT NULL
       THEN log2(greatest(4, b.people)) ELSE log2({everybody} + {usual_names}) END AS doubt,
  r.name_bits
FROM pair pr
JOIN written w ON w.number = pr.number
JOIN person p ON p.id = pr.person
JOIN rarity r ON r.number = pr.number
LEFT JOIN household h ON h.id = p.household
LEFT JOIN behind b ON b.household = p.household
LEFT JOIN slip l ON l.number = pr.number AND l.person = pr.person
LEFT JOIN alike a ON a.one = l.mine AND a.other = l.theirs
LEFT JOIN named f ON f.number = pr.number AND f.household = p.household
LEFT JOIN (SELECT number, person, max(CASE WHEN kind = 'id' THEN 1 ELSE 0 END) AS id,
                  max(CASE WHEN kind = 'id10' THEN 1 ELSE 0 END) AS id10,
                  max(CASE WHEN kind = 'phone' THEN 1 ELSE 0 END) AS phone
           FROM same_number GROUP BY number, person) same ON same.number = pr.number AND same.person = pr.person
LEFT JOIN compared c ON c.number = pr.number AND c.person = pr.person
LEFT JOIN by_phone ph ON ph.number = pr.number AND ph.household = p.household
LEFT JOIN by_door d ON d.number = pr.number AND d.household = p.household;

-- A number that holds the birthday and the sex leaves nothing for them to say.
CREATE TABLE single AS
SELECT number, person, household, gone, head, elsewhere, number_says, name_says, phone_says, door_says, doubt, name_bits,
  CASE WHEN number_says IN ('', 'id_masked') THEN born_says ELSE '' END AS born_says,
  CASE WHEN number_says = '' OR name_says = 'surname' THEN sex_says ELSE '' END AS sex_says
FROM evidence;

CREATE TABLE judged AS
SELECT s.number, s.person, s.household, s.gone, s.elsewhere,
  s.number_says, s.name_says, s.phone_says, s.door_says, s.born_says, s.sex_says,
  coalesce(wn.bits, 0) + least(coalesce(wa.bits, 0), s.name_bits) + coalesce(wp.bits, 0) + coalesce(wd.bits, 0)
    + coalesce(wb.bits, 0) + coalesce(ws.bits, 0) - s.doubt + 0.4 * s.head - 0.6 * s.gone AS score,
  CASE WHEN coalesce(wn.bars, 0) + coalesce(wa.bars, 0) > 0
         OR (wn.needs_name = 1 AND (s.name_says = '' OR wa.weak_name = 1))
         OR (wa.needs_number = 1 AND coalesce(wn.bits, 0) <= 0) THEN 1 ELSE 0 END AS barred
FROM single s
LEFT JOIN weight wn ON wn.evidence = s.number_says
LEFT JOIN weight wa ON wa.evidence = s.name_says
LEFT JOIN weight wp ON wp.evidence = s.phone_says
LEFT JOIN weight wd ON wd.evidence = s.door_says
LEFT JOIN weight wb ON wb.evidence = s.born_says
LEFT JOIN weight ws ON ws.evidence = s.sex_says;

CREATE TABLE best AS
SELECT * FROM (
  SELECT j.*, row_number() OVER (PARTITION BY j.number ORDER BY j.score DESC, j.person) AS place
  FROM judged j WHERE j.score >= {candidate}
) ranked WHERE place <= {shown};
