"""设置: whose home this is, how it looks, what stands on paper and counts; 体检 (specs/screens.md 16)."""
