#include "tests/testing.h"

#include <string.h>

#include "src/document.h"
#include "src/network_document.h"
#include "tests/src/random_network.h"

static void
a_network_comes_back (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (int round = 0; round < delta1_test_rounds (200); round++)
    {
      delta1_network_t *back,
          *network = random_network (4, 7, DELTA1_UNIT_COUNT, true,
                                     (random_weights_t)(round % RANDOM_WEIGHTS_COUNT));
      json_t *document, *again;
      assert_ok (delta1_network_write (&document, network, &reason), reason);
      assert_ok (delta1_network_read (&back, document, &reason), reason);
      assert_true (delta1_network_equal (network, back));
      /* Through text, with a seal. */
      assert_ok (delta1_document_seal (document, &reason), reason);
      char *text = json_dumps (document, JSON_COMPACT);
      assert_non_null (text);
      delta1_network_free (back);
      again = json_loads (text, 0, NULL);
      assert_ok (delta1_network_read (&back, again, &reason), reason);
      assert_true (delta1_network_equal (network, back));
      assert_int_equal (json_object_set_new (again, "sha256", json_string ("00")), 0);
      delta1_network_free (back);
      assert_refused (delta1_network_read (&back, again, &reason), DELTA1_INPUT, reason, "seal");
      assert_null (back);
      free (text);
      json_decref (again);
      json_decref (document);
      delta1_network_free (network);
    }
}

#define HEAD "{\"format\":\"delta1-network-1\",\"inputs\":2,\"layers\":["
#define ROWS "\"weights\":[[\"1\",\"0\"],[\"0\",\"1\"]]"

