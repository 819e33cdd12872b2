campaigns-menu = 募集
campaigns-title = 募集
