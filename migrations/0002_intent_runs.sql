-- How far the execution of each intent has come: operational state, never replayed.
create table :schema.intent_runs (
  intent_id text primary key,
  attempts integer not null default 0,
  lease_owner text,
  lease_until timestamptz,
  -- When a changing call was last sent whose answer is not known.
  called_at timestamptz,
  token_number integer not null default 0,
  not_before timestamptz,
  last_code text,
  last_message text,
  last_request_id text,
  -- The worker's own notes between steps.
  notes jsonb not null default '{}',
  finished_position bigint
) with (fillfactor = 70);
