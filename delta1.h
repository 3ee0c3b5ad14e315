/* delta1: what can and cannot be computed from inexact data, with certificates. */
#ifndef DELTA1_H
#define DELTA1_H

#include "src/document.h"
#include "src/existence.h"
#include "src/file.h"
#include "src/flint_world.h"
#include "src/mpfr_vector.h"
#include "src/network.h"
#include "src/network_document.h"
#include "src/network_evaluate.h"
#include "src/network_gradient.h"
#include "src/number.h"
#include "src/onnx.h"
#include "src/optimiser.h"
#include "src/pieces.h"
#include "src/plot.h"
#include "src/problem.h"
#include "src/status.h"

#include "oracles/adversary.h"
#include "oracles/algorithm.h"
#include "oracles/expression.h"
#include "oracles/meter.h"
#include "oracles/oracle.h"
#include "oracles/source.h"
#include "oracles/table.h"
#include "oracles/training_data.h"
#include "oracles/training_transcript.h"
#include "oracles/transcript.h"

#include "firenet/arithmetic.h"
#include "firenet/iteration.h"
#include "firenet/operator.h"
#include "firenet/restart.h"
#include "firenet/sampled.h"

#include "constructions/barrier_certificate.h"
#include "constructions/barrier_game.h"
#include "constructions/binomial.h"
#include "constructions/certificate_verify.h"
#include "constructions/mixing.h"
#include "constructions/network_answer.h"
#include "constructions/published_table.h"
#include "constructions/solver_certificate.h"
#include "constructions/solver_families.h"
#include "constructions/tie_family.h"

#include "trainers/adapters.h"
#include "trainers/trainer.h"

#endif
