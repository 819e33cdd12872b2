DROP TRIGGER exports_are_approved ON exports;
DROP TABLE pending_actions;
DROP TABLE batch_approvals;
DROP FUNCTION pending_action_stays();
DROP FUNCTION pending_action_needs_another();
DROP FUNCTION two_persons_stays();
DROP FUNCTION export_is_approved();
DROP FUNCTION batch_approval_needs_another();
