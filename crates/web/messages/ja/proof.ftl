proof-menu = 検証
proof-title = 検証
