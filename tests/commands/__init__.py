"""Every command against a real server: what it answers, and what it answers for a missing key."""
