-- The tables that matching is given. Dates are text (1962-05-21), unknown text is empty, yes and no are 1 and 0.

CREATE TABLE written (
  number BIGINT, signs VARCHAR, sound VARCHAR, letters VARCHAR, turned VARCHAR, pattern VARCHAR,
  traditional INTEGER, sex VARCHAR, born VARCHAR, number_state VARCHAR, community VARCHAR, compound VARCHAR, building VARCHAR,
  unit VARCHAR, room VARCHAR, elsewhere INTEGER, in_words INTEGER
);
CREATE TABLE key_of (number BIGINT, kind VARCHAR, key BIGINT);
CREATE TABLE hit (key BIGINT, person BIGINT);
CREATE TABLE person (
  id BIGINT, household BIGINT, name VARCHAR, sound VARCHAR, sex VARCHAR, born VARCHAR,
  number_state VARCHAR, gone INTEGER, head INTEGER
);
CREATE TABLE household (id BIGINT, kept BIGINT, community VARCHAR, compound VARCHAR, building VARCHAR, unit VARCHAR, room VARCHAR);
CREATE TABLE compared (number BIGINT, person BIGINT, says VARCHAR);
CREATE TABLE refused (number BIGINT, person BIGINT);
CREATE TABLE alike (one VARCHAR, other VARCHAR);
CREATE TABLE weight (evidence VARCHAR, bits DOUBLE, bars INTEGER, needs_name INTEGER, weak_name INTEGER, needs_number INTEGER);
