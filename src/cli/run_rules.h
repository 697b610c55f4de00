#pragma once

#include <chrono>

#include "base/result.h"
#include "cli/options.h"
#include "generate/generator.h"
#include "run/run.h"

namespace autoreply {

// The options of `run` as the parts of a run take them.

/// How long one transmission may take. The lease must outlast it, so a short lease shortens it.
[[nodiscard]] std::chrono::milliseconds send_timeout(const RunOptions& options);

/// The generator must outlive the rules.
[[nodiscard]] RunRules run_rules(const RunOptions& options, const Generator& generator);

/// Reads the price file, if there is one.
[[nodiscard]] Result<GenerateSettings> generate_settings(const RunOptions& options);

}  // namespace autoreply
