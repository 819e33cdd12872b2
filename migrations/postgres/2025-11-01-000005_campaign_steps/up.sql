-- What organisations are shown of their campaigns (R16): figures that move in steps.

-- What is shown of a campaign, and when it last moved to what was true, at the end of a cycle or of a
-- month. The figures are the sums over the gifts below.
CREATE TABLE campaign_steps (
  campaign_id BIGINT PRIMARY KEY REFERENCES campaigns (id),
  trued_on DATE NOT NULL,
  gifts BIGINT NOT NULL DEFAULT 0, -- how many stand below: never shown
  seen_to BIGINT NOT NULL DEFAULT 0, -- live gifts up to this one are all below, unless the counts say otherwise
  applied_units BIGINT NOT NULL DEFAULT 0,
  applied_amount BIGINT NOT NULL DEFAULT 0,
  billed_units BIGINT NOT NULL DEFAULT 0,
  billed_amount BIGINT NOT NULL DEFAULT 0,
  collected_units BIGINT NOT NULL DEFAULT 0,
  collected_amount BIGINT NOT NULL DEFAULT 0
);

-- The gifts that are shown, and how far: 1 applied, 2 billed, 3 collected. One that is not live any
-- more stays until the figures next move to what is true.
CREATE TABLE campaign_step_gifts (
  campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
  donation_id BIGINT NOT NULL REFERENCES donations (id),
  stage INTEGER NOT NULL CHECK (stage BETWEEN 1 AND 3),
  PRIMARY KEY (campaign_id, donation_id)
);
CREATE INDEX campaign_step_gifts_on_their_way ON campaign_step_gifts (campaign_id, stage, donation_id) WHERE stage < 3;
