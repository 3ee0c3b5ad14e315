#include "config.h"

#include "trainers/adapters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/document.h"
#include "trainers/subprocess.h"
#include "trainers/trainer.h"

#define PROBE_SECONDS 30.0
#define EXIT_NOT_INSTALLED 77

static delta1_status_t
no_memory (delta1_reason_t *reason)
{
  return delta1_fail (reason, DELTA1_SYSTEM, "no memory for the list of adapters");
}

/* NULL when there is none. */
static const char *
find_directory (void)
{
  const char *given = getenv ("DELTA1_ADAPTERS");
  if (given != NULL && *given != 0)
    return given;
  if (access (DELTA1_ADAPTERS_INSTALLED "/adapters.json", R_OK) == 0)
    return DELTA1_ADAPTERS_INSTALLED;
  if (access (DELTA1_ADAPTERS_SOURCE "/adapters.json", R_OK) == 0)
    return DELTA1_ADAPTERS_SOURCE;
  return NULL;
}

/* PYTHONDONTWRITEBYTECODE=1 exec 'directory/program' arguments; NULL when memory is out. A quote in
 * the directory becomes '\''. */
static char *
make_command (const char *directory, const char *command)
{
  size_t program = strcspn (command, " ");
  char *text = NULL;
  size_t size = 0;
  FILE *f = open_memstream (&text, &size);
  if (f == NULL)
    return NULL;
  (void)fputs ("PYTHONDONTWRITEBYTECODE=1 exec '", f);
  for (const char *c = directory; *c != 0; c++)
    if (*c == '\'')
      (void)fputs ("'\\''", f);
    else
      (void)fputc (*c, f);
  (void)fprintf (f, "/%.*s'%s", (int)program, command, command + program);
  bool bad = ferror (f) != 0;
  if (fclose (f) != 0 || bad)
    {
      free (text);
      return NULL;
    }
  return text;
}

static delta1_status_t
read_adapter (delta1_adapter_t *adapter, const json_t *entry, slong place, const char *directory,
              delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const char *label = json_string_value (json_object_get (entry, "label"));
  const char *command = json_string_value (json_object_get (entry, "command"));
  const char *package = json_string_value (json_object_get (entry, "package"));
  const json_t *problems = json_object_get (entry, "problems");
  if (label == NULL || *label == 0 || command == NULL || strcspn (command, " '/") == 0
      || command[strcspn (command, "'/")] != 0 || json_array_size (problems) == 0)
    return delta1_fail (reason, DELTA1_INPUT,
                        "adapter %ld in %s/adapters.json: needed are the texts label and command "
                        "(a program of that directory, no / and no '), and a list of problems",
                        (long)place, directory);
  for (size_t i = 0; i < json_array_size (problems); i++)
    {
      const char *name = json_string_value (json_array_get (problems, i));
      delta1_problem_t problem;
      delta1_reason_t why;
      status = delta1_problem_parse (&problem, name != NULL ? name : "", &why);
      if (status != DELTA1_OK)
        return delta1_fail (reason, status, "adapter %.60s in %s/adapters.json: %.300s", label,
                            directory, why.text);
      adapter->problems |= 1u << problem;
    }
  adapter->label = strdup (label);
  adapter->command = make_command (directory, command);
  adapter->package = strdup (package != NULL ? package : "");
  if (adapter->label == NULL || adapter->command == NULL || adapter->package == NULL)
    return no_memory (reason);
  return DELTA1_OK;
}

delta1_status_t
delta1_adapters_find (delta1_adapters_t **adapters, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_adapters_t *made = NULL;
  json_t *document = NULL;
  char *path = NULL;
  const char *directory = find_directory ();

  *adapters = NULL;
  if (directory == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM,
                        "there is no adapters.json in %s nor in %s; DELTA1_ADAPTERS names the "
                        "directory that has it",
                        DELTA1_ADAPTERS_INSTALLED, DELTA1_ADAPTERS_SOURCE);
  if (asprintf (&path, "%s/adapters.json", directory) < 0)
    {
      path = NULL;
      DELTA1_TRY (no_memory (reason));
    }
  DELTA1_TRY (delta1_document_read (&document, path, reason));
  const json_t *list = json_object_get (document, "adapters");
  if (!json_is_array (list))
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "%s: needed is a list 'adapters'", path));
  made = calloc (1, sizeof *made);
  if (made == NULL)
    DELTA1_TRY (no_memory (reason));
  made->directory = strdup (directory);
  made->adapter = calloc (json_array_size (list) + 1, sizeof *made->adapter);
  if (made->directory == NULL || made->adapter == NULL)
    DELTA1_TRY (no_memory (reason));
  made->count = (slong)json_array_size (list);
  for (slong i = 0; i < made->count; i++)
    DELTA1_TRY (
        read_adapter (made->adapter + i, json_array_get (list, (size_t)i), i, directory, reason));
  *adapters = made;
  made = NULL;

cleanup:
  delta1_adapters_free (made);
  json_decref (document);
  free (path);
  return status;
}

void
delta1_adapters_free (delta1_adapters_t *adapters)
{
  if (adapters == NULL)
    return;
  for (slong i = 0; i < adapters->count; i++)
    {
      free (adapters->adapter[i].label);
      free (adapters->adapter[i].command);
      free (adapters->adapter[i].package);
    }
  free (adapters->adapter);
  free (adapters->directory);
  free (adapters);
}

delta1_status_t
delta1_adapter_probe (const delta1_adapter_t *adapter, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_subprocess_t *program = NULL;
  delta1_reason_t why;
  char *command = NULL, *line;
  size_t size;
  bool whole;

  if (asprintf (&command, "%s --probe", adapter->command) < 0)
    {
      command = NULL;
      DELTA1_TRY (no_memory (reason));
    }
  DELTA1_TRY (delta1_subprocess_create (&program, command, PROBE_SECONDS, reason));
  do
    status = delta1_subprocess_receive (program, &line, &size, &whole, &why);
  while (status == DELTA1_OK); /* what it prints is of no interest */
  int code = delta1_subprocess_exit_code (program);
  if (code == 0)
    status = DELTA1_OK;
  else if (code == EXIT_NOT_INSTALLED)
    status = delta1_fail (reason, DELTA1_FAILED, "not installed: %s",
                          delta1_subprocess_last_words (program));
  else
    status = delta1_fail (reason, status, "%s --probe: %s", adapter->label, why.text);

cleanup:
  if (program != NULL)
    {
      delta1_status_t ended = delta1_subprocess_free (program, &why);
      if (status == DELTA1_OK && ended != DELTA1_OK)
        status = delta1_fail (reason, ended, "%s", why.text);
    }
  free (command);
  return status;
}

delta1_status_t
delta1_adapter_create (delta1_algorithm_t **algorithm, const delta1_adapter_t *adapter,
                       delta1_reason_t *reason)
{
  return delta1_trainer_create_labelled_process (algorithm, adapter->label, adapter->command,
                                                 adapter->problems, reason);
}
