approvals-menu = 承認待ち
approvals-title = 承認待ち
