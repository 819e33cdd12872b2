results-menu = Collection results
results-title = Collection results
