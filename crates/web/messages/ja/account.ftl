account-menu = アカウント
account-title = アカウント
