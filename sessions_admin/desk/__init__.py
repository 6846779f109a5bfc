"""The desk: what people note about sessions and incidents, beside what they do to them."""
