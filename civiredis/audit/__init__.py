"""A walk through the keyspace of a running server, held against what registries declare.

It only reads: SCAN, TYPE, PTTL, MEMORY USAGE, and the values of some keys: of packed bases and of counters. What it
keeps is bounded by the number of bases, never by the number of keys.
"""
