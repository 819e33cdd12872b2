catalogue-menu = Settings
catalogue-title = Settings
