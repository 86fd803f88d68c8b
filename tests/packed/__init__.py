"""Tests of `.packed`: the codec, compression, the commands and the exchange with Node."""
