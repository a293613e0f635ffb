"""The live workshop: a hall decides together by phone, and sees itself think."""
