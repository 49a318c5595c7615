#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "options.h"
#include "supervisor.h"
#include "torch_error.h"

namespace vkforge {

// A result with every field of the schema; those not known yet are null or empty.
nlohmann::ordered_json EmptyResult(const Options& options);

nlohmann::ordered_json FailureJson(const Failure& failure);

// The final result: what the worker reported last, completed by how it ended.
nlohmann::ordered_json FinishResult(const Options& options, const WorkerExit& exit);

}  // namespace vkforge