static const struct
{
  const char *text, *word;
} bad[] = {
  { "{}", "format" },
  { "{\"format\":\"delta1-network-2\"}", "format" },
  { "{\"format\":\"delta1-network-1\"}", "inputs" },
  { "{\"format\":\"delta1-network-1\",\"inputs\":0,\"layers\":[]}", "inputs" },
  { "{\"format\":\"delta1-network-1\",\"inputs\":\"2\",\"layers\":[]}", "inputs" },
  { "{\"format\":\"delta1-network-1\",\"inputs\":9223372036854775807,\"layers\":[{}]}", "inputs" },
  { "{\"format\":\"delta1-network-1\",\"inputs\":2,\"layers\":{}}", "layers" },
  { HEAD "]}", "layers" },
  { HEAD "{" ROWS "}],\"outputs\":2}", "outputs" },
  { HEAD "7]}", "layer 0: weights" },
  { HEAD "{}]}", "layer 0: weights" },
  { HEAD "{\"weights\":[]}]}", "rows" },
  { HEAD "{\"weights\":[[\"1\"]]}]}", "row 0" },
  { HEAD "{\"weights\":[[\"1\",\"2\"],7]}]}", "row 1" },
  { HEAD "{" ROWS "},{\"weights\":[[\"1\"]]}]}", "layer 1" },
  { HEAD "{\"weights\":[[\"1\",2]]}]}", "string" },
  { HEAD "{\"weights\":[[\"1\",\"nan\"]]}]}", "nan" },
  { HEAD "{\"weights\":[[\"1\",\"inf\"]]}]}", "inf" },
  { HEAD "{\"weights\":[[\"1\",\"1/0\"]]}]}", "1/0" },
  { HEAD "{\"weights\":[[\"1\",\"1e400000\"]]}]}", "bits" },
  { HEAD "{\"weights\":[[\"1\",\"1e999999999\"]]}]}", "1e999999999" },
  { HEAD "{\"weights\":[[\"1\",\"1\\u00002\"]]}]}", "zero byte" },
  { HEAD "{" ROWS ",\"skip\":[[\"1\",\"0\"]]}]}", "skip" },
  { HEAD "{" ROWS ",\"skip\":[[\"1\",\"0\"],[\"1\"]]}]}", "skip: row 1" },
  { HEAD "{" ROWS ",\"bias\":[\"1\"]}]}", "bias" },
  { HEAD "{" ROWS ",\"bias\":[\"1\",null]}]}", "bias" },
  { HEAD "{" ROWS ",\"gain\":1}]}", "gain" },
  { HEAD "{" ROWS ",\" bias\":1}]}", "not known" },
  { HEAD "{" ROWS ",\"units\":{}}]}", "units" },
  { HEAD "{" ROWS ",\"units\":[7]}]}", "group" },
  { HEAD "{" ROWS ",\"units\":[{\"unit\":\"tanh\",\"entries\":[0]}]}]}", "tanh" },
  { HEAD "{" ROWS ",\"units\":[{\"unit\":\"gated\",\"entries\":[0]}]}]}", "gated" },
  { HEAD "{" ROWS ",\"units\":[{\"unit\":\"relu\",\"entries\":[2]}]}]}", "0 to 1" },
  { HEAD "{" ROWS ",\"units\":[{\"unit\":\"relu\",\"entries\":[-1]}]}]}", "0 to 1" },
  { HEAD "{" ROWS ",\"units\":[{\"unit\":\"relu\",\"entries\":[0.5]}]}]}", "0 to 1" },
  { HEAD "{" ROWS ",\"units\":[{\"unit\":\"relu\",\"entries\":[0,0]}]}]}", "twice" },
  { HEAD "{" ROWS ",\"units\":[{\"unit\":\"relu\",\"entries\":[0],\"thresholds\":[]}]}]}",
    "thresholds" },
  { HEAD "{" ROWS ",\"units\":[{\"unit\":\"soft\",\"entries\":[0]}]}]}", "thresholds" },
  { HEAD "{" ROWS ",\"units\":[{\"unit\":\"soft\",\"entries\":[0],\"thresholds\":[]}]}]}",
    "thresholds" },
  { HEAD "{" ROWS ",\"units\":[{\"unit\":\"ball\",\"entries\":[0]}]}]}", "units" },
  { HEAD "{" ROWS ",\"units\":[{\"unit\":\"ball\",\"source\":0,\"entries\":[0]}]}]}", "twice" },
  { HEAD "{" ROWS ",\"units\":[{\"unit\":\"shrink\",\"source\":0,\"entries\":[1]}]}]}", "units" },
  { HEAD "{" ROWS
         ",\"units\":[{\"unit\":\"shrink\",\"source\":0,\"threshold\":\"0\",\"entries\":[1]}]}]}",
    "above 0" },
};

static void
bad_documents_are_refused (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_network_t *network;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    {
      json_t *document = json_loads (bad[i].text, JSON_ALLOW_NUL, NULL);
      if (document == NULL)
        fail_msg ("not JSON: %s", bad[i].text);
      assert_refused (delta1_network_read (&network, document, &reason), DELTA1_INPUT, reason,
                      bad[i].word);
      assert_null (network);
      json_decref (document);
    }
  json_t *array = json_array ();
  assert_refused (delta1_network_read (&network, array, &reason), DELTA1_INPUT, reason, "format");
  json_decref (array);
}

/* A deep one: more layers than are allowed. */
static void
depth_is_limited (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_network_t *network;
  json_t *layers = json_array (), *layer = json_pack ("{s:[[s]]}", "weights", "1");
  for (int i = 0; i <= DELTA1_NETWORK_MAX_LAYERS; i++)
    assert_int_equal (json_array_append (layers, layer), 0);
  json_t *document
      = json_pack ("{s:s,s:i,s:o}", "format", "delta1-network-1", "inputs", 1, "layers", layers);
  assert_refused (delta1_network_read (&network, document, &reason), DELTA1_INPUT, reason, "65536");
  assert_int_equal (json_array_remove (layers, 0), 0);
  assert_ok (delta1_network_read (&network, document, &reason), reason);
  delta1_network_free (network);
  json_decref (layer);
  json_decref (document);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_network_comes_back),
    cmocka_unit_test (bad_documents_are_refused),
    cmocka_unit_test (depth_is_limited),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
