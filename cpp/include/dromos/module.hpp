// Environments in a library of their own, which Python loads: dromos.native.load("my_env").
//
//   #include <dromos/module.hpp>
//   #include "my_env.hpp"
//
//   DROMOS_MODULE(my_env, MyEnv, MyOtherEnv);
//
// in one source of a shared library makes what `MyEnv::name` calls "Walk" the environment
// "my_env/Walk-v0". CMake's dromos_add_module(my_env my_env.cpp) builds one. Nothing is linked, and
// neither Python nor the compiler has to be the one that dromos was built with. All environments of
// a library are named in one place; their structs may be in any header.
#pragma once

#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "batch.hpp"
#include "module_table.hpp"

namespace dromos {
namespace detail {

inline std::string& fault_message() {
  thread_local std::string message;
  return message;
}

inline Fault told(Fault fault, const char* message) noexcept {
  try {
    fault_message() = message;
  } catch (...) {
    return Fault::memory;
  }
  return fault;
}

// Does the work; what it throws becomes the fault that is returned.
template <class Work>
Fault attempt(const Work& work) noexcept {
  try {
    work();
    return Fault::none;
  } catch (const std::bad_alloc&) {
    return told(Fault::memory, "out of memory");
  } catch (const std::overflow_error& error) {
    return told(Fault::overflow, error.what());
  } catch (const std::invalid_argument& error) {
    return told(Fault::value, error.what());
  } catch (const std::exception& error) {
    return told(Fault::other, error.what());
  } catch (...) {
    return told(Fault::other, "an exception that is no std::exception");
  }
}

inline std::vector<LaneDraws> draws_of(std::size_t parameters, View<DrawRow> rows,
                                       const std::int32_t* ways, std::size_t lanes) {
  std::vector<LaneDraws> draws(parameters);
  for (std::size_t i = 0; i < parameters; ++i)
    draws[i].way.assign(ways + i * lanes, ways + (i + 1) * lanes);
  for (const DrawRow& row : rows) {
    auto& known = draws[row.parameter].ways;
    if (row.way == known.size())
      known.push_back(
          {row.distribution, row.low, row.high, row.mean, row.deviation, row.choices, {}});
    known.back().fields.push_back({row.field, {row.values.begin(), row.values.end()}});
  }
  return draws;
}

// A batch of this library's for those who know only its table.
class Exported final : public ModuleBatch {
 public:
  explicit Exported(std::unique_ptr<AnyBatch> batch) : batch_(std::move(batch)) {}

  template <class Make>
  static Fault make(ModuleBatch** made, const Make& batch) noexcept {
    return attempt([&] { *made = new Exported(batch()); });
  }

  void destroy() noexcept override { delete this; }
  Fault fresh_lane(ModuleBatch** made) const noexcept override {
    return make(made, [&] { return batch_->fresh_lane(); });
  }
  Episodes* episodes() noexcept override { return &batch_->episodes(); }

  Fault read(Group group, std::size_t field, View<std::int64_t> lanes,
             void* out) const noexcept override {
    return attempt([&] { batch_->read(group, field, lanes, out); });
  }
  Fault write(Group group, std::size_t field, View<std::int64_t> lanes,
              const void* in) noexcept override {
    return attempt([&] { batch_->write(group, field, lanes, in); });
  }
  Fault default_options(View<std::int64_t> lanes) noexcept override {
    return attempt([&] { batch_->default_options(lanes); });
  }
  bool params_uniform() const noexcept override { return batch_->params_uniform(); }
  Fault set_draws(std::size_t parameters, View<DrawRow> rows,
                  const std::int32_t* ways) noexcept override {
    return attempt([&] { batch_->set_draws(draws_of(parameters, rows, ways, batch_->lanes())); });
  }

  Fault seed(std::size_t lane, View<std::uint32_t> words) noexcept override {
    return attempt([&] { batch_->seed(lane, words); });
  }
  void read_rng(View<std::int64_t> lanes, std::byte* out) const noexcept override {
    batch_->read_rng(lanes, out);
  }
  void write_rng(View<std::int64_t> lanes, const std::byte* in) noexcept override {
    batch_->write_rng(lanes, in);
  }

