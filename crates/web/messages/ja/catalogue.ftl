catalogue-menu = 設定
catalogue-title = 設定
