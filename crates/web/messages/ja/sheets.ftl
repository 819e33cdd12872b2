sheets-menu = 入力
sheets-title = 入力
