campaigns-menu = Campaigns
campaigns-title = Campaigns
