-- Which intent brought an EIP that is found by its tag, and which bindings a claim ever asked for.
create index intents_claim on :schema.intents (claim);
create index intents_allocation on :schema.intents ((state->'order'->'data'->>'allocationId'))
  where state->>'action' = 'allocate';
