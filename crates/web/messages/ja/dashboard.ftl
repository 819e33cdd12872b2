dashboard-menu = 今日
dashboard-title = ダッシュボード
