"""`client.packed`: values as MessagePack, under the names and options of the plain commands."""
