books-menu = 会計
books-title = 会計
