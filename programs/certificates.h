/* certificates: what the subcommands that write certificates into a directory share. */
#ifndef DELTA1_CERTIFICATES_H
#define DELTA1_CERTIFICATES_H

#include <stdbool.h>

/* Makes the directory if it is not there; false, after one line, when no file can be written in it.
 * Before long work. */
bool delta1_certificates_prepare (const char *command, const char *directory);

/* The label as a part of a file name: letters, digits, '-' and '.', cut when it is long. */
#define DELTA1_CERTIFICATES_NAME 64
void delta1_certificates_name (char name[DELTA1_CERTIFICATES_NAME], const char *label);

#endif
