-- What counts for every claim of the cluster, such as the order to give everything back: one row.
create table :schema.cluster (
  key      text primary key,
  state    jsonb not null,
  position bigint generated always as ((state->>'position')::bigint) stored
);
