-- The read models: what the log comes to when it is folded. Each record is the JSON that packages/domain
-- folds; the other columns are drawn from it by Postgres itself, so that the two can never disagree.

create extension if not exists btree_gist;

-- ISO 8601 with a zone means the same moment in every session: safe to call immutable.
create function :schema.iso_time(text) returns timestamptz language sql immutable strict parallel safe
  as $$ select nullif($1, '')::timestamptz $$;

create table :schema.claims (
  key        text primary key,
  state      jsonb not null,
  namespace  text generated always as (split_part(state->>'key', '/', 1)) stored,
  phase      text generated always as (state->>'phase') stored,
  address_id text generated always as (state->'address'->>'id') stored,
  public_ip  text generated always as (state->'address'->>'publicIp') stored,
  owner_uid  text generated always as (state->'owner'->>'uid') stored,
  position   bigint generated always as ((state->>'position')::bigint) stored
);
create index claims_position on :schema.claims (position);
create index claims_owner on :schema.claims (owner_uid);
create index claims_open on :schema.claims (namespace, key) where phase <> 'Released';

create table :schema.nodes (
  key      text primary key,
  state    jsonb not null,
  position bigint generated always as ((state->>'position')::bigint) stored
);
create index nodes_position on :schema.nodes (position);

-- Workloads that have ended.
create table :schema.owners (
  key      text primary key,
  state    jsonb not null,
  position bigint generated always as ((state->>'position')::bigint) stored
);

create table :schema.addresses (
  key         text primary key,
  state       jsonb not null,
  public_ip   text generated always as (state->>'publicIp') stored,
  claim       text generated always as (state->>'claim') stored,
  released_at timestamptz generated always as (:schema.iso_time(state->>'releasedAt')) stored,
  position    bigint generated always as ((state->>'position')::bigint) stored
);
create index addresses_public_ip on :schema.addresses (public_ip);

create table :schema.listings (
  key       text primary key,
  state     jsonb not null,
  public_ip text generated always as (state->>'publicIp') stored,
  position  bigint generated always as ((state->>'position')::bigint) stored
);
create index listings_public_ip on :schema.listings (public_ip) where public_ip <> '';

create table :schema.intents (
  key      text primary key,
  state    jsonb not null,
  claim    text generated always as (state->>'claim') stored,
  status   text generated always as (state->>'status') stored,
  decided  bigint generated always as ((state->>'decidedPosition')::bigint) stored,
  position bigint generated always as ((state->>'position')::bigint) stored
);
create index intents_open on :schema.intents (decided) where status <> 'done';

create table :schema.holdings (
  key        text primary key,
  state      jsonb not null,
  address_id text generated always as (state->>'addressId') stored,
  public_ip  text generated always as (state->>'publicIp') stored,
  claim      text generated always as (state->>'claim') stored,
  during     tstzrange generated always as
               (tstzrange(:schema.iso_time(state->>'from'), :schema.iso_time(state->>'to'), '[)')) stored,
  position   bigint generated always as ((state->>'position')::bigint) stored,
  -- Rule I2, held by the database itself: one address, one Pod, at any moment. The same index answers
  -- who held an address when.
  constraint one_holder_at_a_time exclude using gist (address_id with =, during with &&)
);
create index holdings_public_ip on :schema.holdings (public_ip);
create index holdings_claim on :schema.holdings (claim);

-- What may be given back at once, and what is held: one row for each guard.
create table :schema.guards (
  key      text primary key,
  state    jsonb not null,
  position bigint generated always as ((state->>'position')::bigint) stored
);
