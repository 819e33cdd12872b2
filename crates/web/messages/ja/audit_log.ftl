audit-log-menu = 監査ログ
audit-log-title = 監査ログ
