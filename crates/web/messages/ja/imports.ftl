imports-menu = 取込
imports-title = 取込
