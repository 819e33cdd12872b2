people-menu = 人
people-title = 人
