-- The read models: what the log comes to when it is folded. Each record is the JSON that packages/domain
-- folds; the other columns are drawn from it by Postgres itself, so that the two can never disagree.

create extension if not exists btree_gist;

-- ISO 8601 with a zone means the same moment in every session: safe to call immutable.
create function iso_time(text) returns timestamptz language sql immutable strict parallel safe
  as $$ select nullif($1, '')::timestamptz $$;

create table claims (
  key        text primary key,
  state      jsonb not null,
  namespace  text generated always as (split_part(state->>'key', '/', 1)) stored,
  phase      text generated always as (state->>'phase') stored,
  address_id text generated always as (state->'address'->>'id') stored,
  public_ip  text generated always as (state->'address'->>'publicIp') stored,
  position   bigint generated always as ((state->>'position')::bigint) stored
);
create index claims_position on claims (position);
create index claims_open on claims (namespace, key) where phase <> 'Released';

create table nodes (
  key      text primary key,
  state    jsonb not null,
  position bigint generated always as ((state->>'position')::bigint) stored
);
create index nodes_position on nodes (position);

create table addresses (
  key         text primary key,
  state       jsonb not null,
  public_ip   text generated always as (state->>'publicIp') stored,
  claim       text generated always as (state->>'claim') stored,
  released_at timestamptz generated always as (iso_time(state->>'releasedAt')) stored,
  position    bigint generated always as ((state->>'position')::bigint) stored
);
create index addresses_public_ip on addresses (public_ip);

create table intents (
  key      text primary key,
  state    jsonb not null,
  claim    text generated always as (state->>'claim') stored,
  status   text generated always as (state->>'status') stored,
  decided  bigint generated always as ((state->>'decidedPosition')::bigint) stored,
  position bigint generated always as ((state->>'position')::bigint) stored
);
create index intents_open on intents (decided) where status <> 'done';

create table holdings (
  key        text primary key,
  state      jsonb not null,
  address_id text generated always as (state->>'addressId') stored,
  public_ip  text generated always as (state->>'publicIp') stored,
  claim      text generated always as (state->>'claim') stored,
  during     tstzrange generated always as
               (tstzrange(iso_time(state->>'from'), iso_time(state->>'to'), '[)')) stored,
  position   bigint generated always as ((state->>'position')::bigint) stored,
  -- Rule I2, held by the database itself: one address, one Pod, at any moment. The same index answers
  -- who held an address when.
  constraint one_holder_at_a_time exclude using gist (address_id with =, during with &&)
);
create index holdings_public_ip on holdings (public_ip);
create index holdings_claim on holdings (claim);
