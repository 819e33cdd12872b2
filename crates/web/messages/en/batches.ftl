batches-menu = Billing
batches-title = Billing
