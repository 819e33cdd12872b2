members-menu = Supporters and gifts
members-title = Supporters and gifts
