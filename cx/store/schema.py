"""The tables of a workspace and the numbered migrations that lead to them.

Migration n brings a file from version n-1 to n; a released migration is never edited. Types are those both DuckDB and
Spark have; scores are exact decimals, durations whole seconds or days.
"""

from __future__ import annotations

from cx.model import MOST_STAGES

_ARRIVALS = ", ".join(f"t{step} TIMESTAMP" for step in range(1, MOST_STAGES + 1))

_INTERACTION_COLUMNS = """
    interaction_id BIGINT NOT NULL,       -- unique over the workspace, rising with load order
    customer_key INTEGER NOT NULL,
    occurred_at TIMESTAMP,                -- workspace time zone; null = undated
    stage_id TINYINT,                     -- in force: given in the file, else the touchpoint's; null = unknown
    channel_id INTEGER,
    touchpoint_id INTEGER,
    nps TINYINT,
    csat DECIMAL(9, 3), csat_max SMALLINT,
    ces DECIMAL(9, 3), ces_max SMALLINT,  -- high = easy
    expectation_met BOOLEAN,
    emotion TINYINT,                      -- -1, 0, 1; null = unknown
    emotion_source VARCHAR,               -- a key of cx.model.EMOTION_SOURCES
    emotion_given TINYINT,                -- as the file said
    comment VARCHAR,
    wait_seconds INTEGER,
    delay_days INTEGER,                   -- delivered minus promised; early is negative
    is_complaint BOOLEAN,
    revenue DECIMAL(18, 4),
    quantity DECIMAL(18, 3),
    order_id VARCHAR,
    campaign VARCHAR,
    stage_label_id INTEGER,               -- what the file called the stage
    attributes MAP(VARCHAR, VARCHAR),     -- further columns of the row: attribute key -> value
    row_key BIGINT NOT NULL,              -- what makes this the same row in another upload
    content_key BIGINT NOT NULL,          -- changes when any cell of the row does
    upload_id INTEGER NOT NULL,
    sheet VARCHAR,
    row_number INTEGER                    -- physical row in the sheet, 1 = first line of the file
"""

INTERACTION_COLUMNS = ("interaction_id", "customer_key", "occurred_at", "stage_id", "channel_id", "touchpoint_id",
                       "nps", "csat", "csat_max", "ces", "ces_max", "expectation_met", "emotion", "emotion_source",
                       "emotion_given", "comment", "wait_seconds", "delay_days", "is_complaint", "revenue", "quantity",
                       "order_id", "campaign", "stage_label_id", "attributes", "row_key", "content_key", "upload_id",
                       "sheet", "row_number")
"""Columns of `interactions` and `shadowed`."""

