batches-menu = 請求
batches-title = 請求
