audit-log-menu = Audit log
audit-log-title = Audit log
