own-campaigns-menu = わたしたちの募集
own-campaigns-title = わたしたちの募集
