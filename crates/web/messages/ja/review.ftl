review-menu = 要確認
review-title = 要確認
