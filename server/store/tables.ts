/**
 * The tables of `run.sqlite`, one migration for each version of the store. They are made for a researcher with pandas as
 * much as for the reader: plain names, one fact in one place, numbers in columns, `metrics` wide and `step_metrics` long.
 * Every table is keyed by what a replay repeats, so that a row written twice is one row.
 */

/** Migration i takes a store from version i to i + 1. Published ones are never edited: add another. */
export const migrations: readonly string[] = [
  `
-- Texts are shared by the completions of a group and by every step that draws the same prompt.
CREATE TABLE prompts (
  hash TEXT PRIMARY KEY, -- SHA-256 of the text
  text TEXT NOT NULL
) STRICT;

-- Columns that lists need stand before the long ones, so that reading a page leaves the long ones on disk.
CREATE TABLE rollouts (
  step INTEGER NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('train', 'evaluation', 'probe')),
  group_index INTEGER NOT NULL,
  rollout INTEGER NOT NULL,
  sample TEXT NOT NULL,
  prompt TEXT NOT NULL REFERENCES prompts (hash),
  reward REAL NOT NULL,
  advantage REAL,
  correct INTEGER NOT NULL CHECK (correct IN (0, 1)),
  format_ok INTEGER NOT NULL CHECK (format_ok IN (0, 1)),
  truncated INTEGER NOT NULL CHECK (truncated IN (0, 1)),
  length INTEGER NOT NULL,
  entropy REAL,
  outcome TEXT NOT NULL GENERATED ALWAYS AS
    (CASE WHEN correct THEN 'correct' WHEN format_ok THEN 'wrong' ELSE 'malformed' END) VIRTUAL,
  parts TEXT NOT NULL CHECK (json_valid(parts)),
  reason TEXT NOT NULL,
  completion TEXT NOT NULL,
  tokens BLOB, -- int32, little-endian
  logprobs BLOB, -- float32, little-endian
  UNIQUE (step, phase, group_index, rollout)
) STRICT;
CREATE INDEX rollouts_by_sample ON rollouts (sample, step, phase, group_index, rollout);
CREATE INDEX rollouts_by_outcome ON rollouts (outcome, step, phase, group_index, rollout);

-- Sums over the training rollouts of a step: counting them anew takes a quarter of a second at 300,000.
CREATE TABLE steps (
  step INTEGER PRIMARY KEY,
  rollouts INTEGER NOT NULL,
  correct INTEGER NOT NULL,
  malformed INTEGER NOT NULL,
  truncated INTEGER NOT NULL,
  tokens INTEGER NOT NULL
) STRICT;

-- NULL is a value that was not a number; one that does not apply has no row.
CREATE TABLE step_metrics (
  step INTEGER NOT NULL,
  name TEXT NOT NULL,
  value REAL,
  PRIMARY KEY (step, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE step_timings (
  step INTEGER NOT NULL,
  name TEXT NOT NULL,
  value REAL,
  PRIMARY KEY (step, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluations (
  step INTEGER NOT NULL,
  moment TEXT NOT NULL,
  rows INTEGER NOT NULL,
  correct INTEGER NOT NULL,
  accuracy REAL NOT NULL,
  low REAL NOT NULL, -- Wilson 95 % interval
  high REAL NOT NULL,
  truncated INTEGER NOT NULL,
  malformed INTEGER NOT NULL,
  PRIMARY KEY (step, moment)
) STRICT, WITHOUT ROWID;
CREATE TABLE evaluation_categories (
  step INTEGER NOT NULL,
  moment TEXT NOT NULL,
  category TEXT NOT NULL,
  rows INTEGER NOT NULL,
  correct INTEGER NOT NULL,
  accuracy REAL NOT NULL,
  low REAL NOT NULL,
  high REAL NOT NULL,
  PRIMARY KEY (step, moment, category)
) STRICT, WITHOUT ROWID;

CREATE TABLE probes (
  step INTEGER NOT NULL,
  moment TEXT NOT NULL,
  sample TEXT NOT NULL,
  rollouts INTEGER NOT NULL,
  correct INTEGER NOT NULL,
  hard INTEGER NOT NULL GENERATED ALWAYS AS (correct = 0) VIRTUAL,
  PRIMARY KEY (step, moment, sample)
) STRICT, WITHOUT ROWID;

CREATE TABLE sample_states (
  sample TEXT NOT NULL,
  step INTEGER NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('step', 'probe', 'outside')), -- outside: not a function of the seed
  state TEXT NOT NULL,
  detail TEXT NOT NULL CHECK (json_valid(detail)),
  PRIMARY KEY (sample, step, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX sample_states_by_step ON sample_states (step, source);
-- The latest state of each sample; a probe looks after its step, and what came from outside has the last word.
CREATE VIEW current_states AS
  SELECT sample, step, source, state, detail FROM (
    SELECT *, row_number() OVER (
      PARTITION BY sample
      ORDER BY step DESC, CASE source WHEN 'outside' THEN 2 WHEN 'probe' THEN 1 ELSE 0 END DESC
    ) AS place FROM sample_states
  ) WHERE place = 1;

CREATE TABLE events (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice, so that "since" misses nothing
  step INTEGER NOT NULL,
  kind TEXT NOT NULL,
  key TEXT, -- NULL: happened once, no replay repeats it
  time TEXT NOT NULL,
  data TEXT NOT NULL CHECK (json_valid(data)),
  UNIQUE (step, kind, key)
) STRICT;
`,
  `
-- What a list shows of a group of rollouts. Filled by the writer (groups.ts), since SQL cannot read a completion.
CREATE TABLE groups (
  revision INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice, so that "since" misses no group that was replaced
  step INTEGER NOT NULL,
  phase TEXT NOT NULL,
  group_index INTEGER NOT NULL,
  sample TEXT NOT NULL,
  prompt TEXT NOT NULL,
  marks TEXT NOT NULL, -- a letter for each rollout: c correct, w wrong, m malformed, t truncated and not correct
  reward REAL NOT NULL, -- mean
  advantage_low REAL,
  advantage_high REAL,
  tools TEXT NOT NULL CHECK (json_valid(tools)), -- names that were called
  UNIQUE (step, phase, group_index)
) STRICT;
`,
  `
-- One probe as a whole; the table probes has its rows, without those that a fast probe skipped.
CREATE TABLE probe_outcomes (
  step INTEGER NOT NULL,
  moment TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('full', 'fast')), -- counts of a fast one are not those that papers publish
  rows INTEGER NOT NULL,
  hard INTEGER NOT NULL,
  rollouts INTEGER NOT NULL, -- of a row, at most
  skipped INTEGER NOT NULL,
  drawn INTEGER NOT NULL,
  saved INTEGER NOT NULL,
  PRIMARY KEY (step, moment)
) STRICT, WITHOUT ROWID;
INSERT INTO probe_outcomes
  SELECT step, moment, 'full', count(*), sum(hard), max(rollouts), 0, sum(rollouts), 0 FROM probes GROUP BY step, moment;

-- Rounds of hard sampling; what a column means stands at RoundEvent in schemas/protocol.ts.
CREATE TABLE rounds (
  round INTEGER PRIMARY KEY,
  step INTEGER NOT NULL,
  steps INTEGER NOT NULL,
  hard INTEGER NOT NULL,
  few_shots INTEGER NOT NULL,
  no_candidates INTEGER NOT NULL,
  unverified INTEGER NOT NULL,
  added INTEGER NOT NULL,
  easy INTEGER NOT NULL,
  retired INTEGER NOT NULL,
  newly_hard INTEGER NOT NULL,
  hard_again INTEGER NOT NULL,
  edited INTEGER NOT NULL,
  excluded INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  rollouts INTEGER NOT NULL
) STRICT;

-- Every choice of demonstrations that was made for a row.
CREATE TABLE few_shots (
  sample TEXT NOT NULL,
  round INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  step INTEGER NOT NULL, -- last complete step before the round
  demonstrations TEXT NOT NULL CHECK (json_valid(demonstrations)), -- as they were shown, in this order
  prompt TEXT NOT NULL, -- SHA-256 of the text; prompts has it once it was drawn
  tokens INTEGER NOT NULL,
  dropped INTEGER NOT NULL, -- demonstrations that did not fit
  rollouts INTEGER NOT NULL, -- it was tried with; 0 where it was picked at random
  correct INTEGER NOT NULL,
  chosen INTEGER NOT NULL CHECK (chosen IN (0, 1)),
  PRIMARY KEY (sample, round, attempt)
) STRICT, WITHOUT ROWID;
CREATE INDEX few_shots_by_round ON few_shots (round);

-- How each group of training was put; its exact text is that of its prompt.
CREATE TABLE draws (
  step INTEGER NOT NULL,
  group_index INTEGER NOT NULL,
  sample TEXT NOT NULL,
  version TEXT NOT NULL CHECK (version IN ('raw', 'few-shot', 'edited')),
  prompt TEXT NOT NULL REFERENCES prompts (hash),
  round INTEGER,
  attempt INTEGER, -- of the few-shots
  edit INTEGER, -- sequence in edits of the one that was in force
  PRIMARY KEY (step, group_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX draws_by_sample ON draws (sample, step);

-- The researcher's edits: input, which no replay writes again. The last accepted one of a file up to a step is in force.
CREATE TABLE edits (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  step INTEGER NOT NULL, -- the first that may use it
  file TEXT NOT NULL,
  sample TEXT,
  action TEXT NOT NULL CHECK (action IN ('fewshot', 'exclude', 'fixGold', 'automatic', 'refused')),
  text TEXT, -- of the file; NULL where it is gone
  reason TEXT, -- why it was refused
  time TEXT NOT NULL
) STRICT;
CREATE INDEX edits_by_step ON edits (step);

-- All that happened to a sample, in order: a probe and the round behind it look after their step.
CREATE VIEW sample_history AS
  SELECT sample, step, 1 AS place, 'edit' AS what,
    json_object('edit', sequence, 'action', action, 'file', file, 'text', text, 'reason', reason) AS detail
    FROM edits WHERE sample IS NOT NULL
  UNION ALL SELECT sample, step, 3, 'draw',
    json_object('version', version, 'prompt', prompt, 'round', round, 'attempt', attempt, 'edit', edit) FROM draws
  UNION ALL SELECT sample, step, 5, 'probe', json_object('moment', moment, 'rollouts', rollouts, 'correct', correct) FROM probes
  UNION ALL SELECT sample, step, 6, 'few-shots', json_object('round', round, 'attempt', attempt, 'rollouts', rollouts,
    'correct', correct, 'chosen', chosen, 'demonstrations', json(demonstrations)) FROM few_shots
  UNION ALL SELECT sample, step, CASE source WHEN 'outside' THEN 2 WHEN 'step' THEN 4 ELSE 7 END, 'state',
    json_object('state', state, 'detail', json(detail)) FROM sample_states
  ORDER BY sample, step, place;
`,
  `
-- The parts of the rewards of a group: a list of a million rollouts is filtered by them without reading the rollouts.
CREATE TABLE group_parts (
  step INTEGER NOT NULL,
  phase TEXT NOT NULL,
  group_index INTEGER NOT NULL,
  name TEXT NOT NULL,
  low REAL NOT NULL,
  high REAL NOT NULL,
  by_rollout TEXT NOT NULL CHECK (json_valid(by_rollout)), -- the part of each rollout that has it, by the rollout's number
  PRIMARY KEY (step, phase, group_index, name)
) STRICT, WITHOUT ROWID;
`,
  `
-- Ways through questions: "stored" ones are the data set's, at step 0; "played" ones those of the evaluation at a step.
CREATE TABLE episodes (
  step INTEGER NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('stored', 'played')),
  question TEXT NOT NULL, -- id
  episode INTEGER NOT NULL, -- of the question, from 0
  place INTEGER NOT NULL, -- of the question in its file, from 0
  category TEXT,
  query TEXT NOT NULL,
  turns INTEGER NOT NULL,
  correct INTEGER NOT NULL CHECK (correct IN (0, 1)),
  answer TEXT, -- NULL where there is none
  reason TEXT NOT NULL, -- why it counts as right or wrong
  PRIMARY KEY (step, phase, question, episode)
) STRICT, WITHOUT ROWID;
CREATE INDEX episodes_by_question ON episodes (question, step, phase, episode);
CREATE INDEX episodes_by_place ON episodes (step, phase, place, episode);

CREATE TABLE turns (
  step INTEGER NOT NULL,
  phase TEXT NOT NULL,
  question TEXT NOT NULL,
  episode INTEGER NOT NULL,
  turn INTEGER NOT NULL, -- from 0
  thought TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('call', 'answer', 'broken')),
  tool TEXT, -- NULL where it is no call
  action TEXT NOT NULL, -- the whole turn as it was written
  observation TEXT,
  trouble TEXT, -- why the observation is no result
  score REAL, -- the judge's; these four are of stored turns alone
  chosen_by TEXT, -- rule; "best" where nothing was viable
  reward REAL, -- r, the sum of the parts with this run's weights
  parts TEXT CHECK (json_valid(parts)),
  PRIMARY KEY (step, phase, question, episode, turn)
) STRICT, WITHOUT ROWID;

-- What a step of PPO learnt from which stored turn.
CREATE TABLE lessons (
  step INTEGER NOT NULL,
  question TEXT NOT NULL,
  turn INTEGER NOT NULL,
  value REAL NOT NULL, -- V(s) as the epoch froze it
  advantage REAL NOT NULL, -- of GAE, before it is normalized
  target REAL NOT NULL, -- what V is to become: the lambda-return
  PRIMARY KEY (step, question, turn)
) STRICT, WITHOUT ROWID;
CREATE INDEX lessons_by_question ON lessons (question, turn, step);

-- Tools that the policy chose in an evaluation, over all questions and for each category.
CREATE TABLE evaluation_choices (
  step INTEGER NOT NULL,
  moment TEXT NOT NULL,
  category TEXT, -- NULL: all
  tool TEXT, -- NULL: plain reasoning
  turns INTEGER NOT NULL,
  share REAL NOT NULL
) STRICT;
CREATE INDEX evaluation_choices_by_step ON evaluation_choices (step, moment);
CREATE TABLE evaluation_entropies (
  step INTEGER NOT NULL,
  moment TEXT NOT NULL,
  category TEXT, -- NULL: all
  bits REAL NOT NULL, -- Shannon entropy of the shares
  bits_per_question REAL NOT NULL, -- mean of the entropies of the questions
  episodes INTEGER, -- of each question; these three only over all
  turns INTEGER,
  unreadable INTEGER -- turns that were no choice
) STRICT;
CREATE INDEX evaluation_entropies_by_step ON evaluation_entropies (step, moment);
`,
];

/** The first version of the store that has groups. */
export const GROUPS_SINCE = 2;

/** The first version that has rounds, and all else of hard sampling. */
export const ROUNDS_SINCE = 3;

/** The first version that has the parts of each group's rewards. */
export const PARTS_SINCE = 4;

/** The first version that has episodes. */
export const EPISODES_SINCE = 5;

/** The oldest version that can be read as it is; older ones are brought up when their run is resumed. */
export const READABLE_SINCE = GROUPS_SINCE;

export const STORE_VERSION = migrations.length;

const quoted = (text: string, mark: string): string => mark + text.replaceAll(mark, mark + mark) + mark;

/**
 * The view `metrics`: one row for each step, one column for each metric that any step had. A reward names its parts as it
 * likes; SQL ends at a NUL, so such a name stays in the table alone.
 */
export function metricsView(names: readonly string[]): string {
  const columns = names
    .filter((name) => !name.includes("\0"))
    .map((name) => `max(CASE WHEN name = ${quoted(name, "'")} THEN value END) AS ${quoted(name, '"')}`);
  return `DROP VIEW IF EXISTS metrics;
CREATE VIEW metrics AS SELECT ${["step", ...columns].join(", ")} FROM step_metrics GROUP BY step;`;
}
