approvals-menu = Approvals
approvals-title = Approvals
