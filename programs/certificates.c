#include "config.h"

#include "programs/certificates.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "programs/usage.h"
#include "src/document.h"

bool
delta1_certificates_prepare (const char *command, const char *directory)
{
  delta1_reason_t reason;
  bool made = mkdir (directory, 0777) == 0;
  char *path = NULL;
  if (!made && errno != EEXIST)
    (void)delta1_fail (&reason, DELTA1_SYSTEM, "%.300s: %s", directory, strerror (errno));
  else if (asprintf (&path, "%s/certificate", directory) < 0)
    {
      path = NULL;
      (void)delta1_fail (&reason, DELTA1_SYSTEM, "no memory for a file name");
    }
  else if (delta1_document_can_write (path, &reason) == DELTA1_OK)
    {
      free (path);
      return true;
    }
  free (path);
  (void)delta1_usage_error (
      command, "--certificates %s; a directory in which files can be written is needed",
      reason.text);
  return false;
}

void
delta1_certificates_name (char name[DELTA1_CERTIFICATES_NAME], const char *label)
{
  size_t used = 0;
  for (const char *c = label; *c != '\0' && used + 1 < DELTA1_CERTIFICATES_NAME; c++)
    {
      bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
      if (plain || *c == '.')
        name[used++] = *c;
      else if (used > 0 && name[used - 1] != '-')
        name[used++] = '-';
    }
  name[used] = '\0';
}
