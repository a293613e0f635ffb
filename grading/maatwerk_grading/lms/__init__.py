"""What goes from and to a learning environment (LMS): whose work it is, and whose mark."""
