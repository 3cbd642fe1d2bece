-- The event log: one append-only table, numbered without gaps.

-- An extension exists once in a database: in public, where every schema finds it and none takes it along
-- when it is dropped.
create extension if not exists btree_gist with schema public;

-- One row. Its lock is the fence that every append takes first: positions become visible in order, so a
-- reader that has seen position n can never find a smaller one later.
create table :schema.log_head (
  id smallint primary key default 1 check (id = 1),
  position bigint not null default 0,
  hash bytea not null default decode(repeat('00', 32), 'hex')
) with (fillfactor = 10);
insert into :schema.log_head default values;

create table :schema.streams (
  stream text primary key,
  version bigint not null
) with (fillfactor = 80);

create table :schema.events (
  position bigint primary key,
  stream text not null,
  version bigint not null,
  type text not null,
  schema_version integer not null check (schema_version > 0),
  dedupe_key text,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  actor text not null,
  correlation_id text not null,
  causation_position bigint,
  data jsonb not null,
  hash bytea not null,
  constraint events_stream_version unique (stream, version)
);
create unique index events_dedupe_key on :schema.events (dedupe_key) where dedupe_key is not null;
create index events_correlation on :schema.events (correlation_id, position);

create table :schema.checkpoints (
  name text primary key,
  position bigint not null default 0,
  state jsonb,
  updated_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

create function :schema.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'events are append-only: % refused', tg_op
    using errcode = 'PE002', hint = 'Append an event that corrects the earlier one.';
end $$;

create trigger events_no_change before update or delete on :schema.events
  for each row execute function :schema.refuse_change();
create trigger events_no_truncate before truncate on :schema.events
  for each statement execute function :schema.refuse_change();

-- Appends a batch, all of it or nothing. Keys must differ within a batch; an event whose key is in the log
-- is skipped, and the recorded one returned. `expected` is the stream's version just before the event,
-- counting the events before it in the same batch.
--
-- A function and not one statement: under READ COMMITTED each statement in here sees what was committed
-- while the lock was waited for.
create function :schema.append(
  p_stream text[], p_type text[], p_schema_version integer[], p_dedupe_key text[], p_occurred_at timestamptz[],
  p_actor text[], p_correlation_id text[], p_causation_position bigint[], p_data jsonb[], p_expected bigint[],
  p_digest bytea[], p_channel text
) returns table (ordinal bigint, event_position bigint, event_version bigint, appended boolean)
language plpgsql as $$
#variable_conflict use_column
declare
  v_base bigint;
  v_hash bytea;
  v_now timestamptz;
  v_now_bytes bytea;
  v_ordinals bigint[];
  v_versions bigint[];
  v_digests bytea[];
  v_hashes bytea[];
  v_moved record;
begin
  -- An event that was acknowledged must survive a crash of the server, whatever the session prefers.
  if current_setting('synchronous_commit') = 'off' then
    perform set_config('synchronous_commit', 'on', true);
  end if;

  select h.position, h.hash into strict v_base, v_hash from :schema.log_head h where h.id = 1 for update;

  with fresh as (
    select i.o, i.stream, i.expected, i.digest,
           coalesce(s.version, 0) + row_number() over (partition by i.stream order by i.o) as version
    from unnest(p_stream, p_dedupe_key, p_expected, p_digest)
         with ordinality as i(stream, dedupe_key, expected, digest, o)
    left join :schema.streams s on s.stream = i.stream
    where i.dedupe_key is null
       or not exists (select 1 from :schema.events e where e.dedupe_key = i.dedupe_key)
  )
  select array_agg(f.o order by f.o), array_agg(f.version order by f.o), array_agg(f.digest order by f.o)
    into v_ordinals, v_versions, v_digests
  from fresh f;

  if v_ordinals is not null then
    select p_stream[f.o] as stream, p_expected[f.o] as expected, f.version - 1 as actual into v_moved
    from unnest(v_ordinals, v_versions) as f(o, version)
    where p_expected[f.o] is not null and p_expected[f.o] <> f.version - 1
    order by f.o limit 1;
    if found then
      raise exception 'stream % moved', v_moved.stream
        using errcode = 'PE001', detail = to_jsonb(v_moved)::text;
    end if;

    v_now := date_trunc('milliseconds', clock_timestamp());
    v_now_bytes := int8send((extract(epoch from v_now) * 1000)::bigint);
    v_hashes := array_fill(v_hash, array[cardinality(v_ordinals)]);
    for i in 1 .. cardinality(v_ordinals) loop
      v_hash := sha256(v_hash || v_digests[i] || int8send(v_base + i) || int8send(v_versions[i]) || v_now_bytes);
      v_hashes[i] := v_hash;
    end loop;

    insert into :schema.streams as s (stream, version)
    select i.stream, max(f.version)
    from unnest(v_ordinals, v_versions) as f(o, version)
    join unnest(p_stream) with ordinality as i(stream, o) on i.o = f.o
    group by i.stream
    on conflict (stream) do update set version = excluded.version;

    insert into :schema.events (position, stream, version, type, schema_version, dedupe_key, occurred_at,
      recorded_at, actor, correlation_id, causation_position, data, hash)
    select v_base + f.n, i.stream, f.version, i.type, i.schema_version, i.dedupe_key, i.occurred_at,
      v_now, i.actor, i.correlation_id, i.causation_position, i.data, f.hash
    from unnest(v_ordinals, v_versions, v_hashes) with ordinality as f(o, version, hash, n)
    join unnest(p_stream, p_type, p_schema_version, p_dedupe_key, p_occurred_at, p_actor, p_correlation_id,
                p_causation_position, p_data)
         with ordinality as i(stream, type, schema_version, dedupe_key, occurred_at, actor, correlation_id,
                              causation_position, data, o) on i.o = f.o
    order by f.n;

    update :schema.log_head h set position = v_base + cardinality(v_ordinals), hash = v_hash where h.id = 1;
    -- The same words every time: Postgres folds them into one per transaction.
    perform pg_notify(p_channel, '');
  end if;

  return query
    select f.o, v_base + f.n, f.version, true
    from unnest(v_ordinals, v_versions) with ordinality as f(o, version, n)
    union all
    select i.o, e.position, e.version, false
    from unnest(p_dedupe_key) with ordinality as i(dedupe_key, o)
    join :schema.events e on e.dedupe_key = i.dedupe_key
    where e.position <= v_base;
end $$;
