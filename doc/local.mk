dist_man_MANS += doc/delta1.1 doc/delta1-check.1
dist_doc_DATA = \
	README.md CHANGELOG.md LICENSE \
	doc/certificate.md \
	doc/mathematics.md \
	doc/network.md \
	doc/protocol.md \
	doc/report.md
