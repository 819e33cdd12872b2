proof-menu = Verification
proof-title = Verification
