"""A walk through the keyspace of a running server, held against what registries declare.

It only reads: SCAN, TYPE, PTTL, MEMORY USAGE, and some values, where they are packed or of a declared type. What it
keeps is bounded by the number of bases, never by the number of keys.
"""
