review-menu = Review
review-title = Review
