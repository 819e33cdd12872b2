imports-menu = Files
imports-title = Files
