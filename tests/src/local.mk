CMOCKA_TESTS += test_number test_problem test_document test_network test_gradient \
	test_network_document test_pieces test_existence test_onnx

test_number_SOURCES = tests/src/test_number.c
test_number_CFLAGS = $(TEST_CFLAGS)
test_number_LDADD = $(TEST_GROUND)

test_problem_SOURCES = tests/src/test_problem.c
test_problem_CFLAGS = $(TEST_CFLAGS)
test_problem_LDADD = $(TEST_GROUND)

test_document_SOURCES = tests/src/test_document.c
test_document_CFLAGS = $(TEST_CFLAGS)
test_document_LDADD = $(TEST_GROUND)

# Random networks, shared by the tests of everything that reads them.
RANDOM_NETWORK = tests/src/random_network.c tests/src/random_network.h

test_network_SOURCES = tests/src/test_network.c $(RANDOM_NETWORK)
test_network_CFLAGS = $(TEST_CFLAGS)
test_network_LDADD = $(TEST_GROUND)

test_gradient_SOURCES = tests/src/test_gradient.c tests/src/exact_gradient.c tests/src/exact_gradient.h $(RANDOM_NETWORK)
test_gradient_CFLAGS = $(TEST_CFLAGS)
test_gradient_LDADD = $(TEST_GROUND)

test_network_document_SOURCES = tests/src/test_network_document.c $(RANDOM_NETWORK)
test_network_document_CFLAGS = $(TEST_CFLAGS)
test_network_document_LDADD = $(TEST_GROUND)

test_pieces_SOURCES = tests/src/test_pieces.c $(RANDOM_NETWORK)
test_pieces_CFLAGS = $(TEST_CFLAGS)
test_pieces_LDADD = $(TEST_GROUND)

test_existence_SOURCES = tests/src/test_existence.c
test_existence_CFLAGS = $(TEST_CFLAGS)
test_existence_LDADD = $(TEST_GROUND)

test_onnx_SOURCES = tests/src/test_onnx.c $(RANDOM_NETWORK)
test_onnx_CFLAGS = $(TEST_CFLAGS)
test_onnx_LDADD = $(TEST_GROUND)
EXTRA_DIST += tests/src/onnx_reference.py

CMOCKA_TESTS += test_plot
test_plot_SOURCES = tests/src/test_plot.c
test_plot_CFLAGS = $(TEST_CFLAGS)
test_plot_LDADD = $(TEST_GROUND)

SMALL_FILES = tests/src/small_data.c tests/src/small_data.h
CMOCKA_TESTS += test_optimality test_candidate test_block test_witness
test_optimality_SOURCES = tests/src/test_optimality.c $(SMALL_FILES)
test_optimality_CFLAGS = $(TEST_CFLAGS)
test_optimality_LDADD = $(TEST_GROUND)
test_candidate_SOURCES = tests/src/test_candidate.c $(SMALL_FILES)
test_candidate_CFLAGS = $(TEST_CFLAGS)
test_candidate_LDADD = $(TEST_GROUND)
test_block_SOURCES = tests/src/test_block.c tests/src/coarse_system.c tests/src/coarse_system.h
test_block_CFLAGS = $(TEST_CFLAGS)
test_block_LDADD = $(TEST_GROUND)
test_witness_SOURCES = tests/src/test_witness.c $(SMALL_FILES)
test_witness_CFLAGS = $(TEST_CFLAGS)
test_witness_LDADD = $(TEST_GROUND)

CMOCKA_TESTS += test_solve_certificate
test_solve_certificate_SOURCES = tests/src/test_solve_certificate.c
test_solve_certificate_CFLAGS = $(TEST_CFLAGS)
test_solve_certificate_LDADD = $(TEST_GROUND)
TABLE_FILES = tests/src/table_files.c tests/src/table_files.h
CMOCKA_TESTS += test_table_csv test_table_mat test_table_matrix_market test_table_npy
test_table_csv_SOURCES = tests/src/test_table_csv.c $(TABLE_FILES)
test_table_csv_CFLAGS = $(TEST_CFLAGS)
test_table_csv_LDADD = $(TEST_GROUND)
test_table_mat_SOURCES = tests/src/test_table_mat.c $(TABLE_FILES)
test_table_mat_CFLAGS = $(TEST_CFLAGS)
test_table_mat_LDADD = $(TEST_GROUND)
test_table_matrix_market_SOURCES = tests/src/test_table_matrix_market.c $(TABLE_FILES)
test_table_matrix_market_CFLAGS = $(TEST_CFLAGS)
test_table_matrix_market_LDADD = $(TEST_GROUND)
test_table_npy_SOURCES = tests/src/test_table_npy.c $(TABLE_FILES)
test_table_npy_CFLAGS = $(TEST_CFLAGS)
test_table_npy_LDADD = $(TEST_GROUND)

CMOCKA_TESTS += test_proved_decimal test_regularisation
test_proved_decimal_SOURCES = tests/src/test_proved_decimal.c
test_proved_decimal_CFLAGS = $(TEST_CFLAGS)
test_proved_decimal_LDADD = $(TEST_GROUND)
test_regularisation_SOURCES = tests/src/test_regularisation.c
test_regularisation_CFLAGS = $(TEST_CFLAGS)
test_regularisation_LDADD = $(TEST_GROUND)

CMOCKA_TESTS += test_screening
test_screening_SOURCES = tests/src/test_screening.c
test_screening_CFLAGS = $(TEST_CFLAGS)
test_screening_LDADD = $(TEST_GROUND)

CMOCKA_TESTS += test_plateau
test_plateau_SOURCES = tests/src/test_plateau.c
test_plateau_CFLAGS = $(TEST_CFLAGS)
test_plateau_LDADD = $(TEST_GROUND)

CMOCKA_TESTS += test_piece_count test_float_format
test_piece_count_SOURCES = tests/src/test_piece_count.c $(RANDOM_NETWORK)
test_piece_count_CFLAGS = $(TEST_CFLAGS)
test_piece_count_LDADD = $(TEST_GROUND)
test_float_format_SOURCES = tests/src/test_float_format.c
test_float_format_CFLAGS = $(TEST_CFLAGS)
test_float_format_LDADD = $(TEST_GROUND)

CMOCKA_TESTS += test_cfl
test_cfl_SOURCES = tests/src/test_cfl.c
test_cfl_CFLAGS = $(TEST_CFLAGS)
test_cfl_LDADD = $(TEST_GROUND)

CMOCKA_TESTS += test_image
test_image_SOURCES = tests/src/test_image.c
test_image_CFLAGS = $(TEST_CFLAGS) $(PNG_CFLAGS)
test_image_LDADD = $(TEST_GROUND)
