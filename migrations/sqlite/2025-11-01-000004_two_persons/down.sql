DROP TRIGGER exports_are_approved;
DROP TABLE pending_actions;
DROP TABLE batch_approvals;
