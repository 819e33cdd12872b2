dashboard-menu = Today
dashboard-title = Today
