DROP TABLE campaign_step_gifts;
DROP TABLE campaign_steps;
