own-campaigns-menu = Our campaigns
own-campaigns-title = Our campaigns
