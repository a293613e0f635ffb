"""What an assignment tells about itself and about the group: read, computed, and written as one page."""
