// Libraries of environments that users built (dromos/module.hpp), loaded at run time.
#pragma once

#include <string>

#include "dromos/module_table.hpp"

namespace dromos::bind {

// A library that cannot be used; the message says why, and what to do about it. Python sees an
// ImportError.
struct ModuleError {
  std::string message;
};

// Loads a library for good and adds its environments to the catalogue, each under
// "<module>/<name>", or throws ModuleError, and nothing has changed then.
const Module& load_module(const std::string& path);

// limit_instruction_set, for the libraries loaded so far and later ones too.
void limit_modules(InstructionSet most);

}  // namespace dromos::bind
