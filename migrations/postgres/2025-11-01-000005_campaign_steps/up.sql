-- What organisations are shown of their campaigns (R16): figures that move in steps.

-- When a campaign's figures last moved to what was true, at the end of a cycle or of a month.
CREATE TABLE campaign_steps (
  campaign_id BIGINT PRIMARY KEY REFERENCES campaigns (id),
  trued_on DATE NOT NULL
);

-- The gifts that are shown, and how far: 1 applied, 2 billed, 3 collected. One that is not live any
-- more stays until the figures next move to what is true.
CREATE TABLE campaign_step_gifts (
  campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
  donation_id BIGINT NOT NULL REFERENCES donations (id),
  stage INTEGER NOT NULL CHECK (stage BETWEEN 1 AND 3),
  PRIMARY KEY (campaign_id, donation_id)
);
