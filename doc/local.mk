EXTRA_DIST += doc/network.md
