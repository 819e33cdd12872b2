members-menu = サポーター・寄付
members-title = サポーター・寄付