  Fault reset(View<std::int64_t> lanes) noexcept override {
    return attempt([&] { batch_->reset(lanes); });
  }
  Fault observe(View<std::int64_t> lanes, void* const* leaves) noexcept override {
    return attempt([&] { batch_->observe(lanes, leaves); });
  }
  Fault inform(View<std::int64_t> lanes, void* const* columns) const noexcept override {
    return attempt([&] { batch_->inform(lanes, columns); });
  }
  Fault transitions(FlatTransitions* table) noexcept override {
    return attempt([&] {
      auto found = batch_->transitions();
      *table = {};
      rows_.clear();
      if (!found) return;
      start_ = std::move(found->start);
      for (std::size_t place = 0; place < found->ways.size(); ++place)
        for (const TransitionTable::Way& way : found->ways[place]) rows_.push_back({place, way});
      *table = {found->actions, std::span<const double>(start_),
                std::span<const TransitionRow>(rows_)};
    });
  }
  std::int64_t first_bad_action(const void* actions, std::size_t count) const noexcept override {
    return batch_->first_bad_action(actions, count);
  }

  Fault step_range(std::size_t begin, std::size_t end, const void* actions,
                   const Outputs& out) noexcept override {
    return attempt([&] { batch_->step_range(begin, end, actions, out); });
  }
  Fault step_some(View<std::int64_t> lanes, const void* actions,
                  const Outputs& out) noexcept override {
    return attempt([&] { batch_->step_some(lanes, actions, out); });
  }
  Fault step_single(const void* action, void* const* leaves, void* const* columns,
                    Transition* made) noexcept override {
    return attempt([&] { *made = batch_->step_single(action, leaves, columns); });
  }

 private:
  std::unique_ptr<AnyBatch> batch_;
  std::vector<double> start_;        // of the transitions that were told last
  std::vector<TransitionRow> rows_;  // likewise
};

// 1 - 2^-60 where this is fused, 1 where it is rounded twice, as in the kernels.
#ifdef DROMOS_X86_VARIANTS
[[gnu::noinline, DROMOS_AVX2]]
#else
[[gnu::noinline]]
#endif
inline double product_plus(double a, double b, double c) {
  return a * b + c;
}

inline bool fuses() {
#ifdef DROMOS_X86_VARIANTS
  if (widest_instruction_set() == InstructionSet::baseline) return false;
#endif
  return product_plus(1 + 0x1p-30, 1 - 0x1p-30, -1) != 0;
}

template <Dynamics D>
ModuleEntry module_entry() {
  using Many = Batch<D>;
  using Single = Batch<D, NumpyBits>;
  const auto batch = [](std::size_t lanes, Autoreset autoreset, std::int32_t limit,
                        ModuleBatch** made) {
    return Exported::make(made, [&] { return std::make_unique<Many>(lanes, autoreset, limit); });
  };
  const auto single = [](ModuleBatch** made) {
    return Exported::make(made, [] { return std::make_unique<Single>(1, Autoreset::disabled); });
  };
  return {layout_of<D>(), D::step_nanoseconds, Many::kPiece,
          sizeof(Pcg64),  sizeof(NumpyBits),   batch,
          single};
}

// Looks at each D by itself, so that one that is no environment is told of in its own words and
// nothing else is.
template <class... D>
const Module* module_of([[maybe_unused]] const char* name) {
  if constexpr ((DynamicsFit<D>::value && ...)) {
    static const ModuleEntry entries[] = {module_entry<D>()...};
    static const Module table{
        kModuleMagic,
        kModuleLayout,
        kModuleSizes,
#ifdef __VERSION__
        __VERSION__,
#else
        "an unknown compiler",
#endif
        name,
        fuses(),
        {entries, sizeof...(D)},
        []() noexcept { return fault_message().c_str(); },
        [](InstructionSet most) noexcept { limit_instruction_set(most); },
    };
    return &table;
  } else {
    return nullptr;
  }
}

}  // namespace detail
}  // namespace dromos

// Exports environments under the name of their module, a C identifier.
#define DROMOS_MODULE(module_name, ...)                                               \
  extern "C" [[gnu::visibility("default")]] const ::dromos::Module* dromos_module() { \
    return ::dromos::detail::module_of<__VA_ARGS__>(#module_name);                    \
  }                                                                                   \
  static_assert(true, "")
