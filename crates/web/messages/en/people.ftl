people-menu = People
people-title = People