MIGRATIONS: tuple[str, ...] = (f"""
CREATE TABLE settings (key VARCHAR PRIMARY KEY, value VARCHAR);

CREATE TABLE stages (stage_id TINYINT PRIMARY KEY, key VARCHAR UNIQUE NOT NULL, label VARCHAR NOT NULL,
    position TINYINT NOT NULL);
CREATE TABLE stage_labels (stage_label_id INTEGER PRIMARY KEY, key VARCHAR UNIQUE NOT NULL, label VARCHAR NOT NULL,
    stage_id TINYINT, source VARCHAR);
CREATE TABLE touchpoints (touchpoint_id INTEGER PRIMARY KEY, key VARCHAR UNIQUE NOT NULL, label VARCHAR NOT NULL,
    stage_id TINYINT, source VARCHAR, phase VARCHAR, owner VARCHAR);
CREATE TABLE channels (channel_id INTEGER PRIMARY KEY, key VARCHAR UNIQUE NOT NULL, label VARCHAR NOT NULL,
    medium VARCHAR, ownership VARCHAR, source VARCHAR);
CREATE TABLE personas (persona_id INTEGER PRIMARY KEY, key VARCHAR UNIQUE NOT NULL, label VARCHAR NOT NULL,
    goals VARCHAR, needs VARCHAR, triggers VARCHAR, fears VARCHAR);
CREATE TABLE attributes (attribute_id INTEGER PRIMARY KEY, key VARCHAR UNIQUE NOT NULL, label VARCHAR NOT NULL);

-- How each upload in force spells its names; kind = the table of the name.
CREATE TABLE spellings (kind VARCHAR NOT NULL, name_id INTEGER NOT NULL, label VARCHAR NOT NULL,
    upload_id INTEGER NOT NULL);

CREATE TABLE uploads (upload_id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, content_sha256 VARCHAR NOT NULL,
    bytes BIGINT, loaded_at TIMESTAMP NOT NULL, plan JSON, accepted INTEGER NOT NULL, rejected INTEGER NOT NULL,
    duplicates INTEGER NOT NULL, replaced INTEGER NOT NULL, undone_at TIMESTAMP);
CREATE TABLE rejects (upload_id INTEGER NOT NULL, sheet VARCHAR, row_number INTEGER, column_name VARCHAR,
    value VARCHAR, reason JSON, row_values JSON);
CREATE TABLE mappings (signature VARCHAR PRIMARY KEY, name VARCHAR, plan JSON NOT NULL, used_at TIMESTAMP NOT NULL);

CREATE TABLE customers (customer_key INTEGER PRIMARY KEY, customer_id VARCHAR NOT NULL, anonymous BOOLEAN NOT NULL,
    persona_id INTEGER);
CREATE TABLE customer_personas (customer_key INTEGER NOT NULL, persona_id INTEGER NOT NULL, upload_id INTEGER NOT NULL);
CREATE TABLE customer_attributes (customer_key INTEGER NOT NULL, attribute_id INTEGER NOT NULL, value VARCHAR NOT NULL,
    upload_id INTEGER NOT NULL);

CREATE TABLE interactions ({_INTERACTION_COLUMNS});
-- Rows of uploads that another upload holds too (duplicates) or has corrected; they come back when it is undone.
CREATE TABLE shadowed ({_INTERACTION_COLUMNS});

-- What uploaded tables of figures say of the KPIs, in its unit (shares 0-1); n = answers, null = not told.
CREATE TABLE reported_kpis (kpi VARCHAR NOT NULL, period DATE NOT NULL, interval VARCHAR NOT NULL,
    value DOUBLE NOT NULL, n INTEGER, upload_id INTEGER NOT NULL);

CREATE TABLE goals (goal_id INTEGER PRIMARY KEY, goal VARCHAR, kpi VARCHAR NOT NULL, persona VARCHAR, channel VARCHAR,
    target DOUBLE, owner VARCHAR, source VARCHAR);
CREATE TABLE own_kpis (own_kpi_id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, kind VARCHAR NOT NULL,
    field VARCHAR NOT NULL, operator VARCHAR, operands VARCHAR[], only_field VARCHAR, only_operator VARCHAR,
    only_operands VARCHAR[], direction TINYINT NOT NULL, on_overview BOOLEAN NOT NULL);
CREATE TABLE events (event_id INTEGER PRIMARY KEY, day DATE NOT NULL, label VARCHAR NOT NULL);
CREATE TABLE views (view_id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, page VARCHAR NOT NULL, url JSON NOT NULL,
    author VARCHAR, created_at TIMESTAMP NOT NULL);
CREATE TABLE actions (action_id INTEGER PRIMARY KEY, title VARCHAR NOT NULL, pain_point JSON, kpi VARCHAR,
    owner VARCHAR, starts_on DATE, status VARCHAR, expected DOUBLE, created_at TIMESTAMP NOT NULL);
CREATE TABLE alerts (alert_id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, rule JSON NOT NULL, active BOOLEAN NOT NULL);
CREATE TABLE users (user_id INTEGER PRIMARY KEY, name VARCHAR UNIQUE NOT NULL, role VARCHAR NOT NULL, password VARCHAR,
    active BOOLEAN NOT NULL);
CREATE TABLE audit (noted_at TIMESTAMP NOT NULL, who VARCHAR, what VARCHAR NOT NULL, detail JSON);

-- Derived with each commit (cx/store/derive.py), never written by hand.
CREATE TABLE journeys (customer_key INTEGER NOT NULL, persona_id INTEGER, first_channel_id INTEGER,
    last_channel_id INTEGER, first_at TIMESTAMP NOT NULL, last_at TIMESTAMP NOT NULL, interactions INTEGER NOT NULL,
    orders INTEGER NOT NULL, revenue DECIMAL(18, 4), complaints INTEGER NOT NULL, positive INTEGER NOT NULL,
    negative INTEGER NOT NULL, felt INTEGER NOT NULL, last_emotion TINYINT, last_nps TINYINT);
CREATE TABLE attempts (customer_key INTEGER NOT NULL, persona_id INTEGER, first_channel_id INTEGER, {_ARRIVALS});

CREATE VIEW interaction_details AS
SELECT i.interaction_id, c.customer_id, i.occurred_at, s.label AS stage, h.label AS channel, t.label AS touchpoint,
    p.label AS persona, i.nps, i.csat, i.csat_max, i.ces, i.ces_max, i.expectation_met, i.emotion, i.emotion_source,
    i.comment, i.wait_seconds, i.delay_days, i.is_complaint, i.revenue, i.quantity, i.order_id, i.campaign,
    i.attributes, i.customer_key, i.upload_id, i.sheet, i.row_number
FROM interactions i
JOIN customers c USING (customer_key)
LEFT JOIN personas p ON p.persona_id = c.persona_id
LEFT JOIN stages s ON s.stage_id = i.stage_id
LEFT JOIN channels h ON h.channel_id = i.channel_id
LEFT JOIN touchpoints t ON t.touchpoint_id = i.touchpoint_id;
""", """
-- Where an action mends (keys, null = anywhere), a note, and the day it ended; status is a key of action.STATUSES.
ALTER TABLE actions ADD COLUMN stage VARCHAR;
ALTER TABLE actions ADD COLUMN touchpoint VARCHAR;
ALTER TABLE actions ADD COLUMN channel VARCHAR;
ALTER TABLE actions ADD COLUMN persona VARCHAR;
ALTER TABLE actions ADD COLUMN note VARCHAR;
ALTER TABLE actions ADD COLUMN ended_on DATE;

-- What alerts said: a firing is one rule about one period; a message gathers the firings of a subject and day.
CREATE TABLE alert_messages (message_id INTEGER NOT NULL, subject VARCHAR NOT NULL, day DATE NOT NULL,
    read_at TIMESTAMP);
CREATE TABLE alert_firings (firing_id INTEGER NOT NULL, message_id INTEGER NOT NULL, alert_id INTEGER NOT NULL,
    fingerprint VARCHAR NOT NULL, fired_at TIMESTAMP NOT NULL, said JSON NOT NULL);
-- Messages on their way out; a row stays until it is delivered or somebody gives it up.
CREATE TABLE outbox (delivery_id INTEGER NOT NULL, message_id INTEGER NOT NULL, way VARCHAR NOT NULL,
    receiver VARCHAR NOT NULL, attempts INTEGER NOT NULL, next_at TIMESTAMP NOT NULL, delivered_at TIMESTAMP,
    error JSON);

-- What people say of an opportunity (effort, owner, value); the latest counts, all of them are kept.
CREATE TABLE opportunity_notes (noted_at TIMESTAMP NOT NULL, author VARCHAR, subject VARCHAR NOT NULL,
    what VARCHAR NOT NULL, value VARCHAR, note VARCHAR);
""", """
-- Derived with each commit (cx/store/derive.py). Rows of the first two add up: what left stands there with a minus.
-- Measures (cx/store/measures.py) of the interactions of a day; occurred_at is its first moment, null = undated.
CREATE TABLE daily_cells (occurred_at TIMESTAMP, anonymous BOOLEAN NOT NULL, persona_id INTEGER, stage_id TINYINT,
    channel_id INTEGER, touchpoint_id INTEGER, interactions INTEGER NOT NULL, promoters INTEGER NOT NULL,
    detractors INTEGER NOT NULL, recommended INTEGER NOT NULL, satisfied INTEGER NOT NULL, rated INTEGER NOT NULL,
    efforts INTEGER NOT NULL, effort_sum DECIMAL(38, 9) NOT NULL, effort_squares DECIMAL(38, 9) NOT NULL,
    easy INTEGER NOT NULL, expectations_met INTEGER NOT NULL, expectations INTEGER NOT NULL, positive INTEGER NOT NULL,
    neutral INTEGER NOT NULL, negative INTEGER NOT NULL, felt INTEGER NOT NULL, complaints INTEGER NOT NULL,
    waits INTEGER NOT NULL, wait_sum HUGEINT NOT NULL, wait_squares HUGEINT NOT NULL, deliveries INTEGER NOT NULL,
    late INTEGER NOT NULL, late_sum HUGEINT NOT NULL, late_squares HUGEINT NOT NULL, revenues INTEGER NOT NULL,
    revenue DECIMAL(38, 4) NOT NULL);
-- How many customers were active on a day (null = undated), next on another (null = never again), and had by then
-- complained, last on a third.
CREATE TABLE active_days (occurred_at TIMESTAMP, next_at TIMESTAMP, complained BOOLEAN NOT NULL,
    complained_at TIMESTAMP, anonymous BOOLEAN NOT NULL, persona_id INTEGER,
    first_channel_id INTEGER, customers INTEGER NOT NULL);
-- One row per order: its first row's customer, time and place, and the revenue of all its rows.
CREATE TABLE orders (interaction_id BIGINT NOT NULL, customer_key INTEGER NOT NULL, anonymous BOOLEAN NOT NULL,
    persona_id INTEGER, occurred_at TIMESTAMP, stage_id TINYINT, channel_id INTEGER, touchpoint_id INTEGER,
    campaign VARCHAR, order_id VARCHAR, amount DOUBLE);
""", """
-- As before, of all interactions (scope "all") and of those at each stage, channel or touchpoint (scope; place_id = its
-- id, null = unknown). The first channel only where the scope is "all".
DROP TABLE active_days;
CREATE TABLE active_days (scope VARCHAR NOT NULL, place_id INTEGER, occurred_at TIMESTAMP, next_at TIMESTAMP,
    complained BOOLEAN NOT NULL, complained_at TIMESTAMP, anonymous BOOLEAN NOT NULL, persona_id INTEGER,
    first_channel_id INTEGER, customers INTEGER NOT NULL);
DELETE FROM settings WHERE key = 'derived_version';
""", """
-- Whom a reported figure is of: a dimension (cx.filters.DIMENSIONS) and a key in it; '' = everybody.
ALTER TABLE reported_kpis ADD COLUMN IF NOT EXISTS segment VARCHAR DEFAULT '';
ALTER TABLE reported_kpis ADD COLUMN IF NOT EXISTS member VARCHAR DEFAULT '';
""", """
-- Derived with each commit. The dated interactions of known customers, few columns: all rows of a customer stand
-- together and in order, so that questions about sequences read them as they stand.
CREATE TABLE IF NOT EXISTS steps (customer_key INTEGER NOT NULL, occurred_at TIMESTAMP NOT NULL, stage_id TINYINT,
    stage_label_id INTEGER, channel_id INTEGER, touchpoint_id INTEGER);
""", """
-- How each step felt.
ALTER TABLE steps ADD COLUMN IF NOT EXISTS emotion TINYINT;
""", """
-- Pairs of days in which customers were active (complaint: had a complaint), by scope (cx/store/additive.py) and place.
-- next_at null = never again; occurred_at null = undated.
DROP TABLE active_days;
CREATE TABLE active_days (scope VARCHAR NOT NULL, complaint BOOLEAN NOT NULL, anonymous BOOLEAN NOT NULL,
    persona_id INTEGER, occurred_at TIMESTAMP, place_id INTEGER, next_at TIMESTAMP, customers INTEGER NOT NULL);
-- The interactions that have a waiting time or are late, few columns: a median needs every value.
CREATE TABLE IF NOT EXISTS waits (interaction_id BIGINT NOT NULL, customer_key INTEGER NOT NULL,
    anonymous BOOLEAN NOT NULL, persona_id INTEGER, occurred_at TIMESTAMP, stage_id TINYINT, channel_id INTEGER,
    touchpoint_id INTEGER, wait_seconds INTEGER, delay_days INTEGER);
DELETE FROM settings WHERE key = 'derived_version';
""", """
-- Rows that a person said are the same as earlier ones (cx/intake/seen_before.py): the key their own cells make, and
-- the key they have instead, that of the earlier row.
CREATE TABLE IF NOT EXISTS row_aliases (own_key BIGINT NOT NULL, row_key BIGINT NOT NULL, upload_id INTEGER NOT NULL);
""")

VERSION = len(MIGRATIONS)
