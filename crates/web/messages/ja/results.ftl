results-menu = 集金結果
results-title = 集金結果
