books-menu = Books
books-title = Books
