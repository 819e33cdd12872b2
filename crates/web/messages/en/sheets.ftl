sheets-menu = Keying
sheets-title = Keying
