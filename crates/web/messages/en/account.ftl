account-menu = Account
account-title = Account
